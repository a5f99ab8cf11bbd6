"""What each competitor did in a span of days: every figure is a condition over rows, so that it opens exactly what it counts.

The same conditions are asked of the ledger as it stands (a running period) and of the rows as they stood at a cut-off
(`rankings.models.StandingHazard` and its two neighbours, which have the same columns). One statement per table and span.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import (
    Avg,
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Greatest, Least

from enforcement.kinds import Kind as Measured
from flags.missed import overlooked
from flags.models import FlagRow
from hazards.lifecycle import OPEN_STATES, UNLISTED_STATES, State
from hazards.models import Hazard
from inspections.models import Inspection
from rankings.formula import Constants
from rankings.kinds import SECTOR, TOWNSHIP
from workdays.columns import DaysAfter, DaysBefore, DaysBetween

MAJOR = Q(level="major")
PENDING = Q(state=State.PENDING_REVIEW)


@dataclass(frozen=True)
class Source:
    """The rows figures are counted from, of one city. ``hazards``, ``visits`` and ``firms`` have the columns of the registers,
    whether live or frozen; ``measures``, ``extensions`` (decisions) and ``transfers`` are those of the registers themselves."""

    hazards: QuerySet
    visits: QuerySet
    firms: QuerySet
    measures: QuerySet
    extensions: QuerySet
    transfers: QuerySet
    live_of: str = ""  # the city whose registers these are, as they stand; "" of frozen rows


@dataclass(frozen=True)
class Span:
    """The days ``first`` to ``last`` as they stand at the end of ``last`` or, while they are running (``is_running``), today,
    which is then ``last``: what is due today is not yet late."""

    first: date
    last: date
    is_running: bool = False

    @property
    def ended(self):
        """The last day that is over."""
        return self.last - timedelta(days=1) if self.is_running else self.last

    @property
    def days(self):
        return (self.last - self.first).days + 1


def scored(hazards, constants):
    """``hazards`` with ``counted_by``, the deadline without what a failed review set anew, and ``scoring``, by which figures judge."""
    counted_by = Coalesce("deadline_before_reset", "deadline")
    limits = (constants.limit_days_major, constants.limit_days_general)
    major, general = (Least(F("counted_by"), DaysAfter("found_on", days)) for days in limits)
    return hazards.annotate(counted_by=counted_by).annotate(
        scoring=Case(When(longer_approved=True, then=F("counted_by")), When(MAJOR, then=major), default=general)
    )


def taken_back(span):
    """A `Q` over `scored` rows: refused after it was due, so not rectified in the span of the refusal, whatever came since. An empty
    answer before each cut-off, refused after it, would else be rectified at all of them."""
    return Q(refused_on__range=(span.first, span.last), refused_on__gt=F("scoring"))


def conditions(span: Span, constants: Constants):
    """``{figure: Q}`` over `scored` rows: each is what page, workbook and list mean by the word. Rows may stand under several."""
    first, last, ended = span.first, span.last, span.ended
    inside = (first, last)
    closed = Q(state=State.CLOSED)
    found = Q(found_on__range=inside)
    # Closed in front of the inspector, or on the day it was registered: in neither rate.
    at_once = Q(fixed_on_spot=True) | closed & Q(registered_at__date=F("closed_on"))
    believed = PENDING & Q(feedback_on__gte=last - timedelta(days=constants.review_days)) & ~taken_back(span)
    own = Q(deadline__isnull=False, scoring__range=(first, ended)) & ~at_once
    # Registered, and not issued in time; issued since, it is due once more at its own deadline. A row taken up again was issued before.
    unissued = Q(issue_due_on__range=(first, ended), reopened=0) & ~at_once
    unissued &= Q(issued_on=None) | Q(issued_on__gt=F("issue_due_on"))
    # It was due in an earlier span, where its feedback may have counted as rectified.
    refused = Q(deadline__isnull=False, scoring__lt=first, refused_on__range=inside) & ~at_once
    dated = closed & Q(rectified_on__isnull=False)
    on_time = own & (dated & Q(rectified_on__lte=F("scoring")) | believed & Q(feedback_on__lte=F("scoring")))
    undated = own & closed & Q(rectified_on=None)
    overdue = Q(state=State.RECTIFYING, counted_by__lte=ended)
    parked = PENDING & Q(feedback_on__lt=last - timedelta(days=constants.review_days))
    unsent = Q(state=State.REGISTERED, issue_due_on__lte=ended)
    # What points are taken off for: an order that never comes and an answer nobody looks at are no way out of being overdue.
    owed = unsent | (Q(state=State.RECTIFYING) | parked | PENDING & taken_back(span)) & Q(scoring__lte=ended)
    return {
        "found": found,
        "found_major": found & MAJOR,
        "closed_of_found": found & closed,
        "due": own,
        "rectified_of_due": own & (closed | believed) & ~taken_back(span),
        "on_time": on_time,
        "original_on_time": own & dated & Q(rectified_on__lte=F("original_deadline")),
        "undated": undated,
        "believed": own & believed,
        "unissued": unissued,
        "refused": refused,
        "closed": closed & Q(closed_on__range=inside),
        "overdue_general": overdue & ~MAJOR,
        "overdue_major": overdue & MAJOR,
        "overdue": overdue,
        "owed_general": owed & ~MAJOR,
        "owed_major": owed & MAJOR,
        "waiting_to_issue": unsent,
        "reviews_late": parked,
        "returned": Q(reopened_on__range=inside),
    }


def own_conditions(span, constants):
    """``{figure: Q}`` over rows that were found on a visit of the unit's own."""
    found = Q(found_on__range=(span.first, span.last), inspection__isnull=False) & ~Q(
        inspection__kind=Inspection.Kind.SELF
    )
    # Written down and closed within a day without having been mended before the inspector's eyes: no finding.
    found &= Q(fixed_on_spot=True) | ~Q(state=State.CLOSED) | ~Q(registered_at__date=F("closed_on"))
    return {"own_found": found, "spot": found & Q(fixed_on_spot=True)}


