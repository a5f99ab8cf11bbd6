"""A matrix filled in on a sheet: every row by the verb of its kind, all of them or none."""

from django.db import transaction

from accounts.models import Unit, User
from accounts.roles import RANKING_READERS
from folding.texts import fold
from inspections import operations as inspections
from inspections.models import Enterprise, Sector
from journal.refusal import Refused
from responsibilities import sheet
from responsibilities.models import Charge, Line
from responsibilities.operations.charges import appoint_charge, replace_charge
from responsibilities.operations.lines import appoint_line, replace_line

MOST_CHANGES = 2000
REASON = "导入责任分工表"


class SheetRefused(Refused):
    """What is wrong with the rows of a sheet, ``problems`` a sentence each. Nothing was written."""

    def __init__(self, problems):
        super().__init__(f"有 {len(problems)} 行不能导入，整张表都没有写入；请改好后重新导入")
        self.problems = problems


class _Wrong(Refused):
    """A cell that cannot be meant."""


@transaction.atomic
def take_over(rows, *, by, at):
    """Make the matrix as ``rows`` (of `sheet.read_matrix`) say; ``{"new", "changed", "same"}``: how many of them. A row of the
    matrix that no row of the sheet speaks of stays. Raises `SheetRefused`; then nothing has happened."""
    matrix, problems = _Matrix(by, at), []
    for number, cells in rows:
        try:
            matrix.take(number, cells)
        except Refused as refusal:
            problems.append(f"第 {number} 行：{refusal}")
        if matrix.counts["new"] + matrix.counts["changed"] > MOST_CHANGES:
            raise Refused(f"一次最多改动 {MOST_CHANGES:,} 行，整张表都没有写入；请拆分后分批导入")
    if problems:
        raise SheetRefused(problems)
    return matrix.counts


class _Matrix:
    """What is in force now in the reader's scope, read once, and what a sheet makes of it."""

    def __init__(self, by, at):
        self.said, self.seen, self.counts = {"by": by, "at": at}, {}, {"new": 0, "changed": 0, "same": 0}
        units = list(Unit.objects.in_territory_of(by).active())
        city = by.unit.division_code[:4] if by.unit else ""
        self.places = {unit.code: unit for unit in units}
        self.bodies = {}
        for unit in Unit.objects.active().departments().filter(city_code=city):
            for name in {fold(unit.name), fold(unit.short_name), fold(unit.code)}:
                self.bodies.setdefault(name, []).append(unit)
        self.sectors = {fold(sector.name): sector for sector in Sector.objects.active()}
        staff = User.objects.filter(unit__in=[unit.pk for unit in units], is_active=True, role__in=RANKING_READERS)
        self.people = sheet.Called(staff)
        lines = Line.objects.current().visible_to(by).select_related("place", "sector", "competent", "supervising")
        charges = Charge.objects.current().visible_to(by).select_related("unit", "sector", "holder", "deputy")
        self.lines = {(line.place_id, line.sector_id): line for line in lines}
        self.charges = {(charge.unit_id, charge.sector_id): charge for charge in charges}
        self._firms = None
        # A row that says what an export says now asks for nothing, whoever of those it names has left since.
        self.exported = {sheet.told(dict(zip(sheet.HEADINGS, row, strict=True))) for row in sheet.rows_for(by)}

    def take(self, number, cells):
        if sheet.told(cells) in self.exported:
            self.counts["same"] += 1
            return
        kinds = {sheet.LINE: self._line, sheet.CHARGE: self._charge, sheet.FIRM: self._firm}
        kind = cells["类别"]
        if kind not in kinds:
            raise _Wrong(f"类别“{kind[:20]}”应为“{'”“'.join(kinds)}”之一")
        place = self.places.get(cells["单位代码"])
        if place is None:
            raise _Wrong(f"没有代码为“{cells['单位代码'][:24]}”的在用单位，或不在您的管辖范围内")
        self.counts[kinds[kind](number, place, cells)] += 1

    def _line(self, number, place, cells):
        sector = self._sector(cells)
        self._once(number, (sheet.LINE, place.pk, sector.pk))
        said = {"competent": self._body(cells, "行业主管部门"), "supervising": self._body(cells, "监管部门")}
        return self._settle(
            self.lines.get((place.pk, sector.pk)), said, replace_line, appoint_line, place=place, sector=sector
        )

    def _charge(self, number, unit, cells):
        sector = None if sheet.is_every_sector(cells.get("行业领域", "")) else self._sector(cells)
        self._once(number, (sheet.CHARGE, unit.pk, sector and sector.pk))
        said = {"holder": self._person(unit, cells, "责任人"), "deputy": self._person(unit, cells, "副职")}
        if said["holder"] is None:
            raise _Wrong("责任人不能为空；要撤销这条分工的，请在页面上办理“撤销”")
        now = self.charges.get((unit.pk, sector and sector.pk))
        return self._settle(now, said, replace_charge, appoint_charge, unit=unit, sector=sector)

    def _settle(self, now, said, replace, appoint, **place):
        if now is None:
            appoint(**self.said, **place, **said)
            return "new"
        if all(getattr(now, name) == value for name, value in said.items()):
            return "same"
        replace(now, **self.said, **said, reason=REASON)
        return "changed"

    def _firm(self, number, township, cells):
        name = cells.get("企业名称", "")
        if self._firms is None:
            seen = Enterprise.objects.visible_to(self.said["by"]).select_related("township", "sector")
            self._firms = {(firm.township_id, firm.name_folded): firm for firm in seen}
        firm = self._firms.get((township.pk, fold(name)))
        if firm is None:
            raise _Wrong(f"{township.short_name}没有名为“{name[:40]}”的企业；新企业请先在“企业”中登记")
        self._once(number, (sheet.FIRM, firm.pk))
        said = {column: cells[heading] for heading, column in sheet.FIRM_COLUMNS.items() if heading in cells}
        said = {column: value for column, value in said.items() if value != getattr(firm, column)}
        for column, value in said.items():
            field = Enterprise._meta.get_field(column)
            if len(value) > field.max_length:
                raise _Wrong(f"{field.verbose_name}不能超过 {field.max_length} 个字")
        if said.get("principal") == "":
            raise _Wrong("主要负责人不能为空")
        if not said:
            return "same"
        inspections.edit(firm, **self.said, **said)
        return "changed"

    def _once(self, number, key):
        if key in self.seen:
            raise _Wrong(f"与第 {self.seen[key]} 行说的是同一件事，请只留一行")
        self.seen[key] = number

    def _sector(self, cells):
        name = cells.get("行业领域", "")
        if (sector := self.sectors.get(fold(name))) is None:
            raise _Wrong(f"没有在用的行业领域“{name[:40]}”，请照“行业领域”名单填写")
        return sector

    def _body(self, cells, heading):
        name = cells.get(heading, "")
        found = self.bodies.get(fold(name), []) if name else [None]
        if len(found) != 1:
            raise _Wrong(
                f"{heading}“{name[:40]}”" + ("有多个，请填写单位代码" if found else "不在单位表中，请填写单位全称")
            )
        return found[0]

    def _person(self, unit, cells, heading):
        name = cells.get(heading, "")
        found = self.people.people(unit.pk, name) if name else [None]
        if len(found) != 1:
            raise _Wrong(
                f"{unit.short_name}有 {len(found)} 个{heading}“{name[:40]}”，请在姓名后写明电话，例如“张三（13800000000）”"
                if found
                else f"{unit.short_name}没有在用的人员“{name[:40]}”，请核对{heading}的姓名"
            )
        return found[0]
