"""Of two suspensions that end, or begin, at the same moment each sees the other: the lock on the enterprise's row."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from enforcement import operations
from enforcement.models import Measure
from tests import measures, stages

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway"),
]
WHILE = 1.0  # seconds in which the second comes as far as the lock


@pytest.fixture
def people():
    return stages.cast()


def consent(people, pk):
    row = Measure.objects.get(pk=pk)
    operations.decide_resumption(row, by=people["office"], at=timezone.now(), granted=True, opinion="已核实")


def suspend(people):
    at = timezone.now()
    operations.record_measure(
        by=people["author"], at=at, kind="suspension", on=timezone.localdate(at), content="停产", basis="第六十五条",
        second_officer=people["colleague"], enterprise=people["firm"],
    )  # fmt: skip


def overlapping(first, second):
    """Do ``first`` and, before it is committed, begin ``second``."""

    def run():
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        time.sleep(WHILE)
        assert thread.is_alive(), "it waits for the row of the enterprise"
    thread.join()


def test_two_that_end_together_let_the_enterprise_go(people):
    pks = [measures.measure(people, "suspension+asked").pk for _ in range(2)]
    overlapping(lambda: consent(people, pks[0]), lambda: consent(people, pks[1]))
    people["firm"].refresh_from_db()
    assert people["firm"].status == "resumed"
    assert not Measure.objects.suspending().exists()


@pytest.mark.parametrize("ends_first", [True, False])
def test_one_that_begins_while_another_ends_keeps_it_stopped(people, ends_first):
    pk = measures.measure(people, "suspension+asked").pk
    doings = [lambda: consent(people, pk), lambda: suspend(people)]
    overlapping(*(doings if ends_first else doings[::-1]))
    people["firm"].refresh_from_db()
    assert people["firm"].status == "suspended"
    [left] = Measure.objects.suspending()
    assert left.status_before == ("resumed" if ends_first else "operating")
