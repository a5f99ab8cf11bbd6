"""The shapes of the hazard API: what comes out, and a visit that goes in. What an act takes in stands in hazards/acts/."""

from datetime import date

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Unit, User
from criteria.models import Criterion
from doors.api import KnownFields
from evidence.api import DocumentSerializer, PhotoSerializer, PhotosField, documents_of_part
from hazards.api.major import MajorReportSerializer, ProgressSerializer, ReceiptSerializer, RectificationPlanSerializer
from hazards.columns import COLUMNS
from hazards.lifecycle import LAW
from hazards.models import Extension, Feedback, Hazard, Instruction, Referral, Transfer
from hazards.responsibility import KINDS
from inspections.models import Enterprise, Inspection
from journal.acts import kept_from
from journal.api import EventSerializer, Scoped

MAX_FOUND = 50  # of one visit over the API; a page has fewer cards (hazards.forms)


class ResponsibilitySerializer(KnownFields):
    kind = serializers.ChoiceField(choices=KINDS)
    body_name = serializers.CharField()
    person = serializers.CharField()
    post = serializers.CharField()
    phone = serializers.CharField()


class HazardListSerializer(KnownFields, serializers.ModelSerializer):
    state_label = serializers.CharField(read_only=True)
    level_label = serializers.CharField(source="get_level_display", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)
    sector = serializers.SlugRelatedField(slug_field="code", read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)
    criterion_standard = serializers.CharField(source="criterion.standard.number", read_only=True, allow_null=True)
    criterion_article = serializers.CharField(source="criterion.article", read_only=True, allow_null=True)
    criterion_item = serializers.CharField(source="criterion.item", read_only=True, allow_null=True)
    criterion_wording = serializers.CharField(source="criterion.wording", read_only=True, allow_null=True)

    class Meta:
        model = Hazard
        fields = [
            "id", "uid", *(column.stored for column in COLUMNS if column.api), "state_label", "level_label", "enterprise",
            "enterprise_name", "division_code", "inspection", "criterion_standard", "criterion_article", "criterion_item",
            "criterion_wording", "origin", "deadline_unpublished", "issue_due_on", "extension_due_on", "report_owed_on",
            "receipts_since", "plan_due_on", "plan_filed_on", "plan_approved_on", "progress_due_on", "void_asked_on", "voided_on", "rounds", "version",
            "responsibilities",
        ]  # fmt: skip
        read_only_fields = fields


class FeedbackSerializer(KnownFields, serializers.ModelSerializer):
    """A round, and from ``passed`` on what the review of it, or the acceptance, said."""

    by = serializers.CharField(source="by.full_name", read_only=True)
    passed = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()
    new_deadline = serializers.SerializerMethodField()
    expert_opinion = serializers.SerializerMethodField()
    officers = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()

    class Meta:
        model = Feedback
        fields = [
            "round", "content", "spent", "fault_cleared", "gap_closed", "deadline", "by", "at", "passed", "opinion",
            "new_deadline", "expert_opinion", "officers", "documents",
        ]  # fmt: skip

    def get_passed(self, feedback) -> bool | None:
        return feedback.review.passed if hasattr(feedback, "review") else None

    def get_opinion(self, feedback) -> str:
        return feedback.review.opinion if hasattr(feedback, "review") else ""

    def get_new_deadline(self, feedback) -> date | None:
        return feedback.review.new_deadline if hasattr(feedback, "review") else None

    def get_expert_opinion(self, feedback) -> str:
        return feedback.review.expert_opinion if hasattr(feedback, "review") else ""

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_officers(self, feedback):
        return [str(person) for person in feedback.review.officers] if hasattr(feedback, "review") else []

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, feedback):
        return documents_of_part(feedback.hazard, feedback.review.uid) if hasattr(feedback, "review") else []


class ExtensionSerializer(KnownFields, serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)
    granted = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()

    class Meta:
        model = Extension
        fields = ["deadline", "until", "reason", "protection", "due_on", "by", "at", "granted", "opinion"]

    def get_granted(self, asked) -> bool | None:
        return asked.decision.granted if hasattr(asked, "decision") else None

    def get_opinion(self, asked) -> str:
        return asked.decision.opinion if hasattr(asked, "decision") else ""


class InstructionSerializer(KnownFields, serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True)
    by = serializers.CharField(source="by.full_name", read_only=True)
    answered_by = serializers.CharField(source="answered_by.full_name", default=None, read_only=True)

    class Meta:
        model = Instruction
        fields = [
            "id", "kind", "unit", "leader_name", "text", "reply_by", "by", "at", "answer", "answered_by", "answered_at",
        ]  # fmt: skip


