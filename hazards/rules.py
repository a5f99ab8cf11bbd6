"""Who may do what to which hazard; each rule with the sentence for those it turns away.

Every rule is ``(user, hazard) -> bool`` and may assume that the hazard is visible to the user: the gate sees to that.
"""

from django.conf import settings

from accounts.roles import Role
from journal.lifecycle import says


@says("登记隐患须由检查人员、安全负责人或安委办办理")
def is_officer(user, hazard):
    return user.is_officer


@says("导入台账须由检查人员、安全负责人或安委办办理")
def is_importer(user, hazard):
    return user.is_officer


def is_author(user, hazard):
    return user.is_officer and hazard.registered_by_id == user.pk


@says("草稿由记录人本人修改、登记或放弃；记录人已离岗的，由本单位安全负责人或安委办办理")
def keeps_draft(user, hazard):
    """Its author; or a manager, who sees no draft of another's but those left behind."""
    return is_author(user, hazard) or user.is_manager


@says("下达整改须由乡镇、部门安全负责人或安委办办理")
def is_issuer(user, hazard):
    """A township, department or safety office manager: assigns the deadline and the people who answer for it."""
    return user.is_manager


NEEDS_REVIEW = "重大隐患不能当场销号，须下达整改并复查"


def needs_review(level):
    """Whether a hazard of ``level`` is closed by nothing but a review: `NEEDS_REVIEW` says so."""
    return level == "major"


@says(f"当场整改销号由检查人本人或安全负责人办理；{NEEDS_REVIEW}")
def is_registrar(user, hazard):
    """The inspector who found it, or a manager, may close what was fixed in front of them."""
    return not needs_review(hazard.level) and (is_author(user, hazard) or user.is_manager)


@says("整改反馈须由该企业，或负责该隐患的乡镇、主管部门负责人提交")
def is_rectifier(user, hazard):
    """The enterprise itself, or a manager of one of the bodies that answer for the hazard, on its behalf."""
    if not user.is_active:
        return False
    if user.role == Role.ENTERPRISE:
        return True  # an enterprise user only ever sees hazards of its own enterprise
    answering = {hazard.territorial_unit_id, hazard.competent_unit_id}
    return user.role == Role.MANAGER and user.unit_id in answering


def stands_for_the_firm(user):
    """Whether ``user`` does in its place what is the enterprise's to do; of those who may."""
    return user.role != Role.ENTERPRISE


@says("复查须由检查人员或安全负责人办理，且不能是提交反馈的本人")
def is_reviewer(user, hazard):
    """Any officer but the person who filed the feedback under review (two-person rule)."""
    return user.is_officer and hazard.feedback_by_id != user.pk


RESETS = "退回时重定整改期限由安全负责人或安委办办理，且不能是提交反馈的本人；请清空新的期限，或请负责人办理"


@says(RESETS)
def resets_by_review(user, hazard):
    """A deadline is set by who may order it, and not by who filed the feedback."""
    return user.is_manager and is_reviewer(user, hazard)


@says("延期由该企业，或负责该隐患的乡镇、主管部门负责人申请")
def asks_for_time(user, hazard):
    """Who has to rectify it, or does so on the enterprise's behalf."""
    return is_rectifier(user, hazard)


@says("该隐患已有延期申请等待批复，或延期次数已满，不能再申请延期")
def may_be_extended(hazard):
    """One undecided request at a time, and so many extensions for one hazard as the settings say."""
    return hazard.extension_due_on is None and hazard.extensions < settings.EXTENSIONS_AT_MOST


@says("该隐患现在没有等待批复的延期申请")
def is_asked_for_time(hazard):
    return hazard.extension_due_on is not None


@says("延期由下达整改的单位负责人批复，重大隐患由安委办批复；申请人不能批复自己的申请")
def gives_time(user, hazard):
    """A manager of the unit that issued the order, of a major one only the safety office; never who asked (two-person rule).

    The safety office may decide on a general one too: who issued it may have nobody left who can.
    """
    if not user.is_manager or hazard.extension_asked_by_id == user.pk:
        return False
    if user.role == Role.SAFETY_OFFICE:
        return True
    return not needs_review(hazard.level) and user.unit_id == hazard.issued_by_unit_id


@says("验收只用于重大隐患；一般隐患请办理“复查”")
def is_major(hazard):
    return hazard.level == "major"


@says("重大隐患由监管部门、主管部门或安委办验收；请办理“验收”")
def is_general(hazard):
    return not is_major(hazard)


