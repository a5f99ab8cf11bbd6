"""The rows behind one figure of a table: of a frozen period as they stood then, beside how they stand now."""

from functools import partial

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from doors.names import of_form
from hazards.lifecycle import word_of
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection
from look import cells
from look.filters import ListFilter
from look.lists import Column, Empty, ListPage
from look.words import full_date
from rankings.forms import RowsForm
from rankings.kinds import KINDS
from rankings.rows import FIRM, HAZARD, VISIT, behind
from rankings.shown import WINDOW, may_open
from rankings.views import ranking
from rankings.views.ranking import form_of, found


class RowsFilter(ListFilter):
    """The question itself is `RowsForm`'s; the list has no conditions of its own."""

    class Meta:
        model = Hazard
        fields = []


def _then(row):
    stood = row["then"]
    if stood is None:
        return cells.NOTHING
    word = word_of(stood.state, stood.level)
    due = f"期限 {full_date(stood.deadline)}" if stood.deadline else ""
    return format_html('{}<span class="meta">{}</span>', word, due) if due else word


HAZARDS = (
    Column("编号", cells.link("row.number", "hazards:detail", "row.pk"), "num"),
    Column("隐患", cells.with_meta(cells.text("row.description"), "row.enterprise.name"), "lead"),
    Column("等级", cells.text("row.get_level_display")),
    Column("排查日期", cells.day("row.found_on"), "num"),
    Column("当时", _then),
    Column("现在", cells.text("row.state_label")),
)
VISITS = (
    Column("检查日期", cells.link("row.inspected_on", "inspections:detail", "row.pk", draw=cells.day), "num"),
    Column("企业", cells.text("row.enterprise.name"), "lead"),
    Column("检查单位", cells.text("row.unit.short_name")),
    Column("检查方式", cells.text("row.get_kind_display")),
)
FIRMS = (
    Column("企业", cells.link("row.name", "inspections:enterprise", "row.pk"), "lead"),
    Column("属地", cells.text("row.township.short_name")),
    Column("登记日期", cells.day("row.registered_on"), "num"),
    Column("状态", cells.text("row.get_status_display")),
)
MODELS = {
    HAZARD: (Hazard, ("enterprise",), HAZARDS, "hazard"),
    VISIT: (Inspection, ("enterprise", "unit"), VISITS, "inspection"),
    FIRM: (Enterprise, ("township",), FIRMS, "enterprise"),
}


class Rows(ListPage):
    """``?week=…&kind=…&unit=…&figure=…``: 404 for a figure without rows, a unit of another table, or rows beyond the reader's scope."""

    title, label, url_name = "数字背后的记录", "数字背后的记录", "rankings:rows"
    sub = "共 {total} 条"
    filter_class = RowsFilter
    empty = Empty("没有记录", "这个数字是 0。")
    template = "rankings/rows.html"

    @classmethod
    def query_names(cls, **arguments):
        return super().query_names() | of_form(RowsForm)

    def dispatch(self, request, kind, unit, figure):
        if kind not in KINDS:
            raise Http404("no such table")
        form = form_of(request, partial(RowsForm, kind=KINDS[kind]))
        if form.sentences:
            return ranking.index(request)  # the table, with what is wrong
        self.one = found(form, at=timezone.now())
        self.line = next((line for line in self.one.lines if line.code == unit), None)
        if self.line is None or not may_open(request.user, self.one.kind, self.line):
            raise Http404("no such line")
        self.span = form.given.get("span") or WINDOW
        self.behind = behind(self.one, self.line, figure, self.span)
        if self.behind is None:
            raise Http404("no rows behind this figure")
        self.model, self.related, self.columns, self.original = MODELS[self.behind.model]
        return super().dispatch(request)

    @property
    def address(self):
        return reverse(self.url_name, args=[self.one.kind.code, self.line.code, self.behind.figure])

    def rows(self):
        key = self.original if self.behind.frozen else "pk"
        return self.model.objects.visible_to(self.request.user).filter(pk__in=self.behind.rows.order_by().values(key))

    def ask(self):
        return RowsFilter(self.request.GET, self.rows())

    def fetch(self, page):
        found_rows = self.model.objects.filter(pk__in=page.ids).select_related(*self.related)
        then = {}
        if self.behind.frozen and self.behind.model == HAZARD:
            stood = self.behind.rows.filter(**{f"{self.original}__in": page.ids})
            then = {row.hazard_id: row for row in stood}
        return [{"pk": row.pk, "row": row, "then": then.get(row.pk)} for row in found_rows]

    def besides(self):
        one, line = self.one, self.line
        # What has gone to another body since is counted, and no longer this reader's to see.
        gone = self.behind.rows.count() - self.rows().count() if self.behind.frozen else 0
        return {
            "gone": gone,
            "one": one,
            "line": line,
            "what": self.behind.words,
            "span": self.span,
        }


rows = Rows.as_view()
