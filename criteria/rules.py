"""Who may do what to the standards; the rule with the sentence for those it turns away.

A rule is ``(user, standard) -> bool`` and may assume that the standard is visible to the user: the gate sees to that.
"""

from accounts.models import Unit
from accounts.roles import Role
from journal.lifecycle import says

HIGHEST_FIRST = (Unit.Level.CITY, Unit.Level.COUNTY, Unit.Level.TOWNSHIP)


@says("判定标准由市安委办维护；没有市安委办的，由县（区）安委办维护")
def keeps_standards(user, standard):
    """The safety office of the highest level at which there is one: the whole installation judges by one set of standards."""
    if not (user.is_manager and user.role == Role.SAFETY_OFFICE):
        return False
    above = HIGHEST_FIRST[: HIGHEST_FIRST.index(user.unit.level)]
    return not above or not Unit.objects.active().filter(kind=Unit.Kind.COMMITTEE_OFFICE, level__in=above).exists()
