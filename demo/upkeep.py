"""What keeps a house in order beside its hazards: measures put right, people and units that change, the matrix, the standards."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Unit, User
from criteria.models import Standard
from criteria.operations.items import Item
from demo.handling import Step
from demo.people import governments
from enforcement.kinds import Kind
from enforcement.models import Measure
from hazards.lifecycle import OPEN_STATES
from hazards.models import Hazard
from inspections.models import Sector
from responsibilities.models import Charge, Line

STANDARD = ("有限空间作业重大事故隐患认定细则（试行）", "市安办〔2025〕12号")
ITEMS = (
    Item("第四条", "（一）", "", "有限空间未辨识、未设置警示标志"),
    Item("第四条", "（二）", "", "未先通风、再检测、后作业"),
    Item("第六条", "", "", "作业现场无专人监护或未配备应急救援装备"),
)


def upkeep(city):
    """All of it, as generators of `Step`s."""
    yield from (_refused(city), _fine_put_right(city), _fine_withdrawn(city))
    yield from (_member_left(city), _matrix_changed(city), _charges_changed(city))
    yield from (_moved_on(city), _stopped(city), _standard_entered(city))


def _refused(city):
    """The firm would use again what was stopped, though its hazard is still there."""
    rows = Measure.objects.filter(
        kind__in=(Kind.EQUIPMENT, Kind.SUSPENSION), lifted_on=None, resumption_due_on=None, hazard__state__in=OPEN_STATES,
        on__lt=city.worked(9),
    )  # fmt: skip
    row = rows.select_related("enterprise__township", "unit", "hazard").order_by("-pk").first()
    if row is None:
        return
    by = city.register.members.get(row.enterprise_id) or city.head(row.enterprise.township)
    yield Step(9, row, "apply_resumption", by, {"text": "已整改大部分，申请先恢复使用。"})
    office = city.cast.accounts["safety_office"]
    decider = office if city.head(row.unit) == by else city.head(row.unit)
    yield Step(7, row, "decide_resumption", decider, {"granted": False, "opinion": "隐患尚未销号，整改完成后再申请"})


def _fines(city):
    """Those on a hazard: the others count towards a closure."""
    rows = Measure.objects.filter(kind=Kind.PENALTY, hazard__isnull=False, on__lt=city.worked(6))
    return rows.select_related("unit", "recorded_by").order_by("-pk")


def _fine_put_right(city):
    row = _fines(city).first()
    if row is not None:
        given = {"amount": row.amount + Decimal(2000), "reason": "金额录入时看错一行，以决定书为准"}
        yield Step(5, row, "correct_measure", row.recorded_by, given)


def _fine_withdrawn(city):
    row = _fines(city)[1:2].first()
    by = row and city.head(row.unit)
    if by is not None and by != row.recorded_by:
        yield Step(6, row, "withdraw_measure", by, {"reason": "行政复议决定撤销"})


def _member_left(city):
    """Of a firm that has nothing to mend: what is to be mended waits for its account."""
    busy = set(Hazard.objects.filter(state__in=OPEN_STATES).values_list("enterprise", flat=True))
    members = city.register.members
    firm = next((firm for firm in city.register.firms[1:] if firm.pk in members and firm.pk not in busy), None)
    by = firm and city.head(firm.township)
    if by is not None:
        firm.refresh_from_db()
        yield Step(8, firm, "part_member", by, {"username": members[firm.pk].username})


def _matrix_changed(city):
    """A county settles a sector otherwise than the functions of its departments say, changes its mind and leaves it to them again."""
    home = city.cast.home.division_code[:6]
    county = next((unit for unit in governments(city.cast.units, Unit.Level.COUNTY) if unit.code != home), None)
    sector = Sector.objects.exclude(competent_function="").filter(is_active=True).order_by("order", "code").first()
    if county is None or sector is None:
        return
    office, units = city.head(city.cast.units[f"{county.code}-AWB"]), city.cast.units
    first, second = units[f"{county.code}-{sector.competent_function}"], units[f"{county.code}-YJ"]
    current = (
        Line.objects.current().filter(place=county, sector=sector).select_related("place", "competent", "supervising")
    )
    said = {"place": county, "sector": sector, "competent": first, "supervising": second}
    yield Step(40, Line, "appoint", office, said)
    yield Step(
        26, current.get(), "replace", office, {"competent": first, "supervising": first, "reason": "机构职能调整"}
    )
    yield Step(12, current.get(), "end", office, {"reason": "与部门职能一致，不再单独确定"})


def _charges_changed(city):
    """Of sectors for which somebody answered who has left: another one answers, or whoever answers for the rest."""
    rows = Charge.objects.current().exclude(unit=city.cast.home).exclude(sector=None)
    rows = list(rows.select_related("unit").order_by("-pk")[:2])
    for row, act in zip(rows, ("end", "replace"), strict=False):
        head = city.head(row.unit)
        given = {"reason": "责任人已离岗"} | ({"holder": head} if act == "replace" else {})
        yield Step(18, row, act, head, given)


def _moved_on(city):
    """An inspector goes to the next township: the account moves, and is granted again."""
    person = _somebody(city, "11")
    if person is None:
        return
    sysadmin, secadmin = city.cast.accounts["sysadmin"], city.cast.accounts["secadmin"]
    near = Unit.objects.townships().filter(division_code__startswith=person.unit.division_code[:6])
    unit = near.exclude(pk=person.unit_id).order_by("code").first()
    yield Step(17, person, "edit", sysadmin, {"phone": "13900000017"})
    yield Step(14, person, "edit", sysadmin, {"unit": unit, "superior": city.head(unit)})
    yield Step(13, person, "grant", secadmin, {"role": "inspector"})


def _stopped(city):
    """Somebody is granted nothing any more while it is looked into."""
    person = _somebody(city, "12")
    if person is not None:
        yield Step(7, person, "deactivate", city.cast.accounts["secadmin"])


def _somebody(city, suffix):
    """The inspector of the last weeks with such an account."""
    people = User.objects.filter(username__endswith=f"-{suffix}", is_active=True)
    return people.select_related("unit").order_by("pk").first()


def _standard_entered(city):
    name, number = STANDARD
    office = city.cast.accounts["safety_office"]
    begins = city.today - timedelta(days=120)
    yield Step(60, Standard, "enter", office, {"name": name, "number": number, "effective_on": begins})
    row = Standard.objects.filter(number=number).first()
    if row is not None:
        yield Step(60, row, "load_items", office, {"items": list(ITEMS)})
        yield Step(30, row, "edit", office, {"effective_on": begins - timedelta(days=10)})
