"""When a period is closed to count it, and when its report is due: arithmetic with the house's settings, no clock, no database.

Moments are aware, in the zone of the house (Asia/Shanghai); ``calendar`` is a `workdays.rules.Calendar`.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from workdays.periods import month_of, parse_month, parse_week, week_of


class Kind(models.TextChoices):
    WEEKLY = "weekly", "周报"
    MONTHLY = "monthly", "自查月报"


PARSED = {Kind.WEEKLY: parse_week, Kind.MONTHLY: parse_month}


def period_of(kind, code):
    """The `workdays.periods.Period` that ``code`` of a report of ``kind`` names."""
    return PARSED[kind](code)


def cut_off(period):
    """The moment at which a period is closed: on the day after its last, when the offices open."""
    return _at(period.last + timedelta(days=1), settings.REPORT_CUT_OFF_HOUR)


def due_moment(period, calendar):
    """By when its report is due: a week's on a weekday of the next, a month's on a day of the next; where nobody works that day, on the
    first working day after it. Never before the cut-off."""
    following = period.following()
    ahead = settings.REPORT_WEEKDAY if period.unit == "week" else settings.REPORT_MONTH_DAY
    day = min(following.first + timedelta(days=ahead - 1), following.last)
    return max(_at(calendar.first_working_day(day), settings.REPORT_HOUR), cut_off(period))


def last_closed(kind, at):
    """The newest period of ``kind`` whose cut-off is not later than ``at``."""
    today = timezone.localtime(at).date()
    period = (week_of(today) if kind == Kind.WEEKLY else month_of(today)).previous()
    return period if cut_off(period) <= at else period.previous()


def _at(day, hour):
    return datetime.combine(day, time(hour), timezone.get_default_timezone())
