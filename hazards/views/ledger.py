"""隐患台账: the list, its print version and its workbook, all under the conditions of one query string."""

from urllib.parse import urlencode

from django.db.models import Q, prefetch_related_objects
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import Unit
from accounts.roles import Role
from accounts.scope import Reach, in_division, place_of, scope_of
from doors.files import sent_as
from doors.names import asked, of_filter, once
from hazards.columns import COLUMNS, DAYS, Kind, asked_for
from hazards.counts import tab_counts
from hazards.export import stream_form, stream_ledger
from hazards.filters import YES_NO, Due, Handing, HazardFilter, View, hazard_filter
from hazards.lifecycle import State, word_of
from hazards.models import Hazard
from hazards.ordering import ORDER, ORDERS, order_of, usual, ways_by
from hazards.responsibility import BODIES, flags_of_left
from hazards.templatetags.hazard_badges import deadline_badge, duties, level_badge, row_edge, state_badge
from hazards.views.columns import drawn
from hazards.words import within
from journal import acts
from look.filters import MOST_PICKED, as_query, removed, replaced
from look.lists import COLUMNS as COLUMNS_NAME
from look.lists import PRINT, SHOWN, Bulk, Column, Empty, ListPage, Menu, Tab
from look.paging import BadCursor
from look.words import day_words
from workbooks.writing import XLSX

CITY_CODE = 4  # digits of a city's division code; a county's has more
TABS = (View.OPEN, View.OVERDUE, View.MAJOR, View.PENDING_REVIEW, View.CLOSED, View.ALL)
# What the rules of the law page read of a hazard: how far it has come, who and whose. Another column would cost a query a row.
# In the order of the model, as `from_db` takes them.
JUDGES = frozenset({
    "state", "level", "extensions", "extension_due_on", "reply_due_on", "handed_over", "referred_on", "void_asked_on",
    "plan_filed_on", "plan_approved_on", "report_owed_on", "receipts_since", "rounds", "reopened", "division_code",
})  # fmt: skip
JUDGED = tuple(field.attname for field in Hazard._meta.concrete_fields if field.is_relation or field.name in JUDGES)
PLACE = ("enterprise__township__parent__short_name", "enterprise__township__short_name")
DUTIES = (*(f"{kind}_unit__short_name" for kind in BODIES), *(f"{kind}_person" for kind in (*BODIES, "enterprise")))


def _number(row):
    found = day_words(row["found_on"], row["today"])
    number = format_html("<s>{}</s>" if row["state"] == State.VOIDED else "{}", row["number"] or "草稿")
    return format_html('<a href="{}">{}</a><span class="meta">{} 发现</span>', row["url"], number, found)


def _description(row):
    text = format_html("<s>{}</s>" if row["state"] == State.VOIDED else "{}", row["description"])
    return format_html('<a class="rowlink" href="{}"><span class="clamp-2">{}</span></a>', row["url"], text)


def _enterprise(row):
    county, township = (row[path] or "" for path in PLACE)
    place = township if row["inside"] else f"{county}{township}"
    under = f"{place} · {row['sector__name']}" if row["sector__name"] else place
    words = '<span class="ent" title="{0}">{0}</span><span class="meta">{1}</span>'
    return format_html(words, row["enterprise__name"], under)


def _duties(row):
    bodies = [
        (kind, row.get(f"{kind}_unit__short_name") or "", row[f"{kind}_person"], row.get(f"left_{kind}", False))
        for kind in (*BODIES, "enterprise")
    ]
    return duties(
        {"kind": kind, "body_name": body, "short_name": within(body, row[PLACE[0]]), "person": person, "left": gone}
        for kind, body, person, gone in bodies
    )


def _deadline(row):
    dates = row["state"], row["deadline"], row["rectified_on"], row["today"]
    badge = deadline_badge(*dates, feedback_on=row["feedback_on"], issue_due_on=row["issue_due_on"])
    if not row["deadline"]:
        return badge
    return format_html('{}<span class="meta num">{}</span>', badge, day_words(row["deadline"], row["today"]))


def _own(column):
    """A column of hazards.columns as one of the page, beside those composed of several."""
    width = "col-text" if column.kind in (Kind.TEXT, Kind.CRITERION) else "col-due"
    return Column(
        column.label, drawn(column), "", width, column.place, ways_by(column.stored),
        needs=column.named, visible=column.visible, key=column.field,
    )  # fmt: skip


