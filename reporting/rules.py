"""Who may do what to which report; each rule with the sentence for those it turns away.

Every rule is ``(user, report) -> bool`` and may assume that the report is visible to the user: the gate sees to that.
"""

from accounts.roles import Role
from journal.lifecycle import says


@says("报告由本单位的安全负责人报送，企业的自查月报由企业人员报送")
def files(user, report):
    """Who answers for the body that owes it: nobody files in another's place, for the figures are that body's to confirm."""
    if not user.is_active:
        return False
    if report.enterprise_id is not None:
        return user.role == Role.ENTERPRISE  # an enterprise user only ever sees the reports of its own enterprise
    return user.is_manager and user.unit_id == report.unit_id


@says("退回、催报和免报由收报告的安委办办理；企业的自查月报也可由属地乡镇的安全负责人办理")
def receives(user, report):
    """The safety offices over the body that owes it; of an enterprise's report also the managers of its township."""
    if not user.is_manager:
        return False
    if user.role == Role.SAFETY_OFFICE:
        return user.unit_id != report.unit_id
    return report.enterprise_id is not None and user.unit.division_code == report.division_code
