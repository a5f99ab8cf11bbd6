"""移交: who answers for a hazard offers it to another unit. Until that accepts, or the safety office says so, nothing changes.

Deadlines stay as they are. Whoever may read the row meanwhile and afterwards: docs/adr/0027.
"""

from copy import copy

from django.conf import settings

from accounts.models import Unit
from hazards.models import Transfer
from hazards.models.transfer import Outcome
from hazards.responsibility import BODIES, LABELS, held_by
from journal import gate
from journal.gate import day_of
from journal.refusal import Conflict, Refused
from responsibilities.choosing import staff_of
from workdays.operations import load_calendar

UNOFFERED = {"offered_unit": None, "offered_by_unit": None, "transfer_due_on": None}  # no offer waits for an answer
NO_RECEIVER = "乡镇只能移交给本市其他乡镇（街道），部门只能移交给本市或该县（区）的其他部门；请从名单中选择"
NOT_OF_UNIT = "责任人须是该单位的在职人员，请从该单位的人员中选择"


def receivers(hazard, unit):
    """The units to which ``unit`` may offer ``hazard``: of its own sort, in use, in the same city, where its numbers are given."""
    others = Unit.objects.active().exclude(pk=unit.pk)
    if unit.kind == Unit.Kind.DEPARTMENT:
        return others.departments().filter(
            division_code__in=(hazard.division_code, hazard.division_code[:6], hazard.jurisdiction)
        )
    return others.townships().filter(city_code=hazard.jurisdiction)


def open_transfer(hazard):
    """The offer that waits for an answer, or None."""
    if hazard.offered_unit_id is None:
        return None
    return hazard.transfers.open().select_related("from_unit", "to_unit").first()


def offer_transfer(hazard, *, by, at, to_unit, reason):
    """Offer it to ``to_unit``, which answers within the working days that the settings say.

    Whoever answers for it goes on doing so. An offer to another unit ends the one that waited.
    """
    gate.check(hazard, "offer_transfer", by=by)
    if not reason:
        raise Refused("请写明移交理由")
    if to_unit.pk == hazard.offered_unit_id:
        raise Refused(f"已经移交{to_unit}，正在等待答复，不用重复移交")
    if not receivers(hazard, by.unit).filter(pk=to_unit.pk).exists():
        raise Refused(NO_RECEIVER)
    today = day_of(at)
    due_on = load_calendar().add_working_days(today, settings.TRANSFER_WORKING_DAYS).date
    asked = Transfer(
        hazard=hazard, from_unit=by.unit, to_unit=to_unit, reason=reason, asked_on=today, due_on=due_on, by=by, at=at
    )
    ended = lapse(hazard, at=at, cause="改移其他单位")
    return gate.move(
        hazard,
        "offer_transfer",
        by=by,
        at=at,
        note=reason,
        beside=[*ended["beside"], asked],
        changes={**ended["changes"], "移交给": to_unit, "答复期限": due_on},
        offered_unit=to_unit,
        offered_by_unit=by.unit,
        transfer_due_on=due_on,
    )


def lapse(hazard, *, at, cause):
    """What an act has to write that ends the open offer of ``hazard``, for ``cause``: ``beside``, ``changes``, ``fields``; nothing
    where none is open."""
    found = open_transfer(hazard)
    if found is None:
        return {"beside": [], "changes": {}, "fields": {}}
    row = copy(found)
    row.outcome, row.ended_at = Outcome.LAPSED, at
    words = {"移交": f"移交{found.to_unit}尚未答复，因{cause}结束"}
    return {"beside": [row], "changes": words, "fields": UNOFFERED}


def answer_transfer(hazard, *, by, at, accepted, holder=None, opinion=""):
    """Take it over, naming a ``holder`` of the own unit, or give it back with a reason, the ``opinion``."""
    name = "accept_transfer" if accepted else "return_transfer"
    gate.check(hazard, name, by=by)
    if accepted and holder is None:
        raise Refused("接收移交须确定本单位的责任人")
    if not accepted and not opinion:
        raise Refused("退回移交须写明理由")
    outcome = Outcome.ACCEPTED if accepted else Outcome.RETURNED
    return _end(hazard, name, outcome, by=by, at=at, holder=holder if accepted else None, words=opinion)


def assign_transfer(hazard, *, by, at, unit, holder, reason):
    """The safety office says which of the two units answers for it from now on, and who there."""
    gate.check(hazard, "assign_transfer", by=by)
    if unit.pk not in (hazard.offered_unit_id, hazard.offered_by_unit_id):
        raise Refused("只能在移出单位和接收单位中指定一个")
    if not reason:
        raise Refused("请写明指定的理由")
    outcome = Outcome.ASSIGNED if unit.pk == hazard.offered_unit_id else Outcome.KEPT
    return _end(hazard, "assign_transfer", outcome, by=by, at=at, holder=holder, words=reason)


def _end(hazard, name, outcome, *, by, at, holder, words):
    found = open_transfer(hazard)
    if found is None:  # answered since the row was read
        raise Conflict("这次移交刚刚已经答复；请刷新页面看最新情况")
    row, today = copy(found), day_of(at)
    row.outcome, row.opinion = outcome, words
    row.answered_on, row.answered_by, row.ended_at = today, by, at
    moves = outcome in (Outcome.ACCEPTED, Outcome.ASSIGNED)
    unit = found.to_unit if moves else found.from_unit
    fields, changes = _taken(hazard, found.from_unit, unit, holder) if holder else ({}, {})
    if moves:
        fields["handed_over"] = hazard.handed_over + 1
    # Beside who answers: the lateness, which the ranking counts.
    told = {"移出单位": found.from_unit, "接收单位": found.to_unit, "逾期（天）": row.late(today) or "", **changes}
    if name == "assign_transfer":
        told = {"指定负责单位": unit, **told}
    return gate.move(hazard, name, by=by, at=at, note=words, beside=[row], changes=told, **fields, **UNOFFERED)


def _taken(hazard, giver, unit, holder):
    """``(columns, {label: words})`` of ``unit``, with ``holder``, answering wherever ``giver`` does.

    With the responsibility for the place the row moves to the place; who decides on more time moves along.
    """
    if not staff_of(unit.pk).filter(pk=holder.pk).exists():
        raise Refused(NOT_OF_UNIT)
    fields, words = {}, {}
    for kind in BODIES:
        if getattr(hazard, f"{kind}_unit_id") != giver.pk:
            continue
        before = getattr(hazard, f"{kind}_person") or "未指定"
        words[LABELS[kind]] = f"{giver.short_name} {before} → {unit.short_name} {holder}"
        fields |= {f"{kind}_unit": unit} | held_by(kind, holder)
    if unit != giver:
        if "territorial_unit" in fields:
            fields["division_code"] = unit.division_code
        if hazard.issued_by_unit_id == giver.pk:
            fields["issued_by_unit"] = unit
    return fields, words
