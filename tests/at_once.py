"""Acts of several people at the same moment, in threads with connections of their own. For tests that commit, on PostgreSQL."""

import threading

import pytest
from django.db import connection

from journal.refusal import Refused


def races(test):
    """Decorate a test of acts at once: it commits, and runs where two writers may be under way together."""
    test = pytest.mark.django_db(transaction=True, serialized_rollback=True)(test)
    return pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")(
        test
    )


def at_once(*doings):
    """Each of ``doings`` in a thread of its own, begun together: their outcomes in order, "done" or the class of the refusal.

    The rows they act on are read before: each stands on the row as it was before any of them.
    """
    start, said = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place, doing):
        try:
            start.wait()
            doing()
            said[place] = "done"
        except Refused as refusal:
            said[place] = type(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
