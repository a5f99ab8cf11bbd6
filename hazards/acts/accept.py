from django import forms
from django.db.models import Q
from rest_framework import serializers

from accounts.models import User
from accounts.roles import Role
from evidence.api import DocumentsField as DocumentIdsField
from evidence.forms import DocumentsField
from hazards import operations
from hazards.acts.review import CONCERNED
from hazards.forms import PersonField
from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.operations.acceptance import TWO_OFFICERS, acceptors
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField, TextField


def _officer(label):
    return PersonField(User.objects.none(), label=label, with_unit=True)


class AcceptForm(ActForm):
    fields_template = "hazards/_accept_fields.html"

    passed = forms.ChoiceField(
        label="验收结论",
        choices=[("pass", "通过"), ("fail", "不通过")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择通过或不通过"},
    )
    first_officer = _officer("执法人员一")
    second_officer = _officer("执法人员二")
    opinion = TextField(
        label="现场验收意见",
        max_length=2000,
        rows=5,
        help_text="对照方案和两个归零逐项写明",
        error_messages={"required": "请填写现场验收意见"},
    )
    expert_opinion = TextField(
        label="专家意见或第三方报告", max_length=2000, rows=4, help_text="写明结论、专家姓名或机构名称"
    )
    documents = DocumentsField(label="专家意见或报告附件", required=False, help_text="盖章的意见或报告，可以拍照")
    deadline = DayField(
        label="新的整改期限", required=False, help_text="仅不通过、退回重定期限时填写，不是延期；不填则期限不变"
    )

    def __init__(self, *args, record, by, **options):
        people = acceptors(record)
        initial = {"first_officer": by.pk} if by in people else {}
        super().__init__(*args, record=record, by=by, initial=initial, **options)
        for name in ("first_officer", "second_officer"):
            self.fields[name].queryset = people

    def clean(self):
        cleaned = super().clean()
        first, second = cleaned.get("first_officer"), cleaned.get("second_officer")
        if first is not None and first == second:
            self.add_error("second_officer", TWO_OFFICERS)
        return cleaned

    def move(self):
        failed = "reset_acceptance" if self.data.get("deadline") else "fail_acceptance"
        return {"pass": "pass_acceptance", "fail": failed}.get(self.data.get("passed"), "")

    def arguments(self):
        given = super().arguments()
        officers = [given.pop("first_officer"), given.pop("second_officer")]
        return given | {"passed": given["passed"] == "pass", "officers": officers}


class AcceptSerializer(ActSerializer):
    """``officers``: the ids of two officers of the departments that supervise the hazard, or of the safety offices over it.
    ``deadline``: as of a review."""

    passed = serializers.BooleanField()
    opinion = serializers.CharField(max_length=2000)
    expert_opinion = serializers.CharField(max_length=2000)
    officers = serializers.ListField(
        child=serializers.PrimaryKeyRelatedField(queryset=User.objects.none()), min_length=2, max_length=2
    )
    documents = DocumentIdsField(required=False)
    deadline = serializers.DateField(required=False, allow_null=True)

    def get_fields(self):
        fields = super().get_fields()
        if hazard := self.acted_on():
            fields["officers"].child.queryset = acceptors(hazard)
        return fields


def waits_for(user):
    """The officers of the departments that supervise it and of the safety offices; never who filed the feedback."""
    if not user.is_officer:
        return None
    others = Q(state=State.PENDING_REVIEW, level=Hazard.Level.MAJOR) & (Q(feedback_by=None) | ~Q(feedback_by=user))
    if user.role == Role.SAFETY_OFFICE:
        return others
    return others & (Q(competent_unit=user.unit_id) | Q(supervising_unit=user.unit_id))


act = Act(
    record=Hazard,
    name="accept",
    verb=operations.accept,
    form=AcceptForm,
    serializer=AcceptSerializer,
    words="去验收",
    title="验收",
    button="提交验收意见",
    strip="两名执法人员到现场，对照方案和两个归零验收，附专家意见或第三方报告。",
    done={
        "pass_acceptance": "验收通过，已销号",
        "fail_acceptance": "验收不通过，已退回整改，期限 {record.deadline}",
        "reset_acceptance": "验收不通过，已退回重定期限：{record.deadline}",
    },
    icon="shield-check",
    looks={"pass_acceptance": "ok", "fail_acceptance": "bad", "reset_acceptance": "bad"},
    group="待验收",
    waiting="等监管部门、主管部门或安委办验收",
    waits_for=waits_for,
    waits_since="feedback_on",
    notices={
        "pass_acceptance": Notice("验收通过，已销号", CONCERNED),
        "fail_acceptance": Notice("验收不通过，请于 {deadline} 前继续整改", CONCERNED),
        "reset_acceptance": Notice("验收不通过，退回重定期限，请于 {deadline} 前继续整改", CONCERNED),
    },
)
