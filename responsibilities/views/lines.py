"""行业分工: which departments of a place are competent for a sector and supervise it."""

from accounts.models import Unit
from journal.views import Pages
from look import cells
from look.lists import Column, Empty, ListPage
from look.paging import NUMBER, Order
from responsibilities.filters import LineFilter
from responsibilities.models import Line
from responsibilities.views.periods import FROM_TO, STATE, ForReaders, PeriodAct, PeriodBirth, PeriodPage


class Lines(ForReaders, ListPage):
    title, label, url_name = "行业分工", "行业分工名单", "responsibilities:lines"
    sub = "共 {total} 条{narrowed}。没有列出的行业，主管和监管部门按行业领域的部门职能确定"
    columns = (
        Column("区划", cells.text("place.short_name")),
        Column("行业领域", cells.link("sector.name", "responsibilities:line"), "lead"),
        Column("行业主管部门", cells.text("competent.short_name")),
        Column("监管部门", cells.text("supervising.short_name")),
        FROM_TO,
        STATE,
    )
    filter_class, fields = LineFilter, ("q", "sector")
    orders = (Order("place", "place_id", key=NUMBER), Order("newest", "pk", descending=True))
    empty = Empty("没有符合条件的行业分工", "没有列出的行业，按行业领域的部门职能确定。", icon="building")
    template = "responsibilities/line_list.html"

    def fetch(self, page):
        rows = Line.objects.visible_to(self.request.user).filter(pk__in=page.ids)
        return rows.select_related("place", "sector", "competent", "supervising")


lines = Lines.as_view()


class LinePages(Pages):
    kind, related = Line, ("place", "sector", "competent", "supervising")
    home, home_label = "responsibilities:lines", "行业分工"
    told = {"competent": "行业主管部门", "supervising": "监管部门"}


class LinePage(LinePages, PeriodPage):
    def beside(self, record):
        return super().beside(record) | {"unit": record.place, "left": False}


class LineAct(LinePages, PeriodAct):
    pass


class LineBirth(LinePages, PeriodBirth):
    place = "place"

    def usual(self, units):
        """The county or city whose office the visitor serves."""
        code = self.request.user.unit.division_code if self.request.user.unit_id else ""
        return units.filter(kind=Unit.Kind.GOVERNMENT, division_code=code).exclude(level=Unit.Level.TOWNSHIP).first()
