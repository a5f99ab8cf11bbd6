"""One engine for every list: a page is *declared* and drawn through ``templates/look/list.html``.

A subclass of :class:`ListPage` says which columns there are and how each cell is drawn, what can be asked, in which orders
and sizes the rows come, which tabs stand above, and what is said when nothing is there. Everything else (the form, chips
of the conditions that links bring along, the table that becomes cards on a phone, the pager with its exact total, 400
with sentences for what cannot be meant, print) is the same on every list.
"""

from dataclasses import dataclass
from functools import cached_property

from django.forms.utils import flatatt
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views import View

from doors.names import NOTHING, many, of_filter, once
from look.filters import POSITION_PARAMETERS, removed, replaced
from look.paging import DEFAULT_SIZE, BadCursor, Order, Page, order_named, page_of, size_named
from look.ways import columns_of, remember
from look.words import thousands_words

NEWEST_ID = Order("newest", "pk", descending=True)
PRINT, PRINTED = "print", 1000  # the parameter that asks for all rows on paper, and how many those may be
USUAL = "usual"  # instead of columns: those that are shown at first
COLUMNS = "columns"  # the parameter that names the columns to show, several times
# What an address says besides conditions: how the list is shown, and which stretch of it.
SHOWN = frozenset({"order", "size", COLUMNS, PRINT, *POSITION_PARAMETERS})


@dataclass(frozen=True)
class Column:
    """One column. ``cell`` gives a row's words (look.cells). ``look`` and ``width`` are classes of the cell and the column.

    On a phone a list of ``cards`` puts the cell at ``place`` (a class); in a ``compact`` one it follows its heading, and the
    one whose look is ``lead`` goes first, without. With ``ways`` (orders by its column) the heading sorts by the first of them,
    and once sorted so by the next. ``needs`` are the paths that a list which reads no whole rows fetches for it. One with a
    ``key`` is shown or not as the reader chooses; ``visible`` says whether it is before anybody has chosen. One without is not
    asked about.
    """

    heading: str
    cell: callable
    look: str = ""
    width: str = ""
    place: str = ""
    ways: tuple = ()
    needs: tuple = ()
    visible: bool = True
    key: str = ""

    @cached_property
    def opening(self):
        """The opening tag of this column's cells."""
        label = {} if self.place else {"data-label": self.heading}
        classes = " ".join(filter(None, (self.place, self.look)))
        return format_html('<td role="cell"{}>', flatatt(label | ({"class": classes} if classes else {})))


@dataclass(frozen=True)
class Tab:
    """A name for a query: the parameters it sets, beside whatever else is asked. The default one sets none in addresses."""

    label: str
    query: dict
    default: bool = False
    count: int | None = None
    red: bool = False

    def holds(self, data):
        """Whether the address asks for this tab."""
        return all(data.get(name) == value for name, value in self.query.items())

    def url(self, data):
        return replaced(data, **dict.fromkeys(self.query) if self.default else self.query)


@dataclass(frozen=True)
class Empty:
    """Nothing to show: why, and one way out."""

    title: str
    text: str
    icon: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Bulk:
    """Something to do with the rows one ticks: a button that sends their keys as ``only``, and ``given`` ``{name: value}`` of
    one more parameter, to ``url``. ``keys`` are those of this page for which it would be done."""

    name: str
    label: str
    icon: str
    url: str
    keys: frozenset
    given: tuple = ("", "")


@dataclass(frozen=True)
class Menu:
    """One filter as a button that opens boxes to tick, or with ``more`` a part of the menu 更多条件. ``choices`` are
    ``(value, words)`` or, under a heading, ``(heading, [(value, words), …])``."""

    name: str
    label: str
    choices: list
    counts: str = ""  # the address that tells how many rows each choice leaves, asked for when the menu is opened
    more: bool = False

    def drawn(self, data):
        given = data.getlist(self.name)
        options = []
        for value, words in self.choices:
            if isinstance(words, list):
                options.append({"heading": value})
            for one, label in words if isinstance(words, list) else [(value, words)]:
                options.append({"heading": "", "value": one, "label": label, "checked": one in given})
        counts = self.counts and self.counts + replaced(data, **dict.fromkeys(SHOWN), menu=self.name)
        return {"name": self.name, "label": self.label, "options": options, "counts": counts, "more": self.more}


