from django.utils import timezone
from django.utils.html import format_html

from accounts.filters import AccountEventFilter, SignInFilter, UnitEventFilter
from accounts.models import AccountEvent, SignIn, UnitEvent
from accounts.operations.signing_in import KEPT
from accounts.roles import Role
from accounts.views.duty import require_role
from look import cells
from look.lists import Column, Empty, ListPage


def who(name, account):
    """A name as it was then, and the account it belongs to."""
    return format_html('{} <span class="text-3">{}</span>', name, account.username) if account else name


def _changes(event):
    changes = [f"{label}：{change}" for label, change in event.changes.items()]
    return "；".join(changes) or cells.NOTHING


WHEN = Column("时间", lambda event: f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", "num")
BY = Column("办理人", lambda event: who(event.actor_name, event.actor))
WHAT = Column("事项", lambda event: event.label, "lead nowrap")
CHANGES = Column("变更", _changes)


class AccountEvents(ListPage):
    """账号审计: what administrators did to accounts, for the auditor alone."""

    title, label, url_name = "账号审计", "账号审计记录", "accounts:account_events"
    sub = "账号和授权的每次变更，共 {total} 条{narrowed}，只增不改"
    columns = (WHEN, BY, WHAT, Column("人员", lambda event: who(event.record, event.record)), CHANGES)
    filter_class, fields = AccountEventFilter, ("q", "kind")
    empty = Empty("没有符合条件的记录", "账号的建立、修改、授权、停用和重置密码都会记在这里。", icon="history")

    def rows(self):
        require_role(self.request, {Role.AUDITOR}, "账号审计由审计员查阅")
        return AccountEvent.objects.select_related("actor", "record")


class UnitEvents(ListPage):
    """单位审计: what the system administrator did to units."""

    title, label, url_name = "单位审计", "单位审计记录", "accounts:unit_events"
    sub = "单位的每次变更，共 {total} 条{narrowed}，只增不改"
    columns = (WHEN, BY, WHAT, Column("单位", cells.link("record", "accounts:unit", "record_id")), CHANGES)
    filter_class, fields = UnitEventFilter, ("q", "kind")
    empty = Empty("没有符合条件的记录", "单位的建立、修改、停用和恢复都会记在这里。", icon="history")

    def rows(self):
        require_role(self.request, {Role.AUDITOR}, "单位审计由审计员查阅")
        return UnitEvent.objects.select_related("actor", "record")


class SignIns(ListPage):
    """登录记录: who signed in and out, and who tried; for the auditor alone."""

    title, label, url_name = "登录记录", "登录记录", "accounts:sign_ins"
    sub = f"登录、退出、输错密码和二次验证，共 {{total}} 条{{narrowed}}，保存 {KEPT.days} 天；不记密码"
    columns = (
        WHEN,
        Column("人员", lambda row: who(row.person, row.person) if row.person else "没有这个账号"),
        Column("结果", cells.text("get_result_display")),
        Column("地址", cells.text("peer"), "num"),
        Column("设备", lambda row: "本人用过的设备" if row.device else "未知设备"),
    )
    filter_class, fields = SignInFilter, ("q", "result", "day")
    empty = Empty("没有符合条件的记录", "每次登录、退出、输错密码和二次验证都会记在这里。", icon="history")

    def rows(self):
        require_role(self.request, {Role.AUDITOR}, "登录记录由审计员查阅")
        return SignIn.objects.visible_to(self.request.user).select_related("person")


account_events, unit_events, sign_ins = AccountEvents.as_view(), UnitEvents.as_view(), SignIns.as_view()
