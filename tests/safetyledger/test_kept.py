"""Every file that is kept between two starts, as a power cut, a full disk or a clock set back may leave it."""

import json
import os
import re
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from kombu import Connection

from safetyledger import file_broker, health, kept
from safetyledger.celery import app
from safetyledger.file_cache import FileCache
from safetyledger.management.commands import prepare
from safetyledger.scheduler import FreshScheduler

PATTERN = re.compile(r"Demo-[0-9a-f]{10}")


def emptied(path):
    path.write_bytes(b"")


def cut(path):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def garbled(path):
    path.write_bytes(bytes(range(256)) * 3)


def zeroed(path):
    path.write_bytes(b"\0" * path.stat().st_size)


def dated_ahead(path):
    ahead = time.time() + 3600
    os.utime(path, (ahead, ahead))


DAMAGES = [emptied, cut, garbled, zeroed]
damaged = pytest.mark.parametrize("damage", DAMAGES)


@damaged
def test_a_damaged_secret_is_made_again_and_then_kept(tmp_path, caplog, damage):
    path, made = tmp_path / "demo_password", iter(["Demo-0123456789", "Demo-abcdef0123"])
    first = kept.secret(path, PATTERN, lambda: next(made))
    assert kept.secret(path, PATTERN, lambda: next(made)) == first
    damage(path)

    second = kept.secret(path, PATTERN, lambda: next(made))

    assert (first, second) == ("Demo-0123456789", "Demo-abcdef0123")
    assert kept.secret(path, PATTERN, lambda: next(made)) == second
    assert f"{path} cannot be read" in caplog.text
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_written_is_on_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced, sync = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda number: (synced.append(Path(f"/proc/self/fd/{number}").readlink().name), sync(number))
    )

    kept.write(tmp_path / "stamp", "whole")

    assert synced == [f"stamp.{os.getpid()}"]
    assert [path.name for path in tmp_path.iterdir()] == ["stamp"]


@pytest.fixture
def cache(tmp_path):
    return FileCache(tmp_path, {})


READ = {
    "get": lambda cache: cache.get("tries"),
    "has_key": lambda cache: cache.has_key("tries") or None,
    "touch": lambda cache: cache.touch("tries", 60) or None,
    "get_many": lambda cache: cache.get_many(["tries"]) or None,
}


@pytest.mark.parametrize("damage", [*DAMAGES, dated_ahead])
@pytest.mark.parametrize("way", READ)
def test_a_damaged_cache_entry_is_none_and_can_be_set_again(cache, tmp_path, damage, way):
    cache.set("tries", 5, 60)
    assert READ[way](cache)
    [entry] = tmp_path.glob("*.djcache")
    damage(entry)

    assert READ[way](cache) is None
    assert cache.add("tries", 7, 60)
    assert cache.get("tries") == 7


@damaged
def test_a_damaged_cache_entry_is_told_in_the_log(cache, tmp_path, caplog, damage):
    cache.set("tries", 5, 60)
    [entry] = tmp_path.glob("*.djcache")
    damage(entry)
    cache.get("tries")

    # Django itself takes an empty file for an entry that ran out.
    assert damage is emptied or f"{entry} is discarded" in caplog.text


def test_a_cache_that_may_not_be_read_is_no_damaged_entry(cache, monkeypatch):
    cache.set("tries", 5, 60)

    def refuse(*args):
        raise PermissionError

    monkeypatch.setattr(FileCache, "_is_expired", refuse)
    with pytest.raises(PermissionError):
        cache.get("tries")


@damaged
def test_the_damaged_list_of_queues_is_made_again(tmp_path, damage):
    options = file_broker.options(tmp_path)
    with Connection("files://", transport_options=options) as broker, broker.SimpleQueue("work") as queue:
        queue.put(1)
        queue.get_nowait().ack()
    [table] = tmp_path.glob("control/*.exchange")
    whole = table.read_bytes()
    damage(table)

    with Connection("files://", transport_options=options) as broker, broker.SimpleQueue("work") as queue:
        queue.put(2)
        message = queue.get_nowait()
        message.ack()

    assert message.payload == 2
    assert json.loads(table.read_bytes()) == json.loads(whole)


