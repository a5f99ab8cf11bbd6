"""The ledger as a workbook: the filtered rows under the official headings, streamed in flat memory."""

from django.utils import timezone

from accounts.models import Unit
from hazards.columns import COLUMNS, HEADINGS
from hazards.labels import labels_of
from hazards.lifecycle import State
from hazards.models import Hazard
from inspections.models import Sector
from workbooks.writing import stream_xlsx

FETCH = 2000
# What a column is read from; units, sectors and words are looked up in memory instead of joined (32 columns, 6 joins less).
_PATHS = {
    "enterprise": "enterprise__name", "uscc": "enterprise__uscc", "sector": "sector_id", "territory": "territorial_unit_id",
    "found_by": "found_by_unit_id", "competent": "competent_unit_id", "supervising": "supervising_unit_id",
}  # fmt: skip
PATHS = tuple(_PATHS.get(column.field, column.field) for column in COLUMNS)


def stream_ledger(queryset, *, title, at):
    """The .xlsx bytes of ``queryset`` (hazards, in its order), in pieces; ``title`` and the moment ``at`` head the sheet.

    One query for the rows, three for names; memory does not grow with the number of rows. On PostgreSQL the rows come
    through a server-side cursor.
    """
    stamp = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    return stream_xlsx(
        "隐患台账", HEADINGS, _rows(queryset), title=f"{title}（导出时间 {stamp}）",
        column_widths=[column.width for column in COLUMNS],
    )  # fmt: skip


def _rows(queryset):
    places = [column.field for column in COLUMNS].index
    translate = [(places(field), table.get) for field, table in _tables().items()]
    for values in queryset.values_list(*PATHS).iterator(chunk_size=FETCH):
        row = list(values)
        for index, name in translate:
            row[index] = name(row[index])
        yield row


def _tables():
    """Field → {stored value: what the cell says}."""
    full, short = labels_of(Unit.objects.all())
    return {
        "level": dict(Hazard.Level.choices),
        "state": dict(State.choices),
        "sector": dict(Sector.objects.values_list("pk", "name")),
        "territory": short,
        "found_by": full,
        "competent": full,
        "supervising": full,
        "fixed_on_spot": {True: "是"},
    }
