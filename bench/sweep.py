"""P6: reminders for a ledger of which 60 % is due today, over one INSERT … SELECT of the messages that come out.

Comes last: it reopens most of the ledger.
"""

import statistics

from django.db import connection, transaction

from bench.data import tidy
from bench.measuring import Result, alternate, seconds_of
from hazards.operations import send_reminders

GOAL, GOAL_IDLE = 2.0, 0.1
ROUNDS, IDLE_ROUNDS = 3, 5
REOPEN = """
UPDATE hazards_hazard SET state = 'rectifying', closed_on = NULL, next_reminder_on = %s
WHERE id %% 5 < 3 AND state IN ('closed', 'rectifying')
"""
EMPTY = {"postgresql": "TRUNCATE notifications_notification", "sqlite": "DELETE FROM notifications_notification"}
AGAIN = "UPDATE hazards_hazard SET next_reminder_on = %s WHERE state = 'rectifying' AND id %% 5 < 3"
# Whom to tell about which hazard, as the product found out; the bare INSERT needs no more to write the same messages.
KEEP = """
CREATE TABLE bench_told AS
SELECT CAST(replace(replace(url, '/hazards/', ''), '/', '') AS bigint) AS hazard_id, recipient_id, key, created_at, next_try_at
FROM notifications_notification
"""
INSERT = """
INSERT INTO notifications_notification (recipient_id, record_kind, record_id, key, title, url, created_at, next_try_at)
SELECT told.recipient_id, 'hazard', told.hazard_id, told.key, '整改期限提醒 · ' || hazard.number || ' · ' || substr(hazard.description, 1, 30),
       '/hazards/' || hazard.id || '/', told.created_at, told.next_try_at
FROM hazards_hazard hazard JOIN bench_told told ON told.hazard_id = hazard.id
WHERE hazard.state = 'rectifying' AND hazard.next_reminder_on <= %s
ON CONFLICT DO NOTHING
"""


class NothingDue(RuntimeError):
    """The sweep wrote nothing or went on writing, so there is nothing to compare."""


def measure(today):
    """Seconds of the sweep ÷ those of the bare INSERT; and those of a sweep with nothing left to do ÷ the same INSERT."""
    _execute(REOPEN, today)
    tidy()

    def again():
        _execute(EMPTY[connection.vendor])
        _execute(AGAIN, today)
        tidy()

    again()
    told = send_reminders(today=today)
    _execute(KEEP)
    pair = alternate(
        lambda: send_reminders(today=today), lambda: _insert(today), rounds=ROUNDS, warmed=True, prepare=again
    )
    again()
    send_reminders(today=today)
    idle = statistics.median(seconds_of(lambda: _idle(today)) for _ in range(IDLE_ROUNDS))
    if not told:
        raise NothingDue("no reminder was due")
    return [
        Result("P6", pair.ratio, GOAL, pair.seconds),
        Result("P6 idle", idle / pair.floor_seconds, GOAL_IDLE, idle),
    ]


def _idle(today):
    if send_reminders(today=today):
        raise NothingDue("a second sweep of the same day wrote again")


@transaction.atomic
def _insert(today):
    _execute(INSERT, today)


def _execute(sql, *days):
    with connection.cursor() as cursor:
        cursor.execute(sql, [connection.ops.adapt_datefield_value(day) for day in days])
