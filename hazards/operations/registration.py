"""From a visit to numbered rows of the ledger."""

import hashlib
import json

from django.db import transaction

from evidence.operations import attach_photos, sealed
from hazards import judging, registration_rules, responsibility
from hazards.models import Hazard
from hazards.models.number import NUMBERING
from hazards.operations.owing import issue_due
from hazards.operations.rectification import close_on_spot
from inspections.models import Enterprise
from inspections.operations import complete_visit, record_visit
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused

NAMES_LENGTH = 100  # 检查人 as written on the row; the visit itself keeps everyone
REDRAFTED = ("description", "level", "location", "basis", "criterion", "requirement", "proposed_deadline")
FACTS = ("level", "description", "location", "accident_type", "basis", "criterion", "requirement", "proposed_deadline")


@transaction.atomic
def record_inspection(*, by, at, enterprise, inspected_on, inspectors, hazards, as_draft=False, **visit_facts):
    """Record one visit and everything found on it; returns ``(inspection, [Hazard, …])``.

    The visit is `inspections.operations.record_visit`'s, with its ``kind``, ``note`` and ``submission_key``. ``hazards``: dicts of
    ``FACTS`` plus ``fixed_on_spot`` (bool), ``before`` and ``after`` (lists of Photo the user uploaded). An empty list
    records 未发现隐患. The same form (``submission_key``) sent again by the same person returns what the first sending made,
    and is refused (`SentBefore`) when anything in it was changed meanwhile. ``as_draft`` keeps the hazards as drafts without numbers.
    """
    visit, is_new = record_visit(
        by=by,
        at=at,
        enterprise=enterprise,
        inspected_on=inspected_on,
        inspectors=inspectors,
        nothing_found=not hazards,
        as_draft=as_draft,
        sent_digest=_digest_of(hazards, as_draft, enterprise, inspected_on, inspectors, visit_facts),
        **visit_facts,
    )
    if not is_new:
        return visit, list(visit.hazards.order_by("pk"))
    names = _names(inspectors)
    four = responsibility.defaults_for(enterprise)
    found = []
    for facts in hazards:
        hazard = draft(
            by=by,
            at=at,
            enterprise=enterprise,
            found_on=inspected_on,
            inspection=visit,
            inspectors=names,
            photos=facts.get("before", ()),
            responsibilities=four,
            **{key: facts[key] for key in FACTS if facts.get(key)},
        )
        if not as_draft:
            register(hazard, by=by, at=at)
            if facts.get("fixed_on_spot"):
                close_on_spot(hazard, by=by, at=at, photos=facts.get("after", ()))
        elif facts.get("after"):
            raise Refused("草稿只保存整改前照片；当场整改的请直接提交登记")
        found.append(hazard)
    return visit, found


@transaction.atomic
def draft(
    *,
    by,
    at,
    enterprise,
    found_on,
    description,
    level=Hazard.Level.GENERAL,
    inspection=None,
    photos=(),
    origin=Hazard.Origin.INSPECTION,
    responsibilities=None,
    inspectors="",
    **facts,
):
    """Write down one hazard without a number yet; only its author sees it. Responsibilities default from the matrix."""
    gate.check_birth(Hazard, "draft", by=by)
    if found_on > day_of(at):
        raise Refused("排查日期不能晚于今天")
    if criterion := facts.get("criterion"):
        facts["basis"] = judging.judged(criterion, level=level, basis=facts.get("basis"), found_on=found_on)
    _judge(level, facts.get("basis"), facts.get("proposed_deadline"), at)
    hazard = Hazard(
        enterprise=enterprise,
        division_code=enterprise.division_code,
        sector=enterprise.sector,
        found_on=found_on,
        found_by_unit=by.unit,
        registered_by=by,
        description=description,
        level=level,
        inspection=inspection,
        origin=origin,
        inspectors=inspectors or str(by),
        **facts,
        **(responsibilities if responsibilities is not None else responsibility.defaults_for(enterprise)),
    )
    gate.create(hazard, "draft", by=by, at=at, evidence=sealed(photos, "before"))
    attach_photos(hazard, photos, stage="before", by=by)
    return hazard