class Ledger(ListPage):
    title, label, url_name = "隐患台账", "隐患列表", "hazards:ledger"
    columns = (
        Column(
            "编号", _number, "num", "col-no", "c-no", ways_by("found_on"), needs=("number", "found_on"),
        ),
        Column("等级", lambda row: level_badge(row["level"]), "", "col-level", "c-level", needs=("level",), key="level"),
        Column("隐患描述", _description, place="c-desc", needs=("description",)),
        Column(
            "企业 · 属地", _enterprise, "", "col-ent", "c-ent",
            needs=("enterprise__name", *PLACE, "sector__name"), key="enterprise",
        ),
        Column("四方责任", _duties, "", "col-duty", "c-duty", needs=(*DUTIES, PLACE[0]), key="duties"),
        Column(
            "期限", _deadline, "", "col-due", "c-due", ways_by("deadline"),
            needs=("state", "deadline", "rectified_on", "feedback_on", "issue_due_on"), key="deadline",
        ),
        Column(
            "状态", lambda row: state_badge(row["state"], word_of(row["state"], row["level"])), "", "col-state", "c-state",
            needs=("state", "level"), key="state",
        ),
        *(_own(column) for column in COLUMNS if column.listed),
    )  # fmt: skip
    filter_class = HazardFilter
    phone = "cards"
    search = "编号、描述、企业、人、地"
    span_fields = {column.asked.name: column.label for column in asked_for(*DAYS, offered=True)}
    orders, size, bulk_most = ORDERS, 50, MOST_PICKED
    template, landscape, print_title = "hazards/ledger.html", True, "安全隐患台账"
    print_instead = "请增加筛选条件，或导出正式台账表后打印。"

    def ask(self):
        self.counts = {}
        return hazard_filter(opened(self.request.GET), user=self.request.user, today=self.today)

    def first_order(self, data):
        return usual(data)

    @property
    def look(self):
        """A table with more than its own columns is as wide as they need."""
        more = {column.key for column in self.shown} - {column.key for column in self.columns if column.visible}
        return "ledger ledger-more" if more else "ledger"

    def fetch(self, page):
        """What the table shows, names read by joins for the rows of this page only."""
        paths = dict.fromkeys(("pk", "deadline", "issue_due_on", *JUDGED, *self.needs))
        fetched = Hazard.objects.filter(pk__in=page.ids).order_by().values(*paths, **flags_of_left())
        # Whose whole territory lies in one county need not read its name in every row.
        told = {"today": self.today, "inside": len(scope_of(self.request.user).division) > CITY_CODE}
        return [row | told | {"url": reverse("hazards:detail", args=[row["pk"]])} for row in fetched]

    def count(self):
        self.counts = tab_counts(self.asked)
        view = self.asked.current_view
        return self.counts[view] if view in self.counts else super().count()

    def tabs(self):
        views = [*TABS, View.DRAFTS] if self.request.user.is_officer else TABS
        return [
            Tab(
                view.label,
                {"view": view.value},
                count=self.counts.get(view),
                red=view is View.OVERDUE and bool(self.counts.get(view)),
            )
            for view in views
        ]

    def menus(self):
        counts = reverse("hazards:facets")
        return [
            *(
                Menu(column.asked.name, column.label, column.asked.choices or column.choices, counts=counts)
                for column in asked_for(Kind.CHOICE, offered=True)
            ),
            Menu("deadline", "期限", Due.choices, counts=counts),
            Menu("sector", "行业领域", self.asked.sectors, counts=counts),
            Menu("territory", "属地", places_of(self.request.user, self.asked.places), counts=counts),
            Menu("on_time", "按期完成", [("1", "按期"), ("0", "逾期")], more=True),
            Menu("left", "责任人", [("1", "已离岗")], more=True),
            *([Menu("transfer", "移交", Handing.choices, more=True)] if self.request.user.is_officer else []),
            Menu("origin", "来源", Hazard.Origin.choices, more=True),
            *(
                Menu(column.asked.name, column.label, YES_NO, more=True)
                for column in asked_for(Kind.FLAG, Kind.NUMBER, offered=True)
            ),
        ]

    def nothing(self):
        elsewhere = self.counts.get(View.ALL, 0)
        if self.asked.narrows and elsewhere:
            return Empty(
                f"“{self.asked.current_view.label}”里没有符合条件的隐患",
                f"同样的条件，全部隐患中有 {elsewhere:,} 条。",
                icon="search",
                url=replaced(self.asked.data, view=View.ALL.value),
                link="在全部隐患中查看",
            )
        if self.asked.narrows:
            return Empty(
                "没有符合条件的隐患",
                "请减少筛选条件，或换一个词搜索。",
                icon="search",
                url=self.clear_url(),
                link="清除条件",
            )
        if self.request.user.is_officer:
            register = reverse("hazards:register")
            return Empty("这里还没有隐患", "登记一次检查，发现的隐患就进入台账。", url=register, link="登记隐患")
        return Empty("这里没有隐患", "有新的隐患时会显示在这里。")

    def bulk(self, rows):
        keys = frozenset(row["pk"] for row in rows)
        return [
            Bulk("form", "导出台账表", "file-spreadsheet", reverse("hazards:export_form"), keys),
            Bulk("print", "打印", "printer", self.address, keys, (PRINT, "1")),
            *self._acts(rows),
        ]

    def _acts(self, rows):
        """The acts that can be done to several hazards at once, with the rows of the page that are this person's to do."""
        offered = [act for act in acts.acts_of(Hazard) if act.bulk and act.form]
        states = {state for act in offered for move in act.moves for state in move.sources}
        near = [row for row in rows if row["state"] in states]
        records = [Hazard.from_db(None, ("id", *JUDGED), [row[name] for name in ("pk", *JUDGED)]) for row in near]
        if scope_of(self.request.user).reach is Reach.DEPARTMENT:  # whose line of work decides who is a guest
            lent = [one for one in records if one.may_have_guests]
            prefetch_related_objects(lent, "competent_unit", "supervising_unit")
        at = timezone.now()
        for act in offered:
            done = frozenset(one.pk for one, why_not in act.judged(self.request.user, records, at) if why_not is None)
            if done:
                yield Bulk(act.name, act.words, act.icon, reverse("hazards:bulk", args=[act.name]), done)

    def row_look(self, row):
        return row_edge(row["state"], row["deadline"], row["today"], row["issue_due_on"])

    def besides(self):
        counts = {view.value: number for view, number in self.counts.items()}
        # A view keeps the columns one sees, also those remembered from another day.
        columns = [(COLUMNS_NAME, key) for key in sorted(self.chosen)]
        others = [(name, one) for name, values in self.asked.data.lists() if name != COLUMNS_NAME for one in values]
        return {
            "counts": counts,
            "view": self.asked.current_view.value,
            "conditions": removed(self.asked.data, *SHOWN - {ORDER}),
            "view_query": f"?{urlencode([*others, *columns])}",
        }


