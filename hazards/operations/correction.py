"""Putting right what is written on a row of the ledger: its facts, its people, and that it was closed."""

from copy import copy

from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from evidence.operations import attach_photos, sealed
from hazards import judging, registration_rules, responsibility
from hazards.models import Hazard
from hazards.models.reach import is_reached
from hazards.operations.owing import owed_as, plan_due
from hazards.operations.plans import PLANLESS
from hazards.operations.rectification import NOTHING_CLEARED, deadline_given
from hazards.operations.reporting import owed_after
from hazards.operations.transfer import lapse
from hazards.responsibility import BODIES, KINDS, LABELS
from inspections.models import Enterprise
from journal import gate
from journal.gate import day_of
from journal.refusal import NotPermitted, Refused

CORRECTED = (
    "description", "location", "level", "sector", "basis", "criterion", "accident_type", "found_on", "enterprise", "requirement",
)  # fmt: skip


def correct(hazard, *, by, at, reason, **facts):
    """Change ``facts`` (column → value, of `CORRECTED`) for a ``reason``; returns the event, None when nothing is new.

    The registrar may on the day of registering, later a manager. A general hazard that becomes a major one is told to the
    departments at once, needs a report and a plan; a major one becomes general by the safety office alone, and needs none any more. With
    another enterprise, which ``by`` must see, the four responsibilities fall as they would on a new hazard, its sector comes along unless
    one is given, and a transfer that nobody answered ends. What becomes of the criterion: `hazards.judging.settle`.
    """
    if unknown := set(facts) - set(CORRECTED):
        raise ValueError(f"no facts to correct: {unknown}")
    name = _move(hazard, facts)
    gate.check(hazard, name, by=by)
    judge_day(hazard, by, at, "更正")
    if not reason:
        raise Refused("请填写更正理由")
    if "enterprise" in facts and facts["enterprise"] != hazard.enterprise:
        facts = {"sector": facts["enterprise"].sector} | facts
    changed, words = gate.differences(hazard, facts)
    if not changed:
        return None
    more, told = gate.differences(hazard, judging.settle(hazard, changed))
    changed, words = changed | more, words | told
    _judge(hazard, changed, at)
    beside = []
    if "enterprise" in changed:
        fields, told = _moved(hazard, changed["enterprise"], by)
        ended = lapse(hazard, at=at, cause="更正企业、责任单位随之变更")
        changed, words, beside = changed | fields | ended["fields"], words | told | ended["changes"], ended["beside"]
    if name == "downgrade":
        changed |= PLANLESS | {"report_owed_on": None} | owed_as("general", hazard, day_of(at))
    elif name == "upgrade":
        changed |= owed_after(hazard, day_of(at)) | owed_as("major", hazard, day_of(at))
    return gate.move(hazard, name, by=by, at=at, note=reason, changes=words, beside=beside, **changed)


def judge_day(hazard, by, at, what):
    """Refuse who is no manager on any day but that of registering."""
    if not by.is_manager and (hazard.registered_at is None or day_of(at) != day_of(hazard.registered_at)):
        raise Refused(f"登记人只能在登记当天{what}；之后请由安全负责人或安委办{what}")


def _move(hazard, facts):
    level = facts.get("level", hazard.level)
    if level == hazard.level:
        return "correct"
    return "upgrade" if level == Hazard.Level.MAJOR else "downgrade"


def _judge(hazard, changed, at):
    then = {name: changed.get(name, getattr(hazard, name)) for name in ("level", "basis", "description", "requirement")}
    if {"level", "basis"} & changed.keys():
        found = registration_rules.problems(
            level=then["level"], basis=then["basis"], proposed_deadline=None, today=day_of(at)
        )
        if found:
            raise Refused("；".join(found.values()))
    if not then["description"].strip():
        raise Refused("请填写隐患描述")
    if "requirement" in changed and hazard.issued_on and not then["requirement"]:
        raise Refused(registration_rules.NO_REQUIREMENT)
    entered = day_of(hazard.registered_at) if hazard.registered_at else day_of(at)
    if "found_on" in changed and changed["found_on"] > (hazard.issued_on or entered):
        raise Refused("排查日期不能晚于登记和下达的日期")


