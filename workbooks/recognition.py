"""Finding the table in a sheet that was made for people: where the header is, what each column means, which rows count.

Written against ledgers found in the wild: title and meta rows above the header, headers of one to four merged rows,
`序号` one row above the rest, repeated headers, section rows, empty numbered rows, notes and signatures at the foot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from .cells import column_letter
from .headings import (
    SERIAL,
    Synonyms,
    is_blank,
    is_count,
    is_description,
    is_heading_like,
    is_meta,
    normal,
    side_of,
    text_of,
)
from .rows import MAX_SECTION, PLACE, Row, RowReader

__all__ = ["Column", "CountLedger", "EmptySheet", "NoHeader", "Row", "Table", "Unrecognised", "recognise"]

SEARCH_ROWS = 20
MAX_HEADER_ROWS = 4
POINTED_ROWS = 500
_SHORT = ("描述", "内容", "级别", "类型", "位置")


class Unrecognised(ValueError):
    """A sheet that holds no table we can import; `str(error)` is the Chinese explanation."""


class EmptySheet(Unrecognised):
    """Nothing is written on the sheet."""


class NoHeader(Unrecognised):
    """No row looks like a header."""


class CountLedger(Unrecognised):
    """One row is a visit with numbers of hazards, not one hazard."""


@dataclass(frozen=True)
class Column:
    """`index` counts from 0, `letter` is what the user sees, `heading` the whole path ("整改责任单位/施工").

    `field` is None for columns not imported; `note` says why when the reason is not simply an unknown heading.
    `side` is "一", "二" … where one sheet row lists several hazards side by side (`隐患一…|隐患二…`), else "".
    """

    index: int
    letter: str
    heading: str
    field: str | None
    note: str = ""
    side: str = ""


@dataclass
class Table:
    """A recognised sheet. `rows` can be iterated once; `skipped` [(row, reason)] fills while it is.

    `skipped` holds at most rows.MAX_SKIPPED entries, `skipped_count` counts all. Rows without any visible cell are
    not reported. `title` and `meta` ({"项目名称": "…"}) come from the rows above the header.
    """

    header_rows: list[int]
    columns: list[Column]
    rows: Iterator[Row]
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    reader: RowReader | None = field(default=None, repr=False)

    @property
    def skipped(self) -> list[tuple[int, str]]:
        """Rows left out so far, with the reason."""
        return self.reader.skipped

    @property
    def skipped_count(self) -> int:
        """How many rows were left out so far."""
        return self.reader.skipped_count

    @property
    def fields(self) -> set[str]:
        """The fields some column feeds."""
        return {column.field for column in self.columns if column.field}


def recognise(
    rows: Iterable[Sequence],
    synonyms: Mapping[str, Iterable[str]],
    *,
    mapping: Mapping[int, str | None] | None = None,
    header_rows: Sequence[int] | None = None,
    min_fields: int = 2,
) -> Table:
    """Find header, columns and data rows of one sheet, given its rows from sheet row 1 on (index 0 = column A).

    `synonyms`: field → headings, most trusted first. `mapping`: column index (from 0) → field or None, overrides
    what was recognised. `header_rows`: 1-based rows the user pointed at, instead of searching. A header needs
    `min_fields` recognised headings. Reads at most 24 rows ahead. Raises EmptySheet, NoHeader, CountLedger (all
    Unrecognised), and Unrecognised for a mapping that names a column twice or a column that is not there.
    """
    iterator = iter(rows)
    head = _read_head(iterator, min(max(header_rows, default=0), POINTED_ROWS) if header_rows else 0)
    table = Synonyms(synonyms)
    block = _given_block(head, header_rows) if header_rows else _find_block(head, table, min_fields, bool(mapping))
    first, last = block
    header = head[first : last + 1]
    paths = _paths(header)
    _refuse_counts(paths, first)
    columns = _columns(paths, table, mapping or {})
    serial = next((index for index, path in enumerate(paths) if path and normal(path[-1]) in SERIAL), None)
    title, meta = _above(head[:first] + [[cell for cell in row if is_meta(cell)] for row in header])
    reader = RowReader(columns, header, serial, title, _section_above(head[:first]))
    data = reader.read(chain(head[last + 1 :], iterator), last + 2)
    return Table([*range(first + 1, last + 2)], columns, data, title, meta, reader)


def _read_head(iterator: Iterator[Sequence], at_least: int) -> list[list]:
    """The first rows; blank ones on top do not count, so that a table far down is still found."""
    head: list[list] = []
    written = 0
    count = SEARCH_ROWS + MAX_HEADER_ROWS
    for row in iterator:
        head.append(list(row))
        written += any(not is_blank(cell) for cell in row)
        if len(head) >= at_least and (written >= count or len(head) >= POINTED_ROWS):
            break
    if not written:
        raise EmptySheet("工作表是空的")
    return head


def _given_block(head: list[list], header_rows: Sequence[int]) -> tuple[int, int]:
    first, last = min(header_rows), max(header_rows)
    if first < 1 or last > len(head) or last - first >= MAX_HEADER_ROWS:
        raise NoHeader(f"第 {first}-{last} 行不能作为表头（表头最多 {MAX_HEADER_ROWS} 行，且必须在工作表范围内）")
    return first - 1, last - 1


def _find_block(head: list[list], synonyms: Synonyms, min_fields: int, mapped: bool) -> tuple[int, int]:
    """(first, last) header row, 0-based: the row naming most fields, then its neighbours that belong to it."""
    scores = [_score(row, synonyms) for row in head[: _search_end(head)]]
    best = max(range(len(scores)), key=scores.__getitem__, default=0)
    if not scores or scores[best] < (1 if mapped else min_fields):
        raise NoHeader(
            f"第1-{max(1, len(scores))}行找不到表头：没有一行同时写着两个以上认得的列名"
            "（如“隐患描述”“整改期限”）。请检查表头，或手工指定表头所在行"
        )
    first = last = best
    while first > max(0, best - MAX_HEADER_ROWS + 1) and _belongs_above(head[first - 1], head[first : last + 1]):
        first -= 1
    below_end = min(len(head), first + MAX_HEADER_ROWS)
    while last + 1 < below_end and _belongs_below(head[last + 1], head[first : last + 1]):
        last += 1
    return first, last


def _search_end(head: list[list]) -> int:
    written = 0
    for number, row in enumerate(head):
        written += any(not is_blank(cell) for cell in row)
        if written > SEARCH_ROWS:
            return number
    return len(head)


def _score(row: Sequence, synonyms: Synonyms) -> int:
    texts = [cell for cell in row if is_heading_like(cell)]
    headings = [[text_of(text)] for text in texts]
    headings = [_without_side(heading) if side_of(heading[0]) else heading for heading in headings]
    fields = {found[0] for heading in headings if (found := synonyms.find(heading))}
    if not fields and sum(map(is_count, map(text_of, texts))) < 2:
        return 0
    return len(fields) + sum(is_count(text_of(text)) for text in texts) + any(normal(text) in SERIAL for text in texts)


def _cell(row: Sequence, index: int) -> object:
    return row[index] if index < len(row) else ""


def _belongs_above(row: Sequence, block: list[list]) -> bool:
    """A row above the best one is header when it names a column left blank below (序号) or groups several columns."""
    named = [index for index, cell in enumerate(row) if is_heading_like(cell)]
    if not named or any(not is_blank(cell) and not is_heading_like(cell) and not is_meta(cell) for cell in row):
        return False
    first = named[0]
    if len(named) > 1 and not is_blank(_cell(row, first + 1)) and not is_blank(_cell(block[0], first)):
        return False  # `填报单位 | 某局 | …`: a heading over a single headed column groups nothing
    if len(named) == 1:
        only = named[0]
        grouping = only > 0 and is_blank(_cell(row, 0)) and not is_blank(_cell(block[0], only))
        return normal(row[only]) in SERIAL or grouping
    return any(not is_blank(_cell(block[0], index)) for index in range(first, max(map(len, block))))


def _belongs_below(row: Sequence, block: list[list]) -> bool:
    """A row below is header when it only subdivides headings that span several columns."""
    named = [index for index, cell in enumerate(row) if not is_blank(cell)]
    if len(named) < 2 or not all(is_heading_like(row[index]) for index in named):
        return False
    lowest = block[-1]
    spanned = set()
    for index, cell in enumerate(lowest):
        if is_blank(cell):
            continue
        end = index + 1
        while end < len(row) and is_blank(_cell(lowest, end)) and all(is_blank(_cell(upper, end)) for upper in block):
            end += 1
        if end - index > 1:
            spanned |= set(range(index, end))
    return set(named) <= spanned


def _paths(header: list[list]) -> list[list[str]]:
    """The headings over each column, top row first. A heading reaches right over blanks as long as a lower row
    subdivides them; meta cells (`项目名称：…`) head nothing."""
    width = max(map(len, header))
    paths: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(header):
        running = ""
        for index in range(width):
            cell = _cell(row, index)
            below = [text_of(_cell(lower, index)) for lower in header[depth + 1 :]]
            if is_meta(cell):
                running = ""
            elif not is_blank(cell):
                running = " ".join(text_of(cell).split())
                paths[index].append(running)
            elif running and any(below) and (depth == 0 or not _starts_group(header, depth, index)):
                paths[index].append(running)
            else:
                running = ""
    return paths


def _starts_group(header: list[list], depth: int, index: int) -> bool:
    return any(not is_blank(_cell(upper, index)) for upper in header[:depth])


def _refuse_counts(paths: list[list[str]], first: int) -> None:
    headings = ["".join(path) for path in paths if path]
    counts = [heading for heading in headings if is_count(heading)]
    if len(counts) >= 2 and not any(is_description(heading) for heading in headings):
        shown = "”“".join(counts[:3])
        raise CountLedger(
            f"这张表一行是一次检查，只有隐患的数量（第{first + 1}行起的表头有“{shown}”等列），没有每条隐患的描述，"
            "不能作为隐患台账导入；请改用一行一条隐患的台账"
        )


def _columns(paths: list[list[str]], synonyms: Synonyms, mapping: Mapping[int, str | None]) -> list[Column]:
    """One Column per sheet column; of several that mean the same field (on the same side) the best heading wins."""
    sides = _sides(paths)
    _check_mapping(mapping, sides)
    found = [synonyms.find(_without_side(path) if side else path) for path, side in zip(paths, sides, strict=True)]
    taken = {(sides[index], name): index for index, name in mapping.items() if name}
    for index in sorted((i for i, match in enumerate(found) if match and i not in mapping), key=lambda i: found[i][1]):
        taken.setdefault((sides[index], found[index][0]), index)
    chosen = {index: name for (_, name), index in taken.items()}
    columns = []
    for index, path in enumerate(paths):
        note = ""
        if index not in mapping and found[index] and index not in chosen:
            winner = taken[sides[index], found[index][0]]
            note = f"与 {column_letter(winner + 1)} 列含义相同，未采用"
        heading = "/".join(dict.fromkeys(path))
        columns.append(Column(index, column_letter(index + 1), heading, chosen.get(index), note, sides[index]))
    return columns


def _sides(paths: list[list[str]]) -> list[str]:
    """The side each column belongs to; all "" unless at least two sides are there."""
    sides = [found[0] if (found := side_of("".join(path))) else "" for path in paths]
    return sides if len(set(sides) - {""}) > 1 else [""] * len(paths)


def _without_side(path: list[str]) -> list[str]:
    """`隐患二整改期限` → 整改期限; a bare `隐患二`, or `隐患二描述`, means the description."""
    rest = side_of("".join(path))[1]
    return ["隐患" + rest if rest in _SHORT else rest] if rest else ["隐患描述"]


def _check_mapping(mapping: Mapping[int, str | None], sides: list[str]) -> None:
    if any(not 0 <= index < len(sides) for index in mapping):
        raise Unrecognised(f"指定的列不存在，这张表只有 {len(sides)} 列")
    used = [(sides[index], name) for index, name in mapping.items() if name]
    if twice := next((key for key in used if used.count(key) > 1), None):
        same = [index for index, name in mapping.items() if (sides[index], name) == twice]
        letters = "、".join(column_letter(index + 1) for index in same)
        raise Unrecognised(f"{letters} 列对应了同一项内容，请只保留一列")


def _section_above(rows: list[list]) -> str:
    """The last `××街道` alone in its row above the header: the first section of a sectioned list."""
    lone = [cells[0] for row in rows if len(cells := [text_of(cell) for cell in row if not is_blank(cell)]) == 1]
    return next((text for text in reversed(lone) if len(text) <= MAX_SECTION and PLACE.search(text)), "")


def _above(rows: list[list]) -> tuple[str, dict[str, str]]:
    """Title (the first lone text) and meta cells of the rows above the data."""
    title = ""
    meta: dict[str, str] = {}
    for row in rows:
        cells = [cell for cell in row if not is_blank(cell)]
        if not title and len(cells) == 1 and not is_meta(cells[0]):
            title = text_of(cells[0])
        for cell in cells:
            if is_meta(cell):
                label, _, value = text_of(cell).replace("：", ":", 1).partition(":")
                meta.setdefault(normal(label), value.strip())
    return title, meta
