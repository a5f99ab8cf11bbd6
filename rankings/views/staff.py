"""核定检查人员数: of every body of the city that inspects how many people were approved, who has none, and the acts."""

from django.db.models import Subquery
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Unit
from journal import acts
from journal.views import ActPage, Pages, RecordPage
from journal.views.birth import BirthPage
from look import cells
from look.lists import Column, Empty, ListPage, Tab
from look.paging import Key, Order
from look.words import full_date
from rankings.filters import StaffFilter
from rankings.models import Formula, Staff
from rankings.models.staff import newest_of
from rankings.shown import divisions_for
from rankings.staff_forms import inspecting
from rankings.views.formulas import ReadersOnly

HISTORY = 50  # approvals of one unit on the page of one of them


def _inspectors(row):
    if row["staff"] is not None:
        return cells.link("staff.inspectors", "rankings:staff", "staff.pk")(row)
    if not row["may_approve"]:
        return format_html('<span class="text-red">{}</span>', "未核定")
    address = reverse("rankings:staff_new", args=["approve_staff"]) + f"?unit={row['pk']}"
    return format_html('<span class="text-red">{}</span> <a href="{}">{}</a>', "未核定", address, "核定")


def _coming(row):
    """What is approved from a later day on."""
    one = row["coming"]
    if one is None:
        return cells.NOTHING
    words = f"{full_date(one.since)} 起 {one.inspectors} 人"
    return format_html('<a href="{}">{}</a>', reverse("rankings:staff", args=[one.pk]), words)


def may_approve(user):
    return acts.named(Staff, "approve_staff").refusal(user, Staff()) is None


class StaffList(ReadersOnly, ListPage):
    """Of the whole city for every reader, like the tables in which the number counts."""

    title, label, url_name = "核定检查人员数", "核定检查人员数列表", "rankings:staff_list"
    sub = "共 {total} 个单位{narrowed}。检查目标不超过核定的人员能完成的家数；没有核定的按在册企业数算"
    columns = (
        Column("单位", cells.with_meta(cells.text("unit.name"), "unit.code"), "lead"),
        Column("检查人员", _inspectors, "num"),
        Column("每周最多查", cells.text("most"), "num"),
        Column("自何日起", cells.day("staff.since"), "num"),
        Column("核定依据", cells.text("staff.reason")),
        Column("以后", _coming, "num"),
    )
    filter_class, fields = StaffFilter, ("q", "county", "kind")
    orders = (Order("place", "division_code", key=Key(str, str)),)
    empty = Empty("没有符合条件的单位", "换一个条件再查。", icon="users")
    template = "rankings/staff_list.html"

    @property
    def city(self):
        return divisions_for(self.request.user)[0]

    def rows(self):
        units = inspecting(Unit.objects.filter(city_code=self.city))
        return units.annotate(approval=Subquery(newest_of("pk", self.today)))

    def ask(self):
        return StaffFilter(self.request.GET, self.rows(), city=self.city)

    def tabs(self):
        return (
            Tab("全部", {"approved": ""}, default=True),
            Tab("已核定", {"approved": "yes"}),
            Tab("未核定", {"approved": "no"}, count=self.missing, red=bool(self.missing)),
        )

    @property
    def missing(self):
        return self.rows().filter(approval__isnull=True).count()

    def fetch(self, page):
        units = list(self.rows().filter(pk__in=page.ids))
        seen = Staff.objects.visible_to(self.request.user)
        known = seen.in_bulk([unit.approval for unit in units if unit.approval])
        later = seen.filter(unit__in=page.ids, since__gt=self.today).order_by("-since", "pk")
        coming = {one.unit_id: one for one in later}  # of the next day the last one approved, as when that day has come
        version = Formula.objects.visible_to(self.request.user).in_force(self.city, self.today)
        each = version.constants.firms_per_inspector if version else 0
        may = may_approve(self.request.user)
        return [
            {
                "pk": unit.pk,
                "unit": unit,
                "staff": known.get(unit.approval),
                "most": f"{known[unit.approval].inspectors * each} 家" if unit.approval in known else "",
                "coming": coming.get(unit.pk),
                "may_approve": may,
            }
            for unit in units
        ]

    def besides(self):
        return {"may_approve": may_approve(self.request.user)}


staff_list = StaffList.as_view()


class StaffPages(Pages):
    kind = Staff
    related = ("unit",)
    facts = ("unit", "inspectors", "since", "reason")
    home, home_label = "rankings:staff_list", "核定检查人员数"


class StaffPage(StaffPages, RecordPage):
    template = "rankings/staff.html"

    def beside(self, record):
        every = Staff.objects.visible_to(self.request.user).filter(unit=record.unit).order_by("-since", "-pk")
        return {"every": every[:HISTORY], "may_approve": may_approve(self.request.user)}


class StaffBirth(StaffPages, BirthPage):
    """A link from the list fills in the unit."""


class StaffAct(StaffPages, ActPage):
    """The page of one act on one approval."""
