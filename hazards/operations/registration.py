"""From a visit to numbered rows of the ledger."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from hazards import responsibility
from hazards.models import Hazard, NumberSequence
from hazards.operations.gate import day_of, expect, move, next_event
from hazards.operations.photos import attach_photos
from hazards.operations.rectification import close_on_spot
from hazards.registration_rules import BASIS, SECOND_INSPECTOR
from inspections.models import Inspection
from journal.refusal import NotPermitted, Refused

NAMES_LENGTH = 100  # 检查人 as written on the row; the visit itself keeps everyone
OLDEST_VISIT = timedelta(days=366)
FACTS = ("level", "description", "location", "accident_type", "basis", "requirement", "proposed_deadline")


@transaction.atomic
def record_inspection(
    *, by, at, kind, enterprise, inspected_on, inspectors, hazards, note="", submission_key="", as_draft=False
):
    """Record one visit and everything found on it; returns ``(inspection, [Hazard, …])``.

    ``inspectors``: at least two people (行政处罚法 §42: 执法人员不得少于两人; self-inspections excepted). ``hazards``: dicts of
    ``FACTS`` plus ``fixed_on_spot`` (bool), ``before`` and ``after`` (lists of Photo the user uploaded). An empty list
    records 未发现隐患. The same form (``submission_key``) sent again by the same person
    returns what the first sending made, and is refused when it was changed meanwhile.
    ``as_draft`` keeps the hazards as drafts without numbers.
    """
    _check_visit(by=by, at=at, kind=kind, inspected_on=inspected_on, inspectors=inspectors)
    if submission_key and (earlier := _already_sent(by, submission_key, enterprise, hazards)):
        return earlier
    visit = Inspection(
        kind=kind, enterprise=enterprise, unit=by.unit, inspected_on=inspected_on, nothing_found=not hazards,
        note=note, created_by=by, created_at=at, submission_key=submission_key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError:
        return _already_sent(by, submission_key, enterprise, hazards)
    visit.inspectors.set(inspectors)
    names = "、".join(str(person) for person in inspectors)[:NAMES_LENGTH]
    four = responsibility.defaults_for(enterprise)
    found = []
    for facts in hazards:
        hazard = draft(
            by=by, at=at, enterprise=enterprise, found_on=inspected_on, inspection=visit, inspectors=names,
            photos=facts.get("before", ()), responsibilities=four, **{key: facts[key] for key in FACTS if facts.get(key)},
        )  # fmt: skip
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
    *, by, at, enterprise, found_on, description, level=Hazard.Level.GENERAL, inspection=None, photos=(),
    origin=Hazard.Origin.INSPECTION, responsibilities=None, inspectors="", **facts,
):  # fmt: skip
    """Write down one hazard without a number yet; only its author sees it. Responsibilities default from the matrix."""
    if not by.is_officer:
        raise NotPermitted("登记隐患须由检查人员、安全负责人或安委办办理")
    if found_on > day_of(at):
        raise Refused("排查日期不能晚于今天")
    if BASIS.applies({"level": level}) and not facts.get("basis"):
        raise Refused("重大隐患须写明判定依据（标准名称、文号和条款）")
    if facts.get("proposed_deadline") and facts["proposed_deadline"] < day_of(at):
        raise Refused("建议期限不能早于今天")
    hazard = Hazard(
        enterprise=enterprise, division_code=enterprise.division_code, sector=enterprise.sector, found_on=found_on,
        found_by_unit=by.unit, registered_by=by, description=description, level=level, inspection=inspection,
        origin=origin, inspectors=inspectors or str(by), **facts,
        **(responsibilities if responsibilities is not None else responsibility.defaults_for(enterprise)),
    )  # fmt: skip
    hazard.save(force_insert=True)
    event = next_event(hazard, "drafted", by=by, at=at, to_state=hazard.state, from_state="")
    event.save(force_insert=True)
    Hazard.objects.filter(pk=hazard.pk).update(version=1, last_digest=event.digest)
    hazard.version, hazard.last_digest = 1, event.digest
    attach_photos(hazard, photos, stage="before", by=by)
    return hazard


@transaction.atomic
def register(hazard, *, by, at, version=None):
    """Enter a draft into the ledger: it gets the next number of its city and year, which is never given again."""
    expect(hazard, version)
    year = day_of(at).year
    [number] = NumberSequence.take(hazard.jurisdiction, year)  # goes back with the transaction when the move is refused
    changes = {"编号": number, "等级": hazard.get_level_display(), "建议期限": hazard.proposed_deadline}
    return move(hazard, "register", by=by, at=at, changes=changes, number=number, registered_at=at)


def discard(hazard, *, by, at, reason, version=None):
    """Void one's own draft. It never had a number; the row and its events stay."""
    expect(hazard, version)
    return move(hazard, "discard", by=by, at=at, note=reason)


def _check_visit(*, by, at, kind, inspected_on, inspectors):
    if not by.is_officer:
        raise NotPermitted("登记检查须由检查人员、安全负责人或安委办办理")
    if inspected_on > day_of(at):
        raise Refused("检查日期不能晚于今天")
    if inspected_on < day_of(at) - OLDEST_VISIT:
        raise Refused("检查日期不能早于一年以前；更早的台账请用“导入”")
    if not all(person.is_officer for person in inspectors):
        raise Refused("检查人须是检查人员、安全负责人或安委办人员")
    if SECOND_INSPECTOR.applies({"kind": kind}) and len({person.pk for person in inspectors}) < 2:
        raise Refused(SECOND_INSPECTOR.words)


def _already_sent(by, submission_key, enterprise, hazards):
    """What the first sending of this form made; Refused when the form was changed after it had arrived."""
    visit = Inspection.objects.filter(created_by=by, submission_key=submission_key).first()
    if visit is None:
        return None
    made = list(visit.hazards.order_by("pk"))
    if visit.enterprise_id != enterprise.pk or [row.description for row in made] != [
        new["description"] for new in hazards
    ]:
        raise Refused("这张表单已经提交过，之后的修改没有保存；请到“检查”中查看已登记的内容，要补充的隐患请另行登记")
    return visit, made
