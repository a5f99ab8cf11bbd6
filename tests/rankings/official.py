"""Rows for official forms, and the forms as dicts."""

from datetime import date, datetime, timedelta

from hazards.models import PlanDecision, RectificationPlan
from hazards.models.major import ASSURANCES
from rankings.kinds import TOWNSHIP
from rankings.official import checks, quarterly
from rankings.official.basis import basis_of
from rankings.official.layout import cells_of
from tests.factories import (
    ZONE,
    HazardFactory,
    UserFactory,
)
from workdays.periods import parse_month, parse_quarter

PAGE, EXPORT = "/rankings/forms/", "/rankings/forms/export/"
MONTH = parse_month("2026-10")
FIRST, LAST = MONTH.first, MONTH.last
TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 12, tzinfo=ZONE)
LONG_AGO = date(2026, 3, 2)


def row(enterprise, found=FIRST, **facts):
    ordered = {} if facts.get("state") else {"rectifying": True}
    facts = {"issued_on": found, "deadline": found + timedelta(days=10), "registered_at": noon(found)} | ordered | facts
    return HazardFactory(enterprise=enterprise, found_on=found, **facts)


def closed(enterprise, on, found=FIRST, **facts):
    return row(enterprise, found, closed=True, feedback_on=on, rectified_on=on, closed_on=on, **facts)


def pending(enterprise, on, found=FIRST, **facts):
    return row(enterprise, found, pending=True, feedback_on=on, **facts)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def basis(period=MONTH, today=TODAY, at=AT, **asked):
    return basis_of("4114", period, today=today, at=at, **asked)


def of_checks(unit, kind=TOWNSHIP, **asked):
    """``{name of a row: {key of a column: value}}``, the total under 合计."""
    form = checks.filled(basis(**asked), unit, kind, {})
    return by_name(form)


def of_quarterly(unit, period=MONTH, **asked):
    return by_name(quarterly.filled(basis(period, cumulated=True, **asked), unit))


def by_name(form):
    keys = [head.key or head.label for head in form.columns]
    lines = [dict(zip(keys, values, strict=True)) for values in [*form.rows, form.total]]
    assert len({one["name"] for one in lines}) == len(lines)
    return {one["name"]: one for one in lines}


def told(one, *names):
    return tuple(one[name] for name in names)


GENERAL, MAJOR = ("general", "general_rectified", "general_rate"), ("major", "major_closed", "major_rate")


def merged(heads, top):
    """The merged ranges of a header that begins in row ``top``, as a spreadsheet names them."""
    found = set()
    for cell in (cell for cells in cells_of(heads) for cell in cells):
        if cell.rows > 1 or cell.columns > 1:
            first, last = (chr(65 + at) for at in (cell.column, cell.column + cell.columns - 1))
            found.add(f"{first}{top + cell.row}:{last}{top + cell.row + cell.rows - 1}")
    return found


QUARTER = parse_quarter("2026-Q3")
END = QUARTER.last


def planned(hazard, at, *, approved=True, number=1, money=120000, **settled):
    by = UserFactory()
    facts = dict.fromkeys((f"{name}_settled" for name in ASSURANCES), True) | settled
    texts = dict.fromkeys(("goals", "methods", "resources", "organisation", "schedule", "safety", "protection"), "有")
    plan = RectificationPlan.objects.create(
        hazard=hazard, number=number, money=money, by=by, at=at, finish_by=END, responsible="孟令山", **facts, **texts
    )
    if approved is not None:
        PlanDecision.objects.create(plan=plan, approved=approved, opinion="同意", by=UserFactory(), at=at)
    type(hazard).objects.filter(pk=hazard.pk).update(plan_approved_on=at.date())
    return plan


def sector_row(unit, sector, period=QUARTER, **asked):
    return of_quarterly(unit, period, **asked)[sector.name]
