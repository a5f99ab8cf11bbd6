"""The work behind the pages: a real Celery worker over Redis beside PostgreSQL, the same tasks in this process otherwise."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from hazards.models import HazardEvent
from journal.models import Offset
from journal.tasks import publish
from notifications.tasks import deliver
from safetyledger import key_ring

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40  # seconds


@contextmanager
def background_work(tmp_path):
    """Yields a function that returns when no event waits any more."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        yield _here
        return
    queue = f"journey-{os.getpid()}"
    with (tmp_path / "worker.log").open("w+", encoding="utf-8") as log:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "safetyledger",
            "worker",
            "--pool",
            "solo",
            "-Q",
            queue,
            "--without-gossip",
        ]
        worker = subprocess.Popen(command, cwd=ROOT, env=_environment(tmp_path), stdout=log, stderr=subprocess.STDOUT)
        try:
            yield lambda: _over_redis(queue, worker, tmp_path / "worker.log")
        finally:
            worker.terminate()
            worker.wait(timeout=PATIENCE)


def _here():
    publish()
    deliver()


def _over_redis(queue, worker, log):
    """Send the ticks that beat would send, and wait until their effect stands in the database."""
    publish.apply_async(queue=queue)
    deliver.apply_async(queue=queue)
    give_up = time.monotonic() + PATIENCE
    while _waiting():
        assert worker.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < give_up, f"the worker did not announce the events:\n{log.read_text(encoding='utf-8')}"
        time.sleep(0.1)


def _waiting():
    """Whether an event has no place in the outbox yet, or people were not told of the last one."""
    stream = HazardEvent._meta.db_table
    last = Offset.objects.filter(consumer="tell_people", stream=stream).values_list("last", flat=True).first() or 0
    return HazardEvent.objects.filter(position=None).exists() or HazardEvent.objects.filter(position__gt=last).exists()


def _environment(tmp_path):
    """As in production, but for the test database: the worker must not take itself for a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    to = connection.settings_dict
    host = f"{to['HOST'] or '127.0.0.1'}:{to['PORT'] or 5432}"
    person = quote(to["USER"]) + (f":{quote(to['PASSWORD'])}" if to["PASSWORD"] else "")
    return kept | {
        "DATABASE_URL": f"postgres://{person}@{host}/{to['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": "only-for-tests",
        "AUDIT_KEYS": key_ring.written(settings.AUDIT_KEYS),
        "DATA_KEYS": key_ring.written(settings.DATA_KEYS),
        "VAR_DIR": str(tmp_path),
        "EMAIL_URL": "dummymail://",
    }
