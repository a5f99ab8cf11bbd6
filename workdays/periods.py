"""Weeks, months, quarters and years as statistics count them: dates alone, no clock, no database.

A week is Monday 00:00 to Sunday 24:00 Asia/Shanghai with its ISO number, a month the calendar month or, where the house closes its
books on the 25th (``MONTH_ENDS_ON``), the 26th to the 25th, called by the month it ends in (domain: 一周一统计、一月一排名). A quarter
is three of these months, a year twelve. Dates of the ledger are local days, so a period is a closed range of days.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

# Years a ledger can speak of. It also keeps every neighbour of a period inside the calendar.
FIRST_YEAR, LAST_YEAR = 2000, 2099
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-Q([0-9])")
_YEAR = re.compile(r"([0-9]{4})")


class UnknownPeriod(ValueError):
    """The text names no period; the message is a Chinese sentence fit for the user."""


_WORDS = {"week": "第 {} 周", "month": "{} 月", "quarter": "第 {} 季度", "year": "全年"}


@dataclass(frozen=True, order=True)
class Period:
    """The days ``first`` to ``last``, both included: ``code`` is ``2026-W46``, ``2026-11``, ``2026-Q4`` or ``2026``,
    ``unit`` week/month/quarter/year."""

    first: date
    last: date
    code: str
    unit: str

    @property
    def days(self):
        return (self.last - self.first).days + 1

    @property
    def number(self):
        """The number inside its year: 46 of 2026-W46, 11 of 2026-11, 4 of 2026-Q4; of a year its own."""
        return int(self.code.split("-")[-1].lstrip("WQ"))

    @property
    def words(self):
        """第 46 周, 11 月, 第 4 季度, 全年: the year stands elsewhere on the page."""
        return _WORDS[self.unit].format(self.number)

    @property
    def full_words(self):
        """2026 年第 46 周, 2026 年 11 月, 2026 年第 4 季度, 2026 年全年."""
        return f"{self.code[:4]} 年{' ' if self.unit == 'month' else ''}{self.words}"

    def previous(self):
        """The period right before, of the same unit. Of a month the one before by name: where the house has changed the day on which
        its months end, days would lead from a month frozen before that to itself."""
        if self.unit == "month":
            return month_of((self._first_of_name() - timedelta(days=1)).replace(day=1))
        return _containing(self.first - timedelta(days=1), self.unit)

    def following(self):
        """The period right after, of the same unit."""
        if self.unit == "month":
            return month_of((self._first_of_name() + timedelta(days=31)).replace(day=1))
        return _containing(self.last + timedelta(days=1), self.unit)

    def _first_of_name(self):
        return date(int(self.code[:4]), self.number, 1)

    def is_over(self, today):
        """True from the day after its last day."""
        return self.last < today

    def trail(self, count):
        """This period and those before it, ``count`` in all, oldest first."""
        periods = [self]
        while len(periods) < count:
            periods.append(periods[-1].previous())
        return periods[::-1]


def week_of(day):
    """The ISO week ``day`` lies in; around New Year its year may differ from the day's (2024-12-30 is in 2025-W01)."""
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(monday, monday + timedelta(days=6), f"{year:04d}-W{week:02d}", "week")


def month_of(day):
    """The month ``day`` lies in: the calendar's, or the one that ends on the day the house has set."""
    ends = settings.MONTH_ENDS_ON
    if not ends:
        last = calendar.monthrange(day.year, day.month)[1]
        return Period(day.replace(day=1), day.replace(day=last), f"{day.year:04d}-{day.month:02d}", "month")
    if day.day > ends:
        day = day.replace(day=1) + timedelta(days=31)
    before = day.replace(day=1) - timedelta(days=1)
    return Period(
        before.replace(day=ends) + timedelta(days=1), day.replace(day=ends), f"{day.year:04d}-{day.month:02d}", "month"
    )


def quarter_of(day):
    """The three months that ``day`` lies in."""
    month = month_of(day)
    number = (month.number + 2) // 3
    return _months(int(month.code[:4]), 3 * number - 2, 3 * number, f"-Q{number}", "quarter")


def year_of(day):
    """The twelve months that ``day`` lies in."""
    return _months(int(month_of(day).code[:4]), 1, 12, "", "year")


def _months(year, first, last, ending, unit):
    first, last = (month_of(date(year, month, 1)) for month in (first, last))
    return Period(first.first, last.last, f"{year:04d}{ending}", unit)


_OF = {"week": week_of, "month": month_of, "quarter": quarter_of, "year": year_of}


def _containing(day, unit):
    return _OF[unit](day)


def parse(code, *, first, last):
    """The Period that was called ``code`` when it had the days ``first`` to ``last``."""
    return Period(first, last, code, "week" if "W" in code else "month")


def parse_week(text):
    """``"2026-W46"`` as a Period. Raises UnknownPeriod for any other form and for a week the year does not have."""
    match = _WEEK.fullmatch(text)
    if match is None:
        raise UnknownPeriod("周次应写成“2026-W46”的样子")
    year, week = int(match[1]), int(match[2])
    _check_year(year)
    weeks = date(year, 12, 28).isocalendar().week  # 28 December is always in the last ISO week of its year
    if not 1 <= week <= weeks:
        raise UnknownPeriod(f"{year} 年没有第 {week} 周，该年为第 1 至 {weeks} 周")
    return week_of(date.fromisocalendar(year, week, 1))


def parse_month(text):
    """``"2026-11"`` as a Period. Raises UnknownPeriod for any other form."""
    match = _MONTH.fullmatch(text)
    if match is None:
        raise UnknownPeriod("月份应写成“2026-11”的样子")
    year, month = int(match[1]), int(match[2])
    _check_year(year)
    if not 1 <= month <= 12:
        raise UnknownPeriod(f"没有 {month} 月，月份为 01 至 12")
    return month_of(date(year, month, 1))


def parse_quarter(text):
    """``"2026-Q4"`` as a Period. Raises UnknownPeriod for any other form."""
    match = _QUARTER.fullmatch(text)
    if match is None:
        raise UnknownPeriod("季度应写成“2026-Q4”的样子")
    year, number = int(match[1]), int(match[2])
    _check_year(year)
    if not 1 <= number <= 4:
        raise UnknownPeriod(f"没有第 {number} 季度，季度为 Q1 至 Q4")
    return quarter_of(date(year, 3 * number, 1))


def parse_year(text):
    """``"2026"`` as a Period. Raises UnknownPeriod for any other form."""
    match = _YEAR.fullmatch(text)
    if match is None:
        raise UnknownPeriod("年份应写成“2026”的样子")
    _check_year(int(match[1]))
    return year_of(date(int(match[1]), 1, 1))


def _check_year(year):
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownPeriod(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
