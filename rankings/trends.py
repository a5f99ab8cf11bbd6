"""Frozen figures over periods, and the newest frozen table: read as they were stored, nothing is counted."""

from rankings.explained import as_float
from rankings.kinds import COUNTY, SECTOR, TOWNSHIP
from rankings.models import Freeze, Line, Table
from rankings.shown import SINGLE, WINDOW, Shown, on_time_rate, rate_due

COUNTED = ("found", "closed", "overdue")


def newest_freeze(city, unit):
    """The newest `Freeze` in force of a week or month of ``city``; None before the first. One query."""
    frozen = Freeze.objects.in_force().filter(city_code=city).select_related("formula").order_by("-last", "-pk")
    return (frozen.weeks() if unit == "week" else frozen.months()).first()


def newest_week(city, division, *, of_counties, today):
    """The `Shown` of the newest frozen week: the counties of ``city`` where ``of_counties``, else the townships of ``division``; None
    before the first freeze. Three queries."""
    freeze = newest_freeze(city, "week")
    if freeze is None:
        return None
    kind = COUNTY if of_counties else TOWNSHIP
    table = Table.objects.filter(freeze=freeze, kind=kind.code, division=division).first()
    if table is None:
        return None
    lines = list(table.lines.order_by("place"))
    return Shown(city, freeze.asked_period, table, lines, freeze.formula, today, freeze)


def steps_of(city, kind, division, periods):
    """What each of ``periods`` that is frozen said of the table as a whole, oldest first: ``[{period, found, found_major, closed, overdue,
    rate_due, on_time_rate}, …]``; one query."""
    freezes = _frozen(city, periods)
    whole = Table.objects.filter(freeze__in=freezes, kind=kind.code, division=division)
    totals = dict(whole.values_list("freeze__period", f"totals__{SINGLE}"))
    return [_step(period, totals[period.code]) for period in periods if period.code in totals]


def _frozen(city, periods):
    return Freeze.objects.in_force().filter(city_code=city, period__in=[period.code for period in periods])


def _step(period, figures):
    return {
        "period": period, **{name: figures[name] for name in (*COUNTED, "found_major")},
        "rate_due": as_float(rate_due(figures)), "on_time_rate": as_float(on_time_rate(figures)),
    }  # fmt: skip


def bodies_of(city, kind, division, periods):
    """A row for each line of those ``periods`` in the order of codes: ``{code, name, last, overdue, rates}``, ``last`` the figures of the last
    period (None: not in it), the others lists by period, None where it was not in the table, rates in percent. One query."""
    lines = Line.objects.filter(
        table__freeze__in=_frozen(city, periods), table__kind=kind.code, table__division=division
    )
    rows = lines.order_by("code").values_list("code", "short_name", "table__freeze__period", f"figures__{SINGLE}")
    known = {}
    for code, name, period, figures in rows:
        body = known.setdefault(code, {"code": code, "by": {}})
        body["name"] = name
        body["by"][period] = figures
    return [_body(body, [body["by"].get(period.code) for period in periods]) for body in known.values()]


def _body(body, by):
    rates = [None if figures is None else rate_due(figures) for figures in by]
    return {
        "code": body["code"], "name": body["name"], "last": by[-1],
        "overdue": [None if figures is None else figures["overdue"] for figures in by],
        "rates": [None if rate is None else round(100 * float(rate), 1) for rate in rates],
    }  # fmt: skip


def worst_of(one, most):
    """``[(name, rows), …]``: where most was overdue in the table ``one``, at most so many; by sector for a city (a query more), by line for
    a county."""
    lines = one.lines
    if one.division == one.city:
        lines = Line.objects.filter(table__freeze=one.freeze, table__kind=SECTOR.code, table__division=one.city)
    counted = [(line.short_name, line.figures[WINDOW]["overdue"]) for line in lines]
    return sorted((pair for pair in counted if pair[1]), key=lambda pair: -pair[1])[:most]
