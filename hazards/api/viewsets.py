"""The API door: the same verbs, the same scope, the same Chinese sentences as the pages."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.api import ActRefused, Newest
from hazards import operations
from hazards.api import serializers
from hazards.filters import HazardFilter, hazard_filter
from hazards.models import Hazard
from inspections import api as inspections_api

ACT_SERIALIZERS = {
    "register": serializers.RegisterSerializer,
    "discard": serializers.DiscardSerializer,
    "issue": serializers.IssueSerializer,
    "close_on_spot": serializers.CloseOnSpotSerializer,
    "submit_feedback": serializers.SubmitFeedbackSerializer,
    "review": serializers.ReviewSerializer,
}
FILTER_PARAMETERS = [
    OpenApiParameter(name, str, description=field.label) for name, field in HazardFilter.base_filters.items()
]


def perform(operation, *args, **kwargs):
    """Call one verb; its refusal becomes 403 or 409 with the same sentence."""
    try:
        return operation(*args, **kwargs)
    except operations.NotPermitted as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except operations.Refused as refusal:
        raise ActRefused(str(refusal)) from refusal


class HazardViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Hazard.objects.none()
    pagination_class = Newest
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self):
        return serializers.HazardListSerializer if self.action == "list" else serializers.HazardSerializer

    def get_queryset(self):
        rows = Hazard.objects.visible_to(self.request.user).select_related(
            "enterprise", "sector", "territorial_unit", "competent_unit", "supervising_unit", "territorial_holder",
            "competent_holder", "supervising_holder", "enterprise_holder",
        )  # fmt: skip
        if self.action != "list":
            rows = rows.prefetch_related("events", "photos", "feedbacks__by", "feedbacks__review")
        return rows

    def filter_queryset(self, queryset):
        if self.action != "list":
            return queryset
        asked = hazard_filter(self.request.query_params, user=self.request.user, today=timezone.localdate())
        if asked.errors:
            raise ValidationError(asked.errors)
        return queryset.filter(pk__in=asked.qs.order_by().values("pk"))

    @extend_schema(parameters=FILTER_PARAMETERS)
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def _act(self):
        hazard = self.get_object()
        data = ACT_SERIALIZERS[self.action](data=self.request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        perform(
            getattr(operations, self.action), hazard, by=self.request.user, at=timezone.now(), **data.validated_data
        )
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=serializers.RegisterSerializer)
    @action(detail=True, methods=["post"])
    def register(self, request, pk):
        """登记：草稿取得编号，进入台账。"""
        return self._act()

    @extend_schema(request=serializers.DiscardSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request, pk):
        """作废自己的草稿。"""
        return self._act()

    @extend_schema(request=serializers.IssueSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request, pk):
        """下达整改：期限按日期、天数、工作日三者之一。"""
        return self._act()

    @extend_schema(request=serializers.CloseOnSpotSerializer)
    @action(detail=True, methods=["post"])
    def close_on_spot(self, request, pk):
        """当场整改销号。"""
        return self._act()

    @extend_schema(request=serializers.SubmitFeedbackSerializer)
    @action(detail=True, methods=["post"])
    def submit_feedback(self, request, pk):
        """提交整改反馈。"""
        return self._act()

    @extend_schema(request=serializers.ReviewSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request, pk):
        """复查：通过则销号，不通过则退回整改。"""
        return self._act()


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
