"""执法措施: the list, its workbook, the page of one measure with its acts, and the page that records one."""

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.html import format_html

from accounts.roles import Role
from accounts.scope import place_of
from doors.files import sent_as
from doors.names import asked, of_filter
from enforcement.closing import standing
from enforcement.export import stream_measures
from enforcement.filters import MeasureFilter
from enforcement.models import Measure
from enforcement.panels import told
from evidence.models import by_part
from inspections.filters import EnterpriseFilter
from inspections.models import Enterprise
from journal.views import ActPage, BirthPage, Pages, RecordPage
from look import cells, words
from look.lists import Column, Empty, ListPage
from look.paging import Order
from workbooks.writing import XLSX

NEWEST = 200  # applications and documents shown at most: far beyond any real measure, but a bound


def _number(measure):
    if measure.amount is None:
        return measure.number or cells.NOTHING
    fine = '{}<span class="meta num">罚款 {} 元</span>'
    return format_html(fine, measure.number, words.thousands_words(measure.amount))


def _state(measure):
    waits = "等待审查复工" if measure.resumption_due_on else ""
    return format_html('{}<span class="meta">{}</span>', measure.standing, waits) if waits else measure.standing


class MeasureList(ListPage):
    title, label, url_name = "执法措施", "执法措施列表", "enforcement:list"
    sub = "共 {total} 项{narrowed}"
    columns = (
        Column("决定日期", cells.link("on", "enforcement:measure", draw=cells.day), "num"),
        Column("措施", cells.text("get_kind_display")),
        Column("企业", cells.with_meta(cells.link("enterprise.name", "inspections:enterprise", "enterprise_id"), "enterprise.township.short_name"), "lead"),
        Column("决定单位", cells.text("unit.short_name")),
        Column("文号 · 金额", _number, "num"),
        Column("状态", _state),
    )  # fmt: skip
    filter_class, fields = MeasureFilter, ("q", "kind", "state", "on_from", "on_to")
    orders = (Order("on", "on", descending=True),)
    empty = Empty(
        "没有符合条件的执法措施", "换一个条件；记录执法措施请从隐患、检查或企业页面进入。", icon="shield-check"
    )
    template, landscape = "enforcement/measure_list.html", True

    def ask(self):
        return MeasureFilter(self.request.GET, self.rows(), user=self.request.user)

    def fetch(self, page):
        return Measure.objects.filter(pk__in=page.ids).select_related("enterprise__township", "unit")

    def besides(self):
        return {"conditions": "?" + self.asked.data.urlencode() if not self.asked.errors else ""}


measure_list = MeasureList.as_view()


@asked(query=of_filter(MeasureFilter))
def export(request):
    """The filtered list as a workbook. A bad condition gives the list's page and 400."""
    now = timezone.localtime()
    chosen = MeasureFilter(request.GET, Measure.objects.visible_to(request.user), user=request.user)
    if chosen.errors:
        return measure_list(request)
    pieces = stream_measures(chosen.qs.order_by("-on", "-pk"), title=f"{place_of(request.user)}执法措施", at=now)
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    return sent_as(response, f"执法措施-{now:%Y%m%d}.xlsx", chosen.words)


class ClosingList(ListPage):
    """The enterprises that meet the condition of 安全生产法 §113, whether proposed yet or not."""

    title, label, url_name = "符合提请关闭条件", "符合提请关闭条件的企业", "enforcement:closing"
    sub = "共 {total} 家{narrowed}。存在未销号的重大隐患，且多次受到行政处罚（安全生产法第一百一十三条）"
    columns = (
        Column("企业", cells.with_meta(cells.link("name", "inspections:enterprise"), "place"), "lead"),
        Column("依据", cells.fragment("enforcement/_counted.html", "firm")),
        Column("提请关闭", lambda firm: f"{firm['proposed']} 已提请" if firm["proposed"] else "未提请"),
    )
    filter_class, fields = EnterpriseFilter, ("q", "sector")
    empty = Empty("没有符合条件的企业", "有企业存在重大隐患并多次受到处罚时，会列在这里。", icon="circle-check")

    def rows(self):
        if self.request.user.role == Role.ENTERPRISE:
            raise PermissionDenied("这份名单供监管单位使用")
        return standing(Enterprise.objects.visible_to(self.request.user), timezone.localdate())

    def fetch(self, page):
        found = standing(Enterprise.objects.filter(pk__in=page.ids), self.today).select_related("township")
        return [told(firm, self.today) for firm in found]


closing_list = ClosingList.as_view()


class MeasurePages(Pages):
    kind = Measure
    related = (
        "enterprise__township", "hazard", "inspection__enterprise", "unit", "officer", "recorded_by", "resumption_asked_by",
    )  # fmt: skip
    facts = ("number", "content", "basis", "approver", "emergency", "lifted_on", "withdrawn_on")
    home, home_label = "enforcement:list", "执法措施"


class MeasurePage(MeasurePages, RecordPage):
    template = "enforcement/measure_detail.html"

    def beside(self, record):
        documents = documents_of(record)
        return {"resumptions": resumptions_of(record, documents, timezone.localdate()), "documents": documents}


class MeasureAct(MeasurePages, ActPage):
    template = "enforcement/measure_act.html"

    def beside(self, record, act, today):
        asked = act.name == "decide_resumption"
        return {"resumptions": resumptions_of(record, documents_of(record), today) if asked else []}


class MeasureBirth(MeasurePages, BirthPage):
    template = "enforcement/measure_new.html"


def documents_of(measure):
    """Its documents and those of applications and decisions, the newest first. One query."""
    return list(measure.documents.select_related("uploaded_by").order_by("-pk")[:NEWEST])


def resumptions_of(measure, documents, today):
    """Applications to resume and what became of them, the newest first, as items of components/_opinion.html, with those of the
    ``documents`` of the measure that belong to each. One query."""
    items, parts = [], by_part(documents)
    for asked_for in measure.resumptions.select_related("by", "decision__by").order_by("-pk")[:NEWEST]:
        decision = getattr(asked_for, "decision", None)
        if decision is not None:
            items.append(
                {
                    "title": "审查：同意复工" if decision.granted else "审查：不同意复工",
                    "text": decision.opinion,
                    "note": "",
                    "who_when": f"{words.moment_words(decision.at, today)} · {decision.by}",
                    "look": "ok" if decision.granted else "bad",
                    "documents": parts.get(decision.uid, []),
                }
            )
        waits = decision is None and measure.resumption_due_on is not None
        late = (today - asked_for.due_on).days if waits else 0
        due = f"等待审查，期限 {words.day_words(asked_for.due_on, today)}" + (f"，逾期 {late} 天" if late > 0 else "")
        items.append(
            {
                "title": "申请复工",
                "text": asked_for.text,
                "note": due if waits else "" if decision else "已失效，没有审查",
                "who_when": f"{words.moment_words(asked_for.at, today)} · {asked_for.by}",
                "look": "bad" if late > 0 else "",
                "documents": parts.get(asked_for.uid, []),
            }
        )
    return items
