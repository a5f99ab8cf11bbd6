"""What each unit did in a period: one SQL statement per ranking, whatever the number of units.

Every denominator is one grouped set of rows written with the ORM (so scope, overdue and on-time are the ledger's own
words); a few lines of SQL join them to the units, for a unit without any activity is listed too.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Avg, Case, Count, F, FloatField, Func, Q, Value, When
from django.db.models.functions import Concat

from accounts.models import Unit
from accounts.scope import in_division
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection


@dataclass(frozen=True)
class Ground:
    """The rows a ranking stands on, already scoped to its reader. ``division`` is the GB/T 2260 code it speaks of.

    ``units`` holds retired ones too: a period ranks those that were in use in it (`competing`).
    """

    units: object
    hazards: object
    inspections: object
    enterprises: object
    division: str

    def competing(self, period):
        """The units that were in use on some day of ``period``."""
        return self.units.in_use_since(period.first)

    def narrowed_to(self, division):
        """The same rows, ranking only the units inside ``division``."""
        units = self.units.filter(in_division(division))
        return Ground(units, self.hazards, self.inspections, self.enterprises, division)


def ground_of(user):
    """What ``user`` may count: exactly the rows the lists show this user."""
    return Ground(
        Unit.objects.visible_to(user),
        Hazard.objects.ledger_of(user),
        Inspection.objects.visible_to(user).paid(),
        Enterprise.objects.visible_to(user),
        user.unit.division_code,
    )


def ground_of_division(division):
    """Everything inside ``division``, for the command line, which has no reader."""
    inside = in_division(division)
    return Ground(
        Unit.objects.filter(inside),
        Hazard.objects.in_ledger().filter(inside),
        Inspection.objects.paid().filter(inside),
        Enterprise.objects.filter(inside),
        division,
    )


@dataclass(frozen=True)
class Kind:
    """One table of the ranking: which units compete, and which column of each model names the unit of a row."""

    code: str
    label: str
    units: Q
    unit_key: str
    hazard_key: str
    visit_key: str


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "township",
            "乡镇（街道）",
            Q(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.TOWNSHIP),
            "division_code",
            "division_code",
            "unit__division_code",
        ),
        Kind("department", "部门", Q(kind=Unit.Kind.DEPARTMENT), "pk", "competent_unit", "unit"),
        Kind(
            "county",
            "县区",
            Q(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.COUNTY),
            "county_code",
            "county_code",
            "unit__county_code",
        ),
    )
}


class Figures(NamedTuple):
    """The counts of one unit in one period. ``avg_days`` is from finding to close-out, None when nothing was closed."""

    code: str
    name: str
    short_name: str
    division_code: str
    inspections: int
    inspected: int
    register: int
    found: int
    found_major: int
    closed_of_found: int
    due: int
    rectified_of_due: int
    on_time: int
    closed: int
    avg_days: float | None
    overdue_general: int
    overdue_major: int

    @property
    def overdue(self):
        return self.overdue_general + self.overdue_major


COUNTS = Figures._fields[4:]
AVERAGE = Figures._fields.index("avg_days")


class DaysBetween(Func):
    """Whole days from the first date to the second."""

    output_field = FloatField()
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def __init__(self, start, end):
        super().__init__(end, start)

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(
            compiler, connection, template="(julianday(%(expressions)s))", arg_joiner=") - julianday(", **extra
        )


def figures(ground, kind, period, today):
    """The :class:`Figures` of every unit of ``kind`` that was in use in ``period``, by unit code; one statement.

    Overdue is counted at the end of the period's last day, in a period still running as it stands on ``today``; closed
    and rectified mean by the end of the period. A reader who reaches nothing gets no rows.
    """
    units = (
        ground.competing(period)
        .filter(kind.units)
        .annotate(place=F(kind.unit_key), register_place=_register_place(kind))
    )
    units = units.order_by().values("code", "name", "short_name", "division_code", "place", "register_place")
    parts = {"units": units, **_hazard_counts(ground.hazards, kind, period, today)}
    days = (period.first, period.last)
    parts["visits"] = _grouped(ground.inspections.filter(inspected_on__range=days), kind.visit_key).annotate(
        inspections=Count("pk"), inspected=Count("enterprise", distinct=True)
    )
    parts["register"] = _register(ground.enterprises.on_register_in(*days), kind)
    with connections[units.db].cursor() as cursor:
        try:
            cursor.execute(*_joined(parts, units.db))
        except EmptyResultSet:
            return []
        return [_read(row) for row in cursor.fetchall()]


def _grouped(rows, key):
    return rows.order_by().annotate(place=F(key)).values("place")


def _hazard_counts(hazards, kind, period, today):
    days, major = (period.first, period.last), Q(level=Hazard.Level.MAJOR)
    closed_by_then = Q(closed_on__lte=period.last)
    rectified_by_then = Q(rectified_on__lte=period.last)  # the feedback a review accepted had come by then
    on_time = Q(rectified_on__lte=F("deadline"))  # only what is closed has been rectified on a day
    return {
        "found": _grouped(hazards.filter(found_on__range=days), kind.hazard_key).annotate(
            found=Count("pk"), found_major=Count("pk", filter=major), closed_of_found=Count("pk", filter=closed_by_then)
        ),
        "due": _grouped(hazards.filter(deadline__range=days), kind.hazard_key).annotate(
            due=Count("pk"), rectified_of_due=Count("pk", filter=rectified_by_then), on_time=Count("pk", filter=on_time)
        ),
        "closed": _grouped(hazards.filter(closed_on__range=days), kind.hazard_key).annotate(
            closed=Count("pk"), avg_days=Avg(DaysBetween(F("found_on"), F("closed_on")))
        ),
        "overdue": _grouped(overdue_in(hazards, period, today), kind.hazard_key).annotate(
            overdue_general=Count("pk", filter=~major), overdue_major=Count("pk", filter=major)
        ),
    }


def overdue_in(hazards, period, today):
    """Those of ``hazards`` that are overdue at the cut-off of ``period``: its last day, or now while it is running."""
    return hazards.overdue_as_of(period.last) if period.is_over(today) else hazards.overdue(today)


def _register_place(kind):
    if kind.code == "department":
        return Concat("division_code", Value("-"), "function")
    return F(kind.unit_key)


def _register(enterprises, kind):
    """Enterprises on register by unit; a department answers for its sectors in its county or city."""
    if kind.code != "department":
        column = kind.hazard_key
        return (
            enterprises.order_by()
            .annotate(register_place=F(column))
            .values("register_place")
            .annotate(register=Count("pk"))
        )
    county, city = (
        enterprises.order_by()
        .exclude(sector__competent_function="")
        .filter(sector__isnull=False)
        .annotate(register_place=Concat(column, Value("-"), "sector__competent_function"))
        .values("register_place")
        .annotate(register=Count("pk"))
        for column in ("county_code", "city_code")
    )
    return county.union(city, all=True)


def _joined(parts, using):
    """``(sql, params)``: each of ``parts`` a named set, all joined to the units; a missing row counts 0."""
    named, params = [], []
    for name, rows in parts.items():
        sql, values = rows.query.get_compiler(using).as_sql()
        named.append(f'"{name}" AS ({sql})')
        params += values
    columns = ", ".join('"avg_days"' if name == "avg_days" else f'COALESCE("{name}", 0)' for name in COUNTS)
    joins = " ".join(
        f'LEFT JOIN "{name}" ON "{name}"."{key}" = "units"."{key}"'
        for name in parts
        if name != "units"
        for key in ["register_place" if name == "register" else "place"]
    )
    head = '"code", "name", "short_name", "division_code"'
    return f'WITH {", ".join(named)} SELECT {head}, {columns} FROM "units" {joins} ORDER BY "code"', params  # noqa: S608


def _read(row):
    counted, average = Figures._make(row), row[AVERAGE]
    return counted if average is None else counted._replace(avg_days=round(float(average), 1))


def trend(ground, periods, today):
    """``{"found": […], "closed": […], "overdue": […]}`` of the whole ground for consecutive ``periods``, oldest first.

    Three statements, however many periods.
    """
    rows = ground.hazards.filter(in_division(ground.division)).order_by()
    overdue = [
        overdue_in(rows, period, today).annotate(slot=Value(place)).values("slot").annotate(counted=Count("pk"))
        for place, period in enumerate(periods)
    ]
    return {
        "found": _by_period(rows, "found_on", periods),
        "closed": _by_period(rows, "closed_on", periods),
        "overdue": _filled(overdue[0].union(*overdue[1:], all=True).values_list("slot", "counted"), periods),
    }


def _by_period(rows, column, periods):
    # Periods follow each other, so the first whose last day is not passed is the one a day lies in.
    slots = [When(**{f"{column}__lte": period.last}, then=Value(place)) for place, period in enumerate(periods)]
    inside = rows.filter(**{f"{column}__range": (periods[0].first, periods[-1].last)})
    return _filled(inside.annotate(slot=Case(*slots)).values_list("slot").annotate(Count("pk")), periods)


def _filled(pairs, periods):
    counted = dict(pairs)
    return [counted.get(place, 0) for place in range(len(periods))]
