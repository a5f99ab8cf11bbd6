"""What people write into the cells of a ledger: levels, states, names, days and words where days should be. Pure functions."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError

from hazards.lifecycle import State
from hazards.models.number import NUMBERING
from inspections import uscc
from workbooks.cells import ParseError, clean_text, parse_date, split_names

# Written instead of leaving a cell empty.
BLANKS = frozenset({"/", "\\", "-", "--", "—", "——", "无", "无。", "暂无", "不详", "n/a", "null", "none"})
AT_ONCE = frozenset(
    {"立即", "立即整改", "立整立改", "立行立改", "当场", "当场整改", "现场整改", "当天", "当日", "即时", "即刻"}
)

# What a state word means. OPEN and DONE need the row's dates to become a state, see imports.rows.
OPEN, DONE, ON_SPOT = "open", "done", "on_spot"
STATES = {
    State.REGISTERED: ("已登记",),
    OPEN: ("开放", "打开", "待整改", "整改中", "未整改", "限时整改", "限期整改", "退回整改", "逾期未整改", "逾期", "正在整改",
           "否", "未完成", "未销号", "未闭环", "待处理", "处理中", "未关闭"),
    State.PENDING_REVIEW: ("待复查", "待验收", "待复核", "待销号", "已反馈"),
    DONE: ("已整改", "整改完成", "整改完毕", "已整改完成", "已完成整改", "是", "已完成", "完成", "已治理"),
    ON_SPOT: ("现场处置", "当场纠正", "当场整改", "现场整改", "当场整改销号", "立即整改完成"),
    State.CLOSED: ("关闭", "已关闭", "已销号", "销号", "已整改销号", "整改销号", "已闭环", "闭环", "已验收", "验收合格", "复查合格"),
}  # fmt: skip
NOT_IN_LEDGER = frozenset({State.DRAFT.label, State.DISCARDED.label, "已作废", "作废"})
_MEANING = {word: meaning for meaning, words in STATES.items() for word in words}
# 是 under 是否销号 says more than under 是否整改.
_YES = frozenset({"是", "√", "已完成", "完成"})
_CLOSING = ("销号", "闭环", "关闭")
# The work is not done, whatever else the phrase says; 未完成验收 is about the review, not the work.
_UNDONE = re.compile(
    r"(?:未|待|没有?)(?:能|按期|按时|及时|全部|完全|彻底)*(?:整改|完成)(?!验收|复查|复核|销号)"
    r"|部分|正在|预计|计划|不合格|不通过|未通过|退回"
)
_UNREVIEWED = re.compile(r"[未待].{0,4}?(?:验收|复查|复核|销号|闭环|关闭)")
_NOT_MAJOR = re.compile(r"(?:非|无|没有|不(?:构成|属于|属|是|为|存在)?|未(?:构成|达到|达|发现)?)重大")
_LEVEL_NUMBER = re.compile(r"(?:一般)?(?:隐患)?[2-4二三四ⅡⅢⅣ]级?")
_AMOUNT = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*(?:\.\d+)?|[+-]?\d{1,20}(?:\.\d{1,20})?", re.ASCII)
_BREAKS = re.compile(r"\s*[、，,;；\n\t]+\s*")


def plain(cell):
    """A cell as tidy text; ``/``, ``—`` and 无 count as empty. Raises ParseError for numbers no one can have typed."""
    value = clean_text(cell)
    return "" if value.lower() in BLANKS else value


def level_of(cell):
    """``general``, ``major`` or "" for an empty cell: 重大事故隐患, 一般, ``3``, ``3级``, ``一般3级``."""
    word = "".join(unicodedata.normalize("NFKC", plain(cell)).split())
    if not word:
        return ""
    if _NOT_MAJOR.search(word):
        return "general"
    if "重大" in word or word.lower() == "major":
        return "major"
    if "一般" in word or "较大" in word or word.lower() == "general" or _LEVEL_NUMBER.fullmatch(word):
        return "general"
    if word in ("1", "1级", "一级", "I级"):
        raise ParseError(f"“{word}”在有的台账里是重大、有的是一般，请写明“重大”或“一般”")
    raise ParseError(f"隐患等级“{_short(word)}”无法识别，请填“一般”或“重大”")


def closes(heading):
    """True for a heading that asks whether the row is closed (是否销号, 闭环情况), not whether the work is done (是否整改)."""
    return any(part in heading for part in _CLOSING)


def closing_state_of(cell):
    """As :func:`state_of`, for a column whose heading :func:`closes`: 是 is closed there."""
    return State.CLOSED if isinstance(cell, str) and "".join(plain(cell).split()) in _YES else state_of(cell)


def state_of(cell):
    """A State, ``OPEN``, ``DONE``, ``ON_SPOT``, or "" for an empty cell."""
    word = "".join(plain(cell).split())
    if not word:
        return ""
    if meaning := _MEANING.get(word):
        return meaning
    if word in NOT_IN_LEDGER:
        raise ParseError(f"“{word}”的隐患不在台账内，不能导入")
    if meaning := _state_within(word):
        return meaning
    raise ParseError(f"隐患状态“{_short(word)}”无法识别，请填“已登记”“整改中”“待复查”或“已销号”")


def _state_within(word):
    """The state a short phrase contains (已完成整改并销号); "" when it says nothing about it."""
    if len(word) > 40:
        return ""
    speaks = ("整改", "销号", "闭环", "关闭", "验收", "复查", "完成")
    if not any(part in word for part in speaks):
        return ""
    if any(part in word for part in ("待复查", "待验收", "待销号", "待复核")):
        return State.PENDING_REVIEW
    if _UNDONE.search(word):
        return OPEN
    done = any(part in word for part in ("已整改", "已完成", "完成整改", "整改完成", "整改完毕", "整改到位"))
    if _UNREVIEWED.search(word):
        return State.PENDING_REVIEW if done else OPEN
    if any(part in word for part in (*_CLOSING, "验收合格", "复查合格", "验收通过", "复查通过")):
        return State.CLOSED
    if not done and re.search("未|待|逾期", word):
        return OPEN
    return DONE if done or any(part in word for part in ("已", "完成", "完毕", "到位")) else ""


def day_of_cell(cell):
    """A date or None; anything else raises ParseError."""
    return None if isinstance(cell, str) and plain(cell) == "" else parse_date(cell)


def deadline_of(cell):
    """A date, None, or ``AT_ONCE`` for 立即整改 and the like: the day the hazard was found."""
    if isinstance(cell, str) and "".join(plain(cell).split()) in AT_ONCE:
        return AT_ONCE
    return day_of_cell(cell)


def day_or_state(cell):
    """A date, None, or what :func:`state_of` makes of a word (已整改) standing where the day should be."""
    try:
        return day_of_cell(cell)
    except ParseError:
        word = "".join(plain(cell).split()) if isinstance(cell, str) else ""
        meaning = _MEANING.get(word)
        if meaning is None:
            raise
        return meaning


def names_of(cell):
    """The people named in a cell, separated by 、. Names in Latin letters keep their spaces."""
    value = plain(cell)
    if re.search("[A-Za-z]", value):
        return "、".join(part for part in _BREAKS.split(value) if part)
    return "、".join(split_names(value))


def number_of(cell):
    """The text of a number cell, upper case: ours (YH-4114-2026-000123) or some other system's."""
    return " ".join(unicodedata.normalize("NFKC", plain(cell)).upper().split())


