"""The shapes of the hazard API: what comes out, and a visit that goes in. What an act takes in stands in hazards/acts/."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Unit, User
from doors.api import KnownFields
from evidence.api import PhotoSerializer, PhotosField
from hazards.columns import COLUMNS
from hazards.lifecycle import LAW
from hazards.models import Extension, Feedback, Hazard, Instruction, Transfer
from hazards.responsibility import KINDS
from inspections.models import Enterprise, Inspection
from journal.api import EventSerializer, Scoped

MAX_FOUND = 50  # of one visit over the API; a page has fewer cards (hazards.forms)


class ResponsibilitySerializer(KnownFields):
    kind = serializers.ChoiceField(choices=KINDS)
    body_name = serializers.CharField()
    person = serializers.CharField()
    post = serializers.CharField()
    phone = serializers.CharField()


class HazardListSerializer(KnownFields, serializers.ModelSerializer):
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    level_label = serializers.CharField(source="get_level_display", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)
    sector = serializers.SlugRelatedField(slug_field="code", read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)

    class Meta:
        model = Hazard
        fields = [
            "id", "uid", *(column.stored for column in COLUMNS if column.api), "state_label", "level_label", "enterprise",
            "enterprise_name", "division_code", "inspection", "origin", "deadline_unpublished", "extension_due_on", "void_asked_on", "voided_on", "rounds", "version",
            "responsibilities",
        ]  # fmt: skip
        read_only_fields = fields


class FeedbackSerializer(KnownFields, serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)
    passed = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()

    class Meta:
        model = Feedback
        fields = ["round", "content", "spent", "deadline", "by", "at", "passed", "opinion"]

    def get_passed(self, feedback) -> bool | None:
        return feedback.review.passed if hasattr(feedback, "review") else None

    def get_opinion(self, feedback) -> str:
        return feedback.review.opinion if hasattr(feedback, "review") else ""


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


class HazardSerializer(HazardListSerializer):
    moves = serializers.SerializerMethodField()
    events = EventSerializer(many=True, read_only=True)
    feedbacks = FeedbackSerializer(many=True, read_only=True)
    extension_requests = ExtensionSerializer(many=True, read_only=True)
    transfers = TransferSerializer(many=True, read_only=True)
    instructions = InstructionSerializer(many=True, read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)

    class Meta(HazardListSerializer.Meta):
        fields = [
            *HazardListSerializer.Meta.fields, "moves", "events", "feedbacks", "extension_requests", "transfers",
            "instructions", "photos",
        ]  # fmt: skip
        read_only_fields = fields

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
