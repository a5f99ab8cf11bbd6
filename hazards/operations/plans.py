"""整改方案 of a major hazard: filed, decided on, revised. Without an approved one there is no feedback."""

from django.conf import settings
from django.db import transaction

from accounts.roles import Role
from evidence.operations import attach_documents, names_of, sealed_documents
from hazards import deadlines
from hazards.models import PlanDecision, RectificationPlan
from hazards.models.major import ASSURANCES, PARTS
from hazards.operations.owing import plan_due
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused

SAID = (
    *PARTS, *(f"{name}_{what}" for name in ASSURANCES for what in ("settled", "how")),
    "money", "responsible", "finish_by", "protection",
)  # fmt: skip
UNSETTLED = "五落实中“{}”没有落实，不能批准；请选择退回，写明理由，落实后重报"
UNFILED = {"plan_filed_on": None, "plan_filed_by": None}  # no version waits for a decision
PLANLESS = UNFILED | {"plan_approved_on": None, "progress_due_on": None, "plan_due_on": None}


def next_progress(today):
    """The day by which progress is reported next."""
    return deadlines.after_months(today, settings.PROGRESS_MONTHS)


def file_plan(hazard, *, by, at, documents=(), **said):
    """File the plan of a major hazard: the columns of `SAID`, and ``documents`` that belong to it. It waits for a decision."""
    return _file(hazard, "file_plan", by=by, at=at, documents=documents, said=said)


def revise_plan(hazard, *, by, at, documents=(), **said):
    """File another version, whole. It takes the place of one not yet decided on; an approved one is in force until this one is."""
    return _file(hazard, "revise_plan", by=by, at=at, documents=documents, said=said)


def check_finish(hazard, day, *, today):
    """Refuse a day by which the plan of ``hazard`` cannot be carried out. One overdue can be planned for no day before its deadline:
    it stays late, and is mended by a plan all the same."""
    if day < today:
        raise Refused("计划完成日期不能早于今天")
    if day > hazard.deadline >= today:
        raise Refused(f"计划完成日期不能晚于整改期限 {hazard.deadline}；确需更长时间的，请先申请延期")


@transaction.atomic
def _file(hazard, name, *, by, at, documents, said):
    if missing := set(SAID) ^ set(said):
        raise ValueError(f"a plan says all of SAID and nothing else: {missing}")
    gate.check(hazard, name, by=by)
    check_finish(hazard, said["finish_by"], today=day_of(at))
    number = hazard.plans.count() + 1
    plan = RectificationPlan(hazard=hazard, number=number, by=by, at=at, **said)
    settled = [word for word, is_settled, _ in plan.assurances if is_settled]
    event = gate.move(
        hazard,
        name,
        by=by,
        at=at,
        note=plan.goals,
        beside=[plan],
        evidence=sealed_documents(documents, part=plan.uid),
        changes={
            "方案": f"第 {number} 版",
            "计划投入（元）": plan.money,
            "计划完成": plan.finish_by,
            "已落实": "、".join(settled) or "无",
            "附件": names_of(documents),
        },
        plan_filed_on=day_of(at),
        plan_due_on=None,
        plan_filed_by=by,
    )
    attach_documents(hazard, documents, by=by, part=plan.uid)
    return event


def decide_plan(hazard, *, by, at, approved, opinion):
    """Approve the version that waits, or return it with what is missing; never by who filed it. With the first approval the time
    until the first report of progress begins.

    One with an assurance that is not settled can only be returned. An earlier version that was approved stays in force where a
    later one is returned.
    """
    name = "approve_plan" if approved else "return_plan"
    gate.check(hazard, name, by=by)
    # Read after the row: what somebody else does to the row meanwhile, the gate sees by its version.
    plan = hazard.plans.latest("number")
    if approved and plan.unsettled:
        raise Refused(UNSETTLED.format(plan.unsettled))
    decision = PlanDecision(plan=plan, approved=approved, opinion=opinion, by=by, at=at)
    today, approval = day_of(at), {}
    if approved:
        approval = {
            "plan_approved_on": today,
            "progress_due_on": hazard.progress_due_on or next_progress(today),
            "longer_approved": hazard.longer_approved or by.role == Role.SAFETY_OFFICE,
        }
    elif hazard.plan_approved_on is None:
        approval = {"plan_due_on": plan_due(today)}
    return gate.move(
        hazard,
        name,
        by=by,
        at=at,
        note=opinion,
        beside=[decision],
        changes={"方案": str(plan)},
        **UNFILED,
        **approval,
    )
