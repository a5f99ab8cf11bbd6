"""Close-outs: many in one minute, and nearly all on the spot."""

from collections import defaultdict
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncMinute

from flags.findings.ground import KEPT, Place, newest, taken
from flags.kinds import Kind
from hazards.lifecycle import UNLISTED_STATES
from hazards.models import HazardEvent

PASSED = ("pass_review", "pass_acceptance")  # what is closed on the spot is registered many at once, by one form
MINUTES = 50  # of one unit looked at: the fullest


def bursts(ground):
    """Reviews and acceptances that people of one unit passed within one minute of the clock. ``out_of`` is not told: a unit may review
    what others found."""
    first, last = ground.span(Kind.BURST)
    # By the day of closing an index leads to the hazards, and from each of them one to its events.
    closed = HazardEvent.objects.filter(kind__in=PASSED, record__closed_on__range=(first, last)).exclude(
        record__state__in=UNLISTED_STATES
    )
    by_minute = closed.annotate(minute=TruncMinute("at")).order_by()
    counted = by_minute.values("unit_code", "minute").annotate(times=Count("pk"))
    units = dict(ground.judged.values_list("code", "pk"))
    minutes = defaultdict(list)
    for code, minute, times in counted.filter(times__gte=settings.FLAG_BURST_ROWS).values_list(
        "unit_code", "minute", "times"
    ):
        if code in units and first <= minute.date() <= last:
            minutes[code].append((times, minute))
    findings = []
    for code, found in minutes.items():
        fullest = sorted(found, reverse=True)[:MINUTES]
        inside = (Q(at__gte=minute, at__lt=minute + timedelta(minutes=1)) for _, minute in fullest)
        rows = by_minute.filter(reduce(or_, inside), unit_code=code)
        parts = defaultdict(list)
        for minute, hazard in rows.order_by("minute", "-record").values_list("minute", "record"):
            parts[minute].append(hazard)
        placed = [[Place(part, pk) for pk in keys] for part, keys in enumerate(parts.values(), 1)]
        count = sum(times for times, _ in found)
        findings.append(ground.finding(Kind.BURST, units[code], taken(placed), row_count=count))
    return findings


def on_spot(ground):
    """Units that close nearly all they find on the spot."""
    rows = ground.found(Kind.ON_SPOT)
    counted = rows.values("found_by_unit").annotate(total=Count("pk"), spot=Count("pk", filter=Q(fixed_on_spot=True)))
    totals, spot = {}, {}
    for unit, total, hits in counted.values_list("found_by_unit", "total", "spot"):
        totals[unit], spot[unit] = total, hits
    least, percent = settings.FLAG_SPOT_ROWS, settings.FLAG_SPOT_PERCENT
    figures = {unit: 100 * spot[unit] / total for unit, total in totals.items() if total >= least}
    flagged = [unit for unit, share in figures.items() if share >= percent]
    places = newest(rows.filter(fixed_on_spot=True), "found_by_unit", flagged, "pk")
    return [
        ground.finding(
            Kind.ON_SPOT, unit, [Place(hazard=pk) for (pk,) in places[unit][:KEPT]],
            figures=figures, row_count=spot[unit], out_of=totals[unit],
        )
        for unit in flagged
    ]  # fmt: skip
