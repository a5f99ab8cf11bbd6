"""The standards that come with the code, and what the safety office makes of them."""

import csv
from datetime import date
from pathlib import Path

from django.db import IntegrityError

from criteria.models import DATES_CROSSED, NUMBER_TAKEN, Criterion, Standard, StandardEvent
from folding.texts import fold
from inspections.models import Sector
from journal import chronicle, gate
from journal.refusal import Refused

DATA = Path(__file__).resolve().parents[1] / "data"


def seed_standards(*, at):
    """Found the standards of criteria/data/standards.csv, with their items, that were never founded here; returns how many.

    One that the office has changed since, its number too, is not founded again; nor is one that it had entered itself.
    """
    founded = set(StandardEvent.objects.filter(kind="found").values_list("facts__number", flat=True))
    here = set(Standard.objects.values_list("number_folded", flat=True))
    rows = [row for row in _read("standards") if row["number"] not in founded and fold(row["number"]) not in here]
    if not rows:
        return 0
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    lives = [_founded(row, sectors, at) for row in rows]
    chronicle.write(lives)
    return len(lives)


def _founded(row, sectors, at):
    standard = Standard(
        name=row["name"],
        number=row["number"],
        effective_on=date.fromisoformat(row["effective_on"]) if row["effective_on"] else None,
        sector=sectors.get(row["sector"]),
    )
    items = [
        Criterion(
            standard=standard,
            article=item["article"],
            item=item["item"],
            field=item["field"],
            wording=item["wording"],
            order=order,
        )
        for order, item in enumerate((one for one in _read("criteria") if one["number"] == row["number"]), start=1)
    ]
    life = chronicle.Life(standard)
    changes = {"条目": f"{len(items)} 条"} if items else {}
    life.happen("found", by=None, at=at, changes=changes, beside=[standard.whole(), *items])
    return life


def _read(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def enter(*, by, at, name, number, effective_on=None, expires_on=None, sector=None):
    """Write down a standard, for now without items; returns it."""
    standard = Standard(name=name, number=number, effective_on=effective_on, expires_on=expires_on, sector=sector)
    gate.check_birth(Standard, "enter", by=by)
    _check_days(effective_on, expires_on)
    try:
        return gate.create(standard, "enter", by=by, at=at, changes={"文号": number}, beside=[standard.whole()])
    except IntegrityError as error:
        raise Refused(NUMBER_TAKEN) from error


def edit(standard, *, by, at, **facts):
    """Change ``facts`` ({field: value}) of a standard; returns the event, None when they are so already."""
    gate.check(standard, "edit", by=by)
    changed, words = gate.differences(standard, facts)
    if not changed:
        return None
    _check_days(*(changed.get(name, getattr(standard, name)) for name in ("effective_on", "expires_on")))
    try:
        return gate.move(standard, "edit", by=by, at=at, changes=words, **changed)
    except IntegrityError as error:
        raise Refused(NUMBER_TAKEN) from error


def _check_days(effective_on, expires_on):
    if effective_on and expires_on and expires_on <= effective_on:
        raise Refused(DATES_CROSSED)