RELEVANT_DAYS = ("found_on", "closed_on", "deadline", "deadline_before_reset")


def relevant(span):
    """A `Q` that leaves out the rows that can stand under no figure of ``span``, so that indexes find the rest."""
    kept = Q(state__in=OPEN_STATES)
    for name in RELEVANT_DAYS:
        kept |= Q(**{f"{name}__gte": span.first})
    return kept


# Names of what is counted, in the order in which they are stored and read.
ROWS = (
    "found", "found_major", "closed_of_found", "due", "rectified_of_due", "on_time", "original_on_time", "undated", "believed", "unissued",
    "refused", "closed", "overdue_general", "overdue_major", "overdue", "owed_general", "owed_major", "waiting_to_issue", "reviews_late", "returned",
)  # fmt: skip
OWN = ("own_found", "spot")
DISTINCT = ("inspected", "finders", "punished", "missed")  # firms, each once: sums over units say nothing
COUNTS = (
    *ROWS, *OWN, "finders", "missed", "inspections", "inspected", "register_days", "orders", "penalties", "amount", "suspensions",
    "closures", "punished", "extensions", "transfers_late",
)  # fmt: skip
MEASURED = ("amount", "register_days")  # the others are counted
EMPTY = dict.fromkeys(COUNTS, 0) | {"avg_days": None}


def repeats(hazards, kind, constants):
    """A `Q`-able expression: another body found something at the firm in the days before, so that this is no finding of one's own."""
    others = hazards.filter(
        enterprise=OuterRef("enterprise"), found_on__gte=DaysBefore(OuterRef("found_on"), constants.repeat_days)
    )
    earlier = Q(found_on__lt=OuterRef("found_on")) | Q(
        found_on=OuterRef("found_on"), registered_at__lt=OuterRef("registered_at")
    )
    return Exists(others.filter(earlier).exclude(**{kind.finder_key: OuterRef(kind.finder_key)}))


def missed_rows(source, kind, span, constants, hazards):
    """Of ``hazards``, rows that a higher body found at a firm where the unit had been in the days before and written down nothing (漏查)."""
    higher = hazards.filter(kind.higher, found_on__range=(span.first, span.last))
    if kind is TOWNSHIP:  # it was shown that it arose later
        row = "pk" if hazards.model is Hazard else "hazard"
        higher = higher.exclude(**{f"{row}__in": FlagRow.objects.excused(span.last).values("hazard")})
    keys = {"place": kind.hazard_key, "visitor": kind.visit_key, "finder": kind.finder_key}
    return overlooked(higher, hazards=hazards, visits=source.visits, days=constants.missed_days, **keys)


