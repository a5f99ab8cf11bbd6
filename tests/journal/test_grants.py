"""On PostgreSQL the web process may add events and change none: tried as the role that the printed statements make."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from hazards import operations
from hazards.models import HazardEvent
from journal import outbox
from journal.grants import closed_tables, event_tables

pytestmark = pytest.mark.django_db
EVENTS = HazardEvent._meta.db_table


@pytest.fixture
def role():
    """Makes SQL run as the role named: ``role("web")``. The roles go with the transaction of the test."""
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="只有 PostgreSQL"):
            call_command("database_roles")
        pytest.skip("SQLite has no roles")
    names = {name: f"test_{name}_{os.getpid()}" for name in ("web", "worker")}
    call_command("database_roles", **names, stdout=(said := StringIO()))
    with connection.cursor() as cursor:
        for name in names.values():
            cursor.execute(f"CREATE ROLE {name}")
        cursor.execute(said.getvalue())
    yield lambda name: connection.cursor().execute(f"SET LOCAL ROLE {names[name]}")
    connection.cursor().execute("RESET ROLE")


def refused(statement):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_web_role_acts_and_changes_no_event(registered, inspector, manager, noon, photo, role):
    """One act after another, and many rows at once."""
    role("web")
    operations.issue(registered, by=manager, at=noon, days=10)
    operations.submit_feedback(registered, by=manager, at=noon, content="已清理", photos=[photo(manager)])
    operations.review(registered, by=inspector, at=noon, passed=True, opinion="合格")
    row = {"enterprise": registered.enterprise, "description": "旧", "found_on": noon.date(), "state": "registered"}
    assert operations.adopt([row | {"import_key": "7"}], by=inspector, at=noon, source="L3.xlsx") == 1
    assert registered.events.count() == 5
    for table in event_tables():
        refused(f"UPDATE {table} SET note = 'x'")
        refused(f"UPDATE {table} SET position = 1")
        refused(f"DELETE FROM {table}")
        refused(f"TRUNCATE {table} CASCADE")
    assert "disclosures_disclosure" in closed_tables()
    for table in closed_tables():
        refused(f"UPDATE {table} SET at = now()")
        refused(f"DELETE FROM {table}")


def test_the_worker_gives_places_and_changes_nothing_else(registered, role):
    role("worker")
    assert outbox.place(HazardEvent) == registered.version
    refused(f"UPDATE {EVENTS} SET note = 'x'")
    refused(f"DELETE FROM {EVENTS}")
