"""Keyset paging: every page costs the same however deep it lies, and rows that arrive meanwhile move nothing.

A cursor names the row beside which a page begins. It is checked, not trusted: text that no page of ours has written is
refused with :class:`BadCursor`.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db.models import F, Q

DEFAULT_SIZE = 20
LARGEST_ID = 2**63 - 1
_CURSOR = re.compile(r"([ab])\.(-?[a-z_]+)\.(?:([0-9T:.+-]{1,40})\.)?([0-9]{1,19})", re.ASCII)


class BadCursor(ValueError):
    """The page asked for cannot be one of this list; the message is a Chinese sentence for the user."""


@dataclass(frozen=True)
class Key:
    """How the value of a column stands in a cursor. ``read`` raises ValueError or OverflowError for what is none."""

    write: callable
    read: callable


NUMBER = Key(str, int)
DAY = Key(date.isoformat, date.fromisoformat)
MOMENT = Key(lambda moment: moment.astimezone(UTC).isoformat(), lambda text: datetime.fromisoformat(text))


@dataclass(frozen=True)
class Order:
    """Rows by one column and then by id, both in one direction; by id alone when ``column`` is "pk".

    Rows without a value come last, whatever the direction: say ``nullable`` where the column may be null. A list offers in
    its menu the orders by a day that have a ``label``, what the day is called.
    """

    name: str
    column: str
    descending: bool = False
    nullable: bool = False
    key: Key = DAY
    label: str = ""

    @property
    def way(self):
        """Which days come first, in words."""
        return "最近在前" if self.descending else "最早在前"

    def by(self, *, backwards=False):
        """Arguments of ``order_by``; ``backwards`` walks from the last row to the first."""
        falls = self.descending != backwards
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        terms = (
            [(F("pk"), {})]
            if self.column == "pk"
            else [(F(self.column), nulls if self.nullable else {}), (F("pk"), {})]
        )
        return tuple(term.desc(**options) if falls else term.asc(**options) for term, options in terms)

    def beyond(self, value, pk, *, backwards=False):
        """A ``Q`` for the rows after the one with ``value`` (None: it has none) and ``pk``, or before it."""
        word = "lt" if self.descending != backwards else "gt"
        beside = Q(**{f"pk__{word}": pk})
        if self.column == "pk":
            return beside
        if value is None:
            rows = Q(**{self.column: None}) & beside
            return rows | Q(**{f"{self.column}__isnull": False}) if backwards else rows
        # The first condition repeats the second in a form that lets an index range begin at the row.
        rows = Q(**{f"{self.column}__{word}e": value}) & (Q(**{f"{self.column}__{word}": value}) | beside)
        return rows | Q(**{self.column: None}) if self.nullable and not backwards else rows


@dataclass(frozen=True)
class Page:
    """``ids`` in order; the cursors of the neighbours, "" at the ends; ``rows`` when whole rows were read."""

    ids: list[int] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    rows: list = field(default_factory=list)

    @property
    def is_first(self):
        return not self.previous

    def arrange(self, rows):
        """Rows fetched by ``pk__in=page.ids``, objects or dicts, in the page's order; one deleted meanwhile is left out."""
        found = {row["pk"] if isinstance(row, dict) else row.pk: row for row in rows}
        return [found[pk] for pk in self.ids if pk in found]


def size_named(text, sizes, *, default=DEFAULT_SIZE):
    """Rows a page from the parameter's text; "" is ``default``. Raises BadCursor for anything but ``sizes``."""
    if not text:
        return default
    if text not in {str(size) for size in sizes}:
        raise BadCursor(f"每页条数只能是 {'、'.join(str(size) for size in sizes)}")
    return int(text)


def order_named(text, orders):
    """The one of ``orders`` called ``text``; "" is the first. Raises BadCursor for an unknown one."""
    order = next((one for one in orders if one.name == (text or orders[0].name)), None)
    if order is None:
        raise BadCursor("没有这种排序方式，请从第一页重新进入")
    return order


def page_of(queryset, *, order, cursor="", size=DEFAULT_SIZE, whole=False):
    """One page of ``queryset`` in one query: of its keys alone, to fetch the rows by ``pk__in``, or of ``whole`` rows."""
    backwards = False
    if cursor:
        backwards, value, pk = _read(cursor, order)
        queryset = queryset.filter(order.beyond(value, pk, backwards=backwards))
    queryset = queryset.order_by(*order.by(backwards=backwards))
    columns = ("pk",) if order.column == "pk" else (order.column, "pk")
    found = list((queryset if whole else queryset.values_list(*columns))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    keys = [tuple(getattr(row, name) for name in columns) for row in found] if whole else found
    has_previous, has_next = (more, True) if backwards else (bool(cursor), more)
    return Page(
        ids=[key[-1] for key in keys],
        previous=_write("b", order, keys[0]) if keys and has_previous else "",
        next=_write("a", order, keys[-1]) if keys and has_next else "",
        rows=found if whole else [],
    )


def _write(side, order, key):
    *value, pk = key
    written = ["-" if one is None else order.key.write(one) for one in value]
    return ".".join([side, order.name, *written, str(pk)])


def _read(cursor, order):
    """``(backwards, value, pk)`` of a cursor of ``order``."""
    refusal = BadCursor("翻页位置无法识别，请从第一页重新打开")
    match = _CURSOR.fullmatch(cursor)
    if (
        match is None
        or match[2] != order.name
        or int(match[4]) > LARGEST_ID
        or (match[3] is None) != (order.column == "pk")
    ):
        raise refusal
    value = None
    if match[3] not in (None, "-"):
        try:
            value = order.key.read(match[3])
            told = order.key.write(value)
        except (ValueError, OverflowError):
            raise refusal from None
        if told != match[3]:  # a day may be written in other ways, but no page of ours does
            raise refusal
    elif match[3] == "-" and not order.nullable:
        raise refusal
    return match[1] == "b", value, int(match[4])
