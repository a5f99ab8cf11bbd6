"""A streaming .xlsx writer: rows in, bytes out, flat memory whatever the number of rows.

Each sheet is one deflated zip entry written to an unseekable sink, so the first bytes leave before the last row is
read. Texts are inline strings (no shared-string table to keep). Why not a library: docs/adr/0004-spreadsheets.md.
"""

import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .cells import SERIAL_EPOCH, column_letter, is_formula_like

SHEET_ROWS = 1_048_576
# A zip entry without zip64 sizes ends at 2 GiB; a sheet nearing it continues on the next.
SHEET_BYTES = 1_900_000_000
CELL_TEXT = 32_767
EXACT_INTEGER = 10**15
COMPRESSION = 2
YIELD_BYTES = 64 * 1024
ROWS_PER_WRITE = 100
_CACHE_ENTRIES, _CACHE_TEXT = 20_000, 64

# Characters XML 1.0 forbids (dropped), and the three that must be escaped.
_TRANSLATION = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_TRANSLATION |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

_HEADER, _TEXT, _DATE, _MOMENT, _QUOTED, _TITLE, _NUMBER, _NOTE, _LONG_TITLE = range(1, 10)
_EMPTY = f' s="{_TEXT}"/>'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XLSX = f"{_TYPE}.sheet"  # the media type of the whole file

# Sheets are the default type of .xml parts, so this can go first although nobody knows yet how many there will be.
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_ROOT_RELS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_TOP_WRAP = '<alignment vertical="top" wrapText="1"/>'
_CENTRE = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="16"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EEF7"/></patternFill></fill></fills>'
    '<borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/>'
    '<bottom style="thin"/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10"><xf/>'
    f'<xf fontId="1" fillId="2" borderId="1" applyFont="1" applyFill="1" applyAlignment="1">{_CENTRE}</xf>'
    f'<xf numFmtId="49" borderId="1" applyNumberFormat="1" applyAlignment="1">{_TOP_WRAP}</xf>'
    f'<xf numFmtId="164" borderId="1" applyNumberFormat="1" applyAlignment="1">{_TOP_WRAP}</xf>'
    f'<xf numFmtId="165" borderId="1" applyNumberFormat="1" applyAlignment="1">{_TOP_WRAP}</xf>'
    f'<xf numFmtId="49" borderId="1" quotePrefix="1" applyNumberFormat="1" applyAlignment="1">{_TOP_WRAP}</xf>'
    f'<xf fontId="2" applyFont="1" applyAlignment="1">{_CENTRE}</xf>'
    f'<xf borderId="1" applyAlignment="1">{_TOP_WRAP}</xf>'
    '<xf applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
    '<xf fontId="2" applyFont="1" applyAlignment="1"><alignment vertical="center"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


LINE, PADDING, TALLEST = 14.5, 4, 409.5  # points: a line of text, what a row adds, and the tallest row there can be


@dataclass(frozen=True)
class Paper:
    """How a sheet lies on paper. ``note`` stands under the title, ``signature`` under the last row; a form to be signed has no
    filter buttons. The columns take ``across`` pages side by side, the first column again on each; ``size`` is 9 for A4, 8
    for A3. Always landscape, with page numbers.
    """

    note: str = ""
    signature: str = ""
    across: int = 1
    size: int = 9


class _Sink:
    """Where the zip is written: remembers only what was not yet handed on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.waiting = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.waiting += len(data)
        return len(data)

    def flush(self) -> None:
        """zipfile calls it; nothing is buffered below."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        self.waiting = 0
        return data


def stream_xlsx(
    sheet_name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence],
    *,
    title: str | None = None,
    column_widths: Sequence[float | None] | None = None,
    paper: Paper = Paper(),
) -> Iterator[bytes]:
    """The bytes of a workbook, in pieces of about 64 KiB, while `rows` is being read.

    Each row has one value per heading: None, str, int, float, Decimal, bool (是/否), date, naive datetime; anything
    else is written as str(value). Text is never a formula. Bold frozen header with filter, an optional merged
    title row above it, the header repeated on every page of the `paper`. `column_widths` in characters, None =
    by heading. Past 1,048,576 rows a further sheet "名称(2)" begins. Raises ValueError for a row of the wrong
    length, an aware datetime (convert to local time first), no headings or more than 16,384.
    """
    if not 0 < len(headings) <= 16_384:
        raise ValueError("a sheet needs 1 to 16,384 headings")
    sink = _Sink()
    source = iter(rows)
    counts: list[int] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _ROOT_RELS)
        archive.writestr("xl/styles.xml", _STYLES)
        first = next(source, None)
        while first is not None or not counts:
            sheet = _Sheet(headings, title, column_widths, paper)
            with archive.open(f"xl/worksheets/sheet{len(counts) + 1}.xml", "w") as entry:
                for text in sheet.parts(first, source):
                    entry.write(text.encode())
                    if sink.waiting >= YIELD_BYTES:
                        yield sink.take()
            counts.append(sheet.last_row)
            first = next(source, None)
        names = _sheet_names(sheet_name, len(counts))
        archive.writestr("xl/workbook.xml", _workbook_xml(names, sheet.header_row, paper))
        archive.writestr("xl/_rels/workbook.xml.rels", _workbook_rels(len(counts)))
    yield sink.take()


