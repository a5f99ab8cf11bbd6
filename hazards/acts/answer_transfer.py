from django import forms
from django.db.models import Q
from rest_framework import serializers

from accounts.models import User
from accounts.roles import Role
from hazards import operations, sides
from hazards.forms import PersonField
from hazards.holders import OneHolder
from hazards.models import Hazard, Transfer
from hazards.operations.transfer import NOT_OF_UNIT
from journal.acts import Act, Notice
from journal.forms import ActForm
from look.fields import TextField
from responsibilities.choosing import staff_of


class AnswerTransferForm(ActForm):
    fields_template = "hazards/_answer_transfer_fields.html"

    accepted = forms.ChoiceField(
        label="答复",
        choices=[("accept", "接收"), ("return", "退回")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择接收或退回"},
    )
    holder = PersonField(
        User.objects.none(), label="本单位责任人", required=False, empty_label="请选择",
        error_messages={"invalid_choice": NOT_OF_UNIT}, help_text="接收的必选，退回的不选",
    )  # fmt: skip
    opinion = TextField(label="意见", required=False, max_length=500, rows=3, help_text="退回的必填，写明理由")

    def __init__(self, *args, record, by, **options):
        super().__init__(*args, record=record, by=by, **options)
        self.fields["holder"].queryset = staff_of(by.unit_id).order_by("pk")

    def clean(self):
        cleaned = super().clean()
        answer = cleaned.get("accepted")
        if answer == "accept" and not cleaned.get("holder") and "holder" not in self.errors:
            self.add_error("holder", "请选择本单位的责任人")
        if answer == "return" and not cleaned.get("opinion") and "opinion" not in self.errors:
            self.add_error("opinion", "请写明退回的理由")
        return cleaned

    def move(self):
        return {"accept": "accept_transfer", "return": "return_transfer"}.get(self.data.get("accepted"), "")

    def arguments(self):
        given = self.cleaned_data
        return {"accepted": given["accepted"] == "accept", "holder": given["holder"], "opinion": given["opinion"]}


class AnswerTransferSerializer(OneHolder):
    """``holder``: of the caller's unit, who answers for it from now on; only where it is accepted."""

    accepted = serializers.BooleanField()
    opinion = serializers.CharField(max_length=500, required=False, allow_blank=True)


def waits_for(user):
    """The managers of the unit to which it is offered."""
    if user.role != Role.MANAGER or not user.is_manager:
        return None
    return Q(pk__in=Transfer.objects.open().filter(to_unit=user.unit_id).values("hazard"))


act = Act(
    record=Hazard,
    name="answer_transfer",
    verb=operations.answer_transfer,
    form=AnswerTransferForm,
    serializer=AnswerTransferSerializer,
    words="答复移交",
    button="提交答复",
    strip="接收的，确定本单位责任人，整改期限不变；不应由本单位负责的，写明理由退回。",
    done={
        "accept_transfer": "已接收移交：{record}，现由本单位负责，整改期限不变",
        "return_transfer": "已退回移交：{record}，仍由移出单位负责",
    },
    is_inner=True,
    icon="clipboard-check",
    looks={"accept_transfer": "ok", "return_transfer": "bad"},
    group="移交待答复",
    waiting="等待接收单位答复移交",
    waits_for=waits_for,
    waits_since="transfer_due_on",
    notices={
        "accept_transfer": Notice("移交已被接收，责任单位已变更", sides.all_concerned),
        "return_transfer": Notice("移交被退回，仍由原单位负责", sides.givers),
    },
)
