"""When a message may leave by e-mail, and what it may link to: pure functions, no clock, no database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.http import url_has_allowed_host_and_scheme

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(9), time(18)

# A claimed message is left alone this long: longer than a delivery task may live (CELERY_TASK_TIME_LIMIT, 15 minutes),
# so a lease that ends means a dead task.
LEASE = timedelta(minutes=20)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=2), timedelta(hours=6)
MAX_ATTEMPTS = 12  # about a day and a half; after that the message stays in the inbox only

TITLE_LENGTH = 200


def retry_at(at, attempts):
    """The next try after ``attempts`` ≥ 1 failed ones: 2, 4, 8 … minutes, at most 6 hours later."""
    return at + min(FIRST_RETRY * 2 ** (min(attempts, 20) - 1), LONGEST_RETRY)


def reminder_moment(at, calendar):
    """When a reminder written at ``at`` may leave by e-mail: at once in working hours (9:00–18:00, Asia/Shanghai), else
    at the next opening, so what the night's sweep wrote for one person goes out as one digest.

    ``calendar``: workdays.rules.Calendar; ``at``: aware datetime.
    """
    local = at.astimezone(ZONE)
    today = local.date()
    if calendar.is_working(today) and local.time() < CLOSES:
        return max(at, datetime.combine(today, OPENS, ZONE))
    day = calendar.first_working_day(today + timedelta(days=1))
    return datetime.combine(day, OPENS, ZONE)


def is_internal(url):
    """Whether ``url`` is an absolute path of this site, the only place a message may lead to."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def one_line(text, length=TITLE_LENGTH):
    """``text`` without line breaks and cut to ``length`` characters: fit for a title and for a mail's subject."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
