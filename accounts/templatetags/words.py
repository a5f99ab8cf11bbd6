"""The words of the look: days, dates, money and shares written one way on every page. Pure functions, no clock."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

SOON_DAYS = 3  # amber begins here: 剩 3 天
# The place in front of an office: in 梁园区应急局 the reader of a cell needs 应急局.
PLACE_BEFORE_OFFICE = re.compile(r"^[\u4e00-\u9fff]{1,8}?[市县区](?=[\u4e00-\u9fff]{2,}[局办委]$)")
NO_DATA = "无数据"
NOT_ISSUED = "未下达 —"
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def deadline_words(state, deadline, rectified_on, today, feedback_on=None):
    """How a hazard stands against its deadline: ``(kind, words)``.

    ``kind`` is ``overdue``, ``today``, ``soon``, ``plain``, ``done``, ``late`` or ``none``; dates are ``date`` or None.
    A deadline counts to 24:00 of its day. Once feedback is in (``feedback_on`` while it awaits review, ``rectified_on``
    once accepted) the clock has stopped and the words compare that day with the deadline.
    """
    if state == "discarded":
        return "none", "—"
    if state in ("pending_review", "closed") and rectified_on is not None:
        late = 0 if deadline is None else (rectified_on - deadline).days
        return ("done", "按期完成") if late <= 0 else ("late", f"逾期 {late} 天完成")
    if state == "closed":
        return "none", "—"
    if deadline is None or state == "draft":
        return "none", NOT_ISSUED
    if state == "pending_review":
        return _feedback_words(deadline, feedback_on)
    left = (deadline - today).days
    if left < 0:
        return "overdue", f"逾期 {-left} 天"
    if left == 0:
        return "today", "今日到期"
    return ("soon" if left <= SOON_DAYS else "plain"), f"剩 {left} 天"


def _feedback_words(deadline, feedback_on):
    if feedback_on is None:
        return "plain", "已反馈"
    late = (feedback_on - deadline).days
    return ("done", "按期反馈") if late <= 0 else ("late", f"逾期 {late} 天反馈")


def answer_of(state, feedback_on, rectified_on):
    """The day that stopped the clock and its word: ``(date, "反馈" | "完成")``, the day None while the clock runs."""
    if state == "closed":
        return rectified_on, "完成"
    if state == "pending_review":
        return (feedback_on or rectified_on), "反馈"
    return None, ""


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


def wan_words(value):
    """Money given in yuan, written in 万元 with two digits: ``186000`` → ``18.60 万元``; None as 无数据."""
    number = decimal_or_none(value)
    return NO_DATA if number is None else f"{_rounded(number / 10000, 2):,} 万元"


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


def short_body(name):
    """A body in a narrow cell: 梁园区应急局 → 应急局, 双八镇人民政府 → 双八镇; other names stay."""
    bare = name.removesuffix("人民政府").removesuffix("街道办事处")
    return PLACE_BEFORE_OFFICE.sub("", bare)


def _rounded(number, digits):
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
