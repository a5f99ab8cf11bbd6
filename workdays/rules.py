"""Working-day arithmetic: pure functions, no clock, no database.

A working day is Monday to Friday, except where the State Council's yearly notice
(国务院办公厅关于部分节假日安排的通知) gives a weekday off (放假) or has a weekend day worked (上班, 调休). Only these
exceptions are data. A year whose notice is not out yet counts Monday to Friday and says so: see ``Deadline.published``.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5

# Ten years of working days. Longer terms are typing errors, and a bound keeps the day-by-day walk short.
MAX_WORKING_DAYS = 2500

# New Year's Day belongs to the next year's notice and has reached back to 29 December (the notices for 2008 and 2019).
# From here to 31 December a year is settled only when the following year's notice is out too.
YEAR_END_FROM = (12, 29)

OFF, WORKED = "放假", "上班"
IS_WORKING = {OFF: False, WORKED: True}
FIRST_YEAR, LAST_YEAR = 2000, 2199


class BadNotice(ValueError):
    """A holiday notice that cannot be taken as it is; the message is a Chinese sentence fit for the user."""


class OutOfRange(ValueError):
    """A count or a result no calendar can hold; the message is a Chinese sentence fit for the user."""


@dataclass(frozen=True)
class ExceptionDay:
    """One line of a notice: ``date`` is worked or not, against Monday to Friday; ``name`` is the festival."""

    date: date
    is_working: bool
    name: str


@dataclass(frozen=True)
class Deadline:
    """A date reached by counting; ``published`` is False while a notice it depends on is not out (page: 未公布)."""

    date: date
    published: bool


@dataclass(frozen=True)
class Calendar:
    """The exceptions (date → worked?) and the years whose notice is out. Dates elsewhere are Monday to Friday."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    published_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        worked = self.exceptions.get(day)
        return day.weekday() < SATURDAY if worked is None else worked

    def is_published(self, day: date) -> bool:
        """Whether every notice that can name ``day`` is out."""
        if day.year not in self.published_years:
            return False
        return (day.month, day.day) < YEAR_END_FROM or day.year + 1 in self.published_years

    def add_working_days(self, start: date, n: int) -> Deadline:
        """The ``n``-th working day after ``start``; ``start`` itself is not counted (民法典 §201); n < 0 counts back.

        n = 0 gives ``start``, working or not. Raises OutOfRange beyond MAX_WORKING_DAYS or the years a date can hold.
        """
        if abs(n) > MAX_WORKING_DAYS:
            raise OutOfRange(f"工作日数不能超过 {MAX_WORKING_DAYS} 个")
        step = ONE_DAY if n > 0 else -ONE_DAY
        day, left, published = start, abs(n), self.is_published(start)
        while left:
            day = _next(day, step)
            left -= self.is_working(day)
            published = published and self.is_published(day)
        return Deadline(day, published)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in (start, end]; negative when ``end`` is earlier.

        Raises OutOfRange when the dates are more than some ten years apart.
        """
        if end < start:
            return -self.working_days_between(end, start)
        span = (end - start).days
        if span > 2 * MAX_WORKING_DAYS:
            raise OutOfRange("起止日期相隔太远，无法计算工作日")
        return sum(self.is_working(start + ONE_DAY * (i + 1)) for i in range(span))

    def first_working_day(self, day: date) -> date:
        """``day`` itself when worked, else the first working day after it."""
        while not self.is_working(day):
            day = _next(day, ONE_DAY)
        return day


def _next(day, step):
    try:
        return day + step
    except OverflowError:
        raise OutOfRange(f"日期超出 {MINYEAR} 至 {MAXYEAR} 年，无法计算工作日") from None


def check_notice(year: int, days: Iterable[ExceptionDay]) -> list[ExceptionDay]:
    """The real exceptions of one year's notice, in date order. Raises BadNotice for what a notice cannot say.

    Weekends inside a holiday, which a notice also lists, are no exception to Monday–Friday and are left out.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadNotice(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
    first, last = date(year - 1, 12, 1), date(year + 1, 1, 31)
    seen: dict[date, ExceptionDay] = {}
    for day in days:
        if not first <= day.date <= last:
            raise BadNotice(f"{day.date} 不属于 {year} 年的放假安排")
        if day.date in seen:
            raise BadNotice(f"{day.date} 重复出现")
        if day.is_working and day.date.weekday() < SATURDAY:
            raise BadNotice(f"{day.date} 是周一至周五，本来就上班，不应列为调休上班")
        seen[day.date] = day
    if not any(day.date.year == year and not day.is_working for day in seen.values()):
        raise BadNotice(f"没有 {year} 年的放假日期，不像是一份完整的放假安排")
    return [day for _, day in sorted(seen.items()) if day.is_working or day.date.weekday() < SATURDAY]


def read_exceptions(lines: Iterable[str]) -> list[tuple[int | None, ExceptionDay]]:
    """Rows of a CSV headed 日期, 类型 (放假 or 上班), 名称 and, optionally, 年份 (the year of the notice, else None).

    Raises BadNotice naming the line. The committed data and ``publish_workdays`` share this format.
    """
    try:
        return _read_exceptions(csv.DictReader(lines, strict=True))
    except csv.Error as error:
        raise BadNotice("文件不是有效的 CSV 表格") from error


def _read_exceptions(reader):
    missing = {"日期", "类型", "名称"} - set(reader.fieldnames or ())
    if missing:
        raise BadNotice(f"表头缺少：{'、'.join(sorted(missing))}（应有 日期、类型、名称）")
    return [(_year(row, reader.line_num), _exception_day(row, reader.line_num)) for row in reader]


def _year(row, line):
    text = (row.get("年份") or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadNotice(f"第 {line} 行：年份“{text[:20]}”应为四位数字")
    return int(text)


def _exception_day(row, line):
    date_text, kind, name = ((row[column] or "").strip() for column in ("日期", "类型", "名称"))
    try:
        day = date.fromisoformat(date_text)
    except ValueError:
        raise BadNotice(f"第 {line} 行：日期“{date_text[:20]}”应写成 2026-10-01 的样子") from None
    if kind not in IS_WORKING:
        raise BadNotice(f"第 {line} 行：类型“{kind[:20]}”应为“放假”或“上班”")
    if not name or len(name) > 40 or not name.isprintable():
        raise BadNotice(f"第 {line} 行：名称不能为空，且不超过 40 个字")
    return ExceptionDay(day, IS_WORKING[kind], name)
