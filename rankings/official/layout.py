"""What an official form looks like: nested headings as merged cells, for page and workbook alike."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

NOTHING_TO_DIVIDE = "/"  # a rate of nothing
TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True)
class Head:
    """One heading. ``unit`` (家, 项, %) stands in the last row of the header, under a column; ``key`` names what the column shows, ""
    where nothing in the system says it and people write it in by hand. ``width``: of the column, in characters."""

    label: str
    below: tuple = ()
    unit: str = ""
    key: str = ""
    width: int = 8
    is_text: bool = False  # never a number, not even one that looks like a date: 3/0

    @property
    def columns(self):
        """The headings of single columns under this one, itself where it is one."""
        return tuple(leaf for head in self.below for leaf in head.columns) if self.below else (self,)

    @property
    def depth(self):
        return 1 + max((head.depth for head in self.below), default=0)


@dataclass(frozen=True)
class Cell:
    """A cell of the header: ``row`` and ``column`` from 0, over so many ``rows`` and ``columns``."""

    row: int
    column: int
    rows: int
    columns: int
    label: str


def columns_of(heads):
    return tuple(leaf for head in heads for leaf in head.columns)


def depth_of(heads):
    """How many rows the header takes: the headings, and one for the units of count."""
    return max(head.depth for head in heads) + 1


def cells_of(heads):
    """The header as rows of `Cell`: a heading without others below it, or without a unit of count, reaches down to where that begins."""
    depth = depth_of(heads)
    grid = [[] for _ in range(depth)]

    def lay(head, row, column):
        width = len(head.columns)
        if head.below:
            grid[row].append(Cell(row, column, 1, width, head.label))
            for below in head.below:
                lay(below, row + 1, column)
                column += len(below.columns)
            return
        rows = depth - row - bool(head.unit)
        grid[row].append(Cell(row, column, rows, 1, head.label))
        if head.unit:
            grid[depth - 1].append(Cell(depth - 1, column, 1, 1, head.unit))

    column = 0
    for head in heads:
        lay(head, 0, column)
        column += len(head.columns)
    return [sorted(cells, key=lambda cell: cell.column) for cells in grid]


@dataclass(frozen=True)
class Filled:
    """A form with its figures. ``rows`` and ``total``: a value per column (int, Decimal, text, None: to be written by hand); ``lead``: the line
    between title and table, "" where the form has none; ``notes`` stand under the table, ``foot`` is what is signed; ``stamp`` says what the
    figures are of; ``wrong``: what a form may not be issued with, as sentences."""

    title: str
    heads: tuple
    rows: list
    total: list
    stamp: str
    lead: str = ""
    notes: list = field(default_factory=list)
    foot: str = ""
    wrong: list = field(default_factory=list)

    @property
    def columns(self):
        return columns_of(self.heads)

    @property
    def header(self):
        return cells_of(self.heads)

    @property
    def lines(self):
        """The rows as a page draws them: ``[[(Head, value), …], …]``."""
        return [list(zip(self.columns, values, strict=True)) for values in self.rows]

    @property
    def total_line(self):
        return list(zip(self.columns, self.total, strict=True))


def percent(part, whole):
    """``part`` ÷ ``whole`` in per cent with one decimal, half up; "/" where there is nothing to divide by."""
    return _rounded(Decimal(100 * part) / whole, "0.1") if whole else NOTHING_TO_DIVIDE


def ten_thousands(yuan):
    """Yuan in 万元 with two decimals."""
    return _rounded(Decimal(yuan) / TEN_THOUSAND, "0.01")


def _rounded(number, step):
    return number.quantize(Decimal(step), ROUND_HALF_UP)


def signatures(unit):
    """The last line of a form: who answers for it, to be filled in by hand."""
    blank = "　" * 4
    who = (
        f"填报单位（章）：{unit}",
        *(f"{name}：{blank}" for name in ("单位负责人（签字）", "填表人（签字）", "审核", "联系电话")),
    )
    return "　".join((*who, "填报日期：　　年　　月　　日"))
