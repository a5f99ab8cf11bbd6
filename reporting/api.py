"""Reports over the API: read, and each act."""

from django.utils import timezone
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError

from accounts.api import Newest
from doors.api import KnownFields
from journal.api import EventSerializer, with_acts
from reporting.filters import ReportFilter
from reporting.lifecycle import LAW
from reporting.models import Report


class ReportListSerializer(KnownFields, serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    state_label = serializers.CharField(read_only=True)
    unit = serializers.CharField(source="unit.code", default=None, read_only=True)
    body_name = serializers.CharField(read_only=True)
    filed_by = serializers.CharField(source="filed_by.full_name", default=None, read_only=True)

    class Meta:
        model = Report
        fields = [
            "id", "kind", "kind_label", "period", "unit", "enterprise", "body_name", "state", "state_label", "due_on", "due_at", "filed_at",
            "filed_by", "is_late", "is_zero", "version",
        ]  # fmt: skip
        read_only_fields = fields


class FigureSerializer(KnownFields):
    name = serializers.CharField()
    label = serializers.CharField()
    value = serializers.IntegerField()


class ReportSerializer(ReportListSerializer):
    """``figures``: those that were filed; empty while the report is owed."""

    figures = FigureSerializer(many=True, read_only=True)
    moves = serializers.SerializerMethodField()
    events = EventSerializer(many=True, read_only=True)

    class Meta(ReportListSerializer.Meta):
        fields = [*ReportListSerializer.Meta.fields, "figures", "words", "explanation", "moves", "events"]
        read_only_fields = fields

    def get_moves(self, report) -> list[str]:
        return [move.name for move in LAW.moves_open_to(self.context["request"].user, report)]


@with_acts(Report)
class ReportViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Report.objects.none()
    pagination_class = Newest
    filter_class = ReportFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self):
        return ReportListSerializer if self.action == "list" else ReportSerializer

    def get_queryset(self):
        rows = Report.objects.visible_to(self.request.user).select_related("unit", "enterprise", "filed_by")
        return rows if self.action == "list" else rows.prefetch_related("events")

    def filter_queryset(self, queryset):
        if self.action != "list":
            return queryset
        asked = ReportFilter(self.request.query_params, queryset, user=self.request.user, at=timezone.now())
        if asked.errors:
            raise ValidationError(asked.errors)
        return asked.qs
