"""The words of the look: days, dates, money and shares written one way on every page. Pure functions, no clock."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

NO_DATA = "无数据"
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def day_words(value, today):
    """``11-15`` inside the year of ``today``, else ``2025-11-15``; a moment is shown as its local day, None as —."""
    found = local_day(value)
    if found is None:
        return "—"
    return f"{found:%m-%d}" if found.year == today.year else full_date(found)


def full_date(value):
    """``2026-11-15``; strftime would drop the leading zeros of a year before 1000, so the year is written by hand."""
    return f"{value.year:04d}-{value:%m-%d}"


def full_day_words(value):
    """``2026-11-15 星期日``; None as —."""
    found = local_day(value)
    return "—" if found is None else f"{full_date(found)} {WEEKDAYS[found.weekday()]}"


def moment_words(value, today):
    """``11-15 09:41`` inside the year, ``2025-11-15 09:41`` otherwise, local time; None as —."""
    if not isinstance(value, datetime):
        return day_words(value, today)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day_words(local.date(), today)} {local:%H:%M}"


def local_day(value):
    """The local calendar day of a date or moment, None for anything else."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


def decimal_or_none(value):
    """``value`` as a finite Decimal; None for None, empty text, NaN and whatever is no number."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def percent_words(value, digits=1):
    """A share between 0 and 1 written ``93.5%``; no denominator (None) is 无数据, never 0%."""
    number = decimal_or_none(value)
    return NO_DATA if number is None else f"{_rounded(number * 100, digits):,}%"


def thousands_words(value):
    """``1,236``; a fraction keeps its digits; None as 无数据."""
    number = decimal_or_none(value)
    if number is None:
        return NO_DATA
    return f"{int(number):,}" if number == number.to_integral_value() else f"{number:,f}"


def _rounded(number, digits):
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
