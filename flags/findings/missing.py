"""漏查: a higher body found a hazard where the township had just been and seen nothing."""

from datetime import timedelta

from django.conf import settings
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Subquery

from accounts.models import Unit
from flags.findings.ground import Place
from flags.kinds import Kind
from hazards.models import Hazard
from inspections.models import Inspection

HIGHER = (Unit.Level.CITY, Unit.Level.COUNTY)


def missed(ground):
    """A row found by a body of county or city in a firm to which a body of its township paid a visit 1 to ``FLAG_MISSED_DAYS`` days
    before, while no body of the township recorded a hazard of the firm in those days or on that one. Each row is a finding of its own,
    for the unit may show of each that it arose later.

    What a firm found in itself is no visit of the township.
    """
    rows = Hazard.objects.in_ledger().filter(found_on__range=ground.span(Kind.MISSED), found_by_unit__level__in=HIGHER)
    visits = Inspection.objects.paid().exclude(kind=Inspection.Kind.SELF).filter(
        enterprise=OuterRef("enterprise"), unit__level=Unit.Level.TOWNSHIP, unit__division_code=OuterRef("division_code")
    )  # fmt: skip
    visits = _before(visits, "inspected_on", least=1).order_by("-inspected_on", "-pk")
    own = Hazard.objects.in_ledger().filter(
        enterprise=OuterRef("enterprise"),
        found_by_unit__level=Unit.Level.TOWNSHIP,
        found_by_unit__division_code=OuterRef("division_code"),
    )
    own = _before(own, "found_on", least=0).order_by()
    townships = dict(ground.judged.townships().values_list("division_code", "pk"))
    found = rows.filter(~Exists(own)).annotate(visit=Subquery(visits.values("pk")[:1])).exclude(visit=None)
    told = found.order_by("found_on", "pk").values_list("division_code", "pk", "visit")
    return [
        ground.finding(Kind.MISSED, townships[code], [Place(hazard=pk, inspection=visit)], row_count=1)
        for code, pk, visit in told
        if code in townships
    ]


def _before(rows, column, *, least):
    """Those of ``rows`` whose day lies ``least`` to ``FLAG_MISSED_DAYS`` days before the finding of the outer row. By the number of days
    between: arithmetic with days gives moments on SQLite."""
    gap = ExpressionWrapper(OuterRef("found_on") - F(column), DurationField())
    longest = timedelta(days=settings.FLAG_MISSED_DAYS)
    return rows.annotate(gap=gap).filter(gap__gte=timedelta(days=least), gap__lte=longest)
