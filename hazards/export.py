"""The ledger as a workbook: the filtered rows under the official headings, streamed in flat memory."""

from django.utils import timezone

from hazards.columns import COLUMNS, HEADINGS
from hazards.labels import Names
from workbooks.writing import stream_xlsx

FETCH = 2000


def stream_ledger(queryset, *, title, at):
    """The .xlsx bytes of ``queryset`` (hazards, in its order), in pieces; ``title`` and the moment ``at`` head the sheet.

    One query for the rows, two for names; memory does not grow with the number of rows. On PostgreSQL the rows come
    through a server-side cursor.
    """
    stamp = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    return stream_xlsx(
        "隐患台账",
        HEADINGS,
        _rows(queryset),
        title=f"{title}（导出时间 {stamp}）",
        column_widths=[column.width for column in COLUMNS],
    )


def _rows(queryset):
    # Units, sectors and words are looked up in memory instead of joined (32 columns, 6 joins less).
    names = Names()
    translate = [(place, column.words(names).get) for place, column in enumerate(COLUMNS) if column.words]
    paths = [column.stored for column in COLUMNS]
    for values in queryset.values_list(*paths).iterator(chunk_size=FETCH):
        row = list(values)
        for index, name in translate:
            row[index] = name(row[index])
        yield row
