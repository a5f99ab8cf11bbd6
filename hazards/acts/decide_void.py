from django import forms
from django.db.models import Q
from rest_framework import serializers

from accounts.roles import Role
from hazards import audience, operations
from hazards.lifecycle import LEDGER_STATES
from hazards.models import Hazard
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField

# Not the asker alone, who may have left; the enterprise was not told of the request.
ASKER = audience.and_who("request_void", audience.people(audience.TERRITORIAL))
CONCERNED = audience.and_who("request_void", audience.people(audience.ENTERPRISE, audience.TERRITORIAL))


class DecideVoidForm(ActForm):
    fields_template = "hazards/_decide_void_fields.html"

    granted = forms.ChoiceField(
        label="决定",
        choices=[("grant", "同意作废"), ("refuse", "不同意作废")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或不同意"},
    )
    opinion = TextField(label="意见", max_length=500, rows=3, error_messages={"required": "请填写意见"})

    def move(self):
        return {"grant": "void", "refuse": "refuse_void"}.get(self.data.get("granted"), "")

    def arguments(self):
        given = self.cleaned_data
        return {"granted": given["granted"] == "grant", "opinion": given["opinion"]}


class DecideVoidSerializer(ActSerializer):
    granted = serializers.BooleanField()
    opinion = serializers.CharField(max_length=500)


def waits_for(user):
    """The safety office, and the managers of the unit above the one that registered it."""
    if not user.is_manager:
        return None
    asked = Q(state__in=LEDGER_STATES, void_asked_on__isnull=False) & ~Q(void_asked_by=user)
    return asked if user.role == Role.SAFETY_OFFICE else asked & Q(found_by_unit__parent=user.unit_id)


act = Act(
    record=Hazard,
    name="decide_void",
    verb=operations.decide_void,
    form=DecideVoidForm,
    serializer=DecideVoidSerializer,
    words="决定是否作废",
    button="提交决定",
    strip="核对申请理由；作废后不再计入任何统计，编号和办理记录保留。",
    done={"void": "作废：{record}，编号和办理记录保留", "refuse_void": "不同意作废：{record}，照常办理"},
    icon="clipboard-check",
    looks={"void": "bad"},
    group="作废待决定",
    waiting="等待决定是否作废",
    waits_for=waits_for,
    waits_since="void_asked_on",
    notices={
        "void": Notice("已作废，不需要再办理", CONCERNED),
        "refuse_void": Notice("不同意作废，请照常办理", ASKER),
    },
)
