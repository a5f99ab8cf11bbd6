"""Taking over rows of a ledger that was kept elsewhere: the history as it was written down, under our numbers and events."""

from itertools import islice

from django.db import transaction

from hazards.models import Hazard
from hazards.models.number import NUMBERING, may_bring
from hazards.operations.owing import owed_from
from journal import chronicle, gate
from journal.bulk import made
from journal.refusal import Refused
from workdays.operations import load_calendar

CHUNK = 1000
NOT_THEIRS = "编号不属于本辖区台账，或已被使用；请删去编号后重新导入"


@transaction.atomic
def adopt(rows, *, by, at, source):
    """Enter ``rows`` (an iterable of dicts of Hazard field values) into the ledger, all or none; returns how many.

    Each row names ``enterprise``, ``description``, ``found_on``, ``state`` and a unique ``import_key``; the caller has left
    out those already here. A row may bring its own ``number`` where `may_bring` says so (else Refused); the others
    get new ones in order. ``source`` (file and sheet) stands in the event. Memory is bounded by a chunk of rows.
    """
    gate.check_birth(Hazard, "adopt", by=by)
    rows, total, lasts, calendar = iter(rows), 0, {}, load_calendar()
    while chunk := list(islice(rows, CHUNK)):
        hazards = [_adopted(values, by=by, at=at, calendar=calendar) for values in chunk]
        _keep_numbers([hazard.number for hazard in hazards if hazard.number], lasts)
        _number(hazards, year=gate.day_of(at).year)
        chronicle.write(chronicle.born(hazards, "adopt", by=by, at=at, note=source), by=by)
        total += len(hazards)
    return total


def _adopted(values, *, by, at, calendar):
    enterprise = values["enterprise"]
    defaults = {
        "division_code": enterprise.division_code, "sector": enterprise.sector, "found_by_unit": by.unit,
        "registered_by": by, "registered_at": at, "origin": Hazard.Origin.IMPORT,
    }  # fmt: skip
    hazard = made(Hazard, defaults | values)
    hazard.enterprise = enterprise  # whose name it is found by
    for name, day in owed_from(hazard, gate.day_of(at), calendar).items():
        setattr(hazard, name, day)
    return hazard


def _keep_numbers(numbers, lasts):
    """Move the series behind the brought ``numbers``; ``lasts`` remembers where each stood before this import."""
    for number in numbers:
        jurisdiction, year, _ = NUMBERING.parts_of(number)
        if (jurisdiction, year) not in lasts:
            lasts[jurisdiction, year] = NUMBERING.last_of(unit=jurisdiction, year=year)
        if not may_bring(number, lasts[jurisdiction, year]):
            raise Refused(NOT_THEIRS)
    NUMBERING.reserve(numbers)


def _number(hazards, *, year):
    """Give new numbers, in order, to those that brought none."""
    waiting = {}
    for hazard in hazards:
        if not hazard.number:
            waiting.setdefault(hazard.jurisdiction, []).append(hazard)
    for jurisdiction, group in waiting.items():
        numbers = NUMBERING.take(unit=jurisdiction, year=year, count=len(group))
        for hazard, number in zip(group, numbers, strict=True):
            hazard.number = number
