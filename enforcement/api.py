"""Measures over the API: read, recorded, and each act."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.api import Newest
from doors.api import KnownFields
from enforcement import rules
from enforcement.acts.record_measure import RecordMeasureSerializer
from enforcement.filters import MeasureFilter
from enforcement.lifecycle import LAW
from enforcement.models import Measure, Resumption
from evidence.api import DocumentSerializer, documents_of_part
from journal import acts
from journal.api import EventSerializer, perform, with_acts


class MeasureListSerializer(KnownFields, serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    state_label = serializers.CharField(read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)
    unit = serializers.CharField(source="unit.code", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    officer = serializers.CharField(source="officer.full_name", read_only=True)

    class Meta:
        model = Measure
        fields = [
            "id", "kind", "kind_label", "state", "state_label", "enterprise", "enterprise_name", "hazard", "inspection", "on", "content",
            "basis", "unit", "unit_name", "officer", "second_officer_name", "number", "amount", "notified_at", "cut_at", "approver",
            "emergency", "resumption_due_on", "lifted_on", "withdrawn_on", "version",
        ]  # fmt: skip
        read_only_fields = fields


class ResumptionSerializer(KnownFields, serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)
    granted = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()
    decision_documents = serializers.SerializerMethodField()

    class Meta:
        model = Resumption
        fields = ["text", "due_on", "by", "at", "documents", "granted", "opinion", "decision_documents"]

    def get_granted(self, asked) -> bool | None:
        return asked.decision.granted if hasattr(asked, "decision") else None

    def get_opinion(self, asked) -> str:
        return asked.decision.opinion if hasattr(asked, "decision") else ""

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, asked):
        return documents_of_part(asked.measure, asked.uid)

    @extend_schema_field(DocumentSerializer(many=True))
    def get_decision_documents(self, asked):
        return documents_of_part(asked.measure, asked.decision.uid) if hasattr(asked, "decision") else []


class MeasureSerializer(MeasureListSerializer):
    moves = serializers.SerializerMethodField()
    events = EventSerializer(many=True, read_only=True)
    resumptions = ResumptionSerializer(many=True, read_only=True)
    documents = DocumentSerializer(many=True, read_only=True)

    class Meta(MeasureListSerializer.Meta):
        fields = [*MeasureListSerializer.Meta.fields, "moves", "events", "resumptions", "documents"]
        read_only_fields = fields

    def get_moves(self, measure) -> list[str]:
        return [move.name for move in LAW.moves_open_to(self.context["request"].user, measure)]


@with_acts(Measure)
class MeasureViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    queryset = Measure.objects.none()
    pagination_class = Newest
    filter_class = MeasureFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self):
        return MeasureListSerializer if self.action == "list" else MeasureSerializer

    def get_queryset(self):
        rows = Measure.objects.visible_to(self.request.user).select_related("enterprise", "unit", "officer")
        if self.action == "list":
            return rows
        return rows.select_related("hazard", "resumption_asked_by").prefetch_related(
            "events", "documents", "resumptions__by", "resumptions__decision"
        )

    def filter_queryset(self, queryset):
        if self.action != "list":
            return queryset
        asked = MeasureFilter(self.request.query_params, queryset, user=self.request.user)
        if asked.errors:
            raise ValidationError(asked.errors)
        return asked.qs

    @extend_schema(request=RecordMeasureSerializer)
    def create(self, request, *args, **kwargs):
        """记录一项执法措施：hazard、inspection、enterprise 三者填一个。"""
        if not request.user.is_officer:
            raise PermissionDenied(rules.is_officer.sentence)
        body = RecordMeasureSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        act = acts.named(Measure, "record_measure")
        made = perform(act.do, None, body.validated_data, by=request.user, at=timezone.now())
        found = MeasureSerializer(made, context=self.get_serializer_context())
        return Response(found.data, status=status.HTTP_201_CREATED)