def parts_of(source, kind, span, constants):
    """``{name: grouped query set}``: each gives a ``place`` and counts of `COUNTS`."""
    hazards = source.hazards.exclude(state__in=UNLISTED_STATES)
    wanted = conditions(span, constants)
    parts = {
        "rows": _grouped(scored(hazards.filter(relevant(span)), constants), kind.hazard_key).annotate(
            **{name: Count("pk", filter=wanted[name]) for name in ROWS},
            avg_days=Avg(DaysBetween(F("found_on"), F("closed_on")), filter=wanted["closed"]),
        )
    }
    of_own = own_conditions(span, constants)
    found = hazards.filter(of_own["own_found"])
    parts["own"] = _grouped(found, kind.finder_key).annotate(
        own_found=Count("pk"),
        spot=Count("pk", filter=Q(fixed_on_spot=True)),
        finders=Count("enterprise", filter=~repeats(hazards, kind, constants), distinct=True),
    )
    if kind.higher is not None:
        missed = missed_rows(source, kind, span, constants, hazards)
        parts["missed_rows"] = _grouped(missed, kind.hazard_key).annotate(missed=Count("enterprise", distinct=True))
    visits = source.visits.filter(inspected_on__range=(span.first, span.last)).exclude(kind=Inspection.Kind.SELF)
    parts["visits"] = _grouped(visits, kind.visit_key).annotate(
        inspections=Count("pk"), inspected=Count("enterprise", distinct=True)
    )
    parts["firms"] = _register(source.firms, kind, span)
    parts["measures"] = _measures(source.measures, kind, span)
    parts["granted"] = granted_in(source, kind, span).order_by().values("place").annotate(extensions=Count("pk"))
    late = late_transfers(source.transfers, span)
    parts["transfers"] = _grouped(late, kind.receiver_key).annotate(transfers_late=Count("pk"))
    return parts


def _grouped(rows, key):
    return rows.order_by().annotate(place=F(key)).values("place")


ORDER, PENALTY = Q(kind=Measured.ORDER), Q(kind=Measured.PENALTY)
# What is counted of measures, as conditions; ``punished`` are firms.
MEASURES = {
    "orders": ORDER, "penalties": PENALTY, "suspensions": Q(kind=Measured.SUSPENSION), "closures": Q(kind=Measured.CLOSURE),
    "punished": ORDER | PENALTY,
}  # fmt: skip


def decided_in(measures, span):
    """Those of ``measures`` that were decided in ``span`` and stood at its end."""
    return measures.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=span.last), on__range=(span.first, span.last))


def granted_in(source, kind, span):
    """Decisions of ``span`` that gave more time, with ``place``: whose the hazard was, as the rows of ``source`` say it."""
    row = "pk" if source.hazards.model is Hazard else "hazard"
    whose = source.hazards.exclude(state__in=UNLISTED_STATES).filter(**{row: OuterRef("request__hazard")})
    granted = source.extensions.filter(Exists(whose), granted=True, at__date__range=(span.first, span.last))
    return granted.annotate(place=Subquery(whose.order_by().values(kind.hazard_key)[:1]))


def late_transfers(transfers, span):
    """Those of ``transfers`` that were answered too late in ``span``, or that nobody had answered at its end though it was time."""
    late = Q(answered_on__range=(span.first, span.last), answered_on__gt=F("due_on"))
    return transfers.filter(late | Q(due_on__lte=span.ended) & (Q(outcome="") | Q(ended_at__date__gt=span.last)))


def _measures(measures, kind, span):
    counted = {name: Count("pk", filter=wanted) for name, wanted in MEASURES.items() if name != "punished"}
    return _grouped(decided_in(measures, span), kind.decided_key).annotate(
        **counted,
        amount=Coalesce(Sum("amount", filter=PENALTY), Decimal(0)),
        punished=Count("enterprise", filter=MEASURES["punished"], distinct=True),
    )


def _register(firms, kind, span):
    """Days on register inside the span, summed over firms: ÷ days is the mean register. A firm counts on the day it closes."""
    present = firms.filter(registered_on__lte=span.last).filter(Q(closed_on=None) | Q(closed_on__gte=span.first))
    until = Least(Coalesce("closed_on", Value(span.last, DateField())), Value(span.last, DateField()))
    days = DaysBetween(Greatest(F("registered_on"), Value(span.first, DateField())), until) + 1.0
    if kind.firm_key:
        return _grouped(present, kind.firm_key).annotate(register_days=Sum(days))
    # A department answers for the firms of its line of work in its county or city.
    county, city = (
        present.order_by()
        .exclude(sector__competent_function="")
        .filter(sector__isnull=False)
        .annotate(place=Concat(column, Value("-"), "sector__competent_function"))
        .values("place")
        .annotate(register_days=Sum(days))
        for column in ("county_code", "city_code")
    )
    return county.union(city, all=True)


