"""单位: the tree of bodies, kept by the system administrator."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.filters import UnitFilter
from accounts.models import Unit
from accounts.roles import Role
from accounts.views.duty import require_role
from journal.acts import open_to
from journal.views import ActPage, timeline
from look import cells
from look.lists import Column, Empty, ListPage


class Units(ListPage):
    title, label, url_name = "单位", "单位名单", "accounts:units"
    sub = "共 {total} 个{narrowed}。按行政区划建立，系统管理员维护"
    columns = (
        Column("代码", cells.text("code"), "num"),
        Column("名称", cells.link("__str__", "accounts:unit")),
        Column("类别", cells.text("get_kind_display")),
        Column("层级", cells.text("get_level_display")),
        Column("上级", cells.text("parent.name")),
        Column("状态", cells.text("state_label")),
    )
    filter_class, fields = UnitFilter, ("q", "kind", "level", "active")
    empty = Empty("没有符合条件的单位", "换一个条件再查。", icon="building")

    def rows(self):
        _require_keeper(self.request)
        return Unit.objects.visible_to(self.request.user).select_related("parent")


units = Units.as_view()


def unit(request, pk):
    _require_keeper(request)
    row = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    acts = [
        {
            "label": act.words,
            "url": reverse("accounts:unit_act", args=[row.pk, act.name]),
            "icon": act.icon,
            "red": act.is_danger,
        }
        for act in open_to(request.user, row)
    ]
    context = {
        "unit": row,
        "acts": acts,
        "entries": timeline(row),
        "people_count": row.people.filter(is_active=True).count(),
    }
    return render(request, "accounts/unit_detail.html", context)


class UnitAct(ActPage):
    """The page of one act on one unit."""

    kind, related = Unit, ("parent",)
    home, home_label = "accounts:units", "单位"

    def record(self, user, pk):
        _require_keeper(self.request)
        return super().record(user, pk)


def _require_keeper(request):
    require_role(request, {Role.SYSADMIN}, "单位由系统管理员管理")
