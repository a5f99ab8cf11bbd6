"""The API door: the same verbs, the same scope, the same Chinese sentences as the pages."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from doors.names import of_filter
from hazards import operations
from hazards.api import rows, serializers
from hazards.api.paging import InOrder
from hazards.filters import HazardFilter, hazard_filter
from hazards.models import Hazard
from hazards.ordering import ORDER, ORDERS
from inspections import api as inspections_api
from journal.api import perform, with_acts

SEVERAL = of_filter(HazardFilter).many
FILTER_PARAMETERS = [
    *(
        OpenApiParameter(name, str, description=field.label, many=name in SEVERAL)
        for name, field in HazardFilter.base_filters.items()
    ),
    OpenApiParameter(ORDER, str, description="排序：日期，前面加减号的最近在前", enum=[order.name for order in ORDERS]),
]


@with_acts(Hazard)
class HazardViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Hazard.objects.none()
    pagination_class = InOrder
    filter_class = HazardFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self):
        return serializers.HazardListSerializer if self.action == "list" else serializers.HazardSerializer

    def get_queryset(self):
        if self.action == "list":
            return Hazard.objects.none()  # the filter brings the rows in scope
        return (
            Hazard.objects.visible_to(self.request.user)
            .select_related(
                "enterprise",
                "sector",
                "territorial_unit",
                "competent_unit",
                "supervising_unit",
                "territorial_holder",
                "competent_holder",
                "supervising_holder",
                "enterprise_holder",
                "major_report__by",
                "criterion__standard",
            )
            .prefetch_related(
                "events",
                "photos",
                "documents",
                "feedbacks__by",
                "feedbacks__review__first_officer",
                "feedbacks__review__second_officer",
                "progress__by",
                "receipts__unit",
                "receipts__by",
                "extension_requests__by",
                "extension_requests__decision",
                "split_from",
                "parts",
                "transfers__from_unit",
                "transfers__to_unit",
                "transfers__by",
                "transfers__answered_by",
                "referrals__unit",
                "referrals__by",
                "referrals__answered_by",
                "plans__by",
                "plans__decision",
                "instructions__unit",
                "instructions__by",
                "instructions__answered_by",
            )
        )

    def filter_queryset(self, queryset):
        if self.action != "list":
            return queryset
        asked = hazard_filter(self.request.query_params, user=self.request.user, today=timezone.localdate())
        if asked.errors:
            raise ValidationError(asked.errors)
        return asked.qs.order_by()

    @extend_schema(parameters=FILTER_PARAMETERS)
    def list(self, request, *args, **kwargs):
        """Rows as the serializer gives them, without a hazard made of each: `hazards.api.rows`."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()).values(*rows.paths()))
        return self.get_paginated_response(list(rows.rows(page)))


class InspectionViewSet(inspections_api.InspectionViewSet):
    """Visits: read them, and record one with everything found on it in one request."""

    @extend_schema(request=serializers.RecordInspectionSerializer)
    def create(self, request, *args, **kwargs):
        """登记一次检查和发现的全部隐患；检查人至少两人。"""
        if not request.user.is_officer:
            raise PermissionDenied("登记检查须由检查人员、安全负责人或安委办办理")
        data = serializers.RecordInspectionSerializer(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        visit, hazards = perform(
            operations.record_inspection, by=request.user, at=timezone.now(), **data.validated_data
        )
        answer = self.get_serializer(visit).data | {
            "hazards": [{"id": row.pk, "number": row.number} for row in hazards]
        }
        return Response(answer, status=status.HTTP_201_CREATED)
