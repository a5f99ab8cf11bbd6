"""Rows entered long after the day they are said to have been found."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from flags.findings.ground import Place, newest
from flags.kinds import Kind
from hazards.models import Hazard

OLDEST = 366  # days that a row may have been found before: bounds what is read


def backdated(ground):
    """Of the rows registered in these days. A ledger that is taken over comes late by its nature and is left out."""
    first, last = ground.span(Kind.BACKDATED)
    begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1)))
    rows = Hazard.objects.in_ledger().exclude(origin=Hazard.Origin.IMPORT).order_by()
    rows = rows.filter(
        registered_at__gte=begin, registered_at__lt=end, found_on__range=(first - timedelta(days=OLDEST), last)
    )
    later = ExpressionWrapper(TruncDate("registered_at") - F("found_on"), DurationField())
    rows = ground.of_units(rows, "found_by_unit").annotate(later=later)
    late = Q(later__gte=timedelta(days=settings.FLAG_BACKDATED_DAYS))
    totals, hits = {}, {}
    counted = rows.values("found_by_unit").annotate(total=Count("pk"), late=Count("pk", filter=late))
    for unit, total, of_late in counted.values_list("found_by_unit", "total", "late"):
        totals[unit], hits[unit] = total, of_late
    least, percent = settings.FLAG_BACKDATED_ROWS, settings.FLAG_BACKDATED_PERCENT
    flagged, figures = ground.shared(Kind.BACKDATED, hits, totals, rows=least, percent=percent)
    return [
        ground.finding(
            Kind.BACKDATED, unit, [Place(hazard=pk) for (pk,) in of_unit],
            figures=figures, row_count=hits[unit], out_of=totals[unit],
        )
        for unit, of_unit in newest(rows.filter(late), "found_by_unit", flagged, "pk").items()
    ]  # fmt: skip
