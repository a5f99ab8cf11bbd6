"""A ledger of any size in seconds: a real city, some thousands of firms, and hazards multiplied by INSERT … SELECT.

Left out because no measure reads them: events, feedbacks, reviews and photos.
"""

import contextlib
import random
import secrets
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.operations import init_city
from demo.enterprises import Matrix, make_enterprises
from demo.people import make_people
from demo.texts import draw_text
from hazards.lifecycle import State
from hazards.models import Hazard, HazardText
from inspections.models import Inspection

CITY, SEED = "4114", 4114
ENTERPRISES, DAYS, LIVES_PER_DAY = 2000, 730, 10
# Open rows lie in the last half year; with these shares there they are 7.5 % of the ledger and the overdue ones 6 %.
OPEN_DAYS = 182
OPEN_SHARES = {"overdue": 0.24, State.RECTIFYING: 0.03, State.PENDING_REVIEW: 0.02, State.REGISTERED: 0.01}
MAJOR_SHARE = 0.04
LIFE = {
    "slot": "integer", "state": "varchar(20)", "level": "varchar(10)", "found_on": "date", "registered_at": "timestamptz",
    "issued_on": "date", "proposed_deadline": "date", "original_deadline": "date", "deadline": "date",
    "feedback_on": "date", "rectified_on": "date", "reviewed_on": "date", "closed_on": "date",
}  # fmt: skip
# Rows in the order they were found, as a ledger grows; firms taken in steps prime to their number.
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT CAST({first} AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {rows})"
STEP = 7919
LIVES = "bench_life"
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
    "postgresql": """
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s::regclass AND NOT indisunique""",
}
# Nothing is due when a size is begun; the sweep makes its own.
REMINDERS = """
INSERT INTO hazards_reminder (hazard_id, cause, level, deadline, next_on)
SELECT id, 'rectify', level, deadline, CASE WHEN deadline > %s THEN deadline ELSE %s END
FROM hazards_hazard WHERE state = 'rectifying' AND id > %s
"""


class NotEmpty(RuntimeError):
    """Measuring writes and deletes rows, so it only ever touches a database nobody uses."""


