"""How long a process waits for database and cache that hang; the real ones hang in tests/faults."""

import socket
import time

import environ
import psycopg2
import pytest
from django.core.cache.backends.locmem import LocMemCache

from safetyledger import forgiving_cache, redis_limits, waiting_limits

pytestmark = pytest.mark.once


@pytest.fixture
def mute():
    """Address and port of somebody who accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[:2]


class Waiting:
    """What a psycopg2 connection is to the watch."""

    patience = 0.2

    def __init__(self, line):
        self.fileno = line.fileno


def test_who_waits_too_long_is_let_go():
    ours, theirs = socket.socketpair()
    watch = waiting_limits.Watch()
    began = time.monotonic()
    with watch.over(Waiting(ours)):
        assert ours.recv(1) == b"", "as if the other side had closed"
    assert time.monotonic() - began < 2
    ours.close()
    theirs.close()


def test_who_is_answered_in_time_keeps_the_connection():
    ours, theirs = socket.socketpair()
    watch = waiting_limits.Watch()
    with watch.over(Waiting(ours)):
        theirs.send(b"a")
        assert ours.recv(1) == b"a"
    time.sleep(0.2 + 2 * waiting_limits.LOOKS_EVERY)
    theirs.send(b"b")
    assert ours.recv(1) == b"b"
    ours.close()
    theirs.close()


def test_a_database_that_never_answers_is_given_up(mute):
    limits = waiting_limits.options(environ.Env())
    began = time.monotonic()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=mute[0], port=mute[1], user="nobody", dbname="none", sslmode="disable", **limits)
    assert time.monotonic() - began < 5


def test_limits_are_those_of_the_process(monkeypatch):
    monkeypatch.setenv("DATABASE_STATEMENT_SECONDS", "30")
    web = waiting_limits.options(environ.Env())
    monkeypatch.delenv("DATABASE_STATEMENT_SECONDS")
    command = waiting_limits.options(environ.Env())
    assert "-c statement_timeout=30000 " in web["options"]
    assert web["connection_factory"].patience == 35, "the server speaks first"
    assert web["cursor_factory"] is waiting_limits.Cursor, "Django gives each connection one of its own otherwise"
    assert "-c statement_timeout=0 " in command["options"]
    assert "connection_factory" not in command


class BrokenCache(LocMemCache):
    """Works, or fails in whichever way it is told."""

    fails_with = None
    asked = 0

    def _try(self):
        type(self).asked += 1
        if self.fails_with:
            raise self.fails_with

    def get(self, *args, **options):
        self._try()
        return super().get(*args, **options)

    def set(self, *args, **options):
        self._try()
        return super().set(*args, **options)

    def add(self, *args, **options):
        self._try()
        return super().add(*args, **options)


class Cache(forgiving_cache.Forgiving, BrokenCache):
    pass


@pytest.mark.parametrize("error", [OSError(28, "full"), TimeoutError(), ConnectionError()])
def test_a_cache_that_fails_is_an_empty_one_and_left_alone_for_a_while(monkeypatch, error):
    monkeypatch.setattr(Cache, "_rests_until", 0.0)
    cache = Cache("forgiving", {})
    cache.set("a", 1)
    assert cache.get("a") == 1
    monkeypatch.setattr(Cache, "fails_with", error)
    monkeypatch.setattr(Cache, "asked", 0)

    assert cache.get("a", "nothing") == "nothing"
    cache.set("a", 2)
    assert cache.add("b", 2) is False
    assert cache.get_or_set("c", lambda: 3) == 3
    assert Cache.asked == 1, "the second one does not wait again"

    monkeypatch.setattr(Cache, "fails_with", None)
    assert cache.get("a") is None
    monkeypatch.setattr(Cache, "_rests_until", 0.0)
    assert cache.get("a") == 1


def test_a_redis_that_never_answers_costs_a_page_a_second(mute):
    settings = redis_limits.caches("redis://{}:{}/0".format(*mute), None, testing=False)["default"]
    cache = forgiving_cache.ForgivingRedisCache(settings["LOCATION"], {"OPTIONS": settings["OPTIONS"]})
    began = time.monotonic()

    assert [cache.get(str(number)) for number in range(20)] == [None] * 20

    assert time.monotonic() - began < 2.5
    forgiving_cache.ForgivingRedisCache._rests_until = 0.0
