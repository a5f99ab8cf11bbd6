"""Finding the table in a sheet that was made for people: where the header is, what each column means, which rows count.

Written against ledgers found in the wild: title and meta rows above the header, headers of one to four merged rows,
`序号` one row above the rest, repeated headers, section rows, empty numbered rows, notes and signatures at the foot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from .cells import column_letter
from .headings import SERIAL, Synonyms, is_blank, is_count, is_description, is_heading_like, is_meta, normal, text_of
from .rows import Row, RowReader

__all__ = ["Column", "CountLedger", "EmptySheet", "NoHeader", "Row", "Table", "Unrecognised", "recognise"]

SEARCH_ROWS = 20
MAX_HEADER_ROWS = 4


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
    """

    index: int
    letter: str
    heading: str
    field: str | None
    note: str = ""


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
    head = _read_head(iterator, max([SEARCH_ROWS + MAX_HEADER_ROWS, *(header_rows or ())]))
    table = Synonyms(synonyms)
    block = _given_block(head, header_rows) if header_rows else _find_block(head, table, min_fields, bool(mapping))
    first, last = block
    header = head[first : last + 1]
    paths = _paths(header)
    _refuse_counts(paths, first)
    columns = _columns(paths, table, mapping or {})
    serial = next((index for index, path in enumerate(paths) if path and normal(path[-1]) in SERIAL), None)
    title, meta = _above(head[:first] + [[cell for cell in row if is_meta(cell)] for row in header])
    reader = RowReader(columns, header, serial, title)
    data = reader.read(chain(head[last + 1 :], iterator), last + 2)
    return Table([*range(first + 1, last + 2)], columns, data, title, meta, reader)


def _read_head(iterator: Iterator[Sequence], count: int) -> list[list]:
    """The first rows; blank ones on top do not count, so that a table far down is still found."""
    head: list[list] = []
    written = 0
    for row in iterator:
        head.append(list(row))
        written += any(not is_blank(cell) for cell in row)
        if written >= count or len(head) >= 50 * count:
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
    fields = {found[0] for text in texts if (found := synonyms.find([text_of(text)]))}
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
    if len(named) == 1:
        only = named[0]
        grouping = only > 0 and is_blank(_cell(row, 0)) and not is_blank(_cell(block[0], only))
        return normal(row[only]) in SERIAL or grouping
    return any(not is_blank(_cell(block[0], index)) for index in range(named[0], max(map(len, block))))


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
    best: dict[str, tuple[int, int]] = {}
    for index, path in enumerate(paths):
        if index not in mapping and (found := synonyms.find(path)):
            best[found[0]] = min(best.get(found[0], (found[1], index)), (found[1], index))
    chosen = {index: name for name, (_, index) in best.items() if name not in mapping.values()}
    _check_mapping(mapping, len(paths))
    columns = []
    for index, path in enumerate(paths):
        name = mapping[index] if index in mapping else chosen.get(index)
        found = synonyms.find(path)
        note = ""
        if index not in mapping and found and not name:
            taken = next((i for i, n in [*mapping.items(), *chosen.items()] if n == found[0]), index)
            note = f"与 {column_letter(taken + 1)} 列含义相同，未采用"
        columns.append(Column(index, column_letter(index + 1), "/".join(dict.fromkeys(path)), name, note))
    return columns


def _check_mapping(mapping: Mapping[int, str | None], width: int) -> None:
    used = [name for name in mapping.values() if name]
    if twice := next((name for name in used if used.count(name) > 1), None):
        letters = "、".join(column_letter(index + 1) for index, name in mapping.items() if name == twice)
        raise Unrecognised(f"{letters} 列对应了同一项内容，请只保留一列")
    if any(not 0 <= index < width for index in mapping):
        raise Unrecognised(f"指定的列不存在，这张表只有 {width} 列")


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