@says("重大隐患的整改方案批准后才能提交反馈；请先报整改方案，已报的请等待审批")
def may_be_answered(hazard):
    """Nobody mends a major hazard without a plan that was approved (整改有方案; 总局令第16号 §15)."""
    return not is_major(hazard) or hazard.plan_approved_on is not None


@says("只有还没有整改方案的重大隐患才报整改方案；已报或已批准的，请办理“修订整改方案”")
def owes_plan(hazard):
    return is_major(hazard) and hazard.plan_filed_on is None and hazard.plan_approved_on is None


@says("该隐患没有已报或已批准的整改方案，不用修订")
def has_plan(hazard):
    return is_major(hazard) and not owes_plan(hazard)


@says("该隐患现在没有等待审批的整改方案")
def has_plan_waiting(hazard):
    return hazard.plan_filed_on is not None


@says("整改方案由该企业，或负责该隐患的乡镇、主管部门负责人报送")
def files_plans(user, hazard):
    """Who has to rectify it, or does so on the enterprise's behalf."""
    return is_rectifier(user, hazard)


@says("整改方案由行业主管部门负责人审批，没有主管部门的由安委办审批；报送人不能审批自己报的方案")
def approves_plans(user, hazard):
    """A manager of the competent department; never who filed it (two-person rule).

    The safety office may, too: there may be no such department, or nobody left in it who can.
    """
    if not user.is_manager or hazard.plan_filed_by_id == user.pk:
        return False
    return user.role == Role.SAFETY_OFFICE or (
        hazard.competent_unit_id is not None and user.unit_id == hazard.competent_unit_id
    )


@says("只有整改方案已批准的重大隐患才报进展")
def is_under_plan(hazard):
    return is_major(hazard) and hazard.plan_approved_on is not None


@says("进展由该企业，或负责该隐患的乡镇、主管部门负责人报告")
def reports_progress(user, hazard):
    """Who has to rectify it, or does so on the enterprise's behalf."""
    return is_rectifier(user, hazard)


@says("重大隐患由监管部门、主管部门或安委办的人员验收，且不能是提交反馈的本人")
def accepts(user, hazard):
    """An officer of the level that supervises it (总局令第16号 §23); never who filed the feedback under review (two-person rule)."""
    if not user.is_officer or hazard.feedback_by_id == user.pk:
        return False
    return user.role == Role.SAFETY_OFFICE or user.unit_id in {hazard.competent_unit_id, hazard.supervising_unit_id}


@says(RESETS)
def resets_by_acceptance(user, hazard):
    """A manager of those who accept it."""
    return user.is_manager and accepts(user, hazard)


@says("该隐患的重大隐患报告已报，或不需要报告")
def owes_report(hazard):
    return hazard.report_owed_on is not None


@says("该重大隐患的报告还没有报，不能验收通过；请登记单位先报告重大隐患")
def is_reported(hazard):
    return not owes_report(hazard)


@says("整改反馈没有写明双归零（故障归零和管理归零），不能验收通过；请验收不通过，退回企业重新反馈")
def is_cleared(hazard):
    """Both the fault and the management gap are closed. Feedback of before the row became major knows neither; what was answered in
    another ledger, of which nobody's feedback stands here, is judged on site alone."""
    return hazard.feedback_by_id is None or bool(hazard.fault_cleared and hazard.gap_closed)


@says("重大隐患报告由登记人、登记单位的安全负责人或安委办报送")
def reports_it(user, hazard):
    """Who registered it, a manager of that unit; or the safety office, which stands in for a unit that is no more."""
    return is_author(user, hazard) or _is_office(user) or (user.is_manager and user.unit_id == hazard.found_by_unit_id)


@says("该隐患没有等待签收的重大隐患报告")
def is_unsigned(hazard):
    return hazard.receipts_since is not None


@says("重大隐患报告由收到报告的单位的负责人签收，每个单位签收一次")
def signs_for(user, hazard):
    """A manager of a unit that the report went to and that has not signed yet."""
    return user.is_manager and user.unit_id in {one.unit_id for one in hazard.unsigned_receipts}


@says("由负责该隐患的乡镇、主管或监管部门负责人，或安委办办理")
def answers_for_it(user, hazard):
    """A manager of a body that answers for the hazard, or the committee office over it."""
    answering = {hazard.territorial_unit_id, hazard.competent_unit_id, hazard.supervising_unit_id}
    return _is_office(user) or (user.is_manager and user.unit_id in answering)


@says("移交由负责该隐患的乡镇、主管或监管部门负责人提出；已有移交等待答复的，只能由提出移交的单位改移")
def hands_over(user, hazard):
    """A manager of a body that answers for the hazard; while an offer waits, of the unit that made it."""
    answering = {hazard.territorial_unit_id, hazard.competent_unit_id, hazard.supervising_unit_id}
    if not user.is_manager or user.role != Role.MANAGER:
        return False
    return user.unit_id in answering and hazard.offered_by_unit_id in (None, user.unit_id)