class TransferSerializer(KnownFields, serializers.ModelSerializer):
    from_unit = serializers.CharField(source="from_unit.code", read_only=True)
    to_unit = serializers.CharField(source="to_unit.code", read_only=True)
    by = serializers.CharField(source="by.full_name", read_only=True)
    answered_by = serializers.CharField(source="answered_by.full_name", default=None, read_only=True)

    class Meta:
        model = Transfer
        fields = [
            "from_unit", "to_unit", "reason", "asked_on", "due_on", "by", "at", "outcome", "opinion", "answered_on", "answered_by",
        ]  # fmt: skip


class ReferralSerializer(KnownFields, serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", read_only=True)
    by = serializers.CharField(source="by.full_name", read_only=True)
    answered_by = serializers.CharField(source="answered_by.full_name", default=None, read_only=True)

    class Meta:
        model = Referral
        fields = [
            "unit", "body", "case_number", "referred_on", "reason", "by", "at", "answer", "answered_on", "answered_by", "answered_at",
        ]  # fmt: skip


class HazardSerializer(HazardListSerializer):
    moves = serializers.SerializerMethodField()
    events = EventSerializer(many=True, read_only=True)
    feedbacks = FeedbackSerializer(many=True, read_only=True)
    extension_requests = ExtensionSerializer(many=True, read_only=True)
    split_from = serializers.SlugRelatedField(slug_field="number", read_only=True)  # which its events tell, too
    parts = serializers.SlugRelatedField(slug_field="number", many=True, read_only=True)
    transfers = TransferSerializer(many=True, read_only=True)
    referrals = ReferralSerializer(many=True, read_only=True)
    instructions = InstructionSerializer(many=True, read_only=True)
    plans = RectificationPlanSerializer(many=True, read_only=True)
    progress = ProgressSerializer(many=True, read_only=True)
    major_report = MajorReportSerializer(read_only=True, default=None)
    receipts = ReceiptSerializer(many=True, read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)
    documents = DocumentSerializer(many=True, read_only=True)

    class Meta(HazardListSerializer.Meta):
        fields = [
            *HazardListSerializer.Meta.fields, "moves", "events", "feedbacks", "extension_requests", "split_from", "parts", "transfers", "referrals",
            "instructions", "plans", "progress", "major_report", "receipts", "photos", "documents",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, hazard):
        """To an outsider, without what the bodies do among themselves."""
        said, user = super().to_representation(hazard), self.context["request"].user
        if kept := kept_from(user, hazard):
            unseen = set(Hazard.unseen_parts(user).filter(hazard=hazard).values_list("uid", flat=True))
            shown = {one.pk for one in hazard.documents.all() if one.part not in unseen}
            said |= {
                "events": [one for one in said["events"] if one["kind"] not in kept],
                "documents": [one for one in said["documents"] if one["id"] in shown],
                "transfers": [],
                "referrals": [],
                "instructions": [],
            }
        return said

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_moves(self, hazard):
        return [move.name for move in LAW.moves_open_to(self.context["request"].user, hazard)]


class FoundSerializer(KnownFields):
    """One hazard found on a visit."""

    description = serializers.CharField(max_length=1000)
    level = serializers.ChoiceField(choices=Hazard.Level.choices, default=Hazard.Level.GENERAL)
    location = serializers.CharField(required=False, max_length=100, allow_blank=True)
    accident_type = serializers.CharField(required=False, max_length=60, allow_blank=True)
    basis = serializers.CharField(required=False, max_length=300, allow_blank=True)
    criterion = serializers.PrimaryKeyRelatedField(
        required=False, allow_null=True, queryset=Criterion.objects.select_related("standard")
    )
    requirement = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    proposed_deadline = serializers.DateField(required=False, allow_null=True)
    fixed_on_spot = serializers.BooleanField(default=False)
    before = PhotosField(
        required=False, even_taken=True
    )  # of a form sent again; attach_photos takes waiting ones alone
    after = PhotosField(required=False, even_taken=True)


def people_in_scope(user):
    return User.objects.filter(is_active=True, unit__in=Unit.objects.visible_to(user))


class RecordInspectionSerializer(Scoped):
    """A visit with everything found on it; an empty list of hazards records 未发现隐患."""

    kind = serializers.ChoiceField(choices=Inspection.Kind.choices)
    enterprise = serializers.PrimaryKeyRelatedField(queryset=Enterprise.objects.none())
    inspected_on = serializers.DateField()
    inspectors = serializers.ListField(
        child=serializers.PrimaryKeyRelatedField(queryset=User.objects.none()), max_length=10
    )
    hazards = FoundSerializer(many=True, max_length=MAX_FOUND)
    note = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    submission_key = serializers.CharField(required=False, max_length=36, allow_blank=True)
    querysets = {"enterprise": Enterprise.objects.visible_to, "inspectors": people_in_scope}
