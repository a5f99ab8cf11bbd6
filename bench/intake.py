"""P5: a ledger kept elsewhere taken over through the import, over reading its cells and writing them into a table.

In a database of its own: it is the one measure that leaves as many rows behind as it measures.
"""

import csv
import io
import statistics
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.db import connection, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import User
from accounts.roles import Role
from bench.measuring import Incomparable, Result, seconds_of
from hazards import export
from hazards.columns import COLUMNS, HEADINGS
from hazards.models import Hazard
from imports.reading import commit, read_ledger
from journal.numbering import Numbering
from workbooks.writing import stream_xlsx

GOAL, GOAL_LOCK = 3.0, 0.5
ROUNDS_OF_FLOOR = 3
NUMBER, DESCRIPTION = ([column.field for column in COLUMNS].index(field) for field in ("number", "description"))


def measure(today, rows):
    """Seconds of `read_ledger` and `commit` ÷ (cells read by the same reader + COPY); and how long nobody else can register.

    The lock is told as a share of the whole import: from the first number taken, which keeps the city's series, to the end.
    """
    offices = User.objects.filter(role=Role.SAFETY_OFFICE, unit__level="city")
    importer = offices.select_related("unit").order_by("pk").first()
    city = User.objects.select_related("unit").get(role=Role.LEADER, unit__level="city").unit
    with TemporaryDirectory() as place:
        path = Path(place) / "台账.xlsx"
        write(path, rows)
        floors = [seconds_of(lambda: _floor(path)) for _ in range(ROUNDS_OF_FLOOR - 1)]
        before, taken = Hazard.objects.count(), []
        with mock.patch.object(Numbering, "take", _noting(taken, Numbering.take)):
            started = time.perf_counter()
            entered = enter(path, city, importer)
            ended = time.perf_counter()
        floors.append(seconds_of(lambda: _floor(path)))
    if not entered == rows == Hazard.objects.count() - before:
        raise Incomparable(f"{entered} of {rows} rows were imported")
    seconds, floor = ended - started, statistics.median(floors)
    return [
        Result("P5", seconds / floor, GOAL, seconds),
        Result("P5 lock", (ended - taken[0]) / seconds, GOAL_LOCK, ended - taken[0], unit="share"),
    ]


def enter(path, unit, importer):
    with path.open("rb") as file:
        reading = read_ledger(file, path.name, unit=unit, today=timezone.localdate(), by=importer)
    if not reading.is_clean:
        raise Incomparable(f"{reading.error_rows} rows were refused")
    return commit(reading, by=importer, at=timezone.now())


def _noting(moments, take):
    def noted(*args, **kwargs):
        moments.append(time.perf_counter())
        return take(*args, **kwargs)

    return noted


def write(path, rows):
    """A workbook of ``rows`` hazards nobody knows yet, as the export would write them."""
    known = list(islice(export._rows(Hazard.objects.in_ledger().order_by("pk")), 2000))

    def lines():
        for n, one in enumerate(islice(cycle(known), rows)):
            row = list(one)
            row[NUMBER], row[DESCRIPTION] = None, f"{row[DESCRIPTION]}（第{n}处）"
            yield row

    with path.open("wb") as file:
        for piece in stream_xlsx("台账", HEADINGS, lines()):
            file.write(piece)


@transaction.atomic
def _floor(path):
    cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    width = max(map(len, cells))
    columns = ", ".join(f"c{n} text" for n in range(width))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_staging ({columns})")
        if connection.vendor == "postgresql":
            text = io.StringIO()
            csv.writer(text).writerows(cells)
            text.seek(0)
            cursor.copy_expert("COPY bench_staging FROM STDIN WITH CSV", text)
        else:
            marks = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO bench_staging VALUES ({marks})", [list(map(str, row)) for row in cells])  # noqa: S608
        cursor.execute("DROP TABLE bench_staging")
