"""Who may do what to which account and unit (三员); each rule with the sentence for those it turns away.

GB/T 22239-2019 8.1.5: the system administrator keeps accounts and units, the security administrator grants, the auditor
reads what both did; nobody does two of these, and nobody grants or stops an account of their own. What somebody's access consists of
is their own affair; the security administrator may end it.
"""

from accounts.roles import ADMINISTRATORS, Role
from journal.lifecycle import says


def _is(role, user):
    return user.is_active and user.role == role


@says("建立账号须由系统管理员办理")
def opens_accounts(user, account):
    return _is(Role.SYSADMIN, user)


@says("修改账号资料须由系统管理员办理")
def keeps_accounts(user, account):
    return _is(Role.SYSADMIN, user)


@says("重置密码须由系统管理员办理")
def resets_passwords(user, account):
    return _is(Role.SYSADMIN, user)


@says("三员账号的密码不能在此重置，请由服务器运维人员在服务器上重置")
def is_no_administrator(account):
    """Who could set the password of the other two would do their jobs."""
    return account.role not in ADMINISTRATORS


@says("重置二次验证须由系统管理员办理")
def resets_factors(user, account):
    return _is(Role.SYSADMIN, user)


@says("三员账号的二次验证不能在此重置，请由服务器运维人员在服务器上重置")
def keeps_own_factors(account):
    """As with passwords: who could take the second factor from the other two would be half way to doing their jobs."""
    return account.role not in ADMINISTRATORS


@says("该账号没有绑定二次验证，不需要重置")
def has_factor(account):
    return account.has_factor


@says("二次验证只能由本人绑定和移除")
def is_oneself(user, account):
    return user is not None and user.is_active and user.pk == account.pk


@says("授权须由安全管理员办理；不能给自己授权，请由另一位安全管理员办理")
def grants_roles(user, account):
    return _is(Role.SECADMIN, user) and user.pk != account.pk


STOPPING = "停用账号须由系统管理员或安全管理员办理；不能停用自己的账号，请由另一位管理员办理"


@says(STOPPING)
def stops_accounts(user, account):
    return _is(Role.SYSADMIN, user) and user.pk != account.pk


@says(STOPPING)
def revokes_grants(user, account):
    return _is(Role.SECADMIN, user) and user.pk != account.pk


@says("这一步只能由本人办理")
def is_own(user, account):
    return user.is_active and user.pk == account.pk


@says("这一步由本人或安全管理员办理")
def ends_access(user, account):
    return is_own(user, account) or _is(Role.SECADMIN, user)


@says("单位由系统管理员管理")
def keeps_units(user, unit):
    return _is(Role.SYSADMIN, user)
