"""核定检查人员数: how many people inspect for a unit, as the safety office of the city approves it."""

from datetime import timedelta

from accounts.models import Unit
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused
from rankings.kinds import INSPECTING
from rankings.models import Staff
from workdays.periods import FIRST_YEAR

MOST = 1000
AHEAD = timedelta(days=366)


def approve_staff(*, by, at, unit, inspectors, since, reason):
    """Approve ``inspectors`` for ``unit`` (a township or department of the city) from the day ``since``."""
    gate.check_birth(Staff, "approve_staff", by=by)
    _judge(by, at, unit, inspectors, since)
    if not Unit.objects.active().filter(INSPECTING, pk=unit.pk).exists():
        raise Refused("只为在用的乡镇（街道）和部门核定检查人员数，请改选单位")
    one = Staff(unit=unit, inspectors=inspectors, since=since, reason=reason)
    gate.create(one, "approve_staff", by=by, at=at, note=reason, changes={"检查人员数": inspectors, "自何日起": since})
    return one


def correct_staff(staff, *, by, at, inspectors, since, reason):
    """Correct what was entered in error."""
    gate.check(staff, "correct_staff", by=by)
    _judge(by, at, staff.unit, inspectors, since)
    changed, words = gate.differences(staff, {"inspectors": inspectors, "since": since, "reason": reason})
    return gate.move(staff, "correct_staff", by=by, at=at, note=reason, changes=words, **changed) if changed else None


def _judge(by, at, unit, inspectors, since):
    if unit.city_code != by.unit.division_code:
        raise Refused("该单位不在您的管辖范围内")
    if not 1 <= inspectors <= MOST:
        raise Refused(f"检查人员数应为 1 至 {MOST} 的整数")
    if not since.year >= FIRST_YEAR or since > day_of(at) + AHEAD:
        raise Refused(f"起始日期应在 {FIRST_YEAR} 年以后，且不晚于一年以后，请核对")
