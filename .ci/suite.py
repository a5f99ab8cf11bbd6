"""Runs the suite on SQLite and, where they answer, again on PostgreSQL and Redis. Arguments go to pytest."""

import os
import shutil
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg2

POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def postgres_answers():
    try:
        psycopg2.connect(POSTGRES, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def redis_answers():
    address = urlsplit(REDIS)
    try:
        with socket.create_connection((address.hostname, address.port or 6379), timeout=3) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def run(title, **environment):
    """One run of pytest; its exit code."""
    print(f"== {title}", flush=True)
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "DEMO")}
    processes = ["-n", os.environ.get("TEST_PROCESSES", "2"), "--dist=loadgroup"]
    command = [sys.executable, "-m", "pytest", "-q", *processes, *sys.argv[1:]]
    return subprocess.run(command, env=kept | environment).returncode


def main():
    absent = [name for name, answers in (("PostgreSQL", postgres_answers()), ("Redis", redis_answers())) if not answers]
    if not shutil.which("chromium"):
        absent.append("Chromium")
    if absent and os.environ.get("CI"):
        return f"On CI nothing may be left out, but these do not answer: {', '.join(absent)}"
    failed = run("SQLite")
    if "PostgreSQL" not in absent and "Redis" not in absent:
        failed = run("PostgreSQL and Redis", DATABASE_URL=POSTGRES, REDIS_URL=REDIS, ONLY_DATABASE="1") or failed
    print(f"left out: what needs {', '.join(absent)}" if absent else "left out: nothing")
    return failed


if __name__ == "__main__":
    sys.exit(main())
