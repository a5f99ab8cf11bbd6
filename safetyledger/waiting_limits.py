"""For how long a process waits for PostgreSQL: libpq's and the server's own limits, and one for a server that accepts and never answers.

The server's `statement_timeout` is kept by the server; when that hangs, only who waits can end the wait. psycopg2 has no read time-out (its
green mode has, but no COPY). So a thread of ours looks twice a second at who waits, and shuts the connection of whoever waited too long:
the statement then fails as after any lost connection.
"""

import contextlib
import os
import socket
import threading
import time
from itertools import count

from psycopg2 import extensions

LOOKS_EVERY = 0.5


class Watch:
    """Who waits, until when, and on which descriptor."""

    def __init__(self):
        self.begin_anew()
        # Threads do not survive a fork: a process that gunicorn or Celery made has none of this.
        os.register_at_fork(after_in_child=self.begin_anew)

    def begin_anew(self):
        self.lock = threading.Lock()
        self.waits = {}
        self.numbers = count()
        self.thread = None

    @contextlib.contextmanager
    def over(self, connection):
        """Shuts the connection when what happens inside takes longer than its `patience`, in seconds."""
        number = next(self.numbers)
        with self.lock:
            self.waits[number] = (time.monotonic() + connection.patience, connection.fileno())
            if self.thread is None:
                self.thread = threading.Thread(target=self.look, name="database watch", daemon=True)
                self.thread.start()
        try:
            yield
        finally:
            # Under the lock: once this is gone the descriptor may be closed, and its number be another's.
            with self.lock:
                del self.waits[number]

    def look(self):
        while True:
            time.sleep(LOOKS_EVERY)
            now = time.monotonic()
            with self.lock:
                for until, descriptor in self.waits.values():
                    if now > until:
                        self.shut(descriptor)

    @staticmethod
    def shut(descriptor):
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as its:
            its.shutdown(socket.SHUT_RDWR)


watch = Watch()


class Cursor(extensions.cursor):
    """Every call by which Django asks the server something."""

    def execute(self, *args, **options):
        with watch.over(self.connection):
            return super().execute(*args, **options)

    def executemany(self, *args, **options):
        with watch.over(self.connection):
            return super().executemany(*args, **options)

    def copy_expert(self, *args, **options):
        with watch.over(self.connection):
            return super().copy_expert(*args, **options)

    def fetchmany(self, *args, **options):
        if self.name is None:  # the rows are here already
            return super().fetchmany(*args, **options)
        with watch.over(self.connection):
            return super().fetchmany(*args, **options)


class Connection(extensions.connection):
    """A connection whose every wait ends after `patience` seconds."""

    patience = 60

    def commit(self):
        with watch.over(self):
            return super().commit()

    def rollback(self):
        with watch.over(self):
            return super().rollback()


def options(environment, jit="off"):
    """Django's `OPTIONS` for PostgreSQL; `environment` says for how many seconds a statement, a lock, an idle transaction may take (0: for ever).

    The web process sets short ones (`deploy/gunicorn.conf.py`), worker and beat longer ones (`safetyledger/celery.py`), a command has none.
    """
    statement, lock, idle = (
        environment.int(f"DATABASE_{what}_SECONDS", default=0) for what in ("STATEMENT", "LOCK", "IDLE")
    )
    settings = {
        "jit": jit,
        "statement_timeout": statement * 1000,
        "lock_timeout": lock * 1000,
        "idle_in_transaction_session_timeout": idle * 1000,
    }
    limits = {
        "connect_timeout": 3,
        # A host that is gone is noticed within 14 s, whoever waits for it.
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 14_000,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }
    if statement:
        # A little longer than the server's own limit, which says what it was.
        limits["connection_factory"] = type("Connection", (Connection,), {"patience": statement + 5})
        limits["cursor_factory"] = Cursor
    return limits
