"""The reminder sweep: set-based, idempotent, the same whether it runs late, twice, in two places or after a clock step."""

from django.db import connection, transaction

from hazards import deadlines
from hazards.models import Hazard
from hazards.operations.gate import day_of

PLAN_ROWS = 500  # (level, deadline) pairs per statement: keeps parameters far below SQLite's limit


def send_reminders(*, at=None, today=None):
    """Write the reminders due on ``today`` (default: the day of ``at``) and move each hazard to its next day.

    Returns how many notifications were written. One per hazard, deadline, step and person, for ever: the unique key of the
    notification is the record. Holder = the enterprise's responsible user, else the township's; manager = the one above.
    """
