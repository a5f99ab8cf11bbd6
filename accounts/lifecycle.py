"""The law pages of accounts and units: their states and the moves between them; see `hazards.lifecycle`."""

from django.db import models

from accounts import rules
from journal.lifecycle import STAYS, UNBORN, Lifecycle, Move, by_system


class AccountState(models.TextChoices):
    PENDING = "pending", "待授权"  # it cannot sign in, and its role means nothing
    ACTIVE = "active", "启用"
    STOPPED = "stopped", "停用"


class UnitState(models.TextChoices):
    ACTIVE = "active", "启用"
    RETIRED = "retired", "停用"


PENDING, ACTIVE, STOPPED = AccountState
EVERY = tuple(AccountState)

ACCOUNT_LAW = Lifecycle(
    AccountState,
    Move("open",           "建立账号",       (UNBORN,),          PENDING, rules.opens_accounts),
    Move("add",            "建立账号并启用", (UNBORN,),          ACTIVE,  by_system),
    Move("readmit",        "恢复启用",       (PENDING, STOPPED), ACTIVE,  by_system),
    Move("edit",           "修改资料",       EVERY,              STAYS,   rules.keeps_accounts),
    # The unit decides what a role reaches: whoever moves needs a new grant.
    Move("transfer",       "更换单位",       (ACTIVE,),          PENDING, rules.keeps_accounts, act="edit"),
    Move("reset_password", "重置密码",       EVERY,              STAYS,   rules.resets_passwords, rules.is_no_administrator),
    Move("reset_factor",   "重置二次验证",   EVERY,              STAYS,   rules.resets_factors, (rules.keeps_own_factors, rules.has_factor)),
    Move("clear_factor",   "重置二次验证（服务器）", EVERY,       STAYS,   by_system, rules.has_factor),
    Move("bind_factor",    "绑定二次验证",   (ACTIVE,),          STAYS,   rules.is_oneself),
    Move("drop_factor",    "移除二次验证",   (ACTIVE,),          STAYS,   rules.is_oneself, rules.has_factor),
    Move("renew_codes",    "换发恢复码",     (ACTIVE,),          STAYS,   rules.is_oneself, rules.has_factor),
    Move("grant",          "授权启用",       EVERY,              ACTIVE,  rules.grants_roles),
    Move("deactivate",     "停用账号",       (ACTIVE,),          STOPPED, rules.stops_accounts),
    Move("revoke",         "撤销授权",       (ACTIVE,),          STOPPED, rules.revokes_grants, act="deactivate"),
    # What a person's access consists of (docs/adr/0041).
    Move("change_password", "更换密码",      (ACTIVE,),          STAYS,   rules.is_own),
    Move("set_password",   "服务器上设置密码", EVERY,            STAYS,   by_system),
    Move("make_token",     "生成接口令牌",   (ACTIVE,),          STAYS,   rules.is_own),
    Move("revoke_token",   "撤销接口令牌",   (ACTIVE,),          STAYS,   rules.ends_access),
    Move("end_access",     "退出所有设备",   (ACTIVE,),          STAYS,   rules.ends_access),
)  # fmt: skip

UNIT_LAW = Lifecycle(
    UnitState,
    Move("found",   "建立单位", (UNBORN,),          UnitState.ACTIVE,  by_system),
    Move("edit",    "修改单位", tuple(UnitState),   STAYS,             rules.keeps_units),
    Move("retire",  "停用单位", (UnitState.ACTIVE,),  UnitState.RETIRED, rules.keeps_units),
    Move("restore", "恢复单位", (UnitState.RETIRED,), UnitState.ACTIVE,  rules.keeps_units),
)  # fmt: skip