class _Sheet:
    """The XML of one worksheet; `last_row` is known when `parts` has ended."""

    def __init__(self, headings: Sequence[str], title: str | None, widths: Sequence[float | None] | None, paper: Paper):
        self.headings, self.title, self.paper = headings, title, paper
        given = [*(widths or ()), *[None] * len(headings)][: len(headings)]
        self.widths = [width or _default_width(heading) for width, heading in zip(given, headings, strict=True)]
        self.header_row = 1 + bool(title) + bool(paper.note)
        self.last_row = self.header_row

    def parts(self, first: Sequence | None, source: Iterator[Sequence]) -> Iterator[str]:
        """Pieces of XML, `first` being the row already taken from `source`; stops when the sheet is full."""
        yield self._opening()
        width, body = len(self.headings), _cell_writer()
        render, height = _row_template(width).format, _height_writer(self.widths)
        size, batch, row = 0, [], first
        while row is not None:
            if len(row) != width:
                raise ValueError(f"a row has {len(row)} values for {width} headings")
            self.last_row += 1
            batch.append(render(self.last_row, *map(body, row), height(row)))
            if len(batch) == ROWS_PER_WRITE:
                text = "".join(batch)
                yield text
                # Three bytes per character is what Chinese takes; an upper bound is enough here.
                size += 3 * len(text)
                batch.clear()
            if self.last_row >= SHEET_ROWS or size > SHEET_BYTES:
                break
            row = next(source, None)
        yield "".join(batch) + self._closing()

    def _opening(self) -> str:
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{width:g}" customWidth="1"/>' for n, width in enumerate(self.widths, 1)
        )
        top, look = self.header_row, _TITLE if self.paper.across == 1 else _LONG_TITLE
        above = f'<row r="1" ht="30" customHeight="1"><c r="A1" {_text(self.title, look)}</row>' if self.title else ""
        if self.paper.note:
            height = _height_writer([sum(self.widths)])([self.paper.note])
            above += f'<row r="{top - 1}"{height}><c r="A{top - 1}" {_text(self.paper.note, _NOTE)}</row>'
        cells = "".join(f'<c r="{column_letter(n)}{top}" {_text(h, _HEADER)}' for n, h in enumerate(self.headings, 1))
        head = _height_writer(self.widths)(self.headings)
        return (
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
            f'<sheetView workbookViewId="0"><pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" '
            f'state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
            f'<sheetData>{above}<row r="{top}"{head}>{cells}</row>'
        )

    def _closing(self) -> str:
        end, paper, last = column_letter(len(self.headings)), self.paper, self.last_row
        whole = [1] if self.title and paper.across == 1 else []  # rows that lie across all columns
        whole += [self.header_row - 1] if paper.note else []
        signed = ""
        if paper.signature:
            whole.append(last + 1)
            signed = f'<row r="{last + 1}" ht="30"><c r="A{last + 1}" {_text(paper.signature, _NOTE)}</row>'
        cells = "".join(f'<mergeCell ref="A{row}:{end}{row}"/>' for row in whole if end != "A")
        merged = f'<mergeCells count="{len(whole)}">{cells}</mergeCells>' if cells else ""
        filtered = "" if paper.signature else f'<autoFilter ref="A{self.header_row}:{end}{last}"/>'
        return (
            f"{signed}</sheetData>{filtered}{merged}"
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
            f'<pageSetup paperSize="{paper.size}" fitToWidth="{paper.across}" fitToHeight="0" orientation="landscape"/>'
            "<headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter></worksheet>"
        )


