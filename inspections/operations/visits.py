"""Writing down visits."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from inspections.models import OF_TWO, Enterprise, Inspection
from journal.gate import day_of
from journal.refusal import Conflict, NotPermitted, Refused

OLDEST_VISIT = timedelta(days=366)
TOO_FEW = "检查人不得少于两人，请再选一名检查人"
NOT_THERE = "检查人须包括登记人本人；没有参加检查的，请由参加检查的人登记"


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
    *, by, at, kind, enterprise, inspected_on, inspectors, nothing_found, note="", submission_key="", sent_digest="",
    as_draft=False,
):  # fmt: skip
    """Write down one visit; returns ``(Inspection, is_new)``.

    ``inspectors``: at least two people (行政处罚法 §42: 执法人员不得少于两人; self-inspections excepted), of a draft one
    (``as_draft``), until `complete_visit` makes a visit of it. The same form
    (``submission_key``) sent again by the same person gives the visit of the first sending, and is refused as `SentBefore`
    when its ``sent_digest``, the digest of everything sent, is another. Runs in the caller's transaction, with what was found.
    """
    _check_visit(by=by, at=at, inspected_on=inspected_on, inspectors=inspectors)
    if as_draft and nothing_found:
        raise Refused("没有发现隐患的检查不用存草稿，请直接提交登记")
    if not as_draft and is_short_of_people(kind, inspectors):
        raise Refused(TOO_FEW)
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
        is_draft=as_draft,
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


@transaction.atomic
def complete_visit(visit, *, at, colleague=None):
    """Let a draft visit count from ``at`` on, with ``colleague`` as one more inspector; returns all its inspectors in order.

    Refused while they are fewer than the law asks for. Nothing changes on a visit that counts already. Runs in the
    transaction of the verb that registers what was found.
    """
    held = Inspection.objects.select_for_update().get(pk=visit.pk)
    inspectors = list(held.inspectors.order_by("pk"))
    if not held.is_draft:
        return inspectors
    if colleague is not None and colleague not in inspectors:
        _check_inspectors([colleague])
        inspectors.append(colleague)
    if is_short_of_people(held.kind, inspectors):
        raise Refused(TOO_FEW)
    held.inspectors.set(inspectors)
    Inspection.objects.filter(pk=held.pk).update(is_draft=False, completed_at=at)
    return inspectors


def is_short_of_people(kind, inspectors):
    """Whether a visit of ``kind`` needs one more inspector than ``inspectors``."""
    return kind in OF_TWO and len({person.pk for person in inspectors}) < 2


def _sent_before(by, submission_key, sent_digest):
    """The visit that the same form made; None when it is new, or when the form has no key."""
    if not submission_key:
        return None
    earlier = Inspection.objects.filter(created_by=by, submission_key=submission_key).first()
    if earlier is not None and earlier.sent_digest != sent_digest:
        raise SentBefore(earlier)
    return earlier


def _check_visit(*, by, at, inspected_on, inspectors):
    if not by.is_officer:
        raise NotPermitted("登记检查须由检查人员、安全负责人或安委办办理")
    if problem := day_problem(inspected_on, today=day_of(at)):
        raise Refused(problem)
    if not inspectors:
        raise Refused("请选择检查人")
    if by.pk not in {person.pk for person in inspectors}:
        raise Refused(NOT_THERE)  # nobody says of others where they have been
    _check_inspectors(inspectors)


def _check_inspectors(people):
    if not all(person.is_officer for person in people):
        raise Refused("检查人须是检查人员、安全负责人或安委办人员")
