"""单位: the tree of bodies, kept by the system administrator."""

from accounts.filters import UnitFilter
from accounts.models import Unit
from accounts.roles import UNIT_READERS
from accounts.views.duty import require_role
from journal.views import ActPage, Pages, RecordPage
from look import cells
from look.lists import Column, Empty, ListPage


class Units(ListPage):
    title, label, url_name = "单位", "单位名单", "accounts:units"
    sub = "共 {total} 个{narrowed}。按行政区划建立，系统管理员维护"
    columns = (
        Column("代码", cells.text("code"), "num"),
        Column("名称", cells.link("__str__", "accounts:unit"), "lead"),
        Column("类别", cells.text("get_kind_display")),
        Column("层级", cells.text("get_level_display")),
        Column("上级", cells.text("parent.name")),
        Column("状态", cells.text("state_label")),
    )
    filter_class, fields = UnitFilter, ("q", "kind", "level", "active")
    empty = Empty("没有符合条件的单位", "换一个条件再查。", icon="building")

    def rows(self):
        require_role(self.request, UNIT_READERS, "单位由系统管理员管理、审计员查阅")
        return Unit.objects.visible_to(self.request.user).select_related("parent")


units = Units.as_view()


class UnitPages(Pages):
    kind, related = Unit, ("parent",)
    home, home_label = "accounts:units", "单位"
    facts = ("code", "short_name", "kind", "level", "division_code")

    def record(self, user, pk):
        require_role(self.request, UNIT_READERS, "单位由系统管理员管理、审计员查阅")
        return super().record(user, pk)


class UnitPage(UnitPages, RecordPage):
    template = "accounts/unit_detail.html"

    def beside(self, record):
        return {"people_count": record.people.filter(is_active=True).count()}


class UnitAct(UnitPages, ActPage):
    """The page of one act on one unit."""
