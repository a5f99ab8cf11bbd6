"""Letting others in between two long pieces of work."""

import time

from django.db import connection

# SQLite's waiting writers look again every tenth of a second: who begins anew at once is always before them.
PAUSE = 0.25


def give_way():
    """Between two transactions of one run, where only one writer is let in at a time: let those who wait have their turn.

    Does nothing inside a transaction, which keeps everybody out anyway, nor on PostgreSQL.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)
