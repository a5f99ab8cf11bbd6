"""Who may do what to which measure; each rule with the sentence for those it turns away.

Every rule is ``(user, measure) -> bool`` and may assume that the measure is visible to the user: the gate sees to that.
"""

from accounts.roles import Role
from enforcement.kinds import LIFTABLE, RESUMABLE
from journal.lifecycle import says


@says("执法措施由作出决定的单位的检查人员、安全负责人或安委办记录")
def is_officer(user, measure):
    return user.is_officer


def decides(user, measure):
    """A manager of the unit that decided, or the safety office over it."""
    return user.is_manager and (user.unit_id == measure.unit_id or user.role == Role.SAFETY_OFFICE)


@says("解除由作出决定的单位的安全负责人或安委办办理")
def lifts(user, measure):
    return decides(user, measure)


@says("能直接解除的只有查封扣押、停水停电；停产停业整顿、停用设施设备须申请复工，经审查同意后恢复，其他措施没有解除")
def is_lifted_by_hand(measure):
    """安全生产法 §65: what was stopped is taken up again only after review and consent."""
    return measure.kind in LIFTABLE - RESUMABLE


@says("复工由该企业，或负责它的乡镇、主管部门负责人申请")
def asks_to_resume(user, measure):
    """The enterprise itself, or a manager of a body that answers for it or for the hazard, on its behalf."""
    if not user.is_active:
        return False
    if user.role == Role.ENTERPRISE:
        return True  # an enterprise user only ever sees measures against its own enterprise
    answering = {measure.enterprise.township_id}
    if measure.hazard is not None:
        answering |= {measure.hazard.territorial_unit_id, measure.hazard.competent_unit_id}
    return user.role == Role.MANAGER and user.unit_id in answering


@says("只有停产停业整顿、停用设施设备可以申请复工，且同时只能有一份申请等待决定")
def may_resume(measure):
    return measure.kind in RESUMABLE and measure.resumption_due_on is None


@says("该措施现在没有等待决定的复工申请")
def is_asked_to_resume(measure):
    return measure.resumption_due_on is not None


@says("复工由作出决定的单位的安全负责人或安委办审查；申请人不能审查自己的申请")
def consents(user, measure):
    """Never who applied (two-person rule)."""
    return decides(user, measure) and measure.resumption_asked_by_id != user.pk


@says("更正由记录人，或作出决定的单位的安全负责人、安委办办理")
def corrects(user, measure):
    return decides(user, measure) or (user.is_officer and user.pk == measure.recorded_by_id)


@says("撤销由作出决定的单位的安全负责人或安委办办理，记录人不能撤销自己记录的措施")
def withdraws(user, measure):
    return decides(user, measure) and user.pk != measure.recorded_by_id
