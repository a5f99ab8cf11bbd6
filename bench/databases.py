"""Databases to measure in, made for one run and gone after it, and the process that measures in one of them."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings

POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
SILENT = "PostgreSQL does not answer (TEST_DATABASE_URL, default 127.0.0.1:5432)"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
# What would make the child another deployment than the one measured: our own database, Redis, pytest's cheap settings.
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "PYTEST_VERSION",
    "DEBUG",
    "MEDIA_ROOT",
    "STATIC_ROOT",
    "VAR_DIR",
)


def postgres_answers():
    """Whether the server behind ``TEST_DATABASE_URL`` (default: 127.0.0.1:5432) lets us in."""
    try:
        psycopg2.connect(POSTGRES, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextlib.contextmanager
def workplace():
    """A directory for everything a run writes, static files collected in it; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place = Path(name)
        run(place, ["prepare"], _environment(place / "prepared", place))
        yield place


@contextlib.contextmanager
def database(kind, place):
    """The environment of a process that works on an empty database of ``kind``, dropped afterwards."""
    with tempfile.TemporaryDirectory(dir=place) as var:
        if kind == SQLITE:
            yield _environment(Path(var), place)
            return
        name = f"safetyledger_bench_{os.getpid()}"
        _administer(f"CREATE DATABASE {name}")
        try:
            url = urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
            yield _environment(Path(var), place) | {"DATABASE_URL": url}
        finally:
            _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def measured(kind, plan, place, seconds):
    """Results of one database that is grown from size to size: yields ``[{"id", "database", "rows", "ratio", …}, …]``.

    ``plan``: ``[(rows, [id, …]), …]``, smallest first; ``seconds``: how long the crowd works. Each pair has a fresh process, so that memory is its own.
    """
    with database(kind, place) as environment:
        run(place, ["migrate", "--verbosity", "0"], environment)
        for rows, ids in plan:
            into = place / f"{kind}-{rows}.json"
            given = ["--rows", str(rows), "--only", ",".join(ids), "--seconds", str(seconds)]
            run(place, ["bench", "--inside", str(into), *given], environment)
            yield [{"id": one.pop("id"), "database": kind, "rows": rows, **one} for one in json.loads(into.read_text())]


def _environment(var, place):
    kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    return kept | {
        "DEMO": "1",
        "VAR_DIR": str(var),
        "STATIC_ROOT": str(place / "static"),
        "LOG_LEVEL": "ERROR",
    }


def run(place, arguments, environment):
    """Run manage.py in a process of its own; RuntimeError with all it said when it fails."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True)  # noqa: S603 - our own manage.py
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")


def _administer(statement):
    connection = psycopg2.connect(POSTGRES)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