@says("该隐患现在没有等待答复的移交")
def is_offered(hazard):
    return hazard.offered_unit_id is not None


@says("移交由接收单位的安全负责人答复")
def is_offered_it(user, hazard):
    return user.is_manager and user.role == Role.MANAGER and user.unit_id == hazard.offered_unit_id


@says("由哪个单位负责有争议或逾期未答复的，由安委办指定")
def settles_transfers(user, hazard):
    return _is_office(user)


@says("该隐患已移送其他机关，尚未登记答复；请先登记移送答复，再办理销号")
def is_not_elsewhere(hazard):
    """What another authority or the judiciary decides on is not closed before its answer is recorded."""
    return hazard.referred_on is None


@says("该隐患已移送其他机关，尚未登记答复；登记答复之后才能再次移送")
def is_not_referred(hazard):
    return hazard.referred_on is None


@says("该隐患现在没有等待答复的移送")
def is_referred(hazard):
    return hazard.referred_on is not None


@says("该隐患有移交、移送、批示或作废申请尚未办结；请办结之后再拆分")
def may_be_split(hazard):
    """What waits for an answer waits for one about the whole row."""
    return (hazard.offered_unit_id, hazard.referred_on, hazard.reply_due_on, hazard.void_asked_on) == (None,) * 4


@says("该隐患已有整改反馈、等待批复或已批准的延期或整改方案，或是重新打开的，不能再拆分；其余问题请另行登记")
def is_unanswered(hazard):
    """What waits or was granted since the order is about the whole row; what was refused or returned stands in nobody's way."""
    filed = (hazard.extension_due_on, hazard.plan_filed_on, hazard.plan_approved_on)
    return filed == (None,) * 3 and not (hazard.rounds or hazard.reopened or hazard.extensions)


@says("更正、拆分由登记人在登记当天、下达之前，或由安全负责人、安委办办理")
def is_corrector(user, hazard):
    """The registrar until others act on it, and the verb asks for the day of registering; or a manager."""
    return (is_author(user, hazard) and hazard.issued_on is None) or user.is_manager


@says("重大隐患更正为一般隐患由安委办办理")
def is_committee(user, hazard):
    return _is_office(user)


@says("重新打开由安全负责人或安委办办理")
def is_reopener(user, hazard):
    return user.is_manager


def _is_office(user):
    return user.is_manager and user.role == Role.SAFETY_OFFICE


@says("备注由检查人员、安全负责人、安委办或该企业的人员填写")
def is_commentator(user, hazard):
    """An officer or the enterprise's people, whoever of them reads the row."""
    return user.is_officer or (user.is_active and user.role == Role.ENTERPRISE)


@says("批示由领导作出，或由安委办按领导意见录入")
def is_instructor(user, hazard):
    """A leader, or the safety office in a leader's name."""
    return (user.is_active and user.role == Role.LEADER) or _is_office(user)


@says("该隐患没有属地、主管或监管单位，批示无处送达")
def has_bodies(hazard):
    return any((hazard.territorial_unit_id, hazard.competent_unit_id, hazard.supervising_unit_id))


@says("该隐患没有等待回复的批示")
def is_to_be_answered(hazard):
    return hazard.reply_due_on is not None


@says("批示由收到批示的单位的安全负责人回复，或由安委办代为回复")
def is_instructed(user, hazard):
    """A manager of a unit that owes an answer; or the safety office, for a unit that is no more or no longer answers for the row."""
    if _is_office(user):
        return True
    asked = {one.unit_id for one in hazard.open_instructions}
    return user.role == Role.MANAGER and user.is_manager and user.unit_id in asked


@says("作废由登记人或安全负责人、安委办申请")
def doubts_it(user, hazard):
    return is_author(user, hazard) or user.is_manager


@says("该隐患已有作废申请等待决定")
def is_undoubted(hazard):
    return hazard.void_asked_on is None


@says("该隐患现在没有等待决定的作废申请")
def is_doubted(hazard):
    return hazard.void_asked_on is not None


@says("作废由安委办或登记单位的上级单位负责人决定；申请人不能决定自己的申请")
def settles_doubts(user, hazard):
    """The safety office, or a manager of the unit above the one that registered it; never who asked (two-person rule)."""
    if not user.is_manager or hazard.void_asked_by_id == user.pk:
        return False
    return _is_office(user) or user.unit_id == hazard.found_by_unit.parent_id