def figures(competitors, source, kind, span, constants):
    """`counted` by the `statement` of the same arguments."""
    return counted(statement(competitors, source, kind, span, constants))


def statement(competitors, source, kind, span, constants):
    """``(sql, params)`` that counts what ``competitors`` (units, or sectors, that take part) did; no row is read to compose it."""
    units = competitors.annotate(place=F(kind.unit_key), register_place=_register_place(kind)).order_by()
    if kind is SECTOR:
        units = units.annotate(short_name=F("name"), division_code=Value(""))
    units = units.values("pk", "code", "name", "short_name", "division_code", "place", "register_place")
    return _joined({"units": units, **parts_of(source, kind, span, constants)}, connection)


def counted(composed):
    """``(lines, rest)`` of a `statement`. ``lines``: ``[(competitor, figures)]`` by code, where ``competitor`` is ``{pk, code, name, short_name,
    division_code}`` and ``figures`` ``{name of COUNTS or avg_days: number}``; ``rest``: what falls to no competitor, so that sums agree."""
    with connection.cursor() as cursor:
        cursor.execute(*composed)
        read = [_read(row) for row in cursor.fetchall()]
    return [one for one in read if one[0]["code"]], next(figures for unit, figures in read if not unit["code"])


def _register_place(kind):
    return F(kind.unit_key) if kind.firm_key else Concat("division_code", Value("-"), "function")


HEAD = ("pk", "code", "name", "short_name", "division_code")


def _joined(parts, connection):
    """``(sql, params)``: each of ``parts`` a named set, all joined to the units; a last row sums what joins none of them."""
    quote, named, params, where = connection.ops.quote_name, [], [], {}
    for name, rows in parts.items():
        # An empty set (nobody decides anything here) still has its columns.
        sql, values = rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
        named.append(f"{quote(name)} AS ({sql})")
        params += values
        if name != "units":
            where |= dict.fromkeys([*rows.query.annotation_select], name)
    joins, rest = [], []
    for name in parts:
        if name == "units":
            continue
        key = quote("register_place" if name == "firms" else "place")
        joins.append(f"LEFT JOIN {quote(name)} ON {quote(name)}.{quote('place')} = units.{key}")
        counted = [one for one in COUNTS if where.get(one) == name]
        sums = ", ".join(f"SUM({quote(one)}) AS {quote(one)}" for one in counted)
        outside = f"{quote('place')} IS NULL OR {quote('place')} NOT IN (SELECT {key} FROM units)"  # noqa: S608
        named.append(f"rest_{name} AS (SELECT {sums} FROM {quote(name)} WHERE {outside})")  # noqa: S608
        rest.append(f"rest_{name}")
    values = [f"COALESCE({quote(where[one])}.{quote(one)}, 0)" if one in where else "0" for one in COUNTS]
    # PostgreSQL sums whole numbers to decimals, and one such makes decimals of a whole column.
    whole = {one: "{}" if one in MEASURED else "CAST({} AS bigint)" for one in COUNTS}
    left = [
        whole[one].format(f"COALESCE(rest_{where[one]}.{quote(one)}, 0)") if one in where else "0" for one in COUNTS
    ]
    head = ", ".join(f"units.{quote(name)}" for name in HEAD)
    average = f"{quote('rows')}.{quote('avg_days')}"
    return (
        f"WITH {', '.join(named)} SELECT {head}, {', '.join(values)}, {average} FROM units {' '.join(joins)}"  # noqa: S608
        f" UNION ALL SELECT 0, '', '', '', '', {', '.join(left)}, NULL FROM {' CROSS JOIN '.join(rest)}"
        f" ORDER BY 2"
    ), params


def _read(row):
    counted = dict(zip(COUNTS, row[len(HEAD) : -1], strict=True))
    counted["amount"] = f"{Decimal(counted['amount']):.2f}"
    counted["register_days"] = round(counted["register_days"])
    counted["avg_days"] = None if row[-1] is None else round(float(row[-1]), 1)
    return dict(zip(HEAD, row)), counted  # noqa: B905 - the head is the beginning of a row
