"""What an import did, row by row: as the JSON of ``--report``, as the preview's lines, and as a workbook to correct."""

from hazards.columns import BY_FIELD
from workbooks.headings import text_of
from workbooks.writing import stream_xlsx

REASON = "错误说明"


def report_of(reading, *, dry_run, most_errors=None):
    """The report as plain data. ``imported`` counts what was, or with ``dry_run`` would be, entered.

    ``column`` is the column's letter (None when the file has no such column), ``heading`` what stands above it. At most
    ``most_errors`` errors per sheet are listed; ``error_rows`` counts all rows that have one.
    """
    return {
        "file": reading.filename,
        "unit": reading.places.target.code,
        "dry_run": dry_run,
        "new_enterprises": len(reading.new_enterprises),
        "asks": reading.asks,
        "answers": reading.answers.as_dict(),
        "sheets": [_sheet(sheet, most_errors) for sheet in reading.sheets],
    }


def _sheet(sheet, most):
    errors = [line for entry, _ in sheet.failed[:most] for line in _lines(sheet, entry, entry.problems)]
    if sheet.refused:
        errors.append({"row": 1, "column": None, "heading": "", "value": "", "message": sheet.note})
    return {
        "index": sheet.index,
        "name": sheet.name,
        "note": sheet.note,
        "header_rows": sheet.header_rows,
        "columns": [
            {"letter": column.letter, "heading": column.heading, "field": column.field, "note": column.note}
            for column in sheet.columns
        ],
        "rows": sheet.rows,
        "imported": len(sheet.new),
        "unchanged": sheet.unchanged,
        "error_rows": len(sheet.failed),
        "skipped_count": sheet.skipped_count,
        "skipped": [{"row": row, "reason": reason} for row, reason in sheet.skipped],
        "errors": errors,
        "notices": [line for entry in sheet.noticed[:most] for line in _lines(sheet, entry, entry.notices)],
    }


def _lines(sheet, entry, problems):
    columns = {column.field: column for column in sheet.columns if column.field}
    lines = []
    for problem in problems:
        column = columns.get(problem.field)
        heading = column.heading if column else BY_FIELD[problem.field].heading
        letter = column.letter if column else None
        lines.append(
            {"row": entry.row, "column": letter, "heading": heading, "value": problem.value, "message": problem.message}
        )
    return lines


def error_workbook(reading):
    """The refused rows as they stand in the file, a column 错误说明 before them: correct this file and import it.

    Yields the bytes of one .xlsx with one sheet; columns that were recognised carry their official heading, so that the
    corrected file is recognised whatever the header of the first one looked like.
    """
    failing = [sheet for sheet in reading.sheets if sheet.failed]
    places = {}
    for sheet in failing:
        for heading in _headings(sheet):
            places.setdefault(heading, len(places) + 1)
    return stream_xlsx("未导入的行", [REASON, *places], _failed_rows(failing, places), column_widths=[60])


def _headings(sheet):
    """The heading of each column of ``sheet`` that has one, then of what was taken from outside the columns."""
    named = [BY_FIELD[column.field].heading if column.field else column.heading for column in sheet.columns]
    given = {"enterprise": lambda entry: entry.firm, "territory": lambda entry: entry.territory}
    beside = [
        BY_FIELD[name].heading
        for name, value in given.items()
        if name not in sheet.has and any(value(entry) for entry, _ in sheet.failed)
    ]
    return [*filter(None, named), *(heading for heading in beside if heading not in named)]


def _failed_rows(failing, places):
    for sheet in failing:
        for entry, cells in sheet.failed:
            row = [""] * (len(places) + 1)
            beside = {"enterprise": entry.firm, "territory": entry.territory.name if entry.territory else ""}
            for name, value in beside.items():
                if value and name not in sheet.has:
                    row[places[BY_FIELD[name].heading]] = value
            for column in sheet.columns:
                heading = BY_FIELD[column.field].heading if column.field else column.heading
                if heading and column.index < len(cells):
                    row[places[heading]] = cells[column.index]
            row[0] = f"第 {entry.row} 行：" + "；".join(
                _sentence(line) for line in _lines(sheet, entry, entry.problems)
            )
            yield row


def _sentence(line):
    where = f"{line['column']} 列“{line['heading']}”" if line["column"] else f"“{line['heading']}”"
    return f"{where}：{line['message']}"


def preview_of(sheet):
    """The first rows as a table: ``{"columns": [heading, …], "rows": [{"row", "cells": [{"text", "short", "error"}], "other"}]}``;
    ``other`` says what is wrong with a row beside its cells."""
    used = [column for column in sheet.columns if column.field]
    rows = []
    for entry, cells in sheet.sample:
        wrong = {problem.field: problem.message for problem in entry.problems}
        shown = []
        for column in used:
            text = text_of(cells[column.index]) if column.index < len(cells) else ""
            shown.append({"text": text, "short": len(text) <= 12, "error": wrong.pop(column.field, "")})
        rows.append({"row": entry.row, "cells": shown, "other": "；".join(wrong.values())})
    return {"columns": [column.heading for column in used], "rows": rows}
