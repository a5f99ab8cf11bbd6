"""The reminder sweep: set-based, idempotent, the same when run late, twice, in two places or after a clock step."""

from datetime import datetime, time
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.utils import timezone

from hazards import audience, causes, deadlines
from hazards.models import Reminder
from hazards.models.hazard import TITLED
from journal.gate import day_of
from journal.turns import give_way
from notifications.operations import reminder_moment

PLAN_ROWS = 1000  # (level, deadline) pairs of one cause per statement, at most 23 parameters each: SQLite takes 32,766
SWEEP_LOCK = 4_114_001  # any number nobody else uses: two sweeps on PostgreSQL take turns, chunk by chunk

CUT = f"CASE WHEN length(description) > {TITLED} THEN substr(description, 1, {TITLED - 1}) || '…' ELSE description END"
MESSAGES = """
INSERT INTO notifications_notification (recipient_id, record_kind, record_id, key, title, url, created_at, next_try_at)
SELECT person_id, 'hazard', id, 'hazard:' || id || tail, words || ' · ' || number || ' · ' || replace({cut}, %s, ' '),
       '/hazards/' || id || '/', {moment}, {moment}
FROM told
WHERE TRUE
ORDER BY CASE WHEN audience IN ({urging}) THEN 1 ELSE 0 END, audience
ON CONFLICT DO NOTHING
"""
# Who may do it and is over who may is told once, and of two messages the first stays: to do it, not to urge it.
URGING = ", ".join(f"'{name}'" for name in sorted(causes.URGING))
STEPS = """
step (level, deadline, audience, tail, words) AS ({steps}),
due AS (
  SELECT picked.*, step.audience, step.tail, step.words, CAST(NULL AS bigint) AS filer_id
  FROM picked JOIN step ON step.level = picked.level AND step.deadline = picked.deadline
),
"""
# Moving a row and writing its messages is one statement on PostgreSQL, so a row that becomes due meanwhile waits for
# the next sweep. SQLite knows no UPDATE inside WITH; there the transaction is the only writer, so two statements do.
MOVE = """
UPDATE hazards_reminder SET next_on = plan.next_on FROM plan
WHERE hazards_reminder.cause = %s AND hazards_reminder.level = plan.level AND hazards_reminder.deadline = plan.deadline
  AND hazards_reminder.next_on <= {date}
"""
COLUMNS = ", ".join(f"{'moved' if name in ('level', 'deadline') else 'hazard'}.{name}" for name in audience.COLUMNS)
PICK = f"picked AS (SELECT {COLUMNS} FROM {{moved}} moved JOIN hazards_hazard hazard ON hazard.id = moved.hazard_id)"  # noqa: S608


def send_reminders(*, at=None, today=None):
    """Write the reminders due on ``today`` (default: the day of ``at``) and move each hazard to its next day, cause by cause.

    Returns how many notifications were written. One per hazard, cause, day owed, step and person, for ever: the unique key of
    the notification is the record. What was done meanwhile is owed no more and has no row here. ``at`` (default: the beginning of ``today``) stamps the messages; their e-mail leaves in working hours. A look
    ahead (``today`` later than the day of ``at``) keeps each hazard due on the real days that are still to come.
    """
    today = today or day_of(at)
    at = at or datetime.combine(today, time(), timezone.get_current_timezone())
    due = Reminder.objects.filter(next_on__lte=today)
    found = list(due.order_by("cause", "level", "deadline").values_list("cause", "level", "deadline").distinct())
    if not found:
        return 0
    mail_at, after = reminder_moment(at), min(today, day_of(at))
    sent = 0
    for cause, ours in groupby(found, key=itemgetter(0)):
        pairs = [pair for _, *pair in ours]
        for start in range(0, len(pairs), PLAN_ROWS):
            chunk = pairs[start : start + PLAN_ROWS]
            sent += _send(causes.CAUSES[cause], chunk, today=today, after=after, at=at, mail_at=mail_at)
            if sent:
                give_way()
    return sent


@transaction.atomic
def _send(cause, pairs, *, today, after, at, mail_at):
    """One chunk of what is owed for one ``cause``: its messages and the move of its rows, together or not at all."""
    on_postgresql = connection.vendor == "postgresql"
    date, moment = ("%s::date", "%s::timestamptz") if on_postgresql else ("%s", "%s")
    day, stamp, later = _adapted(today, at, mail_at)
    plan_sql, plan = _values(_plan(cause, pairs, after), ("%s", date, date))
    step_sql, steps = _values(_steps(cause, pairs, today), ("%s", date, "%s", "%s", "%s"))
    told_sql = audience.told_sql(*cause.bodies, persons=cause.persons)
    plan_sql = f"WITH plan (level, deadline, next_on) AS ({plan_sql})"
    messages = f"{STEPS.format(steps=step_sql)} {told_sql} {MESSAGES.format(moment=moment, cut=CUT, urging=URGING)}"
    move, told = MOVE.format(date=date), ["\n", stamp, later]
    with connection.cursor() as cursor:
        if on_postgresql:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
            returned = "hazard_id, hazards_reminder.level, hazards_reminder.deadline"
            moved = f"moved AS ({move} RETURNING {returned})"
            cursor.execute(
                f"{plan_sql}, {moved}, {PICK.format(moved='moved')}, {messages}",
                [*plan, cause.name, day, *steps, *told],
            )
            return cursor.rowcount
        picked = PICK.format(moved="(SELECT * FROM hazards_reminder WHERE cause = %s AND next_on <= %s)")
        cursor.execute(f"WITH {picked}, {messages}", [cause.name, day, *steps, *told])
        # sqlite3 counts no rows of a statement that begins with WITH.
        [written] = cursor.execute("SELECT changes()").fetchone()
        cursor.execute(f"{plan_sql} {move}", [*plan, cause.name, day])
        return written


def _plan(cause, pairs, after):
    """When to look next, later than ``after``, at hazards of each level and deadline."""
    return [(level, due, deadlines.next_reminder_on(level, due, after=after, cause=cause.name)) for level, due in pairs]


def _steps(cause, pairs, today):
    """What to tell whom about them today, in words that are true today: a late sweep never says "3 days left" when two are. When
    nothing is due (a look too early) one row that addresses nobody."""
    rows = [
        (
            level,
            due,
            step.audience,
            f"{cause.tail(due)}{step.code}",
            cause.words(step.audience, (today - due).days),
        )
        for level, due in pairs
        for step in deadlines.current_steps(level, due, today, cause.name)
    ]
    return rows or [("", today, "", "", "")]


def _values(rows, placeholders):
    row_sql = f"({', '.join(placeholders)})"
    return f"VALUES {', '.join([row_sql] * len(rows))}", [value for row in rows for value in _adapted(*row)]


def _adapted(*values):
    """Dates and moments as the database keeps them."""
    ops = connection.ops
    return [
        ops.adapt_datetimefield_value(value)
        if isinstance(value, datetime)
        else ops.adapt_datefield_value(value)
        if value is not None and not isinstance(value, str)
        else value
        for value in values
    ]