def is_our_number(number, *, city, this_year):
    """True for a number of this city; raises ParseError for one that looks so but cannot have been given."""
    match = NUMBERING.pattern.fullmatch(number)
    if not match or match[1] != city:
        return False
    parts = NUMBERING.parts_of(number)
    if parts is None or not 2000 <= parts[1] <= this_year or parts[2] == 0:
        raise ParseError(f"编号“{number}”不是本系统给出过的编号；请改正，或把这一格留空由系统编号")
    return True


def yes_of(cell):
    """True for 是, False for 否 and empty."""
    word = plain(cell)
    if word.upper() in ("是", "有", "√", "✓", "✔", "1", "Y", "TRUE"):
        return True
    if word.upper() in ("", "否", "0", "×", "✗", "N", "FALSE"):
        return False
    raise ParseError(f"“{_short(word)}”无法识别，请填“是”或“否”")


def one_of(choices):
    """A reader of the word of one of ``choices`` [(code, word), …], or of its code, as the code; "" for an empty cell."""
    codes = {word: code for code, word in choices} | {code: code for code, _ in choices}

    def read(cell):
        word = plain(cell)
        if word and word not in codes:
            raise ParseError(f"“{_short(word)}”无法识别，请填{'、'.join(f'“{known}”' for _, known in choices)}之一")
        return codes[word] if word else ""

    return read


def amount_for(field):
    """A reader of numbers that the model ``field`` can hold; None for an empty cell."""

    def read(cell):
        word = "".join(unicodedata.normalize("NFKC", plain(cell)).split())
        if not word:
            return None
        if not _AMOUNT.fullmatch(word):
            raise ParseError(f"“{_short(word)}”不是数，请填数字")
        try:
            return field.clean(word.replace(",", ""), None)
        except ValidationError as error:
            raise ParseError(f"“{_short(word)}”不能用：{'；'.join(error.messages)}") from None

    return read


def uscc_of(cell):
    """A credit code as text, upper case and without blanks; checked in imports.rows."""
    return uscc.canonical(plain(cell))


def shown(value):
    """A cell or value for a report: text of at most 60 characters."""
    if isinstance(value, date):
        return value.isoformat()
    try:
        return _short(clean_text(value), 60)
    except ParseError:
        return "（数字过大）"


def _short(text, length=20):
    return text if len(text) <= length else text[:length] + "…"