def test_a_message_dated_ahead_is_still_read(tmp_path):
    options = file_broker.options(tmp_path)
    with Connection("files://", transport_options=options) as broker, broker.SimpleQueue("work") as queue:
        queue.put("later")
        [message] = tmp_path.glob("queue/*.msg")
        message.rename(message.with_name(f"{time.time_ns() * 2:020d}-0.work.msg"))
        queue.put("now")
        assert [queue.get_nowait().payload for _ in range(2)] == ["now", "later"]


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    """``prepare`` over a directory of its own; gives how often static files were collected."""
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    calls = []

    def call(name, **options):
        calls.append(name)
        if name == "collectstatic":
            (settings.STATIC_ROOT / "staticfiles.json").write_text('{"paths": {"a.css": "a.1.css"}}')

    monkeypatch.setattr(prepare, "call_command", call)
    monkeypatch.setattr(prepare, "static_sources", lambda: "0" * 64)

    def prepared():
        call_command("prepare")
        return calls.count("collectstatic")

    return prepared


@damaged
@pytest.mark.parametrize("name", ["static.sources", "static/staticfiles.json"])
def test_static_files_are_collected_again_when_stamp_or_list_is_damaged(collected, tmp_path, damage, name):
    assert [collected(), collected()] == [1, 1]
    damage(tmp_path / name)

    assert [collected(), collected()] == [2, 2]


# --- the scheduler ------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """The time as beat sees it: ``clock["ahead"]`` seconds ahead of this machine's."""
    moved, real = {"ahead": 0}, time.time
    monkeypatch.setattr(time, "time", lambda: real() + moved["ahead"])
    monkeypatch.setattr(app, "now", lambda now=app.now: now().fromtimestamp(time.time(), now().tzinfo))
    return moved


@pytest.fixture
def beat(settings, tmp_path, monkeypatch):
    """A scheduler of the real schedule that notes what it sends: ``beat()`` ticks until nothing is due."""
    settings.BEAT_ALIVE = tmp_path / "beat-alive"
    scheduler, sent = FreshScheduler(app), []
    monkeypatch.setattr(scheduler, "apply_entry", lambda entry, producer=None: sent.append(entry.name))

    def ticked():
        sent.clear()
        while scheduler.tick() == 0:
            pass
        return sorted(sent)

    return ticked


def test_everything_is_due_at_the_start_and_once(beat, settings):
    assert beat() == sorted(settings.CELERY_BEAT_SCHEDULE)
    assert beat() == []


def test_a_tick_comes_when_its_time_comes(clock, beat):
    beat()
    clock["ahead"] = 11
    assert beat() == ["deliver notifications", "heartbeat", "publish events"]
    clock["ahead"] = 15 * 60 + 1
    assert "send reminders" in beat()


@pytest.mark.parametrize("back", [60, 3600, 400 * 24 * 3600])
def test_a_clock_set_back_stops_nothing(clock, beat, settings, caplog, back):
    clock["ahead"] = back
    beat()
    clock["ahead"] = 0

    assert beat() == sorted(settings.CELERY_BEAT_SCHEDULE)
    assert "set back" in caplog.text
    clock["ahead"] = 11
    assert beat() == ["deliver notifications", "heartbeat", "publish events"]


def test_beat_keeps_nothing_but_the_sign_that_it_ticks(beat, tmp_path):
    beat()

    assert [path.name for path in tmp_path.iterdir()] == ["beat-alive"]
    assert (tmp_path / "beat-alive").read_bytes() == b""


# --- /readyz ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "well"), [(5, True), (60, False), (86400, False)])
def test_a_mark_of_the_future_is_a_fault(monkeypatch, ahead, well):
    real = time.time
    monkeypatch.setattr(health.time, "time", lambda: real() + ahead)
    health.mark_done("safetyledger.tasks.heartbeat")
    monkeypatch.setattr(health.time, "time", real)

    problem = health.problems()["safetyledger.tasks.heartbeat"]

    assert problem is None if well else problem.endswith("s in the future")