@transaction.atomic
def redraft(hazard, *, by, at, photos=(), **facts):
    """Change ``facts`` (column → value, of `REDRAFTED`) of a draft and add ``photos`` from before; returns the event, None when nothing is new."""
    gate.check(hazard, "redraft", by=by)
    if not facts and not photos:
        raise Refused("请给出要修改的内容")
    changed, words = gate.differences(hazard, facts)
    if not changed and not photos:
        return None
    more, told = gate.differences(hazard, judging.settle(hazard, changed))
    changed, words = changed | more, words | told
    if "level" in changed or "basis" in changed or "proposed_deadline" in changed:
        then = {name: changed.get(name, getattr(hazard, name)) for name in ("level", "basis", "proposed_deadline")}
        _judge(then["level"], then["basis"], then["proposed_deadline"], at)
    if photos:
        words["补充照片"] = f"{len(photos)} 张"
    event = gate.move(hazard, "redraft", by=by, at=at, changes=words, evidence=sealed(photos, "before"), **changed)
    attach_photos(hazard, photos, stage="before", by=by)
    return event


@transaction.atomic
def register(hazard, *, by, at, colleague=None):
    """Enter a draft into the ledger: it gets the next number of its city and year, which is never given again.

    Its visit counts from then on; ``colleague`` (User) is the second inspector where the draft had none yet. Refused when the
    enterprise has moved to another township since: those who answer for the draft answer no more. Of a major hazard a report
    is owed from that day on.
    """
    gate.check(hazard, "register", by=by)
    # Held until the row is in the ledger: `inspections.operations.edit` moves no enterprise with open hazards.
    firm = Enterprise.objects.select_for_update().get(pk=hazard.enterprise_id)
    if firm.division_code != hazard.division_code:
        raise Refused(f"该企业的属地已改为{firm.township.short_name}，草稿仍按原来的属地；请作废草稿，重新登记")
    people = complete_visit(hazard.inspection, at=at, colleague=colleague) if hazard.inspection else []
    [number] = NUMBERING.take(unit=hazard.jurisdiction, year=day_of(at).year)  # goes back when the transaction does
    changes = {"编号": number, "等级": hazard.get_level_display(), "建议期限": hazard.proposed_deadline}
    named = hazard.inspectors.split("、")
    others = [person for person in people if str(person) not in named]
    joined = {"inspectors": _names([*named, *others])} if others else {}
    owed = {"issue_due_on": issue_due(hazard.level, day_of(at))}
    if hazard.level == Hazard.Level.MAJOR:
        owed["report_owed_on"] = day_of(at)
    return gate.move(
        hazard, "register", by=by, at=at, changes=changes, number=number, registered_at=at, **joined, **owed
    )


def discard(hazard, *, by, at, reason):
    """Give up one's own draft. It never had a number; the row and its events stay."""
    return gate.move(hazard, "discard", by=by, at=at, note=reason)


def _names(inspectors):
    return "、".join(str(person) for person in inspectors)[:NAMES_LENGTH]


def _judge(level, basis, proposed_deadline, at):
    found = registration_rules.problems(level=level, basis=basis, proposed_deadline=proposed_deadline, today=day_of(at))
    if found:
        raise Refused("；".join(found.values()))


def _digest_of(hazards, as_draft, enterprise, inspected_on, inspectors, visit_facts):
    """64 hexadecimal digits over everything that was sent: the visit, its hazards, the content of their photos."""
    found = [
        [
            {key: str(facts[key]) for key in FACTS if facts.get(key)},
            bool(facts.get("fixed_on_spot")),
            sealed(facts.get("before", ()), "before") + sealed(facts.get("after", ()), "after"),
        ]
        for facts in hazards
    ]
    people = sorted(person.pk for person in inspectors)
    visit = {key: str(value) for key, value in visit_facts.items()}
    said = json.dumps([enterprise.pk, str(inspected_on), people, visit, as_draft, found], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
