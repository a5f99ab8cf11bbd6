"""Verbs about the register of enterprises."""

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Role
from journal.refusal import Refused


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
