"""Insert thousands of rows at once: what bulk_create does, without building an expression for every value.

Django resolves, wraps and compiles each value of each row by itself, which costs several times what the database needs to take
it (a ledger row has sixty columns). Here the columns of a model are looked at once; SQLite takes the rows by one prepared
statement, PostgreSQL, where that would be a journey to the server for each, by COPY.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from io import StringIO
from operator import attrgetter
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    DEFERRED,
    AutoField,
    BooleanField,
    CharField,
    ForeignKey,
    IntegerField,
    JSONField,
    TextField,
)

from folding.fields import FoldedField

# What drivers take as it is; every other kind of column prepares its values itself.
PLAIN = (AutoField, BooleanField, CharField, IntegerField, TextField)


def made(model, values):
    """What ``model(**values)`` makes, in a third of the time: the library looks for every field by name, twice where it leads
    to another row. Such a row is taken by its key alone; whoever needs the object sets it afterwards."""
    keyed = dict(values)
    defaults, links = _plan(model)
    for name in links.keys() & keyed.keys():
        column, target = links[name]
        other = keyed.pop(name)
        keyed[column] = None if other is None else getattr(other, target)
    if strange := keyed.keys() - defaults.keys():
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(strange))}")
    return model(
        *[
            keyed[column] if column in keyed else default() if is_made else default
            for column, (default, is_made) in defaults.items()
        ]
    )


@cache
def _plan(model):
    """``({column: (default, whether it is made anew for each row)}, {name of a foreign key: (column, column it leads to)})``."""
    defaults, links = {}, {}
    for field in model._meta.concrete_fields:
        is_made = field.has_default() and callable(field.default)
        defaults[field.attname] = (
            field.default if is_made else DEFERRED if field.generated else field.get_default(),
            is_made,
        )
        if isinstance(field, ForeignKey):
            links[field.name] = (field.attname, field.target_field.attname)
    return defaults, links


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
    links, special = _links(fields), _special(fields, connection)
    values_of, pk_at = attrgetter(*(field.attname for field in fields)), fields.index(model._meta.pk)
    with connection.cursor() as cursor:
        # The key of a row that has no number of its own is that of the row it belongs to.
        keys = (
            (row.pk for row in rows) if model._meta.pk.is_relation else _next_keys(connection, cursor, model, len(rows))
        )
        prepared = []
        for row, key in zip(rows, keys, strict=True):
            _resolve(row, links)
            for field in folded:
                field.pre_save(row, add=True)
            values = list(values_of(row))
            values[pk_at] = row.pk = key
            for position, prepare in special:
                if values[position] is not None:
                    values[position] = prepare(values[position])
            prepared.append(values)
            row._state.adding, row._state.db = False, connection.alias
        quote, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
        columns = ", ".join(quote(field.column) for field in fields)
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _copied(prepared))
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", prepared)  # noqa: S608
    if hasattr(model, "inserted"):
        model.inserted(rows)


def _is_plain(field):
    return isinstance(field.target_field if isinstance(field, ForeignKey) else field, PLAIN)


def _special(fields, connection):
    """``[(position, what makes the value of that column one for the database), …]``."""
    found = [(position, field) for position, field in enumerate(fields) if not _is_plain(field)]
    return [(position, _preparation(field, connection)) for position, field in found]


def _preparation(field, connection):
    if isinstance(field, JSONField):
        return partial(json.dumps, cls=field.encoder)
    return partial(field.get_db_prep_save, connection=connection)


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


def _copied(rows):
    """``rows`` of prepared values in the text format of COPY, as a file."""
    return StringIO("".join(["\t".join([_WRITTEN[type(value)](value) for value in row]) + "\n" for row in rows]))


def _escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class _Written(dict):
    """How COPY reads a value of each type; a choice of an enumeration is the text or number that it is."""

    def __missing__(self, kind):
        if issubclass(kind, str):
            return _escaped
        if issubclass(kind, int):
            return int.__repr__
        raise TypeError(f"no way to copy a {kind.__name__}")


_WRITTEN = _Written(
    {
        type(None): lambda value: "\\N",
        bool: lambda value: "t" if value else "f",
        int: str,
        str: _escaped,
        date: date.isoformat,
        datetime: datetime.isoformat,
        Decimal: "{:f}".format,
        UUID: str,
    }
)
