"""Long work in pieces does not keep everybody else from writing."""

from datetime import timedelta
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from flags import operations as flags
from journal import outbox, turns
from journal.models import Offset
from rankings.operations import freezing

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_waits_to_write_is_let_in_between_two_pieces():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets them write side by side")
    begun, let_in, pieces = Event(), Event(), []

    def work():
        for _ in range(40):
            if let_in.is_set():
                break
            with transaction.atomic():
                begun.set()
                sleep(0.05)
            pieces.append(1)
            turns.give_way()
        connection.close()

    worker = Thread(target=work)
    worker.start()
    begun.wait()
    Offset.objects.create(consumer="一个", stream="某流")
    let_in.set()
    worker.join()
    assert len(pieces) < 20


def test_nobody_is_waited_for_inside_a_transaction(monkeypatch):
    slept = []
    monkeypatch.setattr(turns.time, "sleep", slept.append)
    with transaction.atomic():
        turns.give_way()
    assert slept == []
    turns.give_way()
    assert slept == ([turns.PAUSE] if connection.vendor == "sqlite" else [])


def test_looking_for_flags_locks_nothing(monkeypatch):
    seen, now = [], timezone.now()
    monkeypatch.setattr(flags, "DETECTORS", (lambda ground: seen.append(connection.in_atomic_block) or (),))
    flags.raise_flags(to=timezone.localdate(now) - timedelta(days=1), at=now)
    assert seen == [False]


def test_freezes_made_up_and_messages_handed_on_give_way_between_their_pieces(monkeypatch):
    did = []
    for module in (freezing, outbox):
        monkeypatch.setattr(module, "give_way", lambda: did.append("way"))
    monkeypatch.setattr(freezing, "_cities", lambda: ["4114"])
    monkeypatch.setattr(freezing, "_due", lambda city, at: ["W47", "W46"])
    monkeypatch.setattr(freezing, "freeze", lambda city, period, at: did.append(period))
    freezing.make_up(at=timezone.now())
    assert did == ["W47", "way", "W46", "way"]

    did.clear()
    left = iter([2, 2, 1])
    monkeypatch.setattr(outbox, "_take", lambda *said: did.append("piece") or next(left))
    outbox.run("tell_people", None, at=timezone.now(), limit=2)
    assert did == ["piece", "way", "piece", "way", "piece"]
