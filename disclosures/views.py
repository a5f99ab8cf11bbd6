from accounts.roles import Role
from accounts.views.duty import require_role
from accounts.views.events import WHEN, who
from disclosures.filters import DisclosureFilter
from disclosures.models import Disclosure
from look import cells
from look.lists import Column, Empty, ListPage


class Disclosures(ListPage):
    """取用记录: who exported, printed or downloaded what, and looked whom up; for the auditor alone."""

    title, label, url_name = "取用记录", "取用记录", "disclosures:list"
    sub = "导出、打印、下载附件、查阅人员名单和接口读取，共 {total} 条{narrowed}，只增不改"
    columns = (
        WHEN,
        Column("人员", lambda row: who(row.person, row.person)),
        Column("方式", cells.text("get_kind_display"), "nowrap"),
        Column("内容", cells.text("what"), "lead"),
        Column("条件", cells.text("conditions")),
        Column("地址", cells.text("peer"), "num"),
    )
    filter_class, fields = DisclosureFilter, ("q", "kind", "day")
    empty = Empty(
        "没有符合条件的记录",
        "每次导出、打印列表、下载附件、查阅人员名单，和每天经接口读取的列表，都会记在这里。",
        icon="history",
    )

    def rows(self):
        require_role(self.request, {Role.AUDITOR}, "取用记录由审计员查阅")
        return Disclosure.objects.visible_to(self.request.user).select_related("person")


disclosures = Disclosures.as_view()
