from django import forms
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html

from inspections.filters import EnterpriseFilter, InspectionFilter, SectorFilter, name_of, places_of
from inspections.models import Enterprise, Inspection, Sector
from journal.views import ActPage, BirthPage, Pages, timeline
from look import cells
from look.filters import flat
from look.lists import Column, Empty, ListPage
from look.paging import NUMBER, Order
from look.panels import panels_of

HAZARDS_SHOWN, MEMBERS_SHOWN = 50, 20


def _result(visit):
    if visit.is_draft:
        return "草稿，未计入检查"
    if visit.nothing_found:
        return "未发现隐患"
    if not visit.hazard_count:
        return "没有已登记的隐患"
    ledger = f"{reverse('hazards:ledger')}?inspection={visit.pk}"
    return format_html('<a href="{}">隐患 {} 条</a>', ledger, visit.hazard_count)


class Visits(ListPage):
    title, label, url_name = "检查", "检查列表", "inspections:list"
    sub = "共 {total} 次{narrowed}"
    columns = (
        Column("检查日期", cells.link("inspected_on", "inspections:detail", draw=cells.day), "num"),
        Column("企业", cells.with_meta(cells.link("enterprise.name", "inspections:enterprise", "enterprise_id"), "enterprise.sector.name"), "lead"),
        Column("检查方式", cells.text("get_kind_display")),
        Column("检查单位", cells.text("unit.short_name")),
        Column("结果", _result),
    )  # fmt: skip
    filter_class, fields = InspectionFilter, ("q", "kind", "result", "from", "to")
    orders = (Order("visits", "inspected_on", descending=True),)
    empty = Empty("没有符合条件的检查", "换一个条件，或者登记一次检查。", icon="clipboard-list")
    template, landscape = "inspections/inspection_list.html", True

    def ask(self):
        """The enterprise of a link is said by its name, to those who see it."""
        asked = super().ask()
        firms = Enterprise.objects.visible_to(self.request.user).values_list("name", flat=True)
        asked.filters["enterprise"].say = lambda pk: firms.filter(pk=pk).first() or pk
        return asked

    def fetch(self, page):
        counted = Count("hazards", filter=~Q(hazards__number=None) & ~Q(hazards__state="voided"))
        related = Inspection.objects.select_related("enterprise__sector", "unit").annotate(hazard_count=counted)
        return related.filter(pk__in=page.ids)


inspection_list = Visits.as_view()


def inspection_detail(request, pk):
    rows = Inspection.objects.visible_to(request.user).select_related(
        "enterprise__township", "enterprise__sector", "unit", "created_by"
    )
    visit = get_object_or_404(rows, pk=pk)
    hazards = (
        visit.hazards.visible_to(request.user).exclude(state__in=["discarded", "voided"]).order_by("pk")[:HAZARDS_SHOWN]
    )
    return render(
        request,
        "inspections/inspection_detail.html",
        {
            "visit": visit,
            "inspectors": visit.inspectors.select_related("unit"),
            "hazards": hazards,
            "panels": panels_of(request, visit),
        },
    )


def _principal(enterprise):
    if not enterprise.phone:
        return enterprise.principal or cells.NOTHING
    phone = '{} <a class="num" href="tel:{}">{}</a>'
    return format_html(phone, enterprise.principal or cells.NOTHING, enterprise.phone, enterprise.phone)


class Enterprises(ListPage):
    title, label, url_name = "企业", "企业名录", "inspections:enterprises"
    sub = "共 {total} 家{narrowed}"
    columns = (
        Column("企业名称", cells.link("name", "inspections:enterprise"), "lead"),
        Column("统一社会信用代码", cells.text("uscc"), "num"),
        Column("属地", cells.text("township.short_name")),
        Column("行业领域", cells.text("sector.name")),
        Column("主要负责人", _principal),
        Column("状态", cells.text("get_status_display")),
    )
    filter_class, fields = EnterpriseFilter, ("q", "sector", "status", "territory")
    orders = (Order("enterprises", "registered_on", descending=True),)
    empty = Empty("没有符合条件的企业", "换一个条件，或者登记新的企业。", icon="building")
    template = "inspections/enterprise_list.html"

    def ask(self):
        """The filter takes any division; the page offers those of the scope, and keeps one that a link brought."""
        asked = super().ask()
        places = places_of(self.request.user)
        given = asked.data.get("territory", "")
        others = [(given, name_of(given))] if given and given not in flat(places) and not asked.errors else []
        asked.form.fields["territory"].widget = forms.Select(choices=[("", "全部"), *places, *others])
        return asked

    def fetch(self, page):
        return Enterprise.objects.select_related("sector", "township").filter(pk__in=page.ids)


enterprise_list = Enterprises.as_view()


def enterprise_detail(request, pk):
    rows = Enterprise.objects.visible_to(request.user).select_related("sector", "township")
    enterprise = get_object_or_404(rows, pk=pk)
    context = {
        "enterprise": enterprise,
        "members": enterprise.members.order_by("-is_active", "pk")[:MEMBERS_SHOWN],
        "member_count": enterprise.members.count(),
        "hazards": enterprise.hazards.visible_to(request.user).in_ledger().order_by("-found_on", "-pk")[:20],
        "visits": enterprise.inspections.visible_to(request.user).select_related("unit")[:20],
        "entries": timeline(enterprise, request.user),
        "panels": panels_of(request, enterprise),
    }
    return render(request, "inspections/enterprise_detail.html", context)


class EnterprisePages(Pages):
    kind, related = Enterprise, ("sector", "township")
    home, home_label = "inspections:enterprises", "企业"


class EnterpriseAct(EnterprisePages, ActPage):
    pass


class EnterpriseBirth(EnterprisePages, BirthPage):
    pass


class SectorPages(Pages):
    kind, facts = Sector, ("code", "competent_function", "supervising_function", "order")
    home, home_label = "inspections:sectors", "行业领域"


class Sectors(ListPage):
    title, label, url_name = "行业领域", "行业领域名单", "inspections:sectors"
    sub = "共 {total} 个{narrowed}。登记企业和隐患时按此顺序列出，系统管理员维护"
    columns = (
        Column("名称", cells.link("name", "inspections:sector"), "lead"),
        Column("代码", cells.text("code"), "num"),
        Column("行业主管部门职能", cells.text("get_competent_function_display")),
        Column("监管部门职能", cells.text("get_supervising_function_display")),
        Column("状态", cells.text("state_label")),
    )
    filter_class, fields = SectorFilter, ("q", "state")
    orders = (Order("order", "order", key=NUMBER),)
    empty = Empty("没有符合条件的行业领域", "换一个条件再查。", icon="clipboard-list")


sector_list = Sectors.as_view()
