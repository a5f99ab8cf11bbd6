"""责任空缺: where a unit has enterprises of a sector and nobody who answers for them, and where whoever does has left.

Enterprises make a sector one of the unit's: a township's own, a department's by the lines of the matrix or its function. So the list
is bounded by places × sectors, read with a query for each table, and put together in memory.
"""

from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Unit
from accounts.scope import Reach, in_division, scope_of
from inspections.models import Enterprise, Sector
from responsibilities.models import Charge, Line, serves

MISSING = "没有责任人"


@dataclass(frozen=True)
class Gap:
    """``unit`` has ``firms`` enterprises of ``sector`` and nobody; or, with a ``charge``, its holder has left."""

    unit: Unit
    sector: Sector | None
    words: str
    firms: int = 0
    charge: Charge | None = None

    @property
    def sort_key(self):
        return (self.unit.code, self.sector is None, self.sector.order if self.sector else 0, self.charge is not None)


def gaps_of(user):
    """The gaps of the units that ``user`` answers for or looks after, by unit and sector. At most six queries."""
    units = {unit.pk: unit for unit in units_of(user)}
    if not units:
        return []
    charges = Charge.objects.current().filter(unit__in=units.keys())
    charges = list(charges.select_related("holder", "deputy", "sector", "unit"))
    held = {(charge.unit_id, charge.sector_id) for charge in charges}
    firms = _firms(scope_of(user).division, units)
    sectors = Sector.objects.active().in_bulk({sector for _, sector in firms})
    found = [
        Gap(units[unit], sectors[sector], MISSING, count)
        for (unit, sector), count in firms.items()
        if sector in sectors and (unit, sector) not in held and (unit, None) not in held
    ]
    found += [
        Gap(charge.unit, charge.sector, _left(charge), firms.get((charge.unit_id, charge.sector_id), 0), charge)
        for charge in charges
        if not serves(charge.holder, charge.unit_id)
    ]
    return sorted(found, key=lambda gap: gap.sort_key)


def units_of(user):
    """The units of whose gaps ``user`` reads: a department's people of their own, others of their territory."""
    units = Unit.objects.in_territory_of(user).active()
    return units.filter(pk=user.unit_id) if scope_of(user).reach is Reach.DEPARTMENT else units


def _left(charge):
    if charge.acting is not None:
        return f"责任人 {charge.holder} 已离岗，现由副职 {charge.acting} 负责"
    return f"责任人 {charge.holder} 已离岗，" + (f"副职 {charge.deputy} 也已离岗" if charge.deputy else "没有副职")


def _firms(division, units):
    """``{(unit id, sector id): enterprises}`` of ``units``, of those on register in ``division`` and not closed. Three queries."""
    rows = Enterprise.objects.filter(in_division(division)).exclude(status=Enterprise.Status.CLOSED)
    rows = rows.exclude(sector=None).order_by().values_list("township_id", "county_code", "sector_id")
    named = _Departments(division[:4], units)
    found = {}
    for township, county, sector, count in rows.annotate(count=Count("pk")):
        for unit in {township, *named.of(county, sector)} & units.keys():
            found[unit, sector] = found.get((unit, sector), 0) + count
    return found


class _Departments:
    """Which departments a sector of a county falls to, as `hazards.responsibility` finds it for one enterprise."""

    def __init__(self, city, units):
        self.lines, self.departments, self.functions = {}, {}, {}
        if not any(unit.kind == Unit.Kind.DEPARTMENT for unit in units.values()):
            return
        lines = Line.objects.current().filter(place__city_code=city)
        for code, sector, *bodies in lines.values_list("place__division_code", "sector", "competent", "supervising"):
            self.lines[code, sector] = bodies
        departments = Unit.objects.active().departments().filter(city_code=city).exclude(function="")
        for code, function, pk in departments.values_list("division_code", "function", "pk"):
            self.departments[code, function] = pk
        for pk, *both in Sector.objects.values_list("pk", "competent_function", "supervising_function"):
            self.functions[pk] = both

    def of(self, county, sector):
        """The ids of the departments; a line says more than the functions only where it names somebody."""
        line = self.lines.get((county, sector)) or self.lines.get((county[:4], sector)) or (None, None)
        by_function = [
            self.departments.get((county, function)) or self.departments.get((county[:4], function))
            for function in self.functions.get(sector, ())
        ]
        return {named or usual for named, usual in zip(line, by_function, strict=False)} - {None}
