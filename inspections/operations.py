"""Verbs about visits and the register of enterprises."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Role
from inspections.models import OF_TWO, Enterprise, Inspection
from journal.gate import day_of
from journal.refusal import NotPermitted, Refused

OLDEST_VISIT = timedelta(days=366)
TOO_FEW = "检查人不得少于两人，请再选一名检查人"


def record_visit(*, by, at, kind, enterprise, inspected_on, inspectors, nothing_found, note="", submission_key=""):
    """Write down one visit; returns ``(Inspection, is_new)``.

    ``inspectors``: at least two people (行政处罚法 §42: 执法人员不得少于两人; self-inspections excepted). The same form
    (``submission_key``) sent again by the same person gives the visit of the first sending; whether it was changed meanwhile
    is for the caller to judge. Runs in the caller's transaction, with what was found.
    """
    _check_visit(by=by, at=at, kind=kind, inspected_on=inspected_on, inspectors=inspectors)
    if submission_key and (earlier := _sent_before(by, submission_key)):
        return earlier, False
    if not Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
        raise NotPermitted("该企业不存在，或不在您的管辖范围内")
    visit = Inspection(
        kind=kind, enterprise=enterprise, unit=by.unit, inspected_on=inspected_on, nothing_found=nothing_found,
        note=note, created_by=by, created_at=at, submission_key=submission_key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError:
        return _sent_before(by, submission_key), False
    visit.inspectors.set(inspectors)
    return visit, True


def _sent_before(by, submission_key):
    return Inspection.objects.filter(created_by=by, submission_key=submission_key).first()


def _check_visit(*, by, at, kind, inspected_on, inspectors):
    if not by.is_officer:
        raise NotPermitted("登记检查须由检查人员、安全负责人或安委办办理")
    if inspected_on > day_of(at):
        raise Refused("检查日期不能晚于今天")
    if inspected_on < day_of(at) - OLDEST_VISIT:
        raise Refused("检查日期不能早于一年以前；更早的台账请用“导入”")
    if not all(person.is_officer for person in inspectors):
        raise Refused("检查人须是检查人员、安全负责人或安委办人员")
    if kind in OF_TWO and len({person.pk for person in inspectors}) < 2:
        raise Refused(TOO_FEW)


def save_enterprise(enterprise, *, by):
    """Write a new or changed enterprise, or raise Refused: not an officer, or someone entered the same one just now."""
    if not by.is_officer:
        raise Refused("登记和修改企业须由检查人员、安全负责人或安委办办理")
    if enterprise.pk is not None and _moves_away_from_work(enterprise):
        raise Refused("该企业还有未销号的隐患，销号后才能改属地；确需变更的，请先与安委办商定由谁继续负责")
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as error:
        raise Refused("这家企业刚刚已被登记，请在企业名录中查找") from error
    return enterprise


def _moves_away_from_work(enterprise):
    """Whether the township was changed while hazards are open: they would stay with a township that no longer answers."""
    before = type(enterprise).objects.values_list("township_id", flat=True).get(pk=enterprise.pk)
    return before != enterprise.township_id and enterprise.hazards.open().exists()


def add_member(enterprise, *, by, username):
    """Let the enterprise account ``username`` act for ``enterprise``; returns the person.

    A manager of the scope does it (the administrators know no ledger data). An account acts for one enterprise only.
    """
    if not by.is_manager:
        raise Refused("关联企业账号须由安全负责人或安委办办理")
    person = User.objects.filter(username=username, role=Role.ENTERPRISE, is_active=True).first()
    if person is None:
        raise Refused("没有这个企业账号；请先请系统管理员开户、安全管理员授予“企业人员”角色")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if person.enterprises.exclude(pk=enterprise.pk).exists():
            raise Refused("该账号已关联另一家企业，请先在那家企业解除")
        enterprise.members.add(person)
    return person


def remove_member(enterprise, *, by, username):
    """End that; hazards already given to the person keep the name that was written down. Returns the person."""
    if not by.is_manager:
        raise Refused("解除企业账号须由安全负责人或安委办办理")
    person = enterprise.members.filter(username=username).first()
    if person is None:
        raise Refused("该账号没有关联这家企业")
    enterprise.members.remove(person)
    return person
