"""数据异常提示: the list, the page of one flag with its acts, and the rows it stands on."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.html import format_html

from flags.filters import FlagFilter, FlagRowFilter
from flags.kinds import MANNERS
from flags.lifecycle import OPEN
from flags.models import Flag, FlagRow
from journal.views import ActPage, Pages, RecordPage
from look import cells, words
from look.lists import Column, Empty, ListPage
from look.paging import NUMBER, Order

SHOWN, PICTURES = 20, 12  # rows and pictures on the page of a flag; all rows stand in a list of their own
DOCUMENTS = 50
FOR_BODIES = "数据异常提示供监管单位使用"


def _state(flag):
    waits = f"说明期限 {words.full_date(flag.answer_due_on)}" if flag.state == OPEN[0] else ""
    return format_html('{}<span class="meta">{}</span>', flag.standing, waits) if waits else flag.standing


def _rows(flag):
    share = f" / {flag.out_of:,}" if flag.out_of > flag.row_count else ""
    return f"{flag.row_count:,}{share}"


class BodiesOnly:
    """Whoever serves no government body is told so; nothing here is for them."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.reads_rankings:
            raise PermissionDenied(FOR_BODIES)
        return super().dispatch(request, *args, **kwargs)


class FlagList(BodiesOnly, ListPage):
    title, label, url_name = "数据异常提示", "数据异常提示列表", "flags:list"
    sub = "共 {total} 条{narrowed}。除漏查外不扣分，由单位说明、安委办认定"
    columns = (
        Column("截止日", cells.link("last", "flags:flag", draw=cells.day), "num"),
        Column("单位", cells.text("unit.short_name"), "lead"),
        Column("类别", cells.text("kind_label")),
        Column("涉及条数", _rows, "num"),
        Column("本单位", cells.text("own_words"), "num"),
        Column("同类中位", cells.text("peers_words"), "num"),
        Column("状态", _state),
    )
    filter_class, fields = FlagFilter, ("q", "kind", "state", "to_from", "to_to")
    orders = (Order("to", "last", descending=True),)
    empty = Empty("没有符合条件的提示", "每周一对前一周为止的数据自动查一遍，发现异常的列在这里。", icon="circle-check")
    landscape = True

    def ask(self):
        return FlagFilter(self.request.GET, self.rows(), user=self.request.user)

    def fetch(self, page):
        return Flag.objects.select_related("unit").filter(pk__in=page.ids)


flag_list = FlagList.as_view()


def _what(row):
    if row.hazard_id is None:
        return row.inspection.get_kind_display()
    return row.hazard.description


def _number(row):
    if row.hazard_id is None:
        return cells.link("inspection.inspected_on", "inspections:detail", "inspection_id", draw=cells.day)(row)
    return cells.link("hazard.number", "hazards:detail", "hazard_id")(row)


def _seen(row):
    """The visit that found nothing, of 漏查."""
    if row.hazard_id is None or row.inspection_id is None:
        return cells.NOTHING
    return cells.link("inspection.inspected_on", "inspections:detail", "inspection_id", draw=cells.day)(row)


ROW_RELATED = ("hazard__enterprise", "hazard__found_by_unit", "inspection__enterprise")


class FlagRowList(BodiesOnly, ListPage):
    """The rows of one flag, or with no condition of all, as far as the reader sees what they name."""

    title, label, url_name = "提示涉及的记录", "提示涉及的记录列表", "flags:rows"
    sub = "共 {total} 条{narrowed}"
    columns = (
        Column("记录", _number, "lead num"),
        Column("组", lambda row: row.part or cells.NOTHING, "num"),
        Column("内容", _what),
        Column("企业", lambda row: (row.hazard or row.inspection).enterprise.name),
        Column("日期", lambda row: words.full_date(row.hazard.found_on if row.hazard else row.inspection.inspected_on), "num"),
        Column("本乡镇检查", _seen, "num"),
        Column("提示", cells.link("flag.kind_label", "flags:flag", "flag_id")),
    )  # fmt: skip
    filter_class, fields = FlagRowFilter, ()
    orders = (Order("entered", "pk", key=NUMBER),)
    empty = Empty("没有可以查看的记录", "记录已移交给其他单位的，由现在负责的单位查看。", icon="list-details")

    def fetch(self, page):
        return FlagRow.objects.select_related("flag", *ROW_RELATED).filter(pk__in=page.ids)


row_list = FlagRowList.as_view()


class FlagPages(Pages):
    kind = Flag
    related = ("unit", "answered_by")
    home, home_label = "flags:list", "数据异常提示"


class FlagPage(FlagPages, RecordPage):
    template = "flags/flag_detail.html"

    def beside(self, record):
        rows = FlagRow.objects.visible_to(self.request.user).filter(flag=record)
        shown = list(rows.select_related(*ROW_RELATED).order_by("pk")[: SHOWN + 1])
        # Of a hazard with two pictures that are one both are rows; it is told once.
        told = {(row.part, row.hazard_id, row.inspection_id): row for row in shown[:SHOWN]}
        return {
            "figure": MANNERS[record.kind].figure,
            "rows": list(told.values()),
            "has_more": len(shown) > SHOWN,
            "pictures": list(
                rows.exclude(photo=None).order_by("pk").values("photo", "part", "hazard__number")[:PICTURES]
            ),
            "documents": list(record.documents.select_related("uploaded_by").order_by("-pk")[:DOCUMENTS]),
            "opinions": opinions(record, timezone.localdate()),
        }


def opinions(flag, today):
    """The unit's answer and the decision, as items of components/_opinion.html."""
    items = []
    if flag.reason:
        upheld = flag.dismissed_on is None
        on = flag.upheld_on if upheld else flag.dismissed_on
        items.append(
            {
                "title": "认定：维持" if upheld else "认定：撤销",
                "text": flag.reason,
                "who_when": words.day_words(on, today),
                "look": "bad" if upheld else "ok",
            }
        )
    if flag.answer:
        who = f"{words.day_words(flag.answered_on, today)} · {flag.answered_by}"
        items.append({"title": "单位说明", "text": flag.answer, "who_when": who, "look": ""})
    return items


class FlagAct(FlagPages, ActPage):
    template = "flags/flag_act.html"

    def beside(self, record, act, today):
        return {"opinions": opinions(record, today)}