class ListPage(View):
    """A list in the visitor's scope. Declare below; override the hooks :meth:`rows`, :meth:`fetch`, :meth:`tabs` …"""

    http_method_names = ("get", "head", "options")

    title = ""  # of the page, also on the phone's bar
    label = ""  # what the list is called aloud
    url_name = ""
    sub = "共 {total} 条{narrowed}"  # the line of context beside the title
    columns = ()
    look = ""  # a class of the table
    phone = "compact"  # what a row becomes on a phone: compact (headings and values, flowing) or cards (columns have places)
    filter_class = None
    fields = ()  # conditions with a field on the page; the others come from links and are said by chips
    search = ""  # instead of fields: a search box with this hint, menus, and
    span_fields = {}  # spans of days with fields among the menus, {"x": label} for x_from and x_to
    orders = (NEWEST_ID,)
    size, sizes = DEFAULT_SIZE, (20, 50, 100)  # rows a page, and what else is offered
    empty = None
    template = "look/list.html"  # or one that extends it with blocks page_head, sub, acts
    body = "look/_table.html"  # or one that draws rows as something else
    wide = True
    landscape = False  # printed so
    print_instead = "请增加筛选条件后再打印。"  # said when there are too many rows to print
    print_title = ""  # of the printed official form, behind the place's name; none: the page's own title is printed

    bulks = ()
    bulk_most = 0  # how many rows, this page's or not, can be taken at once by ``only=all``; 0: those ticked alone
    chosen = frozenset()  # keys of the columns to show; none: those visible at first

    @classmethod
    def query_names(cls, **arguments):
        """What may stand in the address: conditions, how the list is shown, and which stretch of it."""
        columns = many(COLUMNS) if any(column.key for column in cls.columns) else NOTHING
        return of_filter(cls.filter_class) | columns | once(*SHOWN - {COLUMNS})

    # --- what a list says itself

    def rows(self):
        """The queryset in the visitor's scope."""
        return self.filter_class._meta.model._default_manager.visible_to(self.request.user)

    def ask(self):
        """The filter over :meth:`rows` with what the address asks."""
        return self.filter_class(self.request.GET, self.rows())

    def fetch(self, page):
        """Rows of ``page.ids`` in any order, each with a pk; None when the page has read whole rows itself."""

    def count(self):
        """The exact number of rows, asked for only when everything can be meant; None: not counted. A list that ends on its first
        page has been counted by reading it."""
        is_whole = self.page.is_first and not self.page.next
        return len(self.page.ids) if is_whole else self.asked.qs.order_by().count()

    def first_order(self, data):
        """The order in force while the address, ``data``, names none."""
        return self.orders[0]

    def tabs(self):
        """The tabs above the list; called after :meth:`count`, with everything that could be counted."""
        return ()

    def menus(self):
        """The menus of a list with ``search``."""
        return ()

    def nothing(self):
        """What an empty list says."""
        return self.empty

    def bulk(self, rows):
        """What can be done with several of ``rows`` at once (:class:`Bulk`); with nothing, none can be ticked."""
        return ()

    def row_look(self, row):
        """The class of a row."""
        return ""

    def besides(self):
        """What the template of this one list needs besides."""
        return {}

    # --- what is the same on every list

    def get(self, request):
        self.today = timezone.localdate()
        self.asked = asked = self.ask()
        self.printing = PRINT in asked.data
        page, total = Page(), None
        problems = [*asked.sentences, *self._choose_columns()]
        if asked.data.get(PRINT, "1") != "1":
            problems.append("打印的地址无法识别，请用页面上的“打印”")
        if not problems:
            try:
                self.page = page = self._page()
            except BadCursor as refusal:
                problems = [str(refusal)]
            else:
                total = self.count()
        too_many = self.printing and bool(page.next)
        page = Page() if too_many else page
        fetched = self.fetch(page)
        rows = page.rows if fetched is None else page.arrange(fetched)
        self.bulks = () if self.printing else self.bulk(rows)
        context = {
            "list": self, "problems": problems, "rows": rows,
            "total": total, "narrows": asked.narrows or bool(problems), "chips": asked.chips(), "now": timezone.now(),
            "heads": self.heads(asked.data), "sorts": self.sorts(asked.data), "clear_url": self.clear_url(), "query": "?" + asked.data.urlencode(),
            "kept_all": [
                (name, value) for name, values in asked.data.lists() for value in values
                if name not in (*POSITION_PARAMETERS, PRINT, "only")
            ],
            "kept": [(name, value) for name, values in asked.data.lists() if name != COLUMNS for value in values],
            "print_url": replaced(asked.data, **{PRINT: "1"}),
            "screen_url": replaced(asked.data, **{PRINT: None}),
            "plain_url": replaced(asked.data, **{COLUMNS: USUAL}),
            "said": self._said(total), **self._tabs(), **self._form(), **self._pager(page, total), **self.besides(),
        }  # fmt: skip
        printed = self.printing and not problems
        if printed:
            number = "" if total is None else f" {thousands_words(total)} 条"
            context |= {
                "too_many": too_many, "print_body": self.body, "instead": f"一次最多打印 {thousands_words(PRINTED)} 条。{self.print_instead}",
                "too_many_words": f"符合条件的{number or '太多'}，一次打印不完",
            }  # fmt: skip
        template = "look/print.html" if printed else self.template
        response = render(request, template, context, status=400 if problems else 200)
        response.conditions, response.is_printed = asked.words, printed and not too_many
        return response if problems or printed else remember(request, response, self.url_name, asked.data, self.chosen)

    @property
    def address(self):
        return reverse(self.url_name)

    @cached_property
    def shown(self):
        """The columns that are shown, in order."""
        chosen = self.chosen
        return [one for one in self.columns if (one.key in chosen if chosen and one.key else one.visible)]

    @property
    def choosable(self):
        """The columns one may choose among, those shown ticked: ``[(column, shown), …]``."""
        return [(one, one in self.shown) for one in self.columns if one.key]

    def _choose_columns(self):
        """Take over the choice of columns the address makes; what is wrong with it, as sentences."""
        asked = self.asked.data.getlist(COLUMNS)
        if asked == [USUAL]:
            return []
        known = {column.key for column in self.columns if column.key}
        if unknown := [key for key in asked if key not in known]:
            return [f"没有“{unknown[0][:60]}”这一列，请在“列”中重新选择"]
        self.chosen = frozenset(asked) or (columns_of(self.request, self.url_name) & known)
        return []

    @property
    def needs(self):
        """What :meth:`fetch` must read for the columns shown."""
        return tuple(dict.fromkeys(path for column in self.shown for path in column.needs))

    def heads(self, data):
        """The headings: ``[{heading, width, sort ("", ascending, descending), url, hint}, …]``."""
        heads = []
        for column in self.shown:
            head = {"heading": column.heading, "width": column.width, "sort": "", "url": "", "hint": ""}
            now = next((order for order in column.ways if order.name == self._order_name(data)), None)
            if now is not None:
                head |= {"sort": "descending" if now.descending else "ascending"}
            to = next((order for order in column.ways if order is not now), None)
            if to is not None:
                head |= {"url": self._ordered_url(data, to), "hint": f"按{to.label or column.heading}排序，{to.way}"}
            heads.append(head)
        return heads

    def sorts(self, data):
        """The menu of orders: ``[{label, ways: [{words, url, current}, …]}, …]``, one line for each column."""
        lines = {}
        for order in self.orders:
            if order.label:
                way = {
                    "words": order.way, "url": self._ordered_url(data, order), "current": order.name == self._order_name(data),
                }  # fmt: skip
                lines.setdefault(order.label, []).append(way)
        return [{"label": label, "ways": ways} for label, ways in lines.items()]

    def _order_name(self, data):
        return data.get("order") or self.first_order(data).name

    def _ordered_url(self, data, order):
        return replaced(data, order=None if order.name == self.first_order(data).name else order.name)

    def _page(self):
        data = self.asked.data
        order = order_named(self._order_name(data), self.orders)
        size = PRINTED if self.printing else size_named(data.get("size", ""), self.sizes, default=self.size)
        whole = type(self).fetch is ListPage.fetch
        return page_of(self.asked.qs, order=order, cursor=data.get("cursor", ""), size=size, whole=whole)

    def clear_url(self):
        """This tab, shown as it is, without conditions."""
        kept = {self.asked.tab_parameter, *SHOWN}
        return removed(self.asked.data, *(name for name in self.asked.data if name not in kept))

    def _said(self, total):
        if total is None:
            return ""
        return self.sub.format(total=thousands_words(total), narrowed="（按条件）" if self.asked.narrows else "")

    def _tabs(self):
        data, tabs = self.asked.data, self.tabs()
        default = next((tab for tab in tabs if tab.default), None)
        current = next((tab for tab in tabs if tab.holds(data)), default)
        drawn = [
            {"label": tab.label, "url": tab.url(data), "current": tab is current, "count": tab.count, "red": tab.red}
            for tab in tabs
        ]
        return {"tabs": drawn, "tab_label": "" if current is None else current.label}

    def _form(self):
        """The form as it was sent, and the parameters that have no field in it and travel along."""
        data = self.asked.data
        drawn = [menu.drawn(data) for menu in self.menus() if menu.choices]
        spans = [
            {
                "label": label,
                "ends": [
                    {"name": f"{name}_{end}", "label": words, "value": data.get(f"{name}_{end}", "")}
                    for end, words in (("from", "从"), ("to", "到"))
                ],
            }
            for name, label in self.span_fields.items()
        ]
        on_page = {*self.fields, *POSITION_PARAMETERS, *(menu["name"] for menu in drawn)}
        on_page |= {end["name"] for span in spans for end in span["ends"]} | ({"q"} if self.search else set())
        fields = [self.asked.form[name] for name in self.fields]
        return {
            "fields": fields,
            "fields_used": sum(name in data for name in self.fields[1:]),
            "q": data.get("q", ""),
            "menus": [menu for menu in drawn if not menu["more"]],
            "more_menus": [menu for menu in drawn if menu["more"]],
            "spans": spans,
            "hidden": [(name, value) for name, values in data.lists() if name not in on_page for value in values],
        }

    def _pager(self, page, total):
        data, number = self.asked.data, len(page.ids)
        if page.is_first:
            shown = f"第 1 — {number} 条" if number else "第 0 条"
        elif not page.next and total is not None and total >= number:
            shown = f"第 {total - number + 1} — {total} 条"
        else:
            shown = f"本页 {number} 条"
        size = data.get("size") or str(self.size)
        return {
            "shown": shown,
            "previous_url": replaced(data, cursor=page.previous) if page.previous else "",
            "next_url": replaced(data, cursor=page.next) if page.next else "",
            "sizes": [
                {
                    "size": one,
                    "url": replaced(data, size=str(one) if one != self.size else None),
                    "current": str(one) == size,
                }
                for one in self.sizes
            ],
        }
