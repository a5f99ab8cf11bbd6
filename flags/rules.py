"""Who may do what to a flag; each rule with the sentence for those it turns away.

Every rule is ``(user, flag) -> bool`` and may assume that the flag is visible to the user: the gate sees to that.
"""

from django.db.models import Q

from accounts.models import Unit
from accounts.roles import Role
from accounts.scope import in_division
from journal.lifecycle import says


@says("说明由被提示单位的安全负责人填写")
def answers(user, flag):
    return user.is_manager and user.unit_id == flag.unit_id


def offices():
    """The committee offices in use."""
    return Unit.objects.active().filter(kind=Unit.Kind.COMMITTEE_OFFICE)


def judges(office, city_code):
    """Whether the committee office ``office`` decides on the flags of units of its territory, in the city ``city_code``: that of the
    city; where the city has none in use, those of its counties. Not the nearest one: units of all counties are compared with each
    other, and a county would judge its own."""
    if office.kind != Unit.Kind.COMMITTEE_OFFICE or office.level == Unit.Level.TOWNSHIP:
        return False
    is_of_city = office.level == Unit.Level.CITY
    return is_of_city or not offices().filter(level=Unit.Level.CITY, city_code=city_code).exists()


def judged_by(user):
    """The flags on which ``user``, of a safety office, decides, as a condition."""
    city = user.unit.division_code[:4]
    return in_division(user.unit.division_code, "unit__") if judges(user.unit, city) else Q(pk__in=[])


@says("提示由市安委办认定；没有市安委办的，由县（区）安委办认定")
def decides(user, flag):
    if not (user.is_manager and user.role == Role.SAFETY_OFFICE) or flag.unit_id is None:
        return False
    inside = flag.unit.division_code.startswith(user.unit.division_code)
    return inside and judges(user.unit, flag.unit.division_code[:4])
