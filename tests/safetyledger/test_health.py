import threading
import time

import pytest
from django.conf import settings
from django.core.cache import cache

from safetyledger import health


@pytest.fixture(autouse=True)
def _fresh_marks():
    cache.clear()


def test_healthz_answers_without_login(client):
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", settings.HEALTH_PATHS)
def test_no_session_is_asked_for(client, path, django_assert_num_queries):
    """What /readyz asks, it asks on threads of its own."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.django_db
def test_readyz_is_well_when_every_task_ran(client):
    for task in health.OLDEST:
        health.mark_done(task)

    response = client.get("/readyz")

    assert response.status_code == 200, response.json()


@pytest.mark.django_db
@pytest.mark.parametrize("task", health.OLDEST)
def test_readyz_fails_when_one_task_is_silent(client, task):
    for other in health.OLDEST:
        health.mark_done(other)
    cache.set(f"done:{task}", time.time() - health.OLDEST[task] - 1)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert [name for name, word in response.json()["checks"].items() if word != "ok"] == [task]


@pytest.mark.django_db
def test_readyz_says_so_when_the_worker_never_ran(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["safetyledger.tasks.heartbeat"] == "never ran"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "named"),
    [("ask_database", ["database"]), ("ask_broker", ["broker"]), ("marks", [*health.OLDEST])],
)
@pytest.mark.parametrize("way", ["broken", "hanging"])
def test_what_is_broken_or_hangs_is_named_within_two_seconds(client, monkeypatch, asked, named, way):
    for task in health.OLDEST:
        health.mark_done(task)
    let_go = threading.Event()
    monkeypatch.setattr(health, asked, (lambda: 1 / 0) if way == "broken" else (lambda: let_go.wait(10)))
    monkeypatch.setattr(health, "asking", health.Asking())
    began = time.monotonic()

    response = client.get("/readyz")

    took = time.monotonic() - began
    wrong = {name: word for name, word in response.json()["checks"].items() if word != "ok"}
    let_go.set()
    assert response.status_code == 503
    assert wrong == dict.fromkeys(named, "ZeroDivisionError" if way == "broken" else "no answer")
    assert took < 2


@pytest.mark.django_db
def test_what_hangs_is_asked_once_however_often_it_is_wanted(client, monkeypatch):
    let_go, asked = threading.Event(), []
    monkeypatch.setattr(health, "ask_broker", lambda: asked.append(1) or let_go.wait(10))
    monkeypatch.setattr(health, "asking", health.Asking())
    monkeypatch.setattr(health, "PATIENCE", 0.1)

    for _ in range(5):
        assert client.get("/readyz").json()["checks"]["broker"] == "no answer"

    assert asked == [1]
    let_go.set()
    monkeypatch.setattr(health, "PATIENCE", 1.5)
    health.asking.out["broker"].result()
    monkeypatch.setattr(health, "ask_broker", lambda: None)
    assert client.get("/readyz").json()["checks"]["broker"] == "ok", "and asked again when it has come back"
