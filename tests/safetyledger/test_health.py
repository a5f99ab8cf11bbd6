import time

import pytest
from django.core.cache import cache

from safetyledger import health


@pytest.fixture(autouse=True)
def _fresh_marks():
    cache.clear()


def test_healthz_answers_without_login(client):
    assert client.get("/healthz").status_code == 200


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


def test_a_broken_database_is_a_finding(client, monkeypatch):
    monkeypatch.setattr(health, "connection", None)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["database"] != "ok"
