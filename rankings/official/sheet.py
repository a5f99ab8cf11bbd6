"""An official form as a workbook: its merged headings, a grid that prints on A4 landscape, what is left to be signed."""

from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook

from workbooks.writing import plain_sheet_name

A4 = 9
FONT = "宋体"
LINE = 15  # points
CHARACTERS_A_LINE = 2  # of a column: a Chinese character is two wide


def workbook(form, *, name):
    """The bytes of an .xlsx of ``form`` (a `rankings.official.layout.Filled`) on a sheet called ``name``. A form is short: it is made in memory."""
    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(written, options) as book:
        _write(book, book.add_worksheet(plain_sheet_name(name)), form)
    return written.getvalue()


def _write(book, sheet, form):
    looks, columns = _looks(book), form.columns
    last = len(columns) - 1
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    room = sum(column.width for column in columns) // CHARACTERS_A_LINE
    row = _across(sheet, 0, last, form.title, looks["title"], 32)
    if form.lead:
        row = _across(sheet, row, last, form.lead, looks["plain"], LINE + 5)
    row = _header(sheet, row, form, looks)
    sheet.freeze_panes(row, 1)
    sheet.repeat_rows(0, row - 1)
    for values in [*form.rows, form.total]:
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            _cell(sheet, row, index, column, value, looks)
        sheet.set_row(row, LINE + 7)
        row += 1
    for text in (form.stamp, *form.notes):
        row = _across(sheet, row, last, text, looks["plain"], LINE * -(-len(text) // room) + 4)
    _across(sheet, row, last, form.foot, looks["plain"], LINE * -(-len(form.foot) // room) + 14)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _header(sheet, top, form, looks):
    """Write the headings from row ``top`` on; returns the first row below them."""
    for cells in form.header:
        for cell in cells:
            row = top + cell.row
            if cell.rows > 1 or cell.columns > 1:
                end = (row + cell.rows - 1, cell.column + cell.columns - 1)
                sheet.merge_range(row, cell.column, *end, cell.label, looks["head"])
            else:
                sheet.write_string(row, cell.column, cell.label, looks["head"])
    for row in range(top, top + len(form.header)):
        sheet.set_row(row, 2 * LINE if row < top + len(form.header) - 1 else LINE + 3)
    return top + len(form.header)


def _across(sheet, row, last, text, look, height):
    """Write ``text`` over all columns; returns the row below it."""
    sheet.merge_range(row, 0, row, last, text, look)
    sheet.set_row(row, height)
    return row + 1


def _cell(sheet, row, index, column, value, looks):
    if value is None:
        sheet.write_blank(row, index, None, looks["text"])
    elif column.is_text or isinstance(value, str):
        sheet.write_string(row, index, str(value), looks["text"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, index, value, looks[-value.as_tuple().exponent])
    else:
        sheet.write_number(row, index, value, looks["count"])


def _looks(book):
    """``{name: format}``; a decimal is shown with as many places as it has, which are its key."""
    grid = {"font_name": FONT, "font_size": 10, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format(
            {"font_name": FONT, "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}
        ),
        "head": book.add_format(grid | {"bold": True}),
        "text": book.add_format(grid | {"num_format": "@"}),
        "count": book.add_format(grid | {"num_format": "0"}),
        1: book.add_format(grid | {"num_format": "0.0"}),
        2: book.add_format(grid | {"num_format": "0.00"}),
        "plain": book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}),
    }
