"""Pages of a list that runs from the newest row to the oldest, by id: cheap however deep, unmoved by rows that arrive."""

import re
from dataclasses import dataclass

SIZE = 50
LARGEST_ID = 2**63 - 1
_CURSOR = re.compile(r"(older|newer)-([0-9]{1,19})", re.ASCII)


class BadCursor(ValueError):
    """The page asked for cannot be one of this list; the message is a Chinese sentence for the user."""


@dataclass(frozen=True)
class Page:
    """``rows``, newest first; the cursors of the neighbouring pages, "" at the ends."""

    rows: list
    previous: str
    next: str


def page_of(queryset, cursor=""):
    """One page of ``queryset`` in one query; raises BadCursor for text that no page of ours has written."""
    match = _CURSOR.fullmatch(cursor) if cursor else None
    if cursor and (match is None or int(match[2]) > LARGEST_ID):
        raise BadCursor("翻页位置无法识别，请从第一页重新打开")
    backwards = match is not None and match[1] == "newer"
    if match is not None:
        queryset = queryset.filter(**{"pk__gt" if backwards else "pk__lt": int(match[2])})
    rows = list(queryset.order_by("pk" if backwards else "-pk")[: SIZE + 1])
    more, rows = len(rows) > SIZE, rows[:SIZE]
    if backwards:
        rows.reverse()
    has_previous, has_next = (more, True) if backwards else (match is not None, more)
    return Page(
        rows=rows,
        previous=f"newer-{rows[0].pk}" if rows and has_previous else "",
        next=f"older-{rows[-1].pk}" if rows and has_next else "",
    )
