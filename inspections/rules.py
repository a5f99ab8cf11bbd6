"""Who may do what to enterprises and sectors; each rule with the sentence for those it turns away.

Every rule is ``(user, record) -> bool`` and may assume that the record is visible to the user: the gate sees to that.
"""

from accounts.roles import Role
from journal.lifecycle import says


@says("登记和修改企业须由检查人员、安全负责人或安委办办理")
def is_officer(user, enterprise):
    return user.is_officer


@says("导入台账须由检查人员、安全负责人或安委办办理")
def is_importer(user, enterprise):
    return user.is_officer


@says("关联企业账号须由安全负责人或安委办办理")
def may_join(user, enterprise):
    """A manager of the scope; the administrators know no ledger data."""
    return user.is_manager


@says("解除企业账号须由安全负责人或安委办办理")
def may_part(user, enterprise):
    return user.is_manager


@says("行业领域由系统管理员维护")
def is_keeper(user, sector):
    return user.is_active and user.role == Role.SYSADMIN
