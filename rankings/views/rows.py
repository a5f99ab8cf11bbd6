"""The rows behind one figure of a table: of a frozen period as they stood then, beside how they stand now."""

from functools import partial
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from doors.names import of_form
from enforcement.models import Measure
from hazards.lifecycle import word_of
from hazards.models import ExtensionDecision, Hazard, Transfer
from inspections.models import Enterprise, Inspection
from look import cells
from look.filters import ListFilter
from look.lists import Column, Empty, ListPage
from look.words import full_date
from rankings.forms import RowsForm
from rankings.kinds import KINDS
from rankings.rows import EXTENSION, FIRM, HAZARD, MEASURE, TRANSFER, VISIT, behind
from rankings.shown import WINDOW, may_open
from rankings.views import ranking
from rankings.views.ranking import form_of, found

# What leads from a figure back to its table.
TABLE = ("week", "month", "county", "revision", "span")


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
MEASURES = (
    Column("决定日期", cells.link("row.on", "enforcement:measure", "row.pk", draw=cells.day), "num"),
    Column("措施", cells.text("row.get_kind_display")),
    Column("企业", cells.text("row.enterprise.name"), "lead"),
    Column("决定单位", cells.text("row.unit.short_name")),
    Column("罚款（元）", cells.text("row.amount"), "num"),
)
EXTENSIONS = (
    Column("编号", cells.link("row.request.hazard.number", "hazards:detail", "row.request.hazard_id"), "num"),
    Column("隐患", cells.with_meta(cells.text("row.request.hazard.description"), "row.request.hazard.enterprise.name"), "lead"),
    Column("批准时间", lambda told: full_date(timezone.localdate(told["row"].at)), "num"),
    Column("原期限", cells.day("row.request.deadline"), "num"),
    Column("延期至", cells.day("row.request.until"), "num"),
)  # fmt: skip
TRANSFERS = (
    Column("编号", cells.link("row.hazard.number", "hazards:detail", "row.hazard_id"), "num"),
    Column("隐患", cells.with_meta(cells.text("row.hazard.description"), "row.hazard.enterprise.name"), "lead"),
    Column("移出单位", cells.text("row.from_unit.short_name")),
    Column("答复期限", cells.day("row.due_on"), "num"),
    Column("答复日期", cells.day("row.answered_on"), "num"),
)
MODELS = {
    HAZARD: (Hazard, ("enterprise",), HAZARDS, "hazard"),
    VISIT: (Inspection, ("enterprise", "unit"), VISITS, "inspection"),
    FIRM: (Enterprise, ("township",), FIRMS, "enterprise"),
    MEASURE: (Measure, ("enterprise", "unit"), MEASURES, "pk"),
    EXTENSION: (ExtensionDecision, ("request__hazard__enterprise",), EXTENSIONS, "pk"),
    TRANSFER: (Transfer, ("hazard__enterprise", "from_unit"), TRANSFERS, "pk"),
}
# From what is done about a hazard to the hazard, by which it is read.
ABOUT = {EXTENSION: "request__hazard", TRANSFER: "hazard"}


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
        key, user = self.original if self.behind.frozen else "pk", self.request.user
        if path := ABOUT.get(self.behind.model):
            seen = self.model.objects.filter(**{f"{path}__in": Hazard.objects.visible_to(user).order_by().values("pk")})
        else:
            seen = self.model.objects.visible_to(user)
        return seen.filter(pk__in=self.behind.rows.order_by().values(key))

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
        gone = self.behind.rows.count() - self.rows().count() if self.one.freeze else 0
        given = {name: self.request.GET[name] for name in TABLE if self.request.GET.get(name)} | {"kind": one.kind.code}
        return {
            "table_url": f"{reverse('rankings:index')}?{urlencode(given)}",
            "unit_url": f"{reverse('rankings:explanation')}?{urlencode(given | {'unit': line.code})}",
            "gone": gone,
            "one": one,
            "line": line,
            "what": self.behind.words,
            "has_states": self.behind.model == HAZARD,
            "span": self.span,
        }


rows = Rows.as_view()
