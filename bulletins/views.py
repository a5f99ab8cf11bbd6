"""通报: the list, the page of one with its paper and its acts, Word, and who has read it."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from bulletins import composing, frozen, rules
from bulletins.filters import BulletinFilter, ReceiptFilter
from bulletins.lifecycle import State
from bulletins.models import LABELS, Addressee, Bulletin, Receipt
from bulletins.operations import note_reading
from bulletins.paper import DOCX, docx_of, paper_of
from bulletins.receipts import readings_of
from doors.files import sent_as
from doors.names import asked
from journal.refusal import Refused
from journal.views import ActPage, BirthPage, Pages, RecordPage
from look import cells
from look.lists import Column, Empty, ListPage, Tab
from look.paging import Order
from look.words import moment_words
from rankings.models import Freeze

NOT_A_READER = "通报供检查人员、安全负责人、安委办和领导查看"
NEWEST = 50  # instructions shown at most


def _whole(bulletin):
    link = format_html('<a href="{}">{}</a>', bulletin.get_absolute_url(), bulletin.title)
    return format_html('{}<span class="meta num">{}</span>', link, bulletin.number) if bulletin.number else link


class BulletinList(ListPage):
    title, label, url_name = "通报", "通报列表", "bulletins:list"
    sub = "共 {total} 份{narrowed}"
    columns = (
        Column("标题 · 文号", _whole, "lead"),
        Column("印发机关", cells.text("unit.short_name")),
        Column("时段", cells.text("freeze.asked_period.full_words"), "num"),
        Column("印发日期", cells.day("issued_on"), "num"),
        Column("状态", cells.text("standing")),
    )
    filter_class, fields = BulletinFilter, ("q", "span")
    empty = Empty("没有通报", "通报印发后列在这里。", icon="message")
    template = "bulletins/bulletin_list.html"

    def rows(self):
        if not self.request.user.reads_rankings:
            raise PermissionDenied(NOT_A_READER)
        return super().rows()

    def ask(self):
        return BulletinFilter(self.request.GET, self.rows(), user=self.request.user)

    def fetch(self, page):
        return Bulletin.objects.visible_to(self.request.user).filter(pk__in=page.ids).select_related("unit", "freeze")

    def tabs(self):
        words = ((State.ISSUED, "已印发"), (State.PENDING, "待签发"), (State.DRAFT, "草拟"))
        writes = rules.serves_an_office(self.request.user)
        chosen = [one for one in words if writes or one[0] == State.ISSUED]
        return [
            Tab("全部", {"state": ""}, default=True),
            *(Tab(label, {"state": state.value}) for state, label in chosen),
        ]

    def besides(self):
        return {"may_draft": rules.serves_an_office(self.request.user)}


bulletin_list = BulletinList.as_view()


def _state(row):
    if not row.first_at:
        return format_html('<b class="text-amber">{}</b>', "未读")
    return format_html(
        '{}<span class="meta num">{}{}</span>',
        row.reader,
        moment_words(row.first_at, timezone.localdate()),
        f"，共 {row.readers} 人读过" if row.readers > 1 else "",
    )


class ReceiptList(ListPage):
    """Who has read what: rows for the office that issued it and the leaders over it, none for the bodies it was sent to."""

    title, label, url_name = "已读回执", "已读回执", "bulletins:receipts"
    sub = "共 {total} 个单位{narrowed}"
    columns = (
        Column("单位", cells.text("unit.name"), "lead"),
        Column("通报", cells.link("bulletin.number", "bulletins:bulletin", "bulletin_id"), "num"),
        Column("首次阅读", _state),
    )
    filter_class, fields = ReceiptFilter, ("q",)
    orders = (Order("unit", "pk"),)  # written in the order of the codes of the bodies
    empty = Empty("没有符合条件的单位", "已读回执列给印发通报的安委办和领导。", icon="circle-check")

    def rows(self):
        if not self.request.user.reads_rankings:
            raise PermissionDenied(NOT_A_READER)
        return super().rows()

    def ask(self):
        return ReceiptFilter(self.request.GET, self.rows(), user=self.request.user)

    def fetch(self, page):
        mine = Receipt.objects.filter(bulletin=OuterRef("bulletin"), unit=OuterRef("unit")).order_by("at", "pk")
        counted = mine.order_by().values("unit")
        rows = (
            Addressee.objects.visible_to(self.request.user).filter(pk__in=page.ids).select_related("unit", "bulletin")
        )
        return rows.annotate(
            first_at=Subquery(counted.annotate(first=Min("at")).values("first")),
            readers=Subquery(counted.annotate(number=Count("pk")).values("number")),
            reader=Subquery(mine.values("person__full_name")[:1]),
        )

    def tabs(self):
        return [
            Tab("全部", {"read": ""}, default=True),
            Tab("未读", {"read": "no"}),
            Tab("已读", {"read": "yes"}),
        ]


receipt_list = ReceiptList.as_view()


def query_of(freeze, division, kind):
    """What leads to the table of ``kind`` in ``freeze`` among the rankings, as it was frozen."""
    period = freeze.asked_period
    asked_for = {period.unit: period.code, "kind": kind, "revision": freeze.revision}
    return "?" + urlencode(asked_for if kind == "county" else asked_for | {"county": division})


class BulletinPages(Pages):
    kind = Bulletin
    related = ("unit", "freeze__formula", "drafted_by", "submitted_by", "issued_by", "corrects")
    home, home_label = "bulletins:list", "通报"

    def checked(self, record, tables):
        """What whoever signs has to look at: words that were changed, numbers that nobody froze, firms that are named."""
        paper = paper_of(record, tables)
        cells_of = (cell for sheet in paper.attachments for row in sheet["rows"] for cell in row)
        known = set(composing.numbers_in(" ".join([*record.composed.values(), *cells_of])))
        texts = {name: (LABELS[name], record.composed.get(name, ""), getattr(record, name)) for name in record.edited}
        typed = [
            (label, [one for one in composing.numbers_in(text) if one not in known])
            for label, _, text in texts.values()
        ]
        return {
            "paper": paper,
            "known": known,
            "edited": list(texts.values()),
            "typed": [(label, numbers) for label, numbers in typed if numbers],
            "attachments": [
                sheet | {"query": query_of(record.freeze, record.division, sheet["code"])}
                for sheet in paper.attachments
            ],
            "red_head": settings.BULLETIN_RED_HEAD,
        }


class BulletinPage(BulletinPages, RecordPage):
    template = "bulletins/bulletin_detail.html"

    def beside(self, record):
        user, at = self.request.user, timezone.now()
        if self.request.method == "GET":
            note_reading(record, by=user, at=at)
        tables = frozen.shown_tables(record.freeze, record.division)
        writes = rules.is_of_the_office(user, record)
        newer = Freeze.objects.visible_to(user).of(record.freeze.city_code, record.freeze.asked_period)
        newer = None if newer is None or newer.pk == record.freeze_id else newer
        changed = []
        if newer is not None:
            newer_tables = frozen.shown_tables(newer, record.division)
            changed = frozen.changed_lines(frozen.main_of(tables), frozen.main_of(newer_tables))
        told = record.events.filter(kind__in=("issue_bulletin", "instruct_readers")).order_by("-sequence")
        # What was sealed of hundreds of addressees is not told here.
        told = list(told.defer("facts", "beside", "evidence")[:NEWEST])
        issued = next((event for event in told if event.kind == "issue_bulletin"), None)
        readings = readings_of(record) if record.is_issued and rules.reads_receipts(user, record) else None
        return {
            **self.checked(record, tables),
            "writes": writes,
            "readings": readings,
            "may_urge": writes
            and readings is not None
            and readings.unread
            and record.urged_on != timezone.localdate(at),
            "letters": [event for event in told if event.kind == "instruct_readers"],
            "seal": "-".join((issued.digest[:4], issued.digest[4:8])) if issued else "",
            "chosen": self._chosen(record) if writes or rules.signs(user, record) else [],
            "newer": newer,
            "query": query_of(record.freeze, record.division, frozen.main_of(tables).kind.code),
            "newer_query": query_of(newer, record.division, frozen.main_of(tables).kind.code) if newer else "",
            "changed": changed,
            "correction": record.corrections.exclude(state=State.DISCARDED).first() if record.is_issued else None,
        }

    def _chosen(self, record):
        return list(record.chosen.filter(is_told=True).select_related("hazard__enterprise").order_by("pk"))


class BulletinAct(BulletinPages, ActPage):
    template = "bulletins/bulletin_act.html"

    def beside(self, record, act, today):
        if act.name != "issue_bulletin":
            return {"paper": None, "edited": [], "typed": [], "chosen": [], "known": (), "red_head": False}
        chosen = record.chosen.filter(is_told=True).select_related("hazard__enterprise").order_by("pk")
        tables = frozen.shown_tables(record.freeze, record.division)
        return {**self.checked(record, tables), "chosen": list(chosen)}


class BulletinBirth(BulletinPages, BirthPage):
    template = "bulletins/bulletin_new.html"


@asked()
@require_safe
def word(request, pk):
    """The paper as .docx, by the template of the house where it has one."""
    bulletin = get_object_or_404(
        Bulletin.objects.visible_to(request.user).select_related("unit", "freeze__formula"), pk=pk
    )
    try:
        content = docx_of(paper_of(bulletin, frozen.shown_tables(bulletin.freeze, bulletin.division)))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(bulletin)
    if request.method == "GET":
        note_reading(bulletin, by=request.user, at=timezone.now())
    name = f"{bulletin.number or bulletin.title}.docx"
    return sent_as(HttpResponse(content, content_type=DOCX), name)
