from django.db.models import Exists, OuterRef, Q
from rest_framework import serializers

from accounts.models import User
from accounts.roles import MANAGERS, Role
from enforcement import audience, operations
from enforcement.forms import DecideResumptionForm
from enforcement.models import Measure
from evidence.api import DocumentsField
from journal.acts import Act, Notice
from journal.api import ActSerializer


class DecideResumptionSerializer(ActSerializer):
    granted = serializers.BooleanField()
    opinion = serializers.CharField(max_length=1000)
    documents = DocumentsField(required=False)


def waits_for(user):
    """The managers of the unit that decided; the safety office where that unit has nobody who may."""
    if not user.is_manager:
        return None
    asked = Q(resumption_due_on__isnull=False) & ~Q(resumption_asked_by=user)
    own = Q(unit=user.unit_id)
    if user.role != Role.SAFETY_OFFICE:
        return asked & own
    there = User.objects.filter(unit=OuterRef("unit"), is_active=True, role__in=MANAGERS)
    return asked & (own | ~Exists(there.exclude(pk=OuterRef("resumption_asked_by"))))


act = Act(
    record=Measure,
    name="decide_resumption",
    verb=operations.decide_resumption,
    form=DecideResumptionForm,
    serializer=DecideResumptionSerializer,
    words="审查复工",
    title="审查复工申请",
    button="提交审查意见",
    strip="核实整改情况后同意或不同意；所依据的隐患没有销号的，不能同意。",
    done={
        "grant_resumption": "同意复工，已通知企业",
        "refuse_resumption": "不同意复工，已通知企业，措施继续有效",
    },
    icon="clipboard-check",
    looks={"grant_resumption": "ok", "refuse_resumption": "bad"},
    group="复工申请待审查",
    waiting="等待审查复工申请",
    waits_for=waits_for,
    waits_since="resumption_due_on",
    notices={
        "grant_resumption": Notice("同意复工：{measure}已解除", audience.the_enterprise_and_who_applied),
        "refuse_resumption": Notice("不同意复工，{measure}继续有效", audience.the_enterprise_and_who_applied),
    },
)
