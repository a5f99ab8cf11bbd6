"""Workbooks of items as offices send them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADER = ("条", "项", "适用", "情形")


def workbook(*rows, header=HEADER, name="条目.xlsx", sheets=()):
    """An uploaded .xlsx with ``header`` and ``rows``; ``sheets``: further ones, each a list of rows."""
    book = Workbook()
    for number, lines in enumerate([[header, *rows], *sheets]):
        sheet = book.active if number == 0 else book.create_sheet(f"表{number + 1}")
        for line in lines:
            sheet.append(list(line))
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def text(content, name="条目.csv", encoding="utf-8"):
    return SimpleUploadedFile(name, content.encode(encoding))