def fill(rows, today):
    """Bring the database to ``rows`` hazards of the two years before ``today`` and half as many inspections.

    An empty database is begun; one that was begun here is grown, as a ledger grows: what stands in it stays.
    """
    if LIVES not in connection.introspection.table_names():
        if User.objects.exists():
            raise NotEmpty("the database to measure in is not empty")
        _begin(today, min(ENTERPRISES, rows))
    newest = Hazard.objects.aggregate(newest=Max("pk"))["newest"] or 0
    with connection.cursor() as cursor:
        for model, number in ((Hazard, rows), (Inspection, rows // 2)):
            _multiply(cursor, model, model.objects.count(), number)
        _write_texts(cursor, newest)
        cursor.execute(REMINDERS, [*_days(today, today + timedelta(days=1)), newest])
    tidy()


def _begin(today, firms):
    rng = random.Random(SEED)  # noqa: S311 - made-up data, and the same every time
    at = timezone.now()
    init_city(CITY, at=at)
    cast = make_people(CITY, secrets.token_urlsafe(16), rng, at=at)
    register = make_enterprises(cast, firms, today, rng, at=at)
    _write_templates(cast, register, today, rng)
    with connection.cursor() as cursor:
        _write_lives(cursor, today, rng)
        _keep_texts(cursor)
        for model in (Hazard, Inspection):
            _set_templates_aside(cursor, model)


def tidy():
    """What a database does by itself at night: statistics, and on PostgreSQL the remains of changed rows."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _write_templates(cast, register, today, rng):
    matrix, noon = Matrix(cast, register.members), timezone.make_aware(datetime.combine(today, time(12)))
    hazards, visits = [], []
    for enterprise in register.firms:
        officer = cast.officers[enterprise.township_id][1]
        row = draw_text(register.groups[enterprise.pk], Hazard.Level.GENERAL, rng)
        hazards.append(
            Hazard(
                number=f"YH-{enterprise.pk}",
                state=State.REGISTERED,
                division_code=enterprise.division_code,
                description=f"{row['description']}（{row['location']}），现场{officer}要求：{row['requirement']}。",
                location=row["location"],
                accident_type=row["accident_type"],
                requirement=row["requirement"],
                sector=enterprise.sector,
                enterprise=enterprise,
                found_on=today,
                found_by_unit=enterprise.township,
                registered_by=officer,
                inspectors=str(officer),
                reviewer_name=str(officer),
                review_result="整改到位，同意销号",
                **matrix.fields(enterprise),
            )
        )
        visits.append(
            Inspection(
                enterprise=enterprise,
                division_code=enterprise.division_code,
                unit=enterprise.township,
                inspected_on=today,
                created_by=officer,
                created_at=noon,
            )
        )
    Hazard.objects.bulk_create(hazards, batch_size=500)
    Inspection.objects.bulk_create(visits, batch_size=500)


def _write_lives(cursor, today, rng):
    columns = ", ".join(f"{name} {kind}" for name, kind in LIFE.items())
    cursor.execute(f"CREATE TABLE {LIVES} ({columns})")
    lives = [_life(slot, today, rng) for slot in range(DAYS * LIVES_PER_DAY)]
    marks = ", ".join(["%s"] * len(LIFE))
    rows = [[life.get(name) for name in LIFE] for life in lives]
    cursor.executemany(f"INSERT INTO {LIVES} VALUES ({marks})", rows)  # noqa: S608
    cursor.execute(f"CREATE INDEX bench_life_slot ON {LIVES} (slot)")


def _life(slot, today, rng):
    """The dates of one hazard as database values; the ``slot``-th of all in the order of finding."""
    found = today - timedelta(days=DAYS - slot // LIVES_PER_DAY)
    level = Hazard.Level.MAJOR if rng.random() < MAJOR_SHARE else Hazard.Level.GENERAL
    fate = State.CLOSED
    if (today - found).days <= OPEN_DAYS:
        fates = [*OPEN_SHARES, State.CLOSED]
        fate = rng.choices(fates, [*OPEN_SHARES.values(), 1 - sum(OPEN_SHARES.values())])[0]
    days = {"found_on": found}
    if fate != State.REGISTERED:
        deadline = found + timedelta(days=rng.randrange(5, 30))
        if fate == "overdue":
            deadline = min(deadline, today - timedelta(days=1))
        elif fate == State.RECTIFYING:
            deadline = today + timedelta(days=rng.randrange(15))
        days |= {"issued_on": found, "proposed_deadline": deadline, "original_deadline": deadline, "deadline": deadline}
    if fate in (State.PENDING_REVIEW, State.CLOSED):
        days["feedback_on"] = min(today, found + timedelta(days=rng.randrange(2, 32)))
    if fate == State.CLOSED:
        closed = min(today, days["feedback_on"] + timedelta(days=rng.randrange(5)))
        days |= {"rectified_on": days["feedback_on"], "reviewed_on": closed, "closed_on": closed}
    ops = connection.ops
    life = {name: ops.adapt_datefield_value(day) for name, day in days.items()}
    noon = timezone.make_aware(datetime.combine(found, time(12)))
    state = State.RECTIFYING if fate == "overdue" else fate
    return life | {
        "slot": slot,
        "level": str(level),
        "state": str(state),
        "registered_at": ops.adapt_datetimefield_value(noon),
    }


def _set_templates_aside(cursor, model):
    table = model._meta.db_table
    numbered = f"SELECT row_number() OVER (ORDER BY id) - 1 AS place, one.* FROM {table} one"  # noqa: S608
    cursor.execute(f"CREATE TABLE bench_{table} AS {numbered}")
    cursor.execute(f"CREATE INDEX bench_{table}_place ON bench_{table} (place)")
    cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _multiply(cursor, model, here, rows):
    """Bring the table from ``here`` to ``rows`` copies of the templates, each with the dates of another life."""
    quote, table = connection.ops.quote_name, model._meta.db_table
    given = {
        "uid": "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))",
        # Beyond what an import of the largest size is given: the series knows nothing of these.
        "number": f"'YH-{CITY}-2026-' || (5000000 + n)",
        "inspected_on": "life.found_on",
        **({name: f"life.{name}" for name in LIFE} if model is Hazard else {}),
    }
    columns = [field.column for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    cursor.execute(f"SELECT count(*) FROM bench_{table}")  # noqa: S608
    [templates] = cursor.fetchone()
    values = ", ".join(given.get(column, f"template.{quote(column)}") for column in columns)
    with _indexes_built_afterwards(cursor, table):
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) {NUMBERS.format(first=here, rows=rows)}"  # noqa: S608
            f" SELECT {values} FROM numbers"
            f" JOIN bench_{table} template ON template.place = (n * {STEP}) % {templates}"
            f" JOIN {LIVES} life ON life.slot = (n - {here}) * {DAYS * LIVES_PER_DAY} / {rows - here}"
            f" WHERE n < {rows} ORDER BY n"
        )


def _keep_texts(cursor):
    """Put aside what the templates are found by, each by its enterprise; they are deleted with them."""
    texts, hazards = HazardText._meta.db_table, Hazard._meta.db_table
    found = f"SELECT enterprise_id, folded FROM {texts} JOIN {hazards} ON id = hazard_id"  # noqa: S608
    cursor.execute(f"CREATE TABLE bench_text AS {found}")
    cursor.execute(f"DELETE FROM {texts}")  # noqa: S608


def _write_texts(cursor, newest):
    """What the rows are found by: the lines of their template, and of their own the first, which is the number."""
    texts, hazards = HazardText._meta.db_table, Hazard._meta.db_table
    rest = "strpos(folded, chr(10))" if connection.vendor == "postgresql" else "instr(folded, char(10))"
    with _indexes_built_afterwards(cursor, texts):
        cursor.execute(
            f"INSERT INTO {texts} (hazard_id, folded) SELECT id, lower(number) || substr(folded, {rest})"  # noqa: S608
            f" FROM {hazards} JOIN bench_text ON bench_text.enterprise_id = {hazards}.enterprise_id"
            f" WHERE id > {newest}"
        )


@contextlib.contextmanager
def _indexes_built_afterwards(cursor, table):
    """Without the indexes of ``table`` that guard nothing; writing each entry of a million rows singly takes ten times as long."""
    cursor.execute(INDEXES[connection.vendor], [table])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)


def _days(*days):
    return [connection.ops.adapt_datefield_value(day) for day in days]
