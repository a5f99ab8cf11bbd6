"""Events on their way out. Each consumer has its own offset in every stream: a slow or broken one holds up nobody else.

On PostgreSQL ids do not commit in order, so an id is no offset: a reader that has come past 7 would never see 6. Places in
the outbox are given after the commit, by one at a time, and consumers read by place (docs/adr).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from journal.models import Offset, record_kinds
from journal.turns import give_way

logger = logging.getLogger(__name__)
PLACED, TAKEN = 5000, 500  # events per statement that gives places; per transaction of a consumer
PLACE = """
UPDATE {table} SET position = %s + waiting.n
FROM (
  SELECT id, row_number() OVER (ORDER BY id) AS n
  FROM (SELECT id FROM {table} WHERE position IS NULL ORDER BY id LIMIT %s) AS oldest
) AS waiting
WHERE {table}.id = waiting.id
"""
CONSUMERS = {}


@dataclass(frozen=True)
class Consumer:
    """``handle(events, at=)`` is given events of one stream in order, with their records; it runs in the transaction that moves
    its offset, so each event is taken once. One that ``speaks_to_people`` begins with what is new when it is installed."""

    name: str
    handle: Callable
    speaks_to_people: bool


def consumer(*, speaks_to_people=False):
    """Decorate ``handle`` to make it a consumer under its own name."""

    def register(handle):
        CONSUMERS[handle.__name__] = Consumer(handle.__name__, handle, speaks_to_people)
        return handle

    return register


def publish(*, at):
    """Give new events their places and hand them to every consumer; returns how many were handed over.

    A consumer that fails is logged and tries again next time; the others go on, and so does it in the other streams.
    """
    for kind in record_kinds():
        while place(kind.stream()) == PLACED:
            continue
    taken = 0
    for name in CONSUMERS:
        for kind in record_kinds():
            try:
                taken += run(name, kind, at=at)
            except Exception:  # whatever a consumer raises is its own affair: nothing is lost, its offset stays
                logger.exception("the consumer %s failed over %s", name, kind._meta.label)
    return taken


@transaction.atomic
def place(stream, *, limit=PLACED):
    """Give at most ``limit`` committed events of ``stream`` their places; returns how many."""
    offset = _locked("", stream)
    table = connection.ops.quote_name(stream._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(PLACE.format(table=table), [offset.last, limit])
        placed = cursor.rowcount
    if placed:
        offset.last += placed
        offset.save(update_fields=["last"])
    return placed


def run(name, kind, *, at, limit=TAKEN):
    """Hand the next events of one stream to one consumer until none is left; returns how many it took."""
    total = 0
    while taken := _take(CONSUMERS[name], kind, limit, at):
        total += taken
        if taken < limit:
            break
        give_way()
    return total


@transaction.atomic
def _take(consumer, kind, limit, at):
    stream = kind.stream()
    offset = _locked(consumer.name, stream)
    waiting = stream.objects.filter(position__gt=offset.last).select_related("record").order_by("position")
    events = list(waiting[:limit])
    if events:
        consumer.handle(events, at=at)
        offset.last = events[-1].position
        offset.save(update_fields=["last"])
    return len(events)


def _locked(consumer, stream):
    """The offset of a consumer (or "" for the giving of places) in a stream, held until the transaction ends."""
    where = {"consumer": consumer, "stream": stream._meta.db_table}
    found = Offset.objects.select_for_update().filter(**where).first()
    if found is None:
        install(consumer, stream)
        found = Offset.objects.select_for_update().get(**where)
    return found


def install(consumer, stream):
    """Make the offset of ``consumer`` in ``stream`` where there is none: nobody is told two years of history."""
    known = CONSUMERS.get(consumer)
    last = 0
    if known is None or known.speaks_to_people:
        last = stream.objects.aggregate(last=Max("position"))["last"] or 0
    row = Offset(consumer=consumer, stream=stream._meta.db_table, last=last)
    Offset.objects.bulk_create([row], ignore_conflicts=True)


def install_all(**kwargs):
    """After every migration: offsets for consumers and streams that are new, where an app alone was migrated for its tables."""
    there = set(connection.introspection.table_names())
    if Offset._meta.db_table not in there:
        return
    known = set(Offset.objects.values_list("consumer", "stream"))
    for kind in record_kinds():
        table = kind.stream()._meta.db_table
        for name in ("", *CONSUMERS):
            if table in there and (name, table) not in known:
                install(name, kind.stream())


def pass_over(name, kind):
    """Let a consumer leave out what stands in a stream so far."""
    stream = kind.stream()
    while place(stream) == PLACED:
        continue
    with transaction.atomic():
        offset = _locked(name, stream)
        offset.last = stream.objects.aggregate(last=Max("position"))["last"] or 0
        offset.save(update_fields=["last"])
