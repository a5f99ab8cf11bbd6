"""P6: reminders for up to 60,000 hazards that are due at once, over one INSERT … SELECT of the messages that come out.

60 % of the newest 100,000 rows are reopened for it, and closed again afterwards: later measures find the ledger as it was.
"""

import statistics

from django.db import connection, transaction

from bench.data import tidy
from bench.measuring import Result, alternate, seconds_of
from hazards.operations import send_reminders

GOAL, GOAL_IDLE = 2.0, 0.1
ROUNDS, IDLE_ROUNDS = 3, 5
DUE_AMONG = 100_000
REOPENED = """
CREATE TABLE bench_reopened AS SELECT id AS hazard_id, closed_on FROM hazards_hazard
WHERE id > (SELECT max(id) FROM hazards_hazard) - %s AND id %% 5 < 3 AND state = 'closed'
"""
REOPEN = (
    "UPDATE hazards_hazard SET state = 'rectifying', closed_on = NULL WHERE id IN (SELECT hazard_id FROM bench_reopened)",
    """INSERT INTO hazards_reminder (hazard_id, cause, level, deadline, next_on)
       SELECT id, 'rectify', level, deadline, NULL FROM hazards_hazard WHERE id IN (SELECT hazard_id FROM bench_reopened)""",
)
CLOSE = (
    """UPDATE hazards_hazard SET state = 'closed', closed_on = was.closed_on
       FROM bench_reopened was WHERE was.hazard_id = hazards_hazard.id""",
    "DELETE FROM hazards_reminder WHERE hazard_id IN (SELECT hazard_id FROM bench_reopened)",
    "DROP TABLE bench_reopened",
    "DROP TABLE bench_told",
)
EMPTY = {"postgresql": "TRUNCATE notifications_notification", "sqlite": "DELETE FROM notifications_notification"}
AGAIN = "UPDATE hazards_reminder SET next_on = %s WHERE hazard_id IN (SELECT hazard_id FROM bench_reopened)"
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
WHERE hazard.state = 'rectifying'
ON CONFLICT DO NOTHING
"""


class NothingDue(RuntimeError):
    """The sweep wrote nothing or went on writing, so there is nothing to compare."""


def measure(today):
    """Seconds of the sweep ÷ those of the bare INSERT; and those of a sweep with nothing left to do ÷ the same INSERT."""
    _execute(REOPENED, DUE_AMONG)
    for statement in REOPEN:
        _execute(statement)
    tidy()

    def again():
        _execute(EMPTY[connection.vendor])
        _execute(AGAIN, today)
        tidy()

    again()
    told = send_reminders(today=today)
    _execute(KEEP)
    pair = alternate(lambda: send_reminders(today=today), _insert, rounds=ROUNDS, warmed=True, prepare=again)
    again()
    send_reminders(today=today)
    idle = statistics.median(seconds_of(lambda: _idle(today)) for _ in range(IDLE_ROUNDS))
    _execute(EMPTY[connection.vendor])
    for statement in CLOSE:
        _execute(statement)
    tidy()
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
def _insert():
    _execute(INSERT)


def _execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [value if isinstance(value, int) else connection.ops.adapt_datefield_value(value) for value in values]
        )
