"""Units, people and sectors by the names people write: the other direction of hazards.labels."""

from functools import cached_property

from accounts.models import Unit, User
from accounts.roles import Role
from criteria.models import Criterion, cell_words
from folding.texts import fold
from hazards.labels import is_county, joined
from inspections.models import Sector
from responsibilities.models import Charge, Line
from workbooks.cells import ParseError

LEVELS = (9, 6, 4)


class Places:
    """The units of one city with their people and sectors, and who answers for what, read once (6 queries, and one for criteria where they are named), to look names up in."""

    def __init__(self, target):
        self.target = target
        units = list(Unit.objects.active().filter(city_code=target.division_code[:4]))
        self.governments = {unit.division_code: unit for unit in units if unit.kind == Unit.Kind.GOVERNMENT}
        self._departments = {(unit.division_code, unit.function): unit for unit in units if unit.function}
        self._named = _index(units)
        self._people, self._managers = _people(target.division_code[:4])
        self._sectors = _sectors()
        self._lines, self._charges = _matrix(target.division_code[:4])

    @property
    def home(self):
        """The government whose territory the ledger is imported into; new enterprises without 属地 lie there."""
        return self.governments.get(self.target.division_code, self.target)

    def unit(self, name, *, inside="", only_places=False):
        """The one unit called ``name`` (code, full or short name, with or without its county) within division ``inside``.

        Raises ParseError when there is none, more than one, or it lies elsewhere.
        """
        found = self._named.get(fold(name), [])
        if only_places:
            found = [unit for unit in found if unit.kind == Unit.Kind.GOVERNMENT] or found
        within = [unit for unit in found if unit.division_code.startswith(inside)]
        if len(within) == 1:
            return within[0]
        if len(within) > 1:
            raise ParseError(f"有 {len(within)} 个单位叫“{name}”，请写明所在县（区），例如“{within[0].parent_label}”")
        if found:
            raise ParseError(f"“{name}”不在本次导入的单位（{self.target.short_name}）范围内")
        raise ParseError(f"单位“{name}”不在单位表中，请填写单位全称或简称")

    def maybe(self, name):
        """The unit called ``name``, or None."""
        try:
            return self.unit(name)
        except ParseError:
            return None

    def sector(self, name):
        """The sector called ``name``, also in a longer or shorter form that fits only one of them (消防安全 → 消防)."""
        said = fold(name)
        if exact := self._sectors.get(said):
            return exact
        near = {s.pk: s for known, s in self._sectors.items() if len(said) > 1 and (known in said or said in known)}
        if len(near) == 1:
            return next(iter(near.values()))
        raise ParseError(f"行业领域“{name}”不在行业表中，请改成表中的名称，例如“工矿商贸”“消防”")

    def criterion(self, words):
        """The criterion that a cell names as `criteria.models.cell_words` writes it, else the newest at the place before the colon;
        None when there is none."""
        return self._criteria.get(fold(words)) or self._criteria.get(fold(words.partition("：")[0]))

    @cached_property
    def _criteria(self):
        found = {}
        for one in Criterion.objects.select_related("standard").order_by("pk"):
            words = cell_words(one.standard.number, one.article, one.item, one.wording)
            found |= {fold(words): one, fold(words.partition("：")[0]): one}
        return found

    def person(self, unit, name):
        """The one active person of ``unit`` with that full name, or None."""
        found = self._people.get((unit.pk, fold(name)), [])
        return found[0] if len(found) == 1 else None

    def manager(self, unit):
        """The first active manager of ``unit``, or None: same choice as hazards.responsibility."""
        return self._managers.get(unit.pk)

    def holder(self, unit, sector):
        """Who of ``unit`` answers for ``sector`` (None: not known), or None: same choice as hazards.responsibility."""
        keys = ((unit.pk, sector and sector.pk), (unit.pk, None))
        return next((self._charges[key] for key in keys if key in self._charges), None) or self.manager(unit)

    def may_hold(self, person):
        """Whether ``person`` is whom a row without a name falls to in their unit, for a sector at least."""
        named = any(unit == person.unit_id and one == person for (unit, _), one in self._charges.items())
        return named or self.manager(person.unit) == person

    def body(self, division, sector, kind):
        """The department that is ``kind`` (competent or supervising) for ``sector`` in ``division``, or None: same choice as
        hazards.responsibility."""
        for length in LEVELS:
            line = self._lines.get((division[:length], sector.pk)) if len(division) >= length else None
            if line is not None:
                named = getattr(line, kind)
                if named is not None and named.is_active:
                    return named
                break
        return self.department(division, getattr(sector, f"{kind}_function"))

    def department(self, division, function):
        """The department with ``function`` nearest above ``division``, or None."""
        if not function:
            return None
        above = (self._departments.get((division[:length], function)) for length in LEVELS if len(division) >= length)
        return next((unit for unit in above if unit), None)


def _index(units):
    counties = {unit.division_code: unit.short_name for unit in units if is_county(unit)}
    index = {}
    for unit in units:
        county = counties.get(unit.county_code, "")
        unit.parent_label = joined(county, unit.short_name)
        names = {unit.code, unit.name, unit.short_name, joined(county, unit.name), unit.parent_label}
        for name in set(map(fold, names)):
            index.setdefault(name, []).append(unit)
    return index


def _people(city):
    by_name, managers = {}, {}
    for person in User.objects.filter(unit__city_code=city, is_active=True).order_by("pk"):
        by_name.setdefault((person.unit_id, fold(person.full_name)), []).append(person)
        if person.role == Role.MANAGER:
            managers.setdefault(person.unit_id, person)
    return by_name, managers


def _matrix(city):
    """``({(division, sector id): Line}, {(unit id, sector id or None): User})`` in force in the city."""
    lines = Line.objects.current().filter(place__city_code=city).select_related("place", "competent", "supervising")
    charges = Charge.objects.current().filter(unit__city_code=city).select_related("holder", "deputy")
    acting = {(charge.unit_id, charge.sector_id): charge.acting for charge in charges}
    return (
        {(line.place.division_code, line.sector_id): line for line in lines},
        {key: person for key, person in acting.items() if person is not None},
    )


def _sectors():
    sectors = list(Sector.objects.all())
    return {fold(sector.code): sector for sector in sectors} | {fold(sector.name): sector for sector in sectors}
