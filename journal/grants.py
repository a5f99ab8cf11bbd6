"""What roles of PostgreSQL may do: the web process adds events and never changes one, whatever is injected into it.

`journal.outbox` gives events their places after the commit; that is the worker's work, and the one column it may change.
"""

from django.apps import apps
from django.db import connection

from journal.models import Event


def event_tables():
    """The tables of events, in order of name."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Event))


def closed_tables():
    """The other tables to which rows are only added, in order of name."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "is_only_added_to", False))


def statements(web, worker):
    """SQL that the owner of the tables runs after every migration; the roles exist already."""
    quote = connection.ops.quote_name
    web, worker = quote(web), quote(worker)
    both, tables = f"{web}, {worker}", ", ".join(quote(table) for table in event_tables())
    closed = ", ".join(quote(table) for table in (*closed_tables(), "django_migrations"))
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both};"
    yield f"GRANT USAGE ON SCHEMA public TO {both};"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {both};"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {both};"
    yield f"REVOKE UPDATE, DELETE ON {tables}, {closed} FROM {both};"
    yield f"REVOKE INSERT ON {quote('django_migrations')} FROM {both};"
    yield f"GRANT UPDATE (position) ON {tables} TO {worker};"
