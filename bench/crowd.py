"""P9: fifty people at once, reading and writing, served by two gunicorn workers.

Each of them waits between two requests, on average `PAUSE` seconds, as people do; without that fifty would be a queue, not a crowd.
"""

import contextlib
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import chain

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import operations
from accounts.models import User
from accounts.roles import Role
from bench.measuring import Result
from hazards.lifecycle import State
from hazards.models import Hazard
from inspections.models import Enterprise

GOAL = 5.0
PEOPLE, SECONDS, PAUSE, WORKERS = 50, 120, 5.0, 2
READING = (("/hazards/", 30), ("/hazards/?view=all&level=general", 10), ("/", 20), ("/rankings/", 5), ("hazard", 20))
WRITING = (("issue", 7), ("visit", 8))
ROLES = (Role.SAFETY_OFFICE, Role.MANAGER, Role.INSPECTOR)


@dataclass
class Person:
    """Somebody signed in at the pages and with a token for the API, and what they may read and write."""

    cookie: str
    token: str
    hazards: list
    waiting: list
    visit: dict | None
    times: list = field(default_factory=list)
    errors: list = field(default_factory=list)


def measure(today, *, people=PEOPLE, seconds=SECONDS):
    """The 95th percentile of a crowd's requests ÷ the median of one person's alone; and how many failed (none may)."""
    crowd = [_person(user, today) for user in _users(people)]
    connection.close()
    with _server() as port:
        first = crowd[0]
        _live(first, port, max(1, seconds // 6), pause=0.05, dice=random.Random(1))  # noqa: S311 - whom it is drawn for is nobody's secret
        median, first.times = statistics.median(first.times), []
        lives = [
            threading.Thread(target=_live, args=(one, port, seconds), kwargs={"pause": PAUSE, "dice": random.Random(n)})  # noqa: S311
            for n, one in enumerate(crowd)
        ]
        for life in lives:
            life.start()
        for life in lives:
            life.join()
    times = sorted(chain.from_iterable(one.times for one in crowd))
    errors = list(chain.from_iterable(one.errors for one in crowd))
    for sentence in errors[:5]:
        print(sentence, file=sys.stderr)
    slow = times[int(len(times) * 0.95)]
    return [
        Result("P9", slow / median, GOAL, slow),
        Result("P9 errors", len(errors), 0, slow, unit="errors"),
        Result("P9 requests", len(times) / seconds, None, median, unit="req/s"),
    ]


def _users(number):
    users = User.objects.filter(role__in=ROLES, is_active=True, unit__kind__in=["government", "committee_office"])
    return list(users.select_related("unit").order_by("pk")[:number])


def _person(user, today):
    client = Client()
    client.force_login(user)
    at = timezone.now()
    _, token = operations.make_token(user, by=user, at=at, name=f"测量 {at:%H:%M:%S}", scope="write", days=1)
    rows = Hazard.objects.visible_to(user).in_ledger()
    # Newest first, so that people of one place meet at the same rows and sometimes in each other's way.
    waiting = rows.filter(state=State.REGISTERED).order_by("-pk").values_list("pk", flat=True)[:40]
    colleague = (
        User.objects.filter(unit=user.unit, is_active=True).exclude(pk=user.pk).values_list("pk", flat=True).first()
    )
    firm = Enterprise.objects.visible_to(user).values_list("pk", flat=True).first()
    visit = {
        "kind": "routine",
        "enterprise": firm,
        "inspected_on": today.isoformat(),
        "inspectors": [user.pk, colleague],
    }
    return Person(
        cookie=f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
        token=token,
        hazards=list(rows.order_by("-pk").values_list("pk", flat=True)[:100]),
        waiting=list(waiting),
        visit=visit if firm and colleague else None,
    )


def _live(person, port, seconds, *, pause, dice):
    """Read and write for ``seconds``, noting how long each answer took and what went wrong."""
    until = time.monotonic() + seconds
    kinds, weights = zip(*READING, *WRITING, strict=True)
    time.sleep(dice.random() * pause)
    while time.monotonic() < until:
        request = _request(person, dice.choices(kinds, weights)[0], dice)
        started = time.perf_counter()
        try:
            status, said = _send(port, *request)
        except OSError as error:
            person.errors.append(f"{request[1]}: {error!r}")
        else:
            person.times.append(time.perf_counter() - started)
            # 409 is an answer: somebody else was first, and is told so.
            if status not in (200, 201, 409):
                person.errors.append(f"{request[0]} {request[1]}: {status} {said[:200]!r}")
        time.sleep(dice.expovariate(1 / pause))


def _request(person, kind, dice):
    """``(method, path, body, headers)`` of one thing a person does."""
    by_api = {"Authorization": f"Token {person.token}", "Content-Type": "application/json"}
    if kind == "issue" and person.waiting:
        pk = person.waiting.pop()
        return (
            "POST",
            f"/api/v1/hazards/{pk}/issue/",
            json.dumps({"days": 7, "requirement": "清理通道，保持畅通"}),
            by_api,
        )
    if kind == "visit" and person.visit:
        found = [{"description": f"疏散通道堆放货物，第{dice.randrange(1000)}处"}]
        return "POST", "/api/v1/inspections/", json.dumps(person.visit | {"hazards": found}), by_api
    path = kind if kind.startswith("/") else f"/hazards/{dice.choice(person.hazards)}/" if person.hazards else "/"
    return "GET", path, None, {"Cookie": person.cookie}


def _send(port, method, path, body, headers):
    http_connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        http_connection.request(method, path, body and body.encode(), {"Host": "localhost", **headers})
        answer = http_connection.getresponse()
        return answer.status, answer.read()
    finally:
        http_connection.close()


@contextlib.contextmanager
def _server():
    """gunicorn over the database and the settings of this process, as in production; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "--config", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py"),
        "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--chdir", str(settings.BASE_DIR), "safetyledger.wsgi",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if _send(port, "GET", "/healthz", None, {})[0] == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer")
