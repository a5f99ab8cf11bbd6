"""漏查: a higher body found a hazard where the township had just been and seen nothing."""

from collections import defaultdict

from django.db.models import Subquery

from flags.findings.ground import Place
from flags.kinds import Kind
from flags.missed import HIGHER, days_back, overlooked, visits_before
from hazards.models import Hazard
from inspections.models import Inspection


def missed(ground):
    """A row that the township overlooked (`flags.missed`), as the score counts it, each with the last visit that did not see it. Each is a
    finding of its own, for the unit may show of each that it arose later. One statement for all cities that look equally far back."""
    townships = dict(ground.judged.townships().values_list("division_code", "pk"))
    cities = defaultdict(list)
    for city in sorted({code[:4] for code in townships}):
        cities[days_back(city, ground.last)].append(city)
    findings = []
    for days, codes in cities.items():
        for code, pk, visit in _told(ground, days, codes):
            if code in townships:
                findings.append(
                    ground.finding(Kind.MISSED, townships[code], [Place(hazard=pk, inspection=visit)], row_count=1)
                )
    return findings


def _told(ground, days, cities):
    ledger, visits = Hazard.objects.in_ledger(), Inspection.objects.paid()
    of_unit = {"place": "division_code", "visitor": "unit__division_code"}
    found = ledger.filter(
        city_code__in=cities, found_on__range=ground.span(Kind.MISSED), found_by_unit__level__in=HIGHER
    )
    found = overlooked(
        found, hazards=ledger, visits=visits, days=days, finder="found_by_unit__division_code", **of_unit
    )
    last = visits_before(visits, days=days, **of_unit).order_by("-inspected_on", "-pk")
    rows = found.annotate(visit=Subquery(last.values("pk")[:1])).order_by("found_on", "pk")
    return rows.values_list("division_code", "pk", "visit")
