"""A frozen week, a version of the formula and an approval of staff as tests want them, at the state they ask for."""

from django.utils import timezone

from rankings import operations
from rankings.kinds import COUNTY, TOWNSHIP
from rankings.models import Formula, Freeze, Staff
from rankings.operations.freezing import make
from tests.factories import TODAY
from workdays.periods import week_of


def frozen_week(city="4114"):
    """The last complete week of ``city``, frozen: the tables of places, which is what tests open."""
    period = week_of(timezone.localdate()).previous()
    known = Freeze.objects.of(city, period)
    return known or make(city, period, at=timezone.now(), kinds=[COUNTY, TOWNSHIP]).freeze


def freeze_at(state, office):
    """A freeze that is in force or, ``superseded``, was revised by ``office``."""
    one = frozen_week()
    if state == "superseded":
        operations.revise(one, by=office, at=timezone.now(), reason="登记有误")
        one.refresh_from_db()
    return one


def formula_at(state, office):
    """A version drafted by somebody else of the house, published or discarded as ``state`` says."""
    one = operations.propose_formula(by=office, at=timezone.now(), reason="加大覆盖", coverage=30, finding=15)
    Formula.objects.filter(pk=one.pk).update(drafted_by=None)
    one.refresh_from_db()
    if state == "published":
        operations.publish_formula(one, by=office, at=timezone.now(), since=timezone.localdate())
    if state == "discarded":
        operations.discard_formula(one, by=office, at=timezone.now(), reason="暂不调整")
    return one


def staff_of(unit, office):
    facts = {"inspectors": 3, "since": TODAY, "reason": "编制文件"}
    return operations.approve_staff(by=office, at=timezone.now(), unit=unit, **facts)


def made(kind, people, state=None):
    """A record of ``kind`` for the tables of tests; ``people`` has the ``office`` of the city and the ``manager`` of a township."""
    office = people.get("office") or people["safety_office"]
    if kind is Freeze:
        return freeze_at(state or "frozen", office)
    if kind is Formula:
        return formula_at(state or "draft", office)
    return staff_of(people["manager"].unit, office)


FROZEN = (Freeze, Formula, Staff)
