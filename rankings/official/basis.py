"""What an official form is counted from: a frozen week or month from the frozen rows, anything else from the ledger as it stands.

A quarter is not frozen itself, but the month it ends with is scored over all of it: where that is frozen and its rows reach back to the
first day asked for, they are counted. Of what reaches further back (a year, 季报 after March) the figures are those of the ledger at the
moment of asking, of what happened by its last day: what was put right after that day is not counted, what was entered or voided since
is; the sheet says so (docs/guide/official-forms.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Unit
from accounts.scope import Reach, in_division, scope_of
from hazards.lifecycle import UNLISTED_STATES, State
from rankings.figures import Source, Span
from rankings.formula import Constants
from rankings.kinds import DEPARTMENT, SECTOR
from rankings.models import Freeze, Line
from rankings.operations.freezing import end_of, frozen_source
from rankings.operations.ranking import competitors, live_source, version_for
from workdays.periods import month_of, year_of

CITY = 4  # digits of a city's code
CUMULATED = ("quarter", "year")


@dataclass(frozen=True)
class Basis:
    """``source``: the rows; ``span``: the days counted; ``cut_off``: the moment before which a thing has to have happened."""

    city: str
    period: object
    source: Source
    span: Span
    constants: Constants
    cut_off: datetime
    at: datetime
    freeze: Freeze | None = None

    @property
    def stamp(self):
        """What the figures are of, for sheet and page."""
        days = f"{self.span.first} 至 {self.span.last}"
        if self.freeze is not None:
            revised = f"（第 {self.freeze.revision} 次）" if self.freeze.revision > 1 else ""
            month = "" if self.is_named else f"按 {self.freeze.asked_period.full_words}的冻结记录，"
            return f"统计时段 {days}，{month}已冻结{revised}，与排名用同一批记录"
        asked = f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"
        return f"统计时段 {days}，实时统计，截至 {asked} 台账中的记录；{self.span.last} 以后的整改不计"

    @property
    def is_named(self):
        """Whether its freeze is of this very period, and names who had a row then."""
        return self.freeze is not None and self.period.unit not in CUMULATED

    @property
    def hazards(self):
        return self.source.hazards.exclude(state__in=UNLISTED_STATES)

    @property
    def firm_key(self):
        """The column of ``source.firms`` that names the enterprise."""
        return "pk" if self.freeze is None else "enterprise"

    @property
    def hazard_key(self):
        return "pk" if self.freeze is None else "hazard"


def basis_of(city, period, *, today, at, cumulated=False):
    """The `Basis` of ``period`` in ``city``. ``cumulated``: a quarter or year is counted from the first day of the year, as national
    forms are."""
    first = year_of(period.last).first if cumulated and period.unit in CUMULATED else period.first
    freeze = _frozen(city, period, first)
    if freeze is not None:
        source, constants = frozen_source(freeze), freeze.formula.constants
        if period.unit not in CUMULATED:
            period, first = freeze.asked_period, freeze.first
    else:
        source, constants = live_source(city), version_for(city, period).constants
    is_running = not period.is_over(today)
    span = Span(first, min(period.last, today), is_running)
    return Basis(city, period, source, span, constants, at if is_running else end_of(period), at, freeze)


def _frozen(city, period, first):
    """The freeze in force whose rows are those of ``period`` from the day ``first`` on, or None."""
    frozen = Freeze.objects.in_force().select_related("formula").filter(city_code=city)
    if period.unit not in CUMULATED:
        return frozen.filter(period=period.code).first()
    return frozen.filter(period=month_of(period.last).code, last=period.last, window_first__lte=first).first()


def closed_by(span):
    """A ``Q`` for hazards that were closed at the end of ``span``; closed elsewhere and taken over without a day, they count as closed."""
    return Q(state=State.CLOSED) & (Q(closed_on=None) | Q(closed_on__lte=span.last))


def answered_by(span, constants):
    """A ``Q`` for those that were answered then and waited for review, no longer than an answer is believed."""
    days = (span.last - timedelta(days=constants.review_days), span.last)
    reviewed_since = Q(state=State.CLOSED, closed_on__gt=span.last, rectified_on__range=days)
    return Q(state=State.PENDING_REVIEW, feedback_on__range=days) | reviewed_since


def grouped(rows, key):
    """``rows`` by the competitor that the column ``key`` leads to."""
    return rows.order_by().annotate(place=F(key)).values("place")


def readable_units(user):
    """The governments and departments whose forms ``user`` reads: those of the own territory; a department's people, their own."""
    scope = scope_of(user)
    bodies = Unit.objects.filter(kind__in=(Unit.Kind.GOVERNMENT, Unit.Kind.DEPARTMENT))
    if scope.reach is Reach.TERRITORY:
        return bodies.filter(in_division(scope.division))
    return bodies.filter(pk=scope.unit_id) if scope.reach is Reach.DEPARTMENT else bodies.none()


def of_unit(unit, path=""):
    """A ``Q`` for rows that lie in the territory of the government ``unit`` or, of a department, are the department's at ``path``."""
    if unit.kind == Unit.Kind.DEPARTMENT:
        return Q(**{path: unit.pk})
    return in_division(unit.division_code)


def by_unit(unit):
    """A ``Q`` for what bodies of ``unit`` did, in the column ``unit``."""
    if unit.kind == Unit.Kind.DEPARTMENT:
        return Q(unit=unit.pk)
    return in_division(unit.division_code, "unit__")


def rows_for(basis, kind, unit):
    """Who has a row in the form of ``unit``, by code: ``[{pk, code, name, short_name, division_code, function}]``; as the table of the
    ranking names them where that is frozen."""
    if basis.is_named:
        lines = Line.objects.filter(table__freeze=basis.freeze, table__kind=kind.code, table__division=basis.city)
        named = lines.values("code", "name", "short_name", "division_code", "unit__function", "sector_id", "unit_id")
        found = [row | {"pk": row["sector_id"] or row["unit_id"], "function": row["unit__function"]} for row in named]
    else:
        columns = ("pk", "code", "name")
        if kind is not SECTOR:
            columns += ("short_name", "division_code", "function")
        found = list(competitors(kind, basis.city, basis.period).values(*columns))
    if kind is not SECTOR:
        one = kind is DEPARTMENT and unit.kind == Unit.Kind.DEPARTMENT
        found = [
            row
            for row in found
            if (row["pk"] == unit.pk if one else row["division_code"].startswith(unit.division_code))
        ]
    return sorted(found, key=lambda row: row["code"])
