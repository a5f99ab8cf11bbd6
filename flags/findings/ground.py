"""Whom findings are about, in which days, against which peers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from statistics import median

from django.conf import settings
from django.db.models import Q

from accounts.models import Unit
from flags.kinds import days_of
from hazards.models import Hazard

KEPT = 100  # rows kept beside a flag, the newest of each part first; how many there are in all it says itself
STREAM = 2000  # rows read at a time where a whole window is read


@dataclass(frozen=True)
class Place:
    """A row a finding stands on; those of one ``part`` belong together."""

    part: int = 0
    hazard: int | None = None
    inspection: int | None = None
    photo: int | None = None

    @property
    def same(self):
        return (self.hazard, self.inspection, self.photo)


@dataclass
class Finding:
    """One thing to be flagged; the columns of `flags.models.Flag` that it fills. ``places``: every row of every part that can be new."""

    kind: str
    unit: int
    places: list = field(default_factory=list)
    row_count: int = 0
    out_of: int = 0
    own: Decimal | None = None
    peers: Decimal | None = None
    peer_count: int = 0


class Ground:
    """The units that can be flagged, townships and departments in use, and the days up to ``last``, the day of the cut-off."""

    def __init__(self, last):
        self.last = last

    def first_of(self, kind):
        return self.last - timedelta(days=days_of(kind) - 1)

    def span(self, kind):
        """``(first, last)`` of the days that count for ``kind``."""
        return self.first_of(kind), self.last

    @property
    def judged(self):
        """The units, as a queryset."""
        township = Q(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.TOWNSHIP)
        return Unit.objects.active().filter(township | Q(kind=Unit.Kind.DEPARTMENT)).order_by()

    @cached_property
    def circles(self):
        """``{unit: the circle in which it is compared}``: in its city, the units of its kind, level and line of work. A bureau of schools is
        not held to what a fire brigade finds."""
        columns = ("pk", "city_code", "kind", "level", "function")
        return {pk: tuple(circle) for pk, *circle in self.judged.values_list(*columns)}

    def of_units(self, rows, column):
        """Those of ``rows`` whose ``column`` is one of the units."""
        return rows.filter(**{f"{column}__in": self.judged.values("pk")})

    def found(self, kind):
        """The rows of the ledger that the units themselves found in the days of ``kind``, in no order."""
        rows = Hazard.objects.in_ledger().filter(found_on__range=self.span(kind)).order_by()
        return self.of_units(rows, "found_by_unit")

    def peers_of(self, figures):
        """``{unit: (median, how many) of its circle}`` for ``figures`` ({unit: number}) of units with enough rows to have one; the unit
        itself among them. A circle with fewer than ``FLAG_PEERS`` is absent."""
        by_circle = defaultdict(list)
        for unit, figure in figures.items():
            by_circle[self.circles[unit]].append(figure)
        middles = {
            circle: (median(of_all), len(of_all))
            for circle, of_all in by_circle.items()
            if len(of_all) >= settings.FLAG_PEERS
        }
        return {unit: middles[self.circles[unit]] for unit in figures if self.circles[unit] in middles}

    def finding(self, kind, unit, places=(), *, figures=None, **facts):
        """A :class:`Finding` with the unit's figure of ``figures`` ({unit: number}) and what its peers have."""
        if figures is not None:
            middle, count = self.peers_of(figures).get(unit, (None, 0))
            facts |= {"own": tenths(figures[unit]), "peers": tenths(middle), "peer_count": count}
        return Finding(kind, unit, list(places), **facts)

    def shared(self, kind, hits, totals, *, rows, percent):
        """``{unit: share in percent}`` of those with ``rows`` hits or more that make ``percent`` or more of the unit's ``totals``, and
        the shares of all units that could have so many: ``(flagged, figures)``."""
        figures = {unit: 100 * hits.get(unit, 0) / total for unit, total in totals.items() if total >= rows}
        flagged = [unit for unit, share in figures.items() if hits.get(unit, 0) >= rows and share >= percent]
        return flagged, figures


def tenths(number):
    return None if number is None else Decimal(str(round(float(number), 1)))


def newest(rows, unit_column, units, *columns):
    """``{unit: [(columns), …]}`` of the newest `KEPT` of ``rows`` (hazards) of each of ``units``: one short query a unit, and units that
    are flagged are few."""
    return {
        unit: list(rows.filter(**{unit_column: unit}).order_by("-found_on", "-pk").values_list(*columns)[:KEPT])
        for unit in units
    }


def taken(parts):
    """At most `KEPT` of the places in ``parts`` ([[Place, …], …]): every part in turn, so that none is left without a row."""
    turns = (part[turn] for turn in range(max(map(len, parts), default=0)) for part in parts if turn < len(part))
    return sorted(islice(turns, KEPT), key=lambda place: place.part)