ledger = Ledger.as_view()


def opened(params):
    """``params`` with the tab said: an address without any condition opens on what is worked on, one with conditions, such
    as a link behind a figure, on all its rows."""
    query = as_query(params)
    if "view" not in query:
        query["view"] = View.ALL.value if set(query) - SHOWN else View.OPEN.value
    return query


def conditions_of(chosen):
    """The conditions of a valid filter of the ledger as one sentence, its tab first."""
    return "；".join(filter(None, [chosen.current_view.label, chosen.words]))


@asked(query=of_filter(HazardFilter) | once(ORDER))
def export(request):
    """The filtered ledger as a workbook of all columns, streamed while it is read."""
    return _workbook(request, request.GET, "隐患台账", _all_columns)


@asked(query=Ledger.query_names())
def export_form(request):
    """The official form of the filtered ledger, to be printed and signed: the rows of the page."""
    return _workbook(request, opened(request.GET), "隐患台账（表式）", _form)


def _all_columns(chosen, rows, **said):
    return stream_ledger(rows, **said)


def _form(chosen, rows, **said):
    return stream_form(rows, conditions=conditions_of(chosen), count=chosen.qs.count(), **said)


def _workbook(request, query, name, written):
    """The rows ``query`` asks for, in its order, as ``written``. What cannot be meant gives the ledger page and 400."""
    now = timezone.localtime()
    chosen = hazard_filter(query, user=request.user, today=now.date())
    try:
        order = order_of(chosen.data)
    except BadCursor:
        order = None
    if chosen.errors or order is None:
        return ledger(request)
    rows = chosen.qs.order_by(*order.by())
    pieces = written(chosen, rows, title=f"{place_of(request.user)}安全隐患台账", at=now)
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    return sent_as(response, f"{name}-{now:%Y%m%d}.xlsx", conditions_of(chosen))


def places_of(user, picked):
    """The places that can be chosen, as `Menu` takes them: the governments one level below the user's own; for a city also the
    townships of the counties in which those ``picked`` lie, so that a township is reached by way of its county. One query."""
    scope = scope_of(user)
    below = {4: Unit.Level.COUNTY, 6: Unit.Level.TOWNSHIP}.get(len(scope.division))
    if below is None or user.role == Role.ENTERPRISE:
        return []
    counties = {one.division_code[:6] for one in picked if len(one.division_code) > CITY_CODE}
    wanted = Q(level=below) | Q(level=Unit.Level.TOWNSHIP, county_code__in=counties)
    bodies = Unit.objects.active().filter(in_division(scope.division), wanted, kind=Unit.Kind.GOVERNMENT)
    rows = list(bodies.values_list("code", "short_name", "level", "division_code"))
    known = {row[0] for row in rows}
    rows += [(one.code, one.short_name, below, one.division_code) for one in picked if one.code not in known]  # retired
    near = {code: (name, division) for code, name, level, division in rows if level == below}
    places = []
    for code, (name, division) in near.items():
        if townships := [row[:2] for row in rows if row[2] != below and row[3].startswith(division)]:
            places += [(code, name), (f"{name}的乡镇（街道）", townships)]
    others = [(code, name) for code, (name, _) in near.items() if code not in {one[0] for one in places}]
    return [*places, ("其他县（区）", others)] if places and others else places + others
