"""Events on their way out: every consumer at its own pace, each event once, in the order of their commit."""

import threading

import pytest
from django.db import connection, transaction

from hazards import operations
from hazards.models import Hazard, HazardEvent
from journal import gate, outbox
from journal.models import Offset, record_kinds
from journal.refusal import NotPermitted
from notifications.models import Notification
from tests.factories import NOON

pytestmark = pytest.mark.django_db
STREAM = HazardEvent._meta.db_table


@pytest.fixture
def search(monkeypatch):
    """A second consumer beside the notices, which reads everything there ever was."""
    seen = []

    def handle(events, *, at):
        seen.extend(event.kind for event in events if isinstance(event, HazardEvent))

    monkeypatch.setitem(outbox.CONSUMERS, "search", outbox.Consumer("search", handle, speaks_to_people=False))
    return seen


def offset(consumer):
    return Offset.objects.get(consumer=consumer, stream=STREAM).last


def test_consumers_read_at_their_own_pace_and_each_event_once(registered, manager, search):
    outbox.place(HazardEvent)
    outbox.run("tell_people", Hazard, at=NOON)
    operations.issue(registered, by=manager, at=NOON, days=7)
    outbox.place(HazardEvent)
    assert (offset("tell_people"), search) == (2, [])
    outbox.run("search", Hazard, at=NOON, limit=1)
    outbox.publish(at=NOON)
    assert search == ["draft", "register", "issue"]
    assert offset("tell_people") == offset("search") == 3
    assert outbox.publish(at=NOON) == 0


def test_an_event_has_no_place_before_it_is_given_one_and_is_not_read(registered, search):
    outbox.run("search", Hazard, at=NOON)
    assert search == [] and HazardEvent.objects.filter(position=None).count() == 2
    outbox.place(HazardEvent)
    outbox.run("search", Hazard, at=NOON)
    assert search == ["draft", "register"]


def test_a_broken_consumer_holds_up_nobody_and_loses_nothing(registered, manager, search, monkeypatch, caplog):
    Hazard.objects.update(territorial_holder=manager)

    def broken(events, *, at):
        Notification.objects.create(recipient=manager, key="half", title="半途", url="/")
        raise RuntimeError("no connection")

    monkeypatch.setitem(outbox.CONSUMERS, "aaa", outbox.Consumer("aaa", broken, speaks_to_people=False))
    outbox.publish(at=NOON)
    assert "the consumer aaa failed" in caplog.text
    assert search == ["draft", "register"]
    assert [message.key for message in Notification.objects.all()] != ["half"] and Notification.objects.count() == 1

    mended = []
    monkeypatch.setitem(
        outbox.CONSUMERS, "aaa", outbox.Consumer("aaa", lambda events, *, at: mended.extend(events), False)
    )
    outbox.publish(at=NOON)
    assert len(mended) >= 2


def test_a_consumer_that_breaks_over_one_kind_reads_the_others(registered, manager, search, monkeypatch, caplog):
    read = []

    def choosy(events, *, at):
        if not isinstance(events[0], HazardEvent):
            raise LookupError("no address")
        read.extend(event.kind for event in events)

    first = record_kinds()[0]
    assert first is not Hazard
    gate.create(
        first(code="4114-ZZ", name="新单位", kind="department", level="city", division_code="4114"),
        "found",
        by=None,
        at=NOON,
    )
    monkeypatch.setitem(outbox.CONSUMERS, "choosy", outbox.Consumer("choosy", choosy, speaks_to_people=False))
    outbox.publish(at=NOON)
    assert f"the consumer choosy failed over {first._meta.label}" in caplog.text
    assert read == ["draft", "register"]


def test_who_speaks_to_people_begins_with_what_is_new_and_who_reads_begins_at_the_first(
    registered, manager, search, monkeypatch
):
    outbox.publish(at=NOON)
    told = []
    late = outbox.Consumer("late", lambda events, *, at: told.extend(event.kind for event in events), True)
    monkeypatch.setitem(outbox.CONSUMERS, "late", late)
    outbox.install_all()
    operations.issue(registered, by=manager, at=NOON, days=7)
    outbox.publish(at=NOON)
    assert told == ["issue"]
    assert search == ["draft", "register", "issue"]


def test_after_a_fresh_migration_nothing_of_the_first_day_is_lost(transactional_db):
    """The offsets of those who speak to people are there before anything happens."""
    assert offset("tell_people") == 0 and offset("") == 0


def test_passing_over_leaves_out_what_is_there_and_not_what_comes(registered, manager):
    Hazard.objects.update(territorial_holder=None, enterprise_holder=None)
    outbox.pass_over("tell_people", Hazard)
    outbox.publish(at=NOON)
    assert not Notification.objects.exists()


def test_refused_act_leaves_nothing_to_tell(registered, inspector):
    outbox.publish(at=NOON)
    with pytest.raises(NotPermitted, match="下达整改须由"):
        operations.issue(registered, by=inspector, at=NOON, days=7)
    assert outbox.publish(at=NOON) == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: ids commit in order there")
def test_an_event_that_commits_later_than_one_with_a_higher_id_is_not_lost(registered, manager, search):
    """Two transactions: the first takes its id first and commits last."""
    wrote, may_commit = threading.Event(), threading.Event()
    stale = Hazard.objects.get(pk=registered.pk)

    def slow():
        try:
            with transaction.atomic():
                operations.issue(stale, by=manager, at=NOON, days=7)
                wrote.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    other = operations.draft(
        by=registered.registered_by,
        at=NOON,
        enterprise=registered.enterprise,
        found_on=NOON.date(),
        description="另一条",
    )
    outbox.publish(at=NOON)
    assert search == ["draft", "register", "draft"]
    may_commit.set()
    thread.join()
    assert HazardEvent.objects.get(kind="issue").pk < other.events.get().pk
    outbox.publish(at=NOON)
    assert search == ["draft", "register", "draft", "issue"]
