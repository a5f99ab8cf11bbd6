"""A city with bodies that were there before the periods, a frozen week, and who writes, signs and reads bulletins."""

from datetime import datetime

from accounts.models import Unit
from journal import gate
from rankings.operations import freeze
from tests.factories import TODAY, ZONE, EnterpriseFactory, HazardFactory, UserFactory
from workdays.periods import week_of

LONG_AGO = datetime(2024, 1, 2, 9, tzinfo=ZONE)
WEEK = week_of(TODAY).previous()  # 2026-W46, 11-09 to 11-15
KINDS = {"": "government", "AWB": "committee_office"}
LEVELS = {4: "city", 6: "county", 9: "township"}


def founded(code, name, parent=None):
    """The unit ``code``, as the system founded it long ago; a factory's has no events, and no freeze would know it."""
    existing = Unit.objects.filter(code=code).first()
    if existing is not None:
        return existing
    division, _, function = code.partition("-")
    kind = KINDS.get(function, "department")
    unit = Unit(
        code=code, name=name, short_name=name, kind=kind, level=LEVELS[len(division)], division_code=division,
        function=function if kind == "department" else "", parent=parent,
    )  # fmt: skip
    gate.create(unit, "found", by=None, at=LONG_AGO)
    return unit


def city():
    """``{name: Unit or User}``: a city of two counties, one with two townships, and its people."""
    top = founded("4114", "商丘市")
    near, far = founded("411402", "梁园区", top), founded("411403", "睢阳区", top)
    one, other = founded("411402001", "双八镇", near), founded("411402002", "周集镇", near)
    there = founded("411403001", "郭村镇", far)
    office, county_office = founded("4114-AWB", "商丘市安委办", top), founded("411402-AWB", "梁园区安委办", near)
    department = founded("411402-YJ", "梁园区应急局", near)
    people = {
        "writer": UserFactory(role="safety_office", unit=office, full_name="贾德亮"),
        "head": UserFactory(role="safety_office", unit=office, full_name="冯晓岚"),
        "leader": UserFactory(role="leader", unit=top, full_name="宁致和"),
        "county_office": UserFactory(role="safety_office", unit=county_office),
        "county_leader": UserFactory(role="leader", unit=near),
        "manager": UserFactory(role="manager", unit=one),
        "inspector": UserFactory(role="inspector", unit=one),
        "neighbour": UserFactory(role="manager", unit=other),
        "stranger": UserFactory(role="manager", unit=there),
        "department": UserFactory(role="manager", unit=department),
        "enterprise": UserFactory(role="enterprise", unit=None),
        "sysadmin": UserFactory(role="sysadmin", unit=top),
    }
    firm = EnterpriseFactory(township=one, name="商丘豫盛冷链食品有限公司", registered_on=LONG_AGO.date())
    firm.members.add(people["enterprise"])
    return people | {"township": one, "other_township": other, "firm": firm, "office": office}


def overdue(firm, **columns):
    """A hazard of ``firm`` that was overdue at the end of the week, with the columns a freeze reads."""
    facts = {
        "found_on": WEEK.first.replace(day=1), "registered_at": LONG_AGO.replace(year=2026, month=11, day=1), "state": "rectifying",
        "issued_on": WEEK.first.replace(day=2), "issue_due_on": WEEK.first.replace(day=4), "deadline": WEEK.first.replace(day=10),
        "original_deadline": WEEK.first.replace(day=10), "description": "商丘豫盛冷链食品有限公司通道堆放货物。",
    }  # fmt: skip
    return HazardFactory(enterprise=firm, **(facts | columns))


def frozen(at):
    """The freeze of `WEEK`."""
    return freeze("4114", WEEK, at=at)
