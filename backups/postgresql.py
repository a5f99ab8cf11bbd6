"""PostgreSQL: COPY of every table in one REPEATABLE READ transaction, so that all tables are of the same moment (ADR 0037)."""

from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from backups.databases import SESSIONS, names_of_files, tables
from backups.sealing import Damaged
from journal.refusal import Refused

KEEPS = "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position
"""


def _file(table):
    return f"database/{table}.copy"


class Snapshot:
    """All tables as they stood when the transaction of ``cursor`` began."""

    def __init__(self, cursor):
        self.cursor, self.tables = cursor, {}
        cursor.execute(COLUMNS)
        columns = {}
        for table, column in cursor.fetchall():
            columns.setdefault(table, []).append(column)
        self.layout = {"columns": {name: columns[name] for name in tables() if name != SESSIONS}}

    def names(self):
        return names_of_files(self.cursor)

    def write(self, add):
        for table, columns in self.layout["columns"].items():
            with add(_file(table)) as out:
                self.cursor.copy_expert(f"COPY {_listed(table, columns)} TO STDOUT", out)
                self.tables[table] = self.cursor.rowcount
        # Sequences know no snapshot: read afterwards they are ahead of the rows, never behind.
        self.layout["sequences"] = dict(_sequences(self.cursor))


@contextmanager
def snapshot(work):
    apart = connection.copy()
    try:
        apart.connect()
        apart.connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        with apart.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield Snapshot(cursor)
    finally:
        apart.close()


def _listed(table, columns):
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(map(quote, columns))})"


def _sequences(cursor):
    quote = connection.ops.quote_name
    cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1")
    for (name,) in cursor.fetchall():
        cursor.execute(f"SELECT last_value, is_called FROM {quote(name)}")  # noqa: S608 - names from the catalogue
        yield name, list(cursor.fetchone())


def load(manifest, source, work):
    """One transaction: tables as the backup's program had them, its rows, its sequences. Until it ends others see what was."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        _build(cursor, manifest.migrations)
        quote = connection.ops.quote_name
        cursor.execute(f"TRUNCATE {', '.join(map(quote, tables()))}")
        for table, columns in manifest.layout["columns"].items():
            with source(_file(table)) as file:
                cursor.copy_expert(f"COPY {_listed(table, columns)} FROM STDIN", file)
            if cursor.rowcount != manifest.tables[table]:
                raise Damaged(_file(table))
        for name, (last, called) in manifest.layout["sequences"].items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [quote(name), last, called])
        cursor.execute(KEEPS[0])  # rows that name others which are not there fail here


def _build(cursor, wanted):
    """Tables as the migrations ``wanted`` leave them; nothing to do where they stand so."""
    wanted = {tuple(name.split(".", 1)) for name in wanted}
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) == wanted:
        return
    quote = connection.ops.quote_name
    if there := set(tables()) & set(connection.introspection.table_names(cursor)):
        cursor.execute(f"DROP TABLE {', '.join(map(quote, sorted(there)))} CASCADE")

    def settled(action, *_):
        if action == "apply_success":  # else the next one cannot alter a table that this one filled
            for statement in KEEPS:
                cursor.execute(statement)

    executor = MigrationExecutor(connection, settled)
    graph = executor.loader.graph
    last = [
        node
        for node in wanted
        if not any(child in wanted for child in graph.node_map[node].children if child[0] == node[0])
    ]
    executor.migrate(sorted(last))


@contextmanager
def scratch(work):
    """Beside ours, in the same server; of one name, so that what a killed check left is found and goes."""
    name = f"{connection.settings_dict['NAME'][:40]}_restore_check"
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise Refused("数据库账号没有建库权限，不能在旁边建库校验：请授予 CREATEDB，或在另一台机器上恢复演练")
    _apart(f"DROP DATABASE IF EXISTS {quoted}", f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield name
    finally:
        _apart(f"DROP DATABASE IF EXISTS {quoted}")


def _apart(*statements):
    connection.close()
    with connection._nodb_cursor() as cursor:  # as Django's own test databases are made
        for statement in statements:
            cursor.execute(statement)


def others():
    """What stands against a restore: somebody else who is connected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        (count,) = cursor.fetchone()
    return f"还有 {count} 个程序连着数据库，请先停止网站、后台任务和定时任务再恢复" if count else None
