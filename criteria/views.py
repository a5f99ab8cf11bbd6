"""判定标准: the standards, their items, and what the page that registers a hazard is offered of them."""

from django.db.models import Count, Q
from django.http import JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from criteria.filters import NO_DAY, CriterionFilter, OfferedFilter, StandardFilter
from criteria.loading import EXAMPLE, HEADINGS
from criteria.models import Criterion, Standard
from doors.files import sent_as
from doors.names import asked, of_filter
from inspections.models import Sector
from journal import acts
from journal.views import ActPage, BirthPage, Pages, RecordPage
from look import cells
from look.lists import Column, Empty, ListPage
from look.paging import NUMBER, Order
from workbooks.writing import XLSX, stream_xlsx

ITEMS_SHOWN = 100  # on the page of a standard; the others stand in the list of items
OFFERED = 20  # to whoever looks for one while registering
TEMPLATE_NAME = "判定标准条目表.xlsx"


def _sector(row):
    return row.sector.name if row.sector else "不限行业"


class Standards(ListPage):
    title, label, url_name = "判定标准", "判定标准名单", "criteria:standards"
    sub = "共 {total} 项{narrowed}。登记重大隐患时按排查当日有效的标准引用，安委办维护"
    columns = (
        Column("名称", cells.with_meta(cells.link("name", "criteria:standard"), "number"), "lead"),
        Column("行业领域", _sector),
        Column("施行日期", cells.day("effective_on"), "num"),
        Column("废止日期", cells.day("expires_on"), "num"),
        Column("今天", lambda row: row.standing_on(timezone.localdate())),
        Column("条目", cells.text("item_count"), "num"),
    )
    filter_class, fields = StandardFilter, ("q", "sector", "on")
    orders = (Order("entered", "pk", key=NUMBER),)
    empty = Empty("没有符合条件的判定标准", "换一个条件再查。", icon="clipboard-list")
    template = "criteria/standard_list.html"

    def fetch(self, page):
        newest = Criterion.objects.items().newest().values("pk")
        counted = Count("criteria", filter=Q(criteria__in=newest))
        return Standard.objects.select_related("sector").annotate(item_count=counted).filter(pk__in=page.ids)

    def besides(self):
        return {"may_enter": acts.named(Standard, "enter").refusal(self.request.user, Standard()) is None}


standard_list = Standards.as_view()


class Criteria(ListPage):
    title, label, url_name = "判定条目", "判定条目", "criteria:items"
    sub = "共 {total} 条{narrowed}"
    columns = (
        Column("条款", cells.text("place"), "lead num"),
        Column("适用", cells.text("field")),
        Column("情形", cells.text("wording")),
        Column("判定标准", cells.with_meta(cells.link("standard.name", "criteria:standard", "standard_id"), "standard.number")),
    )  # fmt: skip
    filter_class, fields = CriterionFilter, ("q", "standard", "sector", "on")
    orders = (Order("entered", "pk", key=NUMBER),)
    empty = Empty("没有符合条件的条目", "换一个条件再查；只有标准、没有条目的，请看标准原文。", icon="clipboard-list")

    def rows(self):
        return Criterion.objects.visible_to(self.request.user).items().newest()

    def fetch(self, page):
        return Criterion.objects.select_related("standard").filter(pk__in=page.ids)


criterion_list = Criteria.as_view()


class StandardPages(Pages):
    kind, related = Standard, ("sector",)
    home, home_label = "criteria:standards", "判定标准"
    facts = ("number", "effective_on", "expires_on")


class StandardPage(StandardPages, RecordPage):
    template = "criteria/standard_detail.html"

    def beside(self, record):
        items = Criterion.objects.filter(standard=record).items().newest().order_by("order", "pk")
        return {
            "standing": record.standing_on(timezone.localdate()),
            "items": items[:ITEMS_SHOWN],
            "item_count": items.count(),
        }


class StandardAct(StandardPages, ActPage):
    pass


class StandardBirth(StandardPages, BirthPage):
    pass


@asked(query=of_filter(OfferedFilter))
@require_safe
def offered(request):
    """``{"items": [{id, heading, words, basis, keeps}, …], "more": bool}``, at most `OFFERED`; 400 with ``{"error": sentence}``.
    Where nothing is looked for, ``{"sectors": [{code, name}, …]}`` that have standards of their own.

    ``basis`` is the text for 判定依据; a hazard is judged by the row while its basis holds each of the texts ``keeps``.
    """
    found = OfferedFilter(request.GET, Criterion.objects.visible_to(request.user).select_related("standard"))
    given = {} if found.errors else found.form.cleaned_data
    if not found.errors and not (given["q"] or given["sector"]):
        sectors = Sector.objects.filter(pk__in=Standard.objects.order_by().values("sector")).values("code", "name")
        return JsonResponse({"items": [], "more": False, "sectors": list(sectors)})
    if found.errors or not given["on"]:
        return JsonResponse({"error": "；".join(found.sentences) or NO_DAY}, status=400)
    rows = list(found.qs[: OFFERED + 1])
    return JsonResponse({"items": [_told(row) for row in rows[:OFFERED]], "more": len(rows) > OFFERED})


def _told(row):
    if row.is_whole:
        words = "系统中没有这项标准的条目：选用后请在判定依据中写明所依据的条款"
    else:
        words = f"{row.field}：{row.wording}" if row.field else row.wording
    return {"id": row.pk, "heading": str(row), "words": words, "basis": row.citation, "keeps": row.marks}


@require_safe
def template(request):
    """An empty workbook of items, with one row as an example."""
    pieces = stream_xlsx("条目", HEADINGS, [EXAMPLE], column_widths=[12, 10, 14, 70])
    return sent_as(StreamingHttpResponse(pieces, content_type=XLSX), TEMPLATE_NAME)
