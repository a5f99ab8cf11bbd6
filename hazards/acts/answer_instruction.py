from django import forms
from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from hazards import audience, operations
from hazards.models import Hazard, Instruction
from hazards.operations.instructions import answerable
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField
from look.words import day_words

NO_SUCH = "这条批示已经回复，或不是发给本单位的"


class InstructionField(forms.ModelChoiceField):
    """The instruction that is answered, read out in full: one answers what one has before one's eyes."""

    widget = forms.RadioSelect
    today = None

    def label_from_instance(self, one):
        return f"{one.leader_name}：{one.text}（{one.unit.short_name}，{day_words(one.reply_by, self.today)} 前回复）"


class AnswerForm(ActForm):
    instruction = InstructionField(
        Instruction.objects.none(), label="回复哪一条批示", empty_label=None,
        error_messages={"required": "请选择回复哪一条批示", "invalid_choice": NO_SUCH},
    )  # fmt: skip
    text = TextField(
        label="回复内容", max_length=2000, rows=5, help_text="写明办理情况、完成时间", error_messages={"required": "请填写回复内容"},
    )  # fmt: skip

    def __init__(self, *args, record, by, today, **options):
        theirs = [one.pk for one in answerable(record, by)]
        initial = {"instruction": theirs[0]} if len(theirs) == 1 else {}
        super().__init__(*args, record=record, by=by, today=today, initial=initial, **options)
        field = self.fields["instruction"]
        field.today, field.required = today, len(theirs) > 1
        field.queryset = record.instructions.filter(pk__in=theirs).select_related("unit")


class AnswerSerializer(ActSerializer):
    text = serializers.CharField(max_length=2000)
    instruction = serializers.PrimaryKeyRelatedField(
        queryset=Instruction.objects.none(), required=False, allow_null=True
    )

    def get_fields(self):
        fields = super().get_fields()
        if hazard := self.acted_on():
            fields["instruction"].queryset = hazard.instructions.open()
        return fields


def waits_for(user):
    """A manager of the body that was asked; the safety office may answer in its stead, but is not asked to."""
    if user.role != Role.MANAGER or not user.is_manager:
        return None
    return Q(pk__in=Instruction.objects.open().filter(unit=user.unit_id).values("hazard"))


act = Act(
    record=Hazard,
    name="answer_instruction",
    verb=operations.answer_instruction,
    form=AnswerForm,
    serializer=AnswerSerializer,
    words="回复批示",
    stead="代单位回复批示",
    button="提交回复",
    strip="写明办理情况，回复给作出批示的领导。",
    done="已回复批示，已通知作出批示的领导",
    is_inner=True,
    icon="message",
    looks={"answer_instruction": "ok"},
    group="待回复批示",
    waiting="等单位回复批示",
    waits_for=waits_for,
    waits_since="reply_due_on",
    notices={"answer_instruction": Notice("批示已回复", audience.instructing)},
)
