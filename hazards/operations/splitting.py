"""拆分: a row that holds several hazards becomes several rows, before anything is filed about it (docs/adr/0028).

Each gets a number of its own. The row itself keeps number, photos and chain, and counts no more.
"""

from django.db import transaction

from hazards import registration_rules
from hazards.models import Hazard
from hazards.models.number import NUMBERING
from hazards.operations.correction import judge_day
from hazards.operations.owing import owed_as
from hazards.responsibility import BODIES, KINDS
from hazards.rules import is_committee
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused

FEWEST, MOST = 2, 10
# What was found, where, when and by whom, also the day of registering, from which others count; and the order, where it was given.
INHERITED = (
    "enterprise", "division_code", "sector", "inspection", "origin", "found_on", "found_by_unit", "inspectors", "registered_by",
    "registered_at", "issue_due_on", "plan_due_on", "level", "location", "accident_type", "basis", "criterion", "requirement", "proposed_deadline",
    *(f"{kind}_unit" for kind in BODIES), *(f"{kind}_{part}" for kind in KINDS for part in ("holder", "person", "phone")),
    "issued_on", "issued_by_unit", "original_deadline", "deadline", "counted_from", "working_days", "deadline_unpublished", "extensions",
)  # fmt: skip


@transaction.atomic
def split(hazard, *, by, at, parts, reason):
    """Make a row of each of ``parts``: dicts with a ``description``, and a ``location`` and ``level`` where they differ. Each is where the
    row is, with its order and deadlines.

    The registrar may on the day of registering, later a manager. A part of a major hazard is major, unless the safety office says
    otherwise. Each that is major is to be reported by itself, also where the row was (总局令第16号 §14). Returns the event.
    """
    gate.check(hazard, "split", by=by)
    judge_day(hazard, by, at, "拆分")
    if not reason:
        raise Refused("请写明拆分的理由")
    if not FEWEST <= len(parts) <= MOST:
        raise Refused(f"一条隐患可拆分为 {FEWEST} 到 {MOST} 条，现在填写了 {len(parts)} 条")
    for place, part in enumerate(parts, 1):
        _judge(hazard, part, place, by, at)
    numbers = NUMBERING.take(unit=hazard.jurisdiction, year=day_of(at).year, count=len(parts))
    told = [
        gate.create(
            _part(hazard, part, number, day_of(at)),
            "part",
            by=by,
            at=at,
            to=hazard.state,
            note=reason,
            changes={"编号": number, "拆分自": hazard},
        )
        for part, number in zip(parts, numbers, strict=True)
    ]
    words = "、".join(map(str, told))
    return gate.move(
        hazard,
        "split",
        by=by,
        at=at,
        note=reason,
        changes={"拆分为": words},
        voided_on=day_of(at),
        report_owed_on=None,
        receipts_since=None,
    )


def _judge(hazard, part, place, by, at):
    if not part["description"].strip():
        raise Refused(f"请填写第 {place} 条的隐患描述")
    level = part.get("level") or hazard.level
    if hazard.level == Hazard.Level.MAJOR and level != hazard.level and not is_committee(by, hazard):
        raise Refused(f"第 {place} 条：重大隐患拆出的仍为重大隐患；认为不是的，由安委办拆分或更正")
    found = registration_rules.problems(level=level, basis=hazard.basis, proposed_deadline=None, today=day_of(at))
    if found:
        raise Refused(f"第 {place} 条：{'；'.join(found.values())}；可先更正本条，再拆分")


def _part(hazard, part, number, today):
    said = {name: part[name] for name in ("description", "location", "level") if part.get(name)}
    row = Hazard(number=number, split_from=hazard, **{name: getattr(hazard, name) for name in INHERITED} | said)
    if row.level != hazard.level:
        for name, day in ({"plan_due_on": None} | owed_as(row.level, hazard, today)).items():
            setattr(row, name, day)
    if row.level == Hazard.Level.MAJOR:
        row.report_owed_on = today
    else:
        row.criterion = None  # which is for major ones
    return row
