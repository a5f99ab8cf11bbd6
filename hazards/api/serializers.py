"""The shapes of the hazard API: what comes out, and what each act takes in. Rules stay in operations."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Unit, User
from evidence.api import PhotoSerializer, PhotosField
from hazards.lifecycle import moves_open_to
from hazards.models import Feedback, Hazard, HazardEvent
from hazards.responsibility import KINDS
from inspections.models import Enterprise, Inspection

MAX_HAZARDS = 50


class ResponsibilitySerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS)
    body_name = serializers.CharField()
    person = serializers.CharField()
    post = serializers.CharField()
    phone = serializers.CharField()


class HazardListSerializer(serializers.ModelSerializer):
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    level_label = serializers.CharField(source="get_level_display", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)
    sector = serializers.SlugRelatedField(slug_field="code", read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)

    class Meta:
        model = Hazard
        fields = [
            "id", "uid", "number", "state", "state_label", "level", "level_label", "description", "location", "accident_type",
            "basis", "requirement", "sector", "enterprise", "enterprise_name", "division_code", "inspection", "origin", "found_on",
            "found_by_unit", "inspectors", "proposed_deadline", "issued_on", "original_deadline", "deadline",
            "deadline_unpublished", "feedback_on", "rectified_on", "rounds", "fixed_on_spot", "reviewed_on", "reviewer_name",
            "review_result", "closed_on", "version", "responsibilities",
        ]  # fmt: skip
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = HazardEvent
        fields = [
            "sequence", "kind", "kind_label", "actor_name", "unit_name", "at", "from_state", "to_state", "note", "changes", "digest",
        ]  # fmt: skip


class FeedbackSerializer(serializers.ModelSerializer):
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


class HazardSerializer(HazardListSerializer):
    moves = serializers.SerializerMethodField()
    events = EventSerializer(many=True, read_only=True)
    feedbacks = FeedbackSerializer(many=True, read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)

    class Meta(HazardListSerializer.Meta):
        fields = [*HazardListSerializer.Meta.fields, "moves", "events", "feedbacks", "photos"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_moves(self, hazard):
        return [move.name for move in moves_open_to(self.context["request"].user, hazard)]


class Scoped(serializers.Serializer):
    """Related rows can be named only inside the caller's scope: ``querysets`` maps a field to ``user -> queryset``."""

    querysets = {}

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            for name, queryset in self.querysets.items():
                getattr(fields[name], "child", fields[name]).queryset = queryset(request.user)
        return fields


def people_in_scope(user):
    return User.objects.filter(is_active=True, unit__in=Unit.objects.visible_to(user))


class ActSerializer(Scoped):
    """``version`` (optional): the version the caller acted on; an older one than the row's is refused with 409."""

    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class RegisterSerializer(ActSerializer):
    pass


class DiscardSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)


class IssueSerializer(ActSerializer):
    deadline = serializers.DateField(required=False)
    days = serializers.IntegerField(required=False, min_value=0, max_value=365)
    working_days = serializers.IntegerField(required=False, min_value=1, max_value=250)
    requirement = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    reason = serializers.CharField(required=False, max_length=500, allow_blank=True)
    territorial_holder = serializers.PrimaryKeyRelatedField(required=False, queryset=User.objects.none())
    competent_holder = serializers.PrimaryKeyRelatedField(required=False, queryset=User.objects.none())
    supervising_holder = serializers.PrimaryKeyRelatedField(required=False, queryset=User.objects.none())
    querysets = {f"{kind}_holder": people_in_scope for kind in ("territorial", "competent", "supervising")}

    def validate(self, data):
        holders = {kind: data.pop(f"{kind}_holder") for kind in KINDS if f"{kind}_holder" in data}
        return data | {"holders": holders}


class CloseOnSpotSerializer(ActSerializer):
    note = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    photos = PhotosField()


class SubmitFeedbackSerializer(ActSerializer):
    content = serializers.CharField(max_length=2000)
    spent = serializers.DecimalField(required=False, allow_null=True, max_digits=10, decimal_places=2, min_value=0)
    photos = PhotosField()


class ReviewSerializer(ActSerializer):
    passed = serializers.BooleanField()
    opinion = serializers.CharField(max_length=2000)
    deadline = serializers.DateField(required=False, allow_null=True)


class FoundSerializer(serializers.Serializer):
    """One hazard found on a visit."""

    description = serializers.CharField(max_length=1000)
    level = serializers.ChoiceField(choices=Hazard.Level.choices, default=Hazard.Level.GENERAL)
    location = serializers.CharField(required=False, max_length=100, allow_blank=True)
    accident_type = serializers.CharField(required=False, max_length=60, allow_blank=True)
    basis = serializers.CharField(required=False, max_length=300, allow_blank=True)
    requirement = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    proposed_deadline = serializers.DateField(required=False, allow_null=True)
    fixed_on_spot = serializers.BooleanField(default=False)
    before = PhotosField(required=False)
    after = PhotosField(required=False)


class RecordInspectionSerializer(Scoped):
    """A visit with everything found on it; an empty list of hazards records 未发现隐患."""

    kind = serializers.ChoiceField(choices=Inspection.Kind.choices)
    enterprise = serializers.PrimaryKeyRelatedField(queryset=Enterprise.objects.none())
    inspected_on = serializers.DateField()
    inspectors = serializers.ListField(
        child=serializers.PrimaryKeyRelatedField(queryset=User.objects.none()), max_length=10
    )
    hazards = FoundSerializer(many=True, max_length=MAX_HAZARDS)
    note = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    submission_key = serializers.CharField(required=False, max_length=36, allow_blank=True)
    querysets = {"enterprise": Enterprise.objects.visible_to, "inspectors": people_in_scope}