def _height_writer(widths: Sequence[float]) -> Callable[[Sequence], str]:
    """A function row → the attribute of a row as high as its longest text needs; a spreadsheet program shows one line of a row that
    does not say. Texts of which half their column would hold are passed over, those that recur are kept, as in `_cell_writer`.
    """
    columns = [(place, width / 2, max(2, int(width) - 1), {}) for place, width in enumerate(widths)]

    def height(row: Sequence) -> str:
        lines = 1
        for place, half, room, kept in columns:
            value = row[place]
            if type(value) is str and (len(value) >= half or "\n" in value):
                taken = kept.get(value)
                if taken is None:
                    taken = sum(-(-_breadth(part) // room) or 1 for part in value.split("\n"))
                    if len(value) <= _CACHE_TEXT and len(kept) < _CACHE_ENTRIES // len(columns):
                        kept[value] = taken
                if taken > lines:
                    lines = taken
        return f' ht="{min(TALLEST, lines * LINE + PADDING):g}"'

    return height


def _breadth(text: str) -> int:
    """The width of ``text`` in characters of a column: Chinese, three bytes each, takes two; Latin, one byte, takes one."""
    return (len(text.encode("utf-8", "surrogatepass")) + len(text)) // 2


def _row_template(width: int) -> str:
    """'<row r="{0}"{3}><c r="A{0}"{1}<c r="B{0}"{2}</row>': one format call per row is what makes the writer quick."""
    cells = "".join(f'<c r="{column_letter(n)}{{0}}"{{{n}}}' for n in range(1, width + 1))
    return f'<row r="{{0}}"{{{width + 1}}}>{cells}</row>'


def _cell_writer() -> Callable[[object], str]:
    """A function value → what follows `<c r="A1"`; keeps the short texts and dates it met, which recur."""
    texts: dict[str, str] = {}
    days: dict[date, str] = {}

    def body(value: object) -> str:
        kind = type(value)
        if kind is str:
            if found := texts.get(value):
                return found
            written = f" {_text(value, _QUOTED if is_formula_like(value) else _TEXT)}" if value else _EMPTY
            if len(value) <= _CACHE_TEXT and len(texts) < _CACHE_ENTRIES:
                texts[value] = written
            return written
        if value is None:
            return _EMPTY
        if kind is date:
            if not (found := days.get(value)):
                found = days[value] = _day(value)
            return found
        return _other(value, body)

    return body


def _other(value: object, text: Callable[[str], str]) -> str:
    if isinstance(value, bool):
        return text("是" if value else "否")
    if isinstance(value, int | float | Decimal):
        if not _is_finite(value):
            return _EMPTY
        # Beyond 15 digits Excel would silently round: telephone and code numbers become text.
        return text(_digits(value)) if abs(value) >= EXACT_INTEGER else f' s="{_NUMBER}"><v>{value}</v></c>'
    if isinstance(value, datetime):
        return _moment(value, text)
    return _day(value) if isinstance(value, date) else text(str(value))


def _is_finite(value: int | float | Decimal) -> bool:
    if isinstance(value, int):
        return True  # and a huge one would overflow in math.isfinite
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _digits(value: int | float | Decimal) -> str:
    try:
        return str(int(value)) if isinstance(value, int) else str(value)
    except ValueError:  # Python prints no integer beyond 4,300 digits
        return "（数字过大）"


def _day(value: date) -> str:
    days = (value - SERIAL_EPOCH).days
    # Excel's calendar holds a 1900-02-29 that never was: before March 1900 its serials name other days.
    return f' s="{_DATE}"><v>{days}</v></c>' if days > 60 else f" {_text(value.isoformat(), _TEXT)}"


def _moment(value: datetime, text: Callable[[str], str]) -> str:
    if value.tzinfo is not None:
        raise ValueError("convert aware datetimes to local time before writing them")
    days = (value.date() - SERIAL_EPOCH).days
    if days <= 60:
        return text(value.isoformat(" ", "minutes"))
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f' s="{_MOMENT}"><v>{days + seconds / 86_400:.10g}</v></c>'


def _text(value: str, style: int) -> str:
    if len(value) > CELL_TEXT // 2:
        value = _cut(value)
    if _SPECIAL.search(value):
        value = value.replace("\r\n", "\n").replace("\r", "\n").translate(_TRANSLATION)
    space = ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
    return f's="{style}" t="inlineStr"><is><t{space}>{value}</t></is></c>'


def _cut(value: str) -> str:
    """At most the 32,767 UTF-16 units a cell holds; Excel calls a longer one damaged."""
    units = value.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * CELL_TEXT:
        return value
    return units[: 2 * (CELL_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _default_width(heading: str) -> float:
    return min(40, max(10, 2.2 * max(map(len, heading.split("\n"))) + 4))


def plain_sheet_name(name: str) -> str:
    """A legal sheet name: no []:*?/\\, room for a number in its 31 characters, no apostrophe at the ends, not "History"."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]", " ", name).strip(" '")[:27].strip(" '")
    if not plain or plain.lower() == "history":
        plain = "Sheet1"
    return plain


def _sheet_names(name: str, count: int) -> list[str]:
    plain = plain_sheet_name(name)
    return [plain] + [f"{plain}({number})" for number in range(2, count + 1)]


def _workbook_xml(names: list[str], header_row: int, paper: Paper) -> str:
    sheets = "".join(
        f'<sheet name="{_attribute(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
    )
    titles = ""
    for n, name in enumerate(names):
        sheet = f"'{_attribute(name).replace(chr(39), chr(39) * 2)}'!"
        column = "" if paper.across == 1 else f"{sheet}$A:$A,"
        titles += (
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{column}{sheet}$1:${header_row}</definedName>'
        )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
        f"<definedNames>{titles}</definedNames></workbook>"
    )


def _attribute(text: str) -> str:
    return text.translate(_TRANSLATION).replace('"', "&quot;")


def _workbook_rels(sheets: int) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}{styles}</Relationships>'
