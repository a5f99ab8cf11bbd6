from django import forms
from django.utils.functional import cached_property
from rest_framework import serializers

from hazards import audience, operations
from hazards.deciders import PLANS
from hazards.models import Hazard, RectificationPlan
from hazards.operations.plans import UNSETTLED
from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import TextField


class DecidePlanForm(ActForm):
    fields_template = "hazards/_decide_plan_fields.html"

    approved = forms.ChoiceField(
        label="审批结论",
        choices=[("approve", "批准方案"), ("return", "退回修改")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择批准或退回"},
    )
    opinion = TextField(
        label="审批意见",
        max_length=1000,
        rows=4,
        help_text="退回的写明缺什么、怎样改",
        error_messages={"required": "请填写审批意见"},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.unsettled:
            self.fields["approved"].choices = [("return", "退回修改")]
            self.fields["approved"].error_messages["invalid_choice"] = self.unsettled

    @cached_property
    def unsettled(self):
        """Why the version that waits can only be returned; "" where it can be approved."""
        plan = self.record.plans.order_by("number").last()
        return UNSETTLED.format(plan.unsettled) if plan and plan.unsettled else ""

    def move(self):
        return {"approve": "approve_plan", "return": "return_plan"}.get(self.data.get("approved"), "")

    def arguments(self):
        given = self.cleaned_data
        return {"approved": given["approved"] == "approve", "opinion": given["opinion"]}


class DecidePlanSerializer(ActSerializer):
    approved = serializers.BooleanField()
    opinion = serializers.CharField(max_length=1000)


CONCERNED = audience.people(audience.ENTERPRISE, audience.TERRITORIAL)


def concerned(events):
    """The enterprise and its township, and who filed the version decided on."""
    found = CONCERNED(events)
    plan_of = {facts.get("plan"): event.pk for event in events for facts in event.beside.values()}
    for uid, filer in RectificationPlan.objects.filter(uid__in=plan_of.keys() - {None}).values_list("uid", "by"):
        found[plan_of[str(uid)]].add(filer)
    return found


act = Act(
    record=Hazard,
    name="decide_plan",
    verb=operations.decide_plan,
    form=DecidePlanForm,
    serializer=DecidePlanSerializer,
    words="审批整改方案",
    button="提交审批意见",
    strip="核对六部分和五落实，批准或退回修改；五项都落实的才能批准，批准后企业才能提交反馈。",
    done={
        "approve_plan": "批准整改方案，已通知企业",
        "return_plan": "退回整改方案，已通知企业修改后重报",
    },
    icon="clipboard-check",
    looks={"approve_plan": "ok", "return_plan": "bad"},
    group="待审整改方案",
    waiting="等主管部门审批整改方案",
    waits_for=PLANS.waits_for,
    waits_since="plan_filed_on",
    notices={
        "approve_plan": Notice("整改方案已批准，请按方案整改", concerned),
        "return_plan": Notice("整改方案已退回，请修改后重报", concerned),
    },
)
