"""Pure parsers for one spreadsheet cell: values in, values or a Chinese sentence out. No clock, no database."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta

FIRST_YEAR, LAST_YEAR = 1990, 2099
MAX_NAMES = 50
# Excel counts days from 1899-12-30 (1900 date system, which wrongly holds 1900 for a leap year).
SERIAL_EPOCH = date(1899, 12, 30)
FIRST_SERIAL = (date(FIRST_YEAR, 1, 1) - SERIAL_EPOCH).days
LAST_SERIAL = (date(LAST_YEAR, 12, 31) - SERIAL_EPOCH).days

# C0/C1 controls except TAB and LF, lone surrogates, non-characters, zero-width marks and the BOM.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_CLOCK = r"(?:[T ]?\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?)?"
_WRITTEN_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?" + _CLOCK + r"\s*(?:之前|以前|前)?"
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"\d{1,8}(?:\.\d{1,12})?")
_NAME_BREAK = re.compile(r"[、，,;；\n\r\t]+")
_ITEM_MARK = re.compile(r"(?:(?<=^)|(?<=[\n；;。]))\s*[(（]?(\d{1,2})(?:[、．)）]|\.(?!\d))\s*")


class ParseError(ValueError):
    """A cell that cannot be read; `str(error)` is a Chinese sentence fit for the person who typed it."""


def clean_text(value: object) -> str:
    """Any cell value as tidy text: CRLF → LF, control characters, NUL and lone surrogates removed, ends stripped.

    None → "", 3.0 → "3", True → "是", dates in ISO form, NaN and infinities → "". Raises ParseError for
    numbers of more than 30 digits (such a "number" is damage, and Python refuses to print huge ones).
    """
    if isinstance(value, str):
        return _UNWANTED.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time.min else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return _UNWANTED.sub("", str(value)).strip()


def _number_text(value: int | float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        if not value.is_integer():
            return repr(value)
    if abs(value) >= 10**30:
        raise ParseError("数字过大，无法识别")
    return str(int(value))


def parse_date(value: object) -> date | None:
    """The day a cell means, None for an empty cell.

    Understands real dates and datetimes (the time is dropped), Excel serials (43613, as number or text),
    `20250804`, `2025.8.4`, `2018/06/08`, `2025-08-04 10:30`, `2025年1月10日`, `2025年1月10日前`, full-width
    digits, spaces around. Years 1990 to 2099. Anything else raises ParseError with a Chinese sentence.
    """
    if isinstance(value, datetime):
        return _within_years(value.year, value.month, value.day)
    if isinstance(value, date):
        return _within_years(value.year, value.month, value.day)
    if isinstance(value, bool | time | timedelta):
        raise ParseError(f"“{_shown(value)}”不是日期")
    if isinstance(value, int | float):
        return _date_from_number(value)
    text = unicodedata.normalize("NFKC", clean_text(value)).strip()
    if not text:
        return None
    if match := _WRITTEN_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text):
        return _within_years(*(int(part) for part in match.groups()))
    if _NUMBER.fullmatch(text):
        return _date_from_number(float(text))
    raise ParseError(_why_not_a_date(text))


def _date_from_number(number: int | float) -> date:
    """Serial day number, or eight digits typed without separators (20250804)."""
    # An integer needs no test (and a huge one would overflow in it).
    if isinstance(number, int) or math.isfinite(number):
        if FIRST_SERIAL <= number < LAST_SERIAL + 1:
            return SERIAL_EPOCH + timedelta(days=int(number))
        if 10_000_101 <= number <= 99_991_231 and number == int(number):
            year, rest = divmod(int(number), 10_000)
            return _within_years(year, *divmod(rest, 100))
    raise ParseError(f"“{_shown(number)}”不是日期，请写成 2025-08-04 的样子")


def _within_years(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ParseError(f"{year}年{month}月{day}日这一天不存在") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ParseError(f"{found.isoformat()} 的年份不合理（应在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间）")
    return found


def _why_not_a_date(text: str) -> str:
    if re.fullmatch(r"\d{1,2}\s*[-./月]\s*\d{1,2}\s*[日号]?", text):
        return f"“{_shown(text)}”没有年份，请写成 2025-08-04 的样子"
    if re.fullmatch(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?", text):
        return f"“{_shown(text)}”没有写到哪一天，请写成 2025-08-04 的样子"
    if not re.search(r"\d", text):
        return f"这一格应填日期，却写着“{_shown(text)}”"
    return f"“{_shown(text)}”不是日期，请写成 2025-08-04 的样子"


def _shown(value: object) -> str:
    """A short quotation for an error sentence; never raises."""
    try:
        text = clean_text(value).replace("\n", " ")
    except ParseError:
        return "过大的数字"
    return text if len(text) <= 20 else text[:20] + "…"


def split_names(value: object) -> list[str]:
    """The names in one cell, in order, each once. Breaks at 、，,;； spaces and newlines.

    A two-character name padded with a space ("张 三") stays one name. More than 50 names raise ParseError.
    """
    names: dict[str, None] = {}
    for part in _NAME_BREAK.split(clean_text(value)):
        pending = ""
        for word in part.split():
            lone = len(word) == 1 and "\u4e00" <= word <= "\u9fff"
            if lone and pending:
                names[pending + word] = None
                pending = ""
            elif lone:
                pending = word
            else:
                names |= {pending: None} if pending else {}
                names[word] = None
                pending = ""
        if pending:
            names[pending] = None
    if len(names) > MAX_NAMES:
        raise ParseError(f"一格里有 {len(names)} 个名字，最多 {MAX_NAMES} 个")
    return list(names)


def split_numbered(value: object) -> list[str]:
    """Several numbered items typed into one cell ("1、…2、…" on new lines or after ；。) as separate texts.

    Only a run 1, 2, 3 … from the very start counts, so that "3、" left over from a copied list or "8.1m"
    never splits a sentence; otherwise the whole text is the one item. Empty cell → [].
    """
    text = clean_text(value)
    marks = list(_ITEM_MARK.finditer(text))
    if len(marks) < 2 or marks[0].start() != 0 or [int(m[1]) for m in marks] != list(range(1, len(marks) + 1)):
        return [text] if text else []
    ends = [m.start() for m in marks[1:]] + [len(text)]
    items = [text[m.end() : end].strip() for m, end in zip(marks, ends, strict=True)]
    return items if all(items) else [text]


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula (OWASP, CSV injection)."""
    return text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") and text != ""


def column_letter(number: int) -> str:
    """1 → "A", 27 → "AA", 16384 → "XFD". Raises ValueError below 1."""
    if number < 1:
        raise ValueError("columns are counted from 1")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
