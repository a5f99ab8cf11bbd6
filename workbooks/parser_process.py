"""The child process in which foreign spreadsheets are parsed, under a memory ceiling and a CPU clock.

A few hundred bytes can describe a sheet whose only cells are A1 and XFD1048576, or a million references to one long
text; the parser then asks for gigabytes and the Rust allocator aborts the process. Here that ends one child, not a
web worker. Run by path with `python -I`; imports nothing of the project.

Arguments: file, sheet index or "names", largest rows, columns and cells. Output: pickled tuples,
("sheets", [(index, name, hidden), …]) or ("rows", [[value, …], …]) …, then ("end",); or ("refused", reason, number).
"""

import pickle
import resource
import sys

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
ROWS_PER_MESSAGE = 500


def main(path: str, wanted: str, max_rows: int, max_columns: int, max_cells: int) -> None:
    """Read one workbook and write messages to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Imported under the ceiling, and only in this process.
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        workbook = load_workbook(path)
        if wanted == "names":
            sheets = workbook.sheets_metadata
            if any(sheet.typ == SheetTypeEnum.MacroSheet for sheet in sheets):
                return send("refused", "macros", 0)
            visible = SheetVisibleEnum.Visible
            # The index is kept: chart sheets count in it but have no rows.
            listed = [
                (index, sheet.name, sheet.visible != visible)
                for index, sheet in enumerate(sheets)
                if sheet.typ == SheetTypeEnum.WorkSheet
            ]
            send("sheets", listed)
        else:
            sheet = workbook.get_sheet_by_index(int(wanted))
            if reason := too_large(sheet, max_rows, max_columns, max_cells):
                return send("refused", *reason)
            send_rows(sheet)
    except PasswordError:
        return send("refused", "password", 0)
    except CalamineError:
        return send("refused", "broken", 0)
    except MemoryError:
        return send("refused", "memory", 0)
    return send("end")


def too_large(sheet, max_rows: int, max_columns: int, max_cells: int) -> tuple[str, int] | None:
    """("rows" | "columns" | "cells", how many) when a limit is passed, else None."""
    if sheet.end is None:
        return None
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    if rows > max_rows:
        return "rows", rows
    if columns > max_columns:
        return "columns", columns
    return ("cells", rows * columns) if rows * columns > max_cells else None


def send_rows(sheet) -> None:
    """All rows from sheet row 1 on, padded on the left so that list index 0 is column A."""
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    batch = []
    for row in sheet.iter_rows():
        batch.append(left + row)
        if len(batch) == ROWS_PER_MESSAGE:
            send("rows", batch)
            batch = []
    send("rows", batch)


def send(*message: object) -> None:
    """Write one message."""
    pickle.dump(message, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *(int(limit) for limit in sys.argv[3:6]))
