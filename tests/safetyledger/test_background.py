"""Whose waits for the database are those of work in the background."""

import pytest

from safetyledger.celery import is_background


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("/venv/bin/celery --app safetyledger worker --loglevel INFO", True),
        ("/venv/lib/celery/__main__.py --app safetyledger --quiet beat --pidfile", True),
        ("celery --app=safetyledger -q worker", True),
        ("celery -A worker inspect ping", False),
        ("celery --app safetyledger call worker", False),
        ("celery --app safetyledger inspect ping --destination beat", False),
        ("celery", False),
        ("manage.py add_person worker", False),
        ("/venv/lib/gunicorn/__main__.py worker", False),
        ("manage.py beat", False),
        ("", False),
    ],
)
def test_only_worker_and_beat_are(line, is_one):
    assert is_background(*line.split(" ")) is is_one
