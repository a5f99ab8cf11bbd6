"""What a row says, as events keep it: columns by name, values as JSON, written one way only so that they can be compared."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.db.models import CharField, TextField

from folding.fields import FoldedField

# Kept by the gate itself; everything else is what acts write.
OWN = frozenset({"id", "uid", "state", "version", "last_digest"})
BLANK = (None, "", False, 0)


@cache
def written(model):
    """The columns of ``model`` that acts write, as ``{name: field}``; ``model.unsealed`` are kept outside the journal, and
    what is derived from another column says nothing of its own."""
    left_out = OWN | getattr(model, "unsealed", frozenset())
    path = getattr(model, "record_path", "")
    if "__" not in path:
        left_out |= {path}  # whose row it is, its uid in that record's chain says; the record may have no key yet
    fields = [field for field in model._meta.concrete_fields if not (field.generated or isinstance(field, FoldedField))]
    return {field.name: field for field in fields if field.name not in left_out}


def fact(field, value):
    """``value`` of ``field`` as JSON: text, number, True or False, or None."""
    if value is None:
        return None
    if field.is_relation:
        value = getattr(value, field.target_field.attname, value)
    if isinstance(value, str) and not isinstance(field, CharField | TextField):
        value = field.to_python(value)  # a caller may give a number or a day as text, as the column takes it
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.{field.decimal_places}f}"
    return str(value) if isinstance(value, str | UUID) else value


@cache
def unsaid(model):
    """What the columns of ``model`` hold when no event speaks of them, as ``{column: fact}``: their defaults."""
    return {name: fact(field, field.get_default()) for name, field in written(model).items()}


@cache
def _columns(model):
    default = unsaid(model)
    return [
        (name, field.attname, isinstance(field, CharField | TextField), field, default[name])
        for name, field in written(model).items()
    ]


def facts_of(row):
    """Everything acts wrote into ``row``, ``{column: fact}``; what is blank by default is left out."""
    said = {}
    for name, column, is_text, field, default in _columns(type(row)):
        value = getattr(row, column)
        # Most values are facts as they are; asking `fact` for each would be the dearest part of a row.
        if value is not None and type(value) is not (str if is_text else int):
            value = fact(field, value)
        if value not in BLANK or value != default:
            said[name] = value
    return said


def facts_in(model, values):
    """``values`` ({column: value}) of ``model`` as facts; blanks stay, for they take back what stood there."""
    columns = written(model)
    return {name: fact(columns[name], value) for name, value in values.items() if name in columns}


def unlike(row, said):
    """The columns of ``row`` that are not as ``said``; one that ``said`` does not know must be at its default.

    (So is a column younger than the events about a row.)
    """
    expected = unsaid(type(row)) | said
    columns = written(type(row)).items()
    return [field for name, field in columns if fact(field, field.value_from_object(row)) != expected[name]]
