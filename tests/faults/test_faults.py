"""The short form: every promise once, in one house. The long form is `make faults` (docs/RELIABILITY.md)."""

import random
import threading
import time

import pytest

from tests.faults.house import House
from tests.faults.load import Load

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("faults")]
# Seconds in which everything answers again after what was away has come back.
RECOVERY = 10


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("house")) as house:
        yield house


def recovered(house):
    return house.until(lambda: house.ready()[0] == 200, RECOVERY)


def note(house, text):
    return house.timed(f"/api/v1/hazards/{house.told['hazards'][0]}/comment/", {"text": text})


@pytest.mark.parametrize("way", ["refuse", "hang"])
def test_without_redis_everything_but_the_queue_works(house, way):
    getattr(house.redis, way)()
    try:
        status, wrong, seconds = house.ready()
        assert (status, "broker" in wrong, seconds < 2.2) == (503, True, True), (wrong, seconds)
        assert "database" not in wrong
        status, _, seconds = house.timed("/healthz", cookies={})
        assert (status, seconds < 1) == (200, True), seconds
        assert note(house, f"没有队列也要办理 {way}")[0] == 200
        for path in ("/", "/hazards/", "/notifications/"):
            status, _, seconds = house.timed(path)
            assert (status, seconds < 5) == (200, True), (path, status, seconds)
        assert house.sign_in() == 302
    finally:
        house.redis.flow()
    assert recovered(house), house.ready()


def test_a_database_that_hangs_is_named_and_health_is_answered(house):
    house.postgres.hang()
    try:
        stuck = [threading.Thread(target=house.ask, args=("/hazards/",), daemon=True) for _ in range(16)]
        for thread in stuck:
            thread.start()
        time.sleep(0.5)
        for _ in range(3):
            status, _, seconds = house.timed("/healthz", cookies={})
            assert (status, seconds < 1) == (200, True), seconds
            status, wrong, seconds = house.ready()
            assert (status, "database" in wrong, seconds < 2.2) == (503, True, True), (wrong, seconds)
    finally:
        house.postgres.flow()
    assert recovered(house), house.ready()
    assert house.until(lambda: house.ask("/hazards/")[0] == 200, RECOVERY)


def test_a_database_that_was_away_is_found_again(house):
    house.postgres.refuse()
    try:
        status, wrong, seconds = house.ready()
        assert (status, "database" in wrong, seconds < 2.2) == (503, True, True), (wrong, seconds)
        assert house.ask("/hazards/")[0] in (500, 503)
    finally:
        house.postgres.flow()
    assert house.until(lambda: house.ask("/hazards/")[0] == 200, RECOVERY)
    assert recovered(house), house.ready()


def test_what_was_acknowledged_outlives_kill_9_and_reminders_are_sent_once(house):
    with Load(house) as load:
        for name in ("web", "worker", "beat"):
            time.sleep(1)
            assert house.kill_child("web")
            time.sleep(1)
            house.kill(name)
            assert house.until(lambda: house.ask("/healthz", cookies={})[0] == 200, RECOVERY), house.words()
        house.kill_child("worker")
        time.sleep(1)
    assert len(load.acknowledged) > 20, (load.refused[:3], load.unanswered[:3])
    assert load.verdict() == ([], [], [])
    assert not load.refused

    assert house.owed(), "of what was registered meanwhile, an order is owed"
    for _ in range(2):
        house.kill("worker")
        house.until(lambda: not house.owed(), 3 + 2 * random.random())
    assert house.until(lambda: not house.owed(), 20), house.words()
    messages, doubled = house.sent()
    assert (messages > 0, doubled) == (True, 0)
    assert recovered(house), house.ready()
    assert not house.tampered()
