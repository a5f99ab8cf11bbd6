"""单位: the tree of bodies, kept by the system administrator."""

from accounts.filters import UnitFilter
from accounts.models import Unit
from accounts.roles import UNIT_READERS
from accounts.views.duty import require_role
from journal.views import ActPage, Pages, RecordPage
from look import cells
from look.lists import Column, Empty, ListPage

WHOSE = "单位由系统管理员管理、审计员查阅"
PEOPLE_SHOWN = 50


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
        require_role(self.request, UNIT_READERS, WHOSE)
        return Unit.objects.visible_to(self.request.user).select_related("parent")


units = Units.as_view()


class UnitPages(Pages):
    kind, related = Unit, ("parent",)
    home, home_label = "accounts:units", "单位"
    facts = ("code", "short_name", "kind", "level", "division_code")


class UnitPage(UnitPages, RecordPage):
    """For those who keep units, and for those who read the ledger of the unit's territory: whose people they are, and what is theirs."""

    template = "accounts/unit_detail.html"

    def record(self, user, pk):
        if user.reads_rankings:
            self.home, self.home_label = "hazards:desk", "工作台"  # the list of units is the administrators'
        else:
            require_role(self.request, UNIT_READERS, WHOSE)
        return super().record(user, pk)

    def beside(self, record):
        people = record.people.filter(is_active=True)
        shown = people.order_by("pk")[:PEOPLE_SHOWN] if self.request.user.reads_rankings else ()
        return {"people_count": people.count(), "people": shown}


class UnitAct(UnitPages, ActPage):
    """The page of one act on one unit."""

    def record(self, user, pk):
        require_role(self.request, UNIT_READERS, WHOSE)
        return super().record(user, pk)
