"""The shapes in which the API tells what a major hazard has besides."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from doors.api import KnownFields
from evidence.api import DocumentSerializer, documents_of_part
from hazards.models import MajorReport, Progress, Receipt, RectificationPlan
from hazards.operations.plans import SAID


class RectificationPlanSerializer(KnownFields, serializers.ModelSerializer):
    """One version; ``approved`` is null while nobody has decided on it."""

    by = serializers.CharField(source="by.full_name", read_only=True)
    approved = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()

    class Meta:
        model = RectificationPlan
        fields = ["number", *SAID, "by", "at", "approved", "opinion", "documents"]

    def get_approved(self, plan) -> bool | None:
        return plan.decision.approved if hasattr(plan, "decision") else None

    def get_opinion(self, plan) -> str:
        return plan.decision.opinion if hasattr(plan, "decision") else ""

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, plan):
        return documents_of_part(plan.hazard, plan.uid)


class ProgressSerializer(KnownFields, serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = Progress
        fields = ["content", "percent", "spent", "reason", "by", "at"]


class MajorReportSerializer(KnownFields, serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = MajorReport
        fields = ["cause", "harm", "treatment", "by", "at"]


class ReceiptSerializer(KnownFields, serializers.ModelSerializer):
    """``at`` is null while nobody of the unit has signed."""

    unit = serializers.CharField(source="unit.code", read_only=True)
    by = serializers.CharField(source="by.full_name", default=None, read_only=True)

    class Meta:
        model = Receipt
        fields = ["unit", "by", "at"]
