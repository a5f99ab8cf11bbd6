"""Who may do what to figures and formulas; each rule with the sentence for those it turns away.

Every rule is ``(user, record) -> bool`` and may assume that the record is visible to the user: the gate sees to that.
"""

from accounts.roles import Role
from journal.lifecycle import says


@says("冻结的数字、排名公式和核定人数由市级安委办维护")
def keeps_figures(user, record):
    """The safety office of the city: one truth for all its counties."""
    return user.role == Role.SAFETY_OFFICE and user.unit is not None and len(user.unit.division_code) == 4


@says("公式由另一名市级安委办人员公布：最后改动草稿的人不能自己公布，请同事看过试算后公布")
def publishes(user, formula):
    """Two-person rule: people's posts hang on it. Where the office has one person only, that person publishes."""
    return keeps_figures(user, formula) and (formula.drafted_by_id != user.pk or not formula.has_second)
