"""The verbs of flags: the system raises them, the unit answers, the safety office dismisses or upholds."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from evidence.operations import attach_documents, names_of, sealed_documents
from flags.findings import DETECTORS, Ground
from flags.kinds import Kind, least
from flags.models import Flag, FlagRow
from journal import chronicle, gate
from journal.gate import day_of
from journal.refusal import Conflict, Refused
from look.words import full_date
from workdays.operations import load_calendar

# Of these every part (one text, one picture, one minute, one row) is a finding of its own; of the others the whole window is.
IN_PARTS = frozenset({Kind.BURST, Kind.COPIED, Kind.PHOTO, Kind.UNCHANGED, Kind.MISSED})
EARLIEST = 366  # days: what was longer ago is history, and nobody could explain it any more


def raise_flags(*, to, at):
    """Raise what the rows say of the days up to ``to``, the day of a cut-off that is over; returns how many flags are new.

    The same finding is raised once: what stands in a flag whose days overlap is not raised again, whatever became of it. Some thirty
    statements, and a few for each unit that is flagged. Looking takes long and locks nothing; only the writing is one transaction.
    """
    today = day_of(at)
    if to >= today:
        raise Refused("截止日应在今天以前：没有过完的日子不提示")
    if to < today - timedelta(days=EARLIEST):
        raise Refused("截止日不能早于一年以前")
    ground = Ground(to)
    found = [finding for detect in DETECTORS for finding in detect(ground)]
    due_on = load_calendar().add_working_days(today, settings.FLAG_ANSWER_WORKING_DAYS).date
    lives = [_life(finding, ground, due_on, at) for finding in _fresh(found, ground)]
    try:
        with transaction.atomic():
            chronicle.write(lives)
    except IntegrityError as error:
        raise Conflict("同一截止日的提示正在由另一个程序生成，请稍后再看") from error
    return len(lives)


def _fresh(found, ground):
    """``found`` without what flags of overlapping days say already. One query."""
    told = defaultdict(set)
    rows = Flag.objects.filter(first__lte=ground.last, last__gte=ground.first_of(Kind.PHOTO)).order_by()
    columns = ("unit", "kind", "last", "rows__hazard", "rows__inspection", "rows__photo")
    for unit, kind, last, *same in rows.values_list(*columns):
        if last >= ground.first_of(kind):
            told[unit, kind].add(tuple(same))
    fresh = []
    for finding in found:
        known = told.get((finding.unit, finding.kind))
        if known is None:
            fresh.append(finding)
        elif finding.kind in IN_PARTS:
            old = {place.part for place in finding.places if place.same in known}
            finding.places = [place for place in finding.places if place.part not in old]
            finding.row_count = len({place.hazard for place in finding.places})
            if finding.row_count >= max(least(finding.kind), 1):
                fresh.append(finding)
    return fresh


def _life(finding, ground, due_on, at):
    """The flag of ``finding`` as it is born, with its rows, unwritten."""
    first, last = ground.span(finding.kind)
    # A row stands in one flag of a kind: the first of its rows tells the finding from every other; a habit is known by its last day.
    stands_on = finding.places[0].same if finding.kind in IN_PARTS else [last.isoformat()]
    flag = Flag(
        kind=finding.kind,
        unit_id=finding.unit,
        first=first,
        last=last,
        own=finding.own,
        peers=finding.peers,
        peer_count=finding.peer_count,
        row_count=finding.row_count,
        out_of=finding.out_of,
        key=f"{finding.kind}:{finding.unit}:{'-'.join(str(one) for one in stands_on if one)}",
        raised_on=day_of(at),
        answer_due_on=due_on,
    )
    rows = [
        FlagRow(flag=flag, part=one.part, hazard_id=one.hazard, inspection_id=one.inspection, photo_id=one.photo)
        for one in finding.places
    ]
    life = chronicle.Life(flag)
    life.happen("raise", by=None, at=at, changes={"说明期限": due_on}, beside=rows)
    return life


@transaction.atomic
def answer(flag, *, by, at, text, documents=()):
    """What the unit has to say to it, with ``documents`` that show it."""
    gate.check(flag, "answer", by=by)
    late = max((day_of(at) - flag.answer_due_on).days, 0)
    return _say(flag, "answer", by, at, text, documents, {"逾期（天）": late or ""}, answered_on=day_of(at))


@transaction.atomic
def supplement(flag, *, by, at, text, documents=()):
    """The answer anew, until somebody has decided; what was said before stays in the history."""
    gate.check(flag, "supplement", by=by)
    return _say(flag, "supplement", by, at, text, documents, {})


def _say(flag, name, by, at, text, documents, changes, **facts):
    event = gate.move(
        flag, name, by=by, at=at, note=text, changes=changes | {"附件": names_of(documents)},
        evidence=sealed_documents(documents), answer=text, answered_by=by, **facts,
    )  # fmt: skip
    attach_documents(flag, documents, by=by)
    return event


@transaction.atomic
def decide(flag, *, by, at, dismissed, reason):
    """Dismissed: it is explained, or was wrong, and counts nowhere from now on; a dismissed 漏查 is none (`FlagRow.objects.excused`).
    Upheld: the answer does not explain it, or none came in the time given for one, for the unit is heard first."""
    name = "dismiss" if dismissed else "uphold"
    gate.check(flag, name, by=by)
    today = day_of(at)
    if not dismissed and flag.answered_on is None and today <= flag.answer_due_on:
        due = full_date(flag.answer_due_on)
        raise Refused(f"该单位可以说明到 {due}，在此之前不能维持；请等它说明，或期限过后再认定")
    days = {"dismissed_on": today} if dismissed else {"upheld_on": today}
    return gate.move(flag, name, by=by, at=at, note=reason, reason=reason, **days)


@transaction.atomic
def relent(flag, *, by, at, reason):
    """What was upheld is dismissed after all."""
    gate.check(flag, "relent", by=by)
    return gate.move(flag, "relent", by=by, at=at, note=reason, reason=reason, dismissed_on=day_of(at))
