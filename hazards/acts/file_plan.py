from django.db.models import Q

from accounts.roles import Role
from hazards import operations
from hazards.deciders import PLANS
from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.plans import STEAD_CAUTION, FilePlanSerializer, PlanForm
from journal.acts import Act, Notice


def waits_for(user):
    """The enterprise is urged; a manager may file on its behalf, but is not asked to."""
    owed = Q(state=State.RECTIFYING, level=Hazard.Level.MAJOR, plan_filed_on=None, plan_approved_on=None)
    return owed if user.role == Role.ENTERPRISE else None


act = Act(
    record=Hazard,
    name="file_plan",
    verb=operations.file_plan,
    form=PlanForm,
    serializer=FilePlanSerializer,
    words="报整改方案",
    stead="代企业报整改方案",
    stead_caution=STEAD_CAUTION,
    button="提交方案",
    strip="重大隐患先报整改方案，主管部门批准后才能提交整改反馈。",
    done="报整改方案：已提交，等待主管部门审批",
    icon="clipboard-list",
    group="待报整改方案",
    waiting="等企业报整改方案",
    waits_for=waits_for,
    waits_since="plan_due_on",
    notices={"file_plan": Notice("已报整改方案，请审批", PLANS.told)},
)
