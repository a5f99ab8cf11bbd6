"""Which rows and firms stand behind what would move a unit up (`rankings.gains`). Shown to who reads the
rows of the line, and of them what this reader still reads: what has gone to another body since counts, and is not named."""

from dataclasses import replace

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Subquery, Value, When

from hazards.models import Hazard
from inspections.models import Enterprise, Inspection
from rankings import gains
from rankings.figures import conditions, taken_back
from rankings.rows import behind
from rankings.shown import WINDOW

OLDEST = 5
# Whose register is longer is not looked through for the firms that waited longest: that would be an aggregation of all its visits.
LARGEST_REGISTER = 5_000


def moves_of(one, line, *, reader=None):
    """The `Gain`s that are open to ``line``, the greatest first; with the rows that ``reader`` reads; None: with none. Nothing for the
    unscored, and while a period that is over waits to be frozen."""
    if line.score is None or one.unplaced or not one.is_opened:
        return []
    competition, found_gains = gains.Competition(one), []
    if line.figures[WINDOW]["overdue"]:
        rows = oldest_overdue(one, line, reader)
        gain = gains.of_overdue(competition, line, rows)
        told = [{"row": row, "plus": plus} for row, plus in zip(rows, gain.details, strict=True) if row.is_read]
        found_gains.append(replace(gain, details=told if reader else None))
    if gain := gains.of_coverage(competition, line):
        found_gains.append(replace(gain, details=longest_uninspected(one, line, reader) if reader else None))
    if gain := gains.of_reporting(competition, line):
        found_gains.append(gain)
    return sorted(found_gains, key=lambda gain: -gain.plus)


def oldest_overdue(one, line, reader=None):
    """The five rows of ``line`` that are overdue longest at the end of the window, each with ``is_due`` (closed, it would
    be rectified in the window's rate), ``days`` overdue, ``told``, its `Hazard`, and ``is_read``, whether ``reader`` reads that today; one query."""
    span = one.spans.window
    rows = behind(one, line, "overdue", WINDOW)
    due = When(conditions(span, one.version.constants)["due"] & ~taken_back(span), then=Value(True))
    rows = rows.rows.annotate(is_due=Case(due, default=Value(False), output_field=BooleanField()))
    read = Hazard.objects.visible_to(reader) if reader else Hazard.objects.none()
    rows = rows.annotate(is_read=Exists(read.filter(pk=OuterRef("hazard" if one.freeze else "pk"))))
    rows = rows.select_related("hazard__enterprise") if one.freeze else rows.select_related("enterprise")
    oldest = list(rows.order_by("counted_by", "pk")[:OLDEST])
    for row in oldest:
        row.days = ((one.today if one.is_running else span.last) - row.counted_by).days
        row.told = row.hazard if one.freeze else row
    return oldest


def longest_uninspected(one, line, reader):
    """The five firms on register that the territory of ``line`` did not inspect in the window, those it never inspected first, then those
    whose last visit of its own lies longest back: ``[{firm, last, days}, …]``, those of them that ``reader`` reads; two queries. Empty for a register too long to look through."""
    firms, visits = behind(one, line, "register_days", WINDOW), behind(one, line, "inspected", WINDOW)
    if firms is None or line.parts["register"] > LARGEST_REGISTER:
        return []
    of_firm = "enterprise" if firms.frozen else "pk"
    waiting = firms.rows.exclude(**{f"{of_firm}__in": visits.rows.order_by().values("enterprise")})
    waiting = waiting.filter(closed_on=None)
    end = one.freeze.last if one.freeze else one.today
    before = Inspection.objects.paid().filter(
        enterprise=OuterRef(of_firm), inspected_on__lte=end, **{one.kind.visit_key: line.division_code}
    )
    before = before.order_by("-inspected_on").values("inspected_on")[:1]
    waiting = waiting.annotate(last=Subquery(before)).order_by(F("last").asc(nulls_first=True), of_firm)
    ids = list(waiting.values_list(of_firm, "last")[:OLDEST])
    names = Enterprise.objects.visible_to(reader).in_bulk([pk for pk, _ in ids])
    return [
        {"firm": names[pk], "last": last, "days": None if last is None else (end - last).days}
        for pk, last in ids
        if pk in names
    ]
