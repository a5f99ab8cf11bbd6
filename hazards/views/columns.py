"""How pages draw what a column says."""

from django.utils.html import format_html

from criteria.models import cell_words
from hazards.columns import DAYS, Kind
from look import cells


def drawn(column):
    """``row -> markup`` for a simple column: what stands at its paths ``named`` in the row, in words."""
    path = column.named[0]
    if column.kind is Kind.CRITERION:
        return lambda row: _text(cell_words(*(row[one] for one in column.named)) if row[path] else "")
    if column.kind in DAYS:
        return cells.day(path)
    if column.kind is Kind.FLAG:
        return lambda row: "是" if row[path] else cells.NOTHING
    if column.kind is Kind.CHOICE:
        told = dict(column.choices)
        return lambda row: told.get(row[path]) or cells.NOTHING
    if column.kind is Kind.NUMBER:
        return lambda row: cells.NOTHING if row[path] is None else row[path]
    return lambda row: _text(row[path])


def _text(words):
    return format_html('<span class="clamp-2">{}</span>', words) if words else cells.NOTHING
