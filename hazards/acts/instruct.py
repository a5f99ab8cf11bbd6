from django import forms
from rest_framework import serializers

from accounts.models import User
from accounts.roles import Role
from hazards import audience, operations
from hazards.forms import PersonField
from hazards.models import Hazard
from hazards.operations.instructions import bodies_of, default_reply_by, leaders_over
from hazards.responsibility import BODIES, LABELS
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField, TextField


class InstructForm(ActForm):
    leader = PersonField(
        User.objects.none(), label="批示领导", required=False, with_unit=True, empty_label="名单中没有，填写姓名",
        error_messages={"invalid_choice": "只能选择该隐患所在地的在职领导"},
    )  # fmt: skip
    leader_name = TextField(label="领导姓名", required=False, max_length=40, help_text="名单中没有时填写")
    body = forms.ChoiceField(
        label="由谁回复", widget=forms.RadioSelect, error_messages={"required": "请选择由哪个单位回复"}
    )
    text = TextField(
        label="批示内容", max_length=1000, rows=4, help_text="原文发给该单位，记入办理记录，不能修改或删除"
    )
    reply_by = DayField(label="回复期限", error_messages={"required": "请选择回复期限"}, help_text="当日 24 时截止")

    def __init__(self, *args, record, by, today, **options):
        initial = {"reply_by": default_reply_by(today)}
        super().__init__(*args, record=record, by=by, today=today, initial=initial, **options)
        found = [(kind, f"{LABELS[kind]} · {unit}") for kind, unit in bodies_of(record).items()]
        self.fields["body"].choices = found
        if len(found) == 1:
            self.initial["body"] = found[0][0]
        if by.role == Role.LEADER:  # in their own name
            del self.fields["leader"], self.fields["leader_name"]
        else:
            self.fields["leader"].queryset = leaders_over(record).select_related("unit").order_by("unit__code", "pk")


class InstructSerializer(ActSerializer):
    body = serializers.ChoiceField(choices=BODIES)
    text = serializers.CharField(max_length=1000)
    reply_by = serializers.DateField(required=False, allow_null=True)
    leader = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)
    leader_name = serializers.CharField(required=False, max_length=40, allow_blank=True)

    def get_fields(self):
        fields = super().get_fields()
        if hazard := self.acted_on():
            fields["leader"].queryset = leaders_over(hazard)
        return fields


act = Act(
    record=Hazard,
    name="instruct",
    verb=operations.instruct,
    form=InstructForm,
    serializer=InstructSerializer,
    words="批示",
    button="发出批示",
    strip="写明要求和回复期限，发给责任单位；单位回复之前，一直在双方的工作台上。",
    done="批示已发出，该单位回复前在双方工作台上",
    is_inner=True,
    icon="edit",
    is_push=lambda user: user.role == Role.LEADER,
    notices={"instruct": Notice("领导批示，请于 {reply_by} 前回复", audience.instructed)},
)
