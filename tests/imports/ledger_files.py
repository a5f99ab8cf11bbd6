"""Workbooks for the tests of import and export."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from imports.reading import commit, read_ledger
from tests.factories import NOON, TODAY
from workbooks.reading import open_workbook
from workbooks.writing import stream_xlsx

LEDGERS = Path(settings.BASE_DIR).parent / "shared" / "data" / "ledgers"


def workbook(headings, *rows, title=None):
    """An .xlsx with one sheet, as a binary file."""
    return BytesIO(b"".join(stream_xlsx("台账", headings, rows, title=title)))


def real_ledger(name):
    """The path of a real ledger of ../shared/data, or a skip."""
    path = LEDGERS / name
    if not path.exists():
        pytest.skip("the real ledgers of ../shared/data are not on this machine")
    return path


def cells_of(content):
    """The rows of the first sheet of an .xlsx given as bytes, without the title row."""
    with open_workbook(BytesIO(content), "x.xlsx") as opened:
        return list(opened.sheets[0].rows())[1:]


def read(file, unit, **options):
    return read_ledger(file, options.pop("filename", "台账.xlsx"), unit=unit, today=TODAY, **options)


def importable(reading):
    """How many rows of ``reading`` are new."""
    return sum(len(sheet.new) for sheet in reading.sheets)


def take(file, unit, by, **options):
    """Read and enter; returns the reading."""
    reading = read(file, unit, by=by, **options)
    commit(reading, by=by, at=NOON)
    return reading