def _moved(hazard, enterprise, by):
    """``(columns, {label: words})`` of belonging to ``enterprise``."""
    if not Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
        raise NotPermitted("该企业不存在，或不在您的管辖范围内；请重新选择")
    if enterprise.division_code[:4] != hazard.jurisdiction:
        raise Refused("不能更正为其他市的企业：编号由原市编排")
    fields = responsibility.defaults_for(enterprise)
    words = {}
    for kind in KINDS:
        before, after = getattr(hazard, f"{kind}_person") or "未指定", fields[f"{kind}_person"] or "未指定"
        if before != after:
            words[LABELS[kind]] = f"{before} → {after}"
    fields["division_code"] = enterprise.division_code
    return fields | _issuer_after(hazard, fields), words


def _issuer_after(hazard, fields):
    """Who decides on more time once ``fields`` are set: the unit that follows on the issuer; where the issuer answers for nothing
    and would read the row no more, none, and with it the safety office."""
    issuer = hazard.issued_by_unit
    for kind in BODIES:
        if issuer is not None and issuer.pk == getattr(hazard, f"{kind}_unit_id"):
            return {"issued_by_unit": fields[f"{kind}_unit"]}
    after = copy(hazard)
    for name, value in fields.items():
        setattr(after, name, value)
    gone = issuer is not None and not is_reached(User(role=Role.MANAGER, unit=issuer), after)
    return {"issued_by_unit": None} if gone else {}


def reassign(hazard, *, by, at, reason, holders):
    """Name ``holders`` ({kind: User}) in the place of those who answer for the hazard now; returns the event, None when they do already."""
    gate.check(hazard, "reassign", by=by)
    fields, changes = responsibility.replaced(hazard, holders, reason)
    if not fields:
        return None
    return gate.move(hazard, "reassign", by=by, at=at, note=reason, changes=changes, **fields)


def hand_over(hazards, *, by, at, person, to, reason):
    """Name ``to`` wherever ``person`` answers for one of ``hazards`` for the body, or the firm, of ``to``; returns ``(how many,
    [(hazard, refusal), …])``.

    Each by `reassign`, in a transaction of its own: what is refused is said and leaves the others alone.
    """
    done, left = 0, []
    firms = set(to.enterprises.values_list("pk", flat=True))
    for hazard in hazards:
        held = [kind for kind in KINDS if getattr(hazard, f"{kind}_holder_id") == person.pk]
        theirs = {kind for kind in BODIES if getattr(hazard, f"{kind}_unit_id") == to.unit_id}
        theirs |= {"enterprise"} if hazard.enterprise_id in firms else set()
        holders = {kind: to for kind in held if kind in theirs}
        try:
            done += reassign(hazard, by=by, at=at, reason=reason, holders=holders) is not None
        except Refused as refusal:
            left.append((hazard, refusal))
    return done, left


@transaction.atomic
def reopen(hazard, *, by, at, reason, photos, **due):
    """Take a closed hazard up again that was not really mended, or is back: a new round by a new deadline (``deadline``,
    ``days`` or ``working_days``), with at least one photo of how it stands. It counts as 返潮 once more.

    What the review found stays in the chain and with its round; the row itself is open again.
    """
    gate.check(hazard, "reopen", by=by)
    if not photos:
        raise Refused("重新打开须上传至少一张现状照片")
    today = day_of(at)
    given, counted = deadline_given(today, **due)
    event = gate.move(
        hazard,
        "reopen",
        by=by,
        at=at,
        note=reason,
        evidence=sealed(photos, "before"),
        changes={"整改期限": given, "照片": f"{len(photos)} 张"},
        deadline=given,
        original_deadline=given,
        issued_on=today,
        issued_by_unit=by.unit,
        extensions=0,  # of the new order
        plan_approved_on=None,  # what was done by the old plan did not hold
        plan_due_on=plan_due(today) if hazard.level == Hazard.Level.MAJOR else None,
        **NOTHING_CLEARED,
        reopened=hazard.reopened + 1,
        reopened_on=today,
        refused_on=None,
        deadline_before_reset=None,
        longer_approved=False,
        feedback_on=None,
        feedback_by=None,
        rectified_on=None,
        fixed_on_spot=False,
        reviewed_on=None,
        reviewer_name="",
        review_result="",
        closed_on=None,
        **counted,
    )
    attach_photos(hazard, photos, stage="before", by=by)
    return event
