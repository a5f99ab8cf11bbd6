"""The names a ledger writes for units and sectors."""

from collections import Counter
from functools import cached_property

from accounts.models import Unit
from criteria.models import CELL, Criterion, cell_words
from inspections.models import Sector


class Names:
    """What a workbook writes for the keys of a row, read once each: ``full`` and ``short`` names of units, ``sectors``, ``criteria``."""

    @cached_property
    def _units(self):
        return labels_of(Unit.objects.all())

    @property
    def full(self):
        return self._units[0]

    @property
    def short(self):
        return self._units[1]

    @cached_property
    def sectors(self):
        return dict(Sector.objects.values_list("pk", "name"))

    @cached_property
    def criteria(self):
        return {pk: cell_words(*cell) for pk, *cell in Criterion.objects.order_by("pk").values_list("pk", *CELL)}


def labels_of(units):
    """``(full, short)``: {pk: name for a department column}, {pk: name for the 属地 column}.

    A township is named with its county (梁园区双八镇), because 城关镇 exists in many; so is any body whose name is not unique in
    its city.
    """
    units = list(units)
    counties = {unit.division_code: unit.short_name for unit in units if is_county(unit)}
    often = Counter((unit.city_code, unit.name) for unit in units)
    full, short = {}, {}
    for unit in units:
        county = "" if is_county(unit) else counties.get(unit.county_code, "")
        full[unit.pk] = unit.name if often[unit.city_code, unit.name] == 1 else joined(county, unit.name)
        is_place = unit.kind == Unit.Kind.GOVERNMENT
        short[unit.pk] = joined(county, unit.short_name) if is_place else full[unit.pk]
    return full, short


def is_county(unit):
    """Whether ``unit`` is the government of a county, whose name its townships are told apart by."""
    return unit.kind == Unit.Kind.GOVERNMENT and unit.level == Unit.Level.COUNTY


def joined(county, name):
    """``name`` with its county before it, unless it says so itself."""
    return name if name.startswith(county) else county + name
