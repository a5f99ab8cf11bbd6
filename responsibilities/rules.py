"""Who keeps the matrix; each rule with the sentence for those it turns away.

Every rule is ``(user, record) -> bool``. A record that is not born yet may have no unit: the verb asks again when it has.
"""

from accounts.roles import Role
from journal.lifecycle import says


def is_office(user):
    return user.is_manager and user.role == Role.SAFETY_OFFICE


@says("行业主管、监管部门由本级安委办或上级安委办确定")
def keeps_lines(user, line):
    """The committee office of the place, or one above it: a city may settle what a county left open."""
    return is_office(user) and (line.place_id is None or _lies_in(line.place, user))


@says("责任人由本单位安全负责人确定，或由上级安委办代为确定")
def keeps_charges(user, charge):
    """A manager of the unit, who knows its people; the office over it, where the unit has no manager left or lets it lie."""
    if charge.unit_id is None:
        return user.is_manager
    return user.is_manager and (user.unit_id == charge.unit_id or (is_office(user) and _lies_in(charge.unit, user)))


def _lies_in(unit, user):
    return unit.division_code.startswith(user.unit.division_code)
