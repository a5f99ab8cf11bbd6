"""Telling data rows from everything else people write between and below them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .headings import is_blank, is_meta, normal, text_of

MAX_SKIPPED = 1_000
MAX_SECTION = 30
NUMBER_ALONE = "空行（只有序号）"

_NOTE = re.compile(r"^(填表|填报|填写)?(说明|备注|附注|注意事项|注意|注|提示)\s*\d*\s*([：:].*|$)", re.S)
_SIGNATURE = re.compile(
    r"^(填报|填表|制表|审核|审批|批准|复核|复查|检查|验收|负责|经办|统计|签字|签名|盖章|主要负责|分管|单位负责|被检查单位|联系|日期|时间)"
    r"[^：:，。]{0,12}[：:]"
)
_TOTAL = re.compile(r"^(合计|总计|小计|共计)([：:（(]|\d|$)")
PLACE = re.compile(r"(街道|镇|乡|办事处|社区|园区|开发区|示范区|区|县)(办事处)?[：:]?$")
_END = re.compile(r"^[（(—\-]*(以下|下)(空白|无正文)[）)—\-]*$")


@dataclass(frozen=True)
class Row:
    """One data row. `number` is the sheet row (from 1), `values` holds every mapped field ("" when blank),
    `cells` the raw cells, `section` the last section row above ("××街道"), "" without one."""

    number: int
    values: dict[str, object]
    cells: list
    section: str = ""


class RowReader:
    """Walks the rows below a header; `skipped` collects what was left out and why."""

    def __init__(self, columns: Sequence, header: Sequence[Sequence], serial: int | None, title: str, section: str):
        self._fields = [(column.index, column.field) for column in columns if column.field]
        sides = dict.fromkeys(column.side for column in columns if column.field and column.side)
        # Without sides one entry holds every field; with sides each entry holds the shared fields and its own.
        self._sides = [[(c.index, c.field) for c in columns if c.field and c.side in ("", side)] for side in sides]
        self._own = [{c.index for c in columns if c.field and c.side == side} for side in sides]
        self._header = [self._signature(row) for row in header]
        self._heading_texts = {text for row in self._header for _, text in row}
        self._serial, self._title = serial, normal(title)
        self._first = min([index for index, _ in self._fields] + [serial if serial is not None else len(columns)])
        self._in_notes = False
        self._section = section
        self.skipped: list[tuple[int, str]] = []
        self.skipped_count = 0

    def read(self, rows: Iterable[Sequence], number: int) -> Iterator[Row]:
        """Data rows, the first of `rows` being sheet row `number`."""
        for position, row in enumerate(rows, number):
            cells = list(row)
            seen = [index for index, cell in enumerate(cells) if not is_blank(cell)]
            if not seen:
                continue
            if reason := self._reason(cells, seen):
                self._skip(position, reason)
                continue
            for fields in self._hazards(seen):
                width = len(cells)
                values = {name: cells[index] if index < width else "" for index, name in fields}
                yield Row(position, values, cells, self._section)

    def _hazards(self, seen: list[int]) -> list[list[tuple[int, str]]]:
        """The (column, field) pairs of each hazard in the row: one, or one per side that has something written."""
        if not self._sides:
            return [self._fields]
        return [fields for fields, own in zip(self._sides, self._own, strict=True) if own & set(seen)] or [self._fields]

    def _skip(self, number: int, reason: str) -> None:
        self.skipped_count += 1
        if len(self.skipped) < MAX_SKIPPED:
            self.skipped.append((number, reason))

    def _reason(self, cells: list, seen: list[int]) -> str:
        """Why a row is no data, "" for a data row. Most rows are settled by the first two lines."""
        lead = cells[seen[0]]
        few = len(seen) <= 3
        if not few:
            self._in_notes = False
        if len(seen) == 1 and (reason := self._lone(seen[0], lead)):
            return reason
        text = text_of(lead) if isinstance(lead, str) else ""
        if not text:
            return "表尾说明" if self._in_notes and len(seen) == 1 else ""
        if normal(text) in self._heading_texts and self._is_header(cells):
            return "重复的表头"
        if few and _NOTE.match(text):
            self._in_notes = True
            return "表尾说明"
        if _TOTAL.match("".join(text.split())):
            return "合计行"
        if _SIGNATURE.match(text) and not self._has_serial(cells):
            return "签字栏"
        if few and all(is_meta(cells[index]) for index in seen):
            return "信息行（不是隐患）"
        return ""

    def _has_serial(self, cells: list) -> bool:
        return self._serial is not None and self._serial < len(cells) and _is_number(cells[self._serial])

    def _lone(self, index: int, cell: object) -> str:
        """A row with a single written cell: number, note, title, section or a short data row."""
        if _is_number(cell) and (index == self._serial or (self._serial is None and index == 0)):
            return NUMBER_ALONE
        text = text_of(cell)
        if _END.match("".join(text.split())):
            return "以下空白"
        if self._in_notes or _NOTE.match(text):
            self._in_notes = True
            return "表尾说明"
        if self._title and normal(text) == self._title:
            return "重复的标题"
        if not isinstance(cell, str) or is_meta(cell) or _TOTAL.match(text):
            return ""
        if self._may_head_section(index, text):
            if len(text) > MAX_SECTION:
                return "信息行（不是隐患）"
            self._section = " ".join(text.split())
            return "分节标题"
        return ""

    def _may_head_section(self, index: int, text: str) -> bool:
        """Text alone in the serial column (or left of all data) heads a section; alone in the first data column it
        may be a poor data row, unless it names a place."""
        if index == self._serial or index < self._first:
            return True
        return index == self._first and len(self._fields) > 1 and bool(PLACE.search(text))

    def _is_header(self, cells: list) -> bool:
        mine = self._signature(cells)
        return any(len(mine & theirs) >= max(2, 0.6 * len(theirs)) for theirs in self._header if len(theirs) >= 2)

    @staticmethod
    def _signature(row: Sequence) -> set[tuple[int, str]]:
        return {(index, normal(cell)) for index, cell in enumerate(row) if isinstance(cell, str) and not is_blank(cell)}


def _is_number(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"\d{1,7}(\.0)?[.、]?", cell.strip()))
    return isinstance(cell, int | float) and not isinstance(cell, bool)
