"""Who may do what to which bulletin; each rule with the sentence for those it turns away.

Every rule is ``(user, bulletin) -> bool`` and may assume that the bulletin is visible to the user: the gate sees to that.
"""

from accounts.roles import Role
from journal.lifecycle import says

TABLES_OF = (4, 6)  # digits of the codes of those who have a table of their own: a city, a county


def serves_an_office(user):
    """Whether ``user`` is of the committee office of a city or county, which issues bulletins."""
    return user.is_manager and user.role == Role.SAFETY_OFFICE and len(user.unit.division_code) in TABLES_OF


@says("通报由市、县（区）安委办拟稿")
def drafts(user, bulletin):
    return serves_an_office(user)


@says("通报由拟稿的安委办人员修改、送签和更换")
def is_of_the_office(user, bulletin):
    return serves_an_office(user) and user.unit_id == bulletin.unit_id


def leads(user, bulletin):
    """A leader of the place the bulletin speaks of, or of the city it lies in."""
    is_leader = user.is_active and user.role == Role.LEADER and user.unit_id is not None
    return is_leader and bulletin.division.startswith(user.unit.division_code)


@says("通报由本安委办的另一名人员或本级领导签发；拟稿人、送签人不能签发自己的稿子")
def signs(user, bulletin):
    """Two-person rule: never who wrote it or sent it to be signed."""
    wrote = {bulletin.drafted_by_id, bulletin.submitted_by_id}
    local = leads(user, bulletin) and user.unit.division_code == bulletin.division
    return user.pk not in wrote and (is_of_the_office(user, bulletin) or local)


@says("送签的通报由本安委办人员或本级领导退回")
def sends_back(user, bulletin):
    return is_of_the_office(user, bulletin) or (leads(user, bulletin) and user.unit.division_code == bulletin.division)


@says("通报由本级或上级领导批示")
def instructs(user, bulletin):
    return leads(user, bulletin)


def reads_receipts(user, bulletin):
    """Who has read it is the affair of who issued it and of the leaders over it, not of the other bodies."""
    return is_of_the_office(user, bulletin) or leads(user, bulletin)
