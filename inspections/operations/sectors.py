"""The sectors that come with the code, and what the system administrator makes of them."""

import csv
from pathlib import Path

from django.db import IntegrityError

from inspections.models import Sector, functions
from journal import chronicle, gate
from journal.refusal import Refused

DATA = Path(__file__).resolve().parents[1] / "data" / "sectors.csv"
FUNCTIONS = ("competent_function", "supervising_function")


def seed_sectors(*, at):
    """Found the sectors of inspections/data/sectors.csv that are not here yet, by code; returns how many."""
    here = set(Sector.objects.values_list("code", flat=True))
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = [row | {"order": order} for order, row in enumerate(csv.DictReader(lines), start=1)]
    sectors = [
        Sector(
            code=row["code"],
            name=row["name"],
            competent_function=row["competent"],
            supervising_function=row["supervising"],
            order=row["order"],
        )
        for row in rows
        if row["code"] not in here
    ]
    if sectors:
        chronicle.write(chronicle.born(sectors, "found", by=None, at=at))
    return len(sectors)


def edit_sector(sector, *, by, at, **facts):
    """Change ``facts`` ({field: value}) of a sector; returns the event, None when they are so already."""
    gate.check(sector, "edit", by=by)
    for name in FUNCTIONS:
        if facts.get(name) and facts[name] not in functions():
            label = Sector._meta.get_field(name).verbose_name
            raise Refused(f"{label}“{facts[name]}”没有对应的部门，请从部门职能中选择，或不填")
    changed, words = gate.differences(sector, facts)
    if not changed:
        return None
    try:
        return gate.move(sector, "edit", by=by, at=at, changes=words, **changed)
    except IntegrityError as error:
        raise Refused("已有这个名称的行业领域") from error


def retire_sector(sector, *, by, at, reason):
    """Offer it no longer; enterprises and hazards that have it keep it."""
    return gate.move(sector, "retire", by=by, at=at, note=reason, is_active=False)


def restore_sector(sector, *, by, at):
    return gate.move(sector, "restore", by=by, at=at, is_active=True)
