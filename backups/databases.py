"""Both kinds of database seen alike: what is in them now, a copy of one moment, and how a copy gets back in.

`backups.sqlite` and `backups.postgresql` each have ``snapshot(work)`` (a context manager: the database of one moment, with ``names()``,
``write(add)``, and afterwards ``tables`` and ``layout``), ``load(manifest, source, work)`` (all of a backup or nothing, into
the database connected to), ``scratch(work)`` (a context manager: the name of a database to be thrown away), and ``others()``.
"""

from contextlib import contextmanager

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from accounts.models import Unit, User
from journal.refusal import Refused

SESSIONS = "accounts_opensession"  # whoever was signed in signs in again: nothing that ended since lives on


def tables():
    """Every table of ours, and that of the migrations."""
    return sorted({*connection.introspection.django_table_names(only_existing=True), "django_migrations"})


def file_columns():
    """``[(table, column), …]`` that name a file."""
    kinds = apps.get_models(include_auto_created=True)
    fields = [(kind, field) for kind in kinds for field in kind._meta.local_concrete_fields]
    return [(kind._meta.db_table, field.column) for kind, field in fields if isinstance(field, models.FileField)]


def names_of_files(cursor):
    """The name of every file that a row names. ``cursor`` is any of Python's database interface."""
    quote = connection.ops.quote_name
    for table, column in file_columns():
        cursor.execute(f"SELECT {quote(column)} FROM {quote(table)} WHERE {quote(column)} <> ''")  # noqa: S608 - our own names
        while rows := cursor.fetchmany(1000):
            yield from (name for (name,) in rows)


def is_named(name):
    """Whether some row names the file now."""
    fields = [(kind, field) for kind in apps.get_models() for field in kind._meta.local_concrete_fields]
    return any(
        kind._base_manager.filter(**{field.attname: name}).exists()
        for kind, field in fields
        if isinstance(field, models.FileField)
    )


def migrations():
    """``["app.name", …]`` that the database has; Refused where the program has others: rows and models would not agree."""
    loader = MigrationLoader(connection)
    ours = {node for node in loader.graph.nodes if node[0] in loader.migrated_apps}
    applied = {node for node in loader.applied_migrations if node[0] in loader.migrated_apps}
    if ours != applied:
        raise Refused("数据库与程序的版本不一致：升级前请用原来的程序备份，升级后请先执行 migrate")
    return sorted(".".join(node) for node in applied)


def refuse_unknown(applied):
    """Refused when a backup has been through migrations that this program does not know."""
    loader = MigrationLoader(None)
    if unknown := {tuple(name.split(".", 1)) for name in applied} - set(loader.disk_migrations):
        some = ".".join(min(unknown))
        raise Refused(f"这份备份来自更新的版本（多出数据库变更 {some} 等 {len(unknown)} 项），请先升级程序再恢复")


def holds_something():
    """Whether anything was entered here: a unit or a person. All else stands on these, or came with the program."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {Unit._meta.db_table, User._meta.db_table} & there:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own names
            if cursor.fetchone():
                return True
    return False


@contextmanager
def connected_to(name):
    """The database ``name`` stands in for ours meanwhile."""
    ours = connection.settings_dict["NAME"]
    _turn_to(name)
    try:
        yield
    finally:
        _turn_to(ours)


def _turn_to(name):
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()  # their ids differ
