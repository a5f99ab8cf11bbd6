"""How pages draw what a column says."""

from django.utils.html import format_html

from hazards.columns import DAYS, Kind
from look import cells


def drawn(column):
    """``row -> markup`` for a simple column: what stands at its path ``named`` in the row, in words."""
    path = column.named
    if column.kind in DAYS:
        return cells.day(path)
    if column.kind is Kind.FLAG:
        return lambda row: "是" if row[path] else cells.NOTHING
    if column.kind is Kind.CHOICE:
        told = dict(column.choices)
        return lambda row: told.get(row[path]) or cells.NOTHING
    if column.kind is Kind.NUMBER:
        return lambda row: cells.NOTHING if row[path] is None else row[path]
    return lambda row: format_html('<span class="clamp-2">{}</span>', row[path]) if row[path] else cells.NOTHING
