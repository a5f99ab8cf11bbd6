"""Reading headings: what a cell of a header says, and which field of the caller it names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from .cells import ParseError, clean_text

SERIAL = frozenset({"序号", "no", "no."})
MAX_HEADING = 40
# A count instead of a description: the mark of a ledger whose rows are visits.
_COUNT = re.compile(
    r"(隐患|问题|违法行为|排查|整改|整治|重大|一般)[^描内]*(数|数量|总数|条数|个数|起数|项数)$"
    r"|家次|检查次数|检查(企业|单位)数|监管企业数|起数|(整改|整治|销号|完成)率|^(已整改|未整改|已整治|已销号)数?$"
)
_DESCRIPTION = re.compile(
    r"描述|内容|隐患名称|(存在|具体|主要|发现)的?(问题|隐患)|不合格项|问题清单"
    r"|^(隐患|问题|安全隐患|事故隐患)$"
)
_META = re.compile(r"^[^：:]{1,16}[：:]")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_SIDE = re.compile(r"(?:隐患|问题)([一二三四五六七八九十]{1,2}|\d{1,2})(?![级类项处条])[:：.、/]?(.*)")
_EDGES = "*:：·、-—_/ "


def text_of(cell: object) -> str:
    """The cell as tidy text, "" when it is blank or damaged."""
    try:
        return clean_text(cell)
    except ParseError:
        return ""


def is_blank(cell: object) -> bool:
    """Whether nothing can be seen in the cell."""
    if not isinstance(cell, str):
        return cell is None
    # The first character settles nearly every cell; this runs for each of millions.
    return not cell or not ("!" <= cell[0] <= "~" or "\u4e00" <= cell[0] <= "\u9fff" or text_of(cell))


def normal(heading: object) -> str:
    """A heading for comparison: NFKC, lower case, without any white space, asterisks and colons at the ends."""
    return "".join(unicodedata.normalize("NFKC", text_of(heading)).lower().split()).strip(_EDGES)


def is_meta(cell: object) -> bool:
    """`项目名称：某项目`: a label with its value in one cell (a bare `责任人：` is a heading)."""
    text = text_of(cell)
    match = _META.match(text)
    return bool(match) and len(text) > match.end()


def is_heading_like(cell: object) -> bool:
    """Short text that is no number, date or meta cell."""
    text = normal(cell)
    return (
        isinstance(cell, str)
        and 0 < len(text) <= MAX_HEADING
        and not is_meta(cell)
        and not re.fullmatch(r"[\d.\-/%年月日]+", text)
    )


def is_count(heading: str) -> bool:
    """Whether a heading promises a number of hazards or visits."""
    return bool(_COUNT.search(_BRACKETS.sub("", normal(heading))))


def is_description(heading: str) -> bool:
    """Whether a heading promises the words of a single hazard."""
    return bool(_DESCRIPTION.search(_BRACKETS.sub("", normal(heading)))) and not is_count(heading)


def side_of(heading: str) -> tuple[str, str] | None:
    """("二", "整改期限") for `隐患二整改期限` where one row lists several hazards, else None."""
    match = _SIDE.fullmatch(normal(heading))
    return (match[1], match[2]) if match else None


class Synonyms:
    """The caller's table field → headings (most trusted first), turned round for look-up."""

    def __init__(self, table: Mapping[str, Iterable[str]]):
        self._fields: dict[str, tuple[str, int]] = {}
        for field, headings in table.items():
            for rank, heading in enumerate(headings):
                self._fields.setdefault(normal(heading), (field, rank))

    def find(self, path: Sequence[str]) -> tuple[str, int] | None:
        """(field, rank) for a column's headings from the top row down; the smaller rank is the better match.

        Tried in this order: all parts joined, the lowest part, the part above it …; each also without what
        stands in brackets. A match other than the joined one ranks after every match of the joined text.
        """
        parts = [part for part in path if part]
        candidates = ["".join(parts), *reversed(parts)] if len(parts) > 1 else parts
        for distance, candidate in enumerate(candidates):
            for penalty, text in enumerate((normal(candidate), normal(_BRACKETS.sub("", normal(candidate))))):
                if found := self._fields.get(text):
                    return found[0], found[1] + 1000 * distance + 100 * penalty
        return None
