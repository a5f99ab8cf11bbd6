"""Insert thousands of rows with one prepared statement: what bulk_create does, without building an expression for every value.

Django resolves, wraps and compiles each value of each row by itself, which costs several times what the database needs to take
it (a ledger row has sixty columns). Here the columns of a model are looked at once.
"""

from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, BooleanField, CharField, ForeignKey, IntegerField, TextField
from psycopg2.extras import execute_values

from folding.fields import FoldedField

PAGE = 500  # rows in one statement
# What drivers take as it is; every other kind of column prepares its values itself.
PLAIN = (AutoField, BooleanField, CharField, IntegerField, TextField)


def insert(model, rows):
    """Insert the unsaved ``rows`` of ``model`` in their order and give each its primary key, counted up in that order.

    Inside the caller's transaction. Like bulk_create it calls no ``save()`` and no signals; columns that the database computes
    or an automatic field would fill while saving are left to whoever reads or makes the row, but folded ones are written. A
    model's ``inserted(rows)``, where it has one, writes what stands beside them.
    """
    rows, connection = list(rows), connections[DEFAULT_DB_ALIAS]
    if not rows:
        return
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    folded = [field for field in fields if isinstance(field, FoldedField)]
    links, special = _links(fields), _special(fields)
    values_of, pk_at = attrgetter(*(field.attname for field in fields)), fields.index(model._meta.pk)
    with connection.cursor() as cursor:
        keys = _next_keys(connection, cursor, model, len(rows))
        prepared = []
        for row, key in zip(rows, keys, strict=True):
            _resolve(row, links)
            for field in folded:
                field.pre_save(row, add=True)
            values = list(values_of(row))
            values[pk_at] = row.pk = key
            for position, field in special:
                if values[position] is not None:
                    values[position] = field.get_db_prep_save(values[position], connection)
            prepared.append(values)
            row._state.adding, row._state.db = False, connection.alias
        quote, marks = connection.ops.quote_name, ", ".join(["%s"] * len(fields))
        columns = ", ".join(quote(field.column) for field in fields)
        _write(cursor, f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES", f"({marks})", prepared)
    if hasattr(model, "inserted"):
        model.inserted(rows)


def _write(cursor, into, row, prepared):
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        # executemany of psycopg2 asks the server once a row.
        execute_values(cursor, f"{into} %s", prepared, template=row, page_size=PAGE)
    else:
        cursor.executemany(f"{into} {row}", prepared)


def _is_plain(field):
    return isinstance(field.target_field if isinstance(field, ForeignKey) else field, PLAIN)


def _special(fields):
    return [(position, field) for position, field in enumerate(fields) if not _is_plain(field)]


def _links(fields):
    return [
        (field.name, field.attname, field.target_field.attname) for field in fields if isinstance(field, ForeignKey)
    ]


def _resolve(row, links):
    """A row that was made before the one it belongs to had a key knows it only as an object."""
    values, objects = row.__dict__, row._state.fields_cache
    for name, column, target in links:
        if values[column] is None and objects.get(name) is not None:
            values[column] = getattr(objects[name], target)  # by itself, for setattr would forget the object


def _next_keys(connection, cursor, model, count):
    """``count`` primary keys nobody has and nobody will get. On SQLite the transaction is the only writer."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        cursor.execute(sequence, [connection.ops.quote_name(table), model._meta.pk.column, count])
        return [key for [key] in cursor.fetchall()]
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    [last] = cursor.fetchone() or [0]
    return range(last + 1, last + count + 1)
