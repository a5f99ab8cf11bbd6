"""Writing down visits."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from inspections.models import OF_TWO, Enterprise, Inspection
from journal.gate import day_of
from journal.refusal import Conflict, NotPermitted, Refused

OLDEST_VISIT = timedelta(days=366)
TOO_FEW = "检查人不得少于两人，请再选一名检查人"


def day_problem(inspected_on, *, today):
    """Why a visit cannot have been paid on the day ``inspected_on``, as a sentence; "" when it can."""
    if inspected_on > today:
        return "检查日期不能晚于今天"
    if inspected_on < today - OLDEST_VISIT:
        return "检查日期不能早于一年前；更早的检查请用台账导入"
    return ""


class SentBefore(Conflict):
    """The form was changed after it had arrived; ``visit`` is what its first sending made."""

    def __init__(self, visit):
        super().__init__(
            f"这张表单已经提交过（{visit}），这次的内容与当时不同，没有保存；请在“检查”中查看已登记的内容，要补充的隐患请另行登记"
        )
        self.visit = visit


def record_visit(
    *, by, at, kind, enterprise, inspected_on, inspectors, nothing_found, note="", submission_key="", sent_digest=""
):
    """Write down one visit; returns ``(Inspection, is_new)``.

    ``inspectors``: at least two people (行政处罚法 §42: 执法人员不得少于两人; self-inspections excepted). The same form
    (``submission_key``) sent again by the same person gives the visit of the first sending, and is refused as `SentBefore`
    when its ``sent_digest``, the digest of everything sent, is another. Runs in the caller's transaction, with what was found.
    """
    _check_visit(by=by, at=at, kind=kind, inspected_on=inspected_on, inspectors=inspectors)
    if earlier := _sent_before(by, submission_key, sent_digest):
        return earlier, False
    if not Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
        raise NotPermitted("该企业不存在，或不在您的管辖范围内")
    # Held until what was found is written: `enterprises.edit` moves no enterprise with open hazards to another township.
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if held.township_id != enterprise.township_id:
        raise Conflict("该企业的属地刚刚变更；请刷新页面，核对属地后再提交")
    visit = Inspection(
        kind=kind,
        enterprise=enterprise,
        unit=by.unit,
        inspected_on=inspected_on,
        nothing_found=nothing_found,
        note=note,
        created_by=by,
        created_at=at,
        submission_key=submission_key,
        sent_digest=sent_digest,
    )
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError:
        if earlier := _sent_before(by, submission_key, sent_digest):  # this moment, by the other of two sendings
            return earlier, False
        raise
    visit.inspectors.set(inspectors)
    return visit, True


def _sent_before(by, submission_key, sent_digest):
    """The visit that the same form made; None when it is new, or when the form has no key."""
    if not submission_key:
        return None
    earlier = Inspection.objects.filter(created_by=by, submission_key=submission_key).first()
    if earlier is not None and earlier.sent_digest != sent_digest:
        raise SentBefore(earlier)
    return earlier


def _check_visit(*, by, at, kind, inspected_on, inspectors):
    if not by.is_officer:
        raise NotPermitted("登记检查须由检查人员、安全负责人或安委办办理")
    if problem := day_problem(inspected_on, today=day_of(at)):
        raise Refused(problem)
    if not inspectors:
        raise Refused("请选择检查人")
    if not all(person.is_officer for person in inspectors):
        raise Refused("检查人须是检查人员、安全负责人或安委办人员")
    if kind in OF_TWO and len({person.pk for person in inspectors}) < 2:
        raise Refused(TOO_FEW)
