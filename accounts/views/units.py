"""单位: the tree of bodies, kept by the system administrator."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.filters import UnitFilter
from accounts.models import Unit
from accounts.roles import Role
from accounts.views.listing import render_list, require_role
from journal.acts import open_to
from journal.views import ActPage, timeline


def units(request):
    _require_keeper(request)
    asked = UnitFilter(request.GET, queryset=Unit.objects.visible_to(request.user).select_related("parent"))
    return render_list(request, asked, "accounts/unit_list.html")


def unit(request, pk):
    _require_keeper(request)
    row = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    acts = [
        {
            "label": act.words, "url": reverse("accounts:unit_act", args=[row.pk, act.name]), "icon": act.icon,
            "red": act.is_danger,
        }
        for act in open_to(request.user, row)
    ]  # fmt: skip
    context = {
        "unit": row, "acts": acts, "entries": timeline(row), "people_count": row.people.filter(is_active=True).count(),
    }  # fmt: skip
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
