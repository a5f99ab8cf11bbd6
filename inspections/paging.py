"""Keyset paging: every page costs the same however deep it lies, and rows that arrive meanwhile move nothing.

A cursor names the row beside which a page begins. It is checked, not trusted: text that no page of ours has written is
refused with :class:`BadCursor`.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

SIZES = (12, 50, 100)
DEFAULT_SIZE = 50
LARGEST_ID = 2**63 - 1
_CURSOR = re.compile(r"([ab])\.([a-z]+)\.(\d{4}-\d{2}-\d{2}|-)\.([0-9]{1,19})", re.ASCII)


class BadCursor(ValueError):
    """The page asked for cannot be one of this list; the message is a Chinese sentence for the user."""


@dataclass(frozen=True)
class Order:
    """Rows by a day and then by id, both in one direction. Only an ascending column may be null: those come last."""

    name: str
    column: str
    descending: bool

    def by(self, *, backwards=False):
        """Arguments of ``order_by``; ``backwards`` walks from the last row to the first."""
        day, pk = F(self.column), F("pk")
        if self.descending:
            return (day.asc(), pk.asc()) if backwards else (day.desc(), pk.desc())
        return (day.desc(nulls_first=True), pk.desc()) if backwards else (day.asc(nulls_last=True), pk.asc())

    def beyond(self, day, pk, *, backwards=False):
        """A ``Q`` for the rows after the one with ``day`` (None: it has none) and ``pk``, or before it."""
        word = "lt" if self.descending != backwards else "gt"
        if day is None:
            beside = Q(**{self.column: None, f"pk__{word}": pk})
            return beside | Q(**{f"{self.column}__isnull": False}) if backwards else beside
        # The first condition repeats the second in a form that lets an index range begin at the row.
        rows = Q(**{f"{self.column}__{word}e": day}) & (Q(**{f"{self.column}__{word}": day}) | Q(**{f"pk__{word}": pk}))
        if not self.descending and not backwards:
            rows |= Q(**{self.column: None})
        return rows


@dataclass(frozen=True)
class Page:
    """``ids`` in order; the cursors of the neighbours, "" at the ends; ``is_first`` when no row comes before."""

    ids: list[int]
    previous: str
    next: str

    @property
    def is_first(self):
        return not self.previous

    def arrange(self, rows, *, key=lambda row: row["pk"]):
        """Rows fetched by ``pk__in=page.ids`` in the order of the page; one deleted meanwhile is left out."""
        found = {key(row): row for row in rows}
        return [found[pk] for pk in self.ids if pk in found]


def size_named(text, *, default=DEFAULT_SIZE):
    """Rows a page from the parameter's text; "" is ``default``. Raises BadCursor for anything but :data:`SIZES`."""
    if not text:
        return default
    if text not in {str(size) for size in SIZES}:
        raise BadCursor(f"每页条数只能是 {'、'.join(str(size) for size in SIZES)}")
    return int(text)


def page_of(queryset, *, order, cursor="", size=DEFAULT_SIZE):
    """One page of ``queryset`` in one query that reads keys only; fetch the rows by ``pk__in=page.ids``."""
    backwards = False
    if cursor:
        backwards, day, pk = _read(cursor, order)
        queryset = queryset.filter(order.beyond(day, pk, backwards=backwards))
    keys = list(queryset.order_by(*order.by(backwards=backwards)).values_list(order.column, "pk")[: size + 1])
    more, keys = len(keys) > size, keys[:size]
    if backwards:
        keys.reverse()
    has_previous, has_next = (more, True) if backwards else (bool(cursor), more)
    return Page(
        ids=[pk for _, pk in keys],
        previous=_write("b", order, keys[0]) if keys and has_previous else "",
        next=_write("a", order, keys[-1]) if keys and has_next else "",
    )


def _write(side, order, key):
    day, pk = key
    return f"{side}.{order.name}.{day.isoformat() if day else '-'}.{pk}"


def _read(cursor, order):
    """``(backwards, day, pk)`` of a cursor of ``order``."""
    refusal = BadCursor("翻页位置无法识别，请从第一页重新打开")
    match = _CURSOR.fullmatch(cursor)
    if match is None or match[2] != order.name or int(match[4]) > LARGEST_ID or (match[3] == "-" and order.descending):
        raise refusal
    try:
        day = None if match[3] == "-" else date.fromisoformat(match[3])
    except ValueError:
        raise refusal from None
    return match[1] == "b", day, int(match[4])
