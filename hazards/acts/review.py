from django import forms
from django.db.models import Q
from rest_framework import serializers

from hazards import audience, operations
from hazards.lifecycle import State
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField, TextField

CONCERNED = audience.people(audience.FILER, audience.ENTERPRISE, audience.TERRITORIAL)


class ReviewForm(ActForm):
    fields_template = "hazards/_review_fields.html"

    passed = forms.ChoiceField(
        label="复查结论",
        choices=[("pass", "通过"), ("fail", "不通过")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择通过或不通过"},
    )
    opinion = TextField(label="复查意见", max_length=2000, rows=5, error_messages={"required": "请填写复查意见"})
    deadline = DayField(
        label="新的整改期限", required=False, help_text="仅不通过、退回重定期限时填写，不是延期；不填则期限不变"
    )

    def move(self):
        failed = "reset_review" if self.data.get("deadline") else "fail_review"
        return {"pass": "pass_review", "fail": failed}.get(self.data.get("passed"), "")

    def arguments(self):
        given = self.cleaned_data
        return {"passed": given["passed"] == "pass", "opinion": given["opinion"], "deadline": given["deadline"]}


class ReviewSerializer(ActSerializer):
    """``deadline``: another one, set by a manager who fails it (退回重定期限)."""

    passed = serializers.BooleanField()
    opinion = serializers.CharField(max_length=2000)
    deadline = serializers.DateField(required=False, allow_null=True)


def waits_for(user):
    # Null compares to nothing: rows without a known filer would drop out of a bare comparison.
    others = Q(feedback_by=None) | ~Q(feedback_by=user)
    pending = Q(state=State.PENDING_REVIEW, level=Hazard.Level.GENERAL)
    return others & pending if user.is_officer else None


act = Act(
    record=Hazard,
    name="review",
    verb=operations.review,
    form=ReviewForm,
    serializer=ReviewSerializer,
    words="去复查",
    title="复查",
    button="提交复查意见",
    strip="对照整改前后照片和要求，给出通过或不通过的意见。",
    done={
        "pass_review": "复查通过，已销号",
        "fail_review": "复查不通过，已退回整改，期限 {record.deadline}",
        "reset_review": "复查不通过，已退回重定期限：{record.deadline}",
    },
    icon="eye-check",
    looks={"pass_review": "ok", "fail_review": "bad", "reset_review": "bad"},
    group="待复查",
    waiting="等检查人员复查",
    waits_for=waits_for,
    waits_since="feedback_on",
    notices={
        "pass_review": Notice("复查通过，已销号", CONCERNED),
        "fail_review": Notice("复查不通过，请于 {deadline} 前继续整改", CONCERNED),
        "reset_review": Notice("复查不通过，退回重定期限，请于 {deadline} 前继续整改", CONCERNED),
    },
)
