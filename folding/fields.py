"""Columns that hold the folded form of others, and how they are asked."""

from functools import reduce
from operator import and_, or_

from django.db import models, transaction
from django.db.models import Lookup, Q
from django.dispatch import Signal

from folding.initials import initials_of
from folding.texts import fold, words_of

refolded = Signal()  # ``sender`` a model, ``ids`` of rows whose folded columns were written anew
LONGEST = 500  # characters of one folded text: an index entry on PostgreSQL holds some 2,700 bytes


class FoldedField(models.TextField):
    """The folded forms of the columns ``sources`` of the same row, a line each, and the initials (`folding.initials`) of those of
    them named in ``initials``; kept right by the row's `Folds` and `FoldsQuerySet` however it is written (save, update, many at
    once). Derived: no event speaks of it."""

    def __init__(self, *sources, initials=(), **options):
        self.sources, self.initials = sources, tuple(initials)
        super().__init__(**{"editable": False, "default": ""} | options)

    def deconstruct(self):
        name, path, _, options = super().deconstruct()
        spoken = {"initials": list(self.initials)} if self.initials else {}
        return name, path, list(self.sources), options | spoken

    def pre_save(self, instance, add):
        lines = [fold(getattr(instance, source) or "")[:LONGEST] for source in self.sources]
        value = "\n".join([*lines, *(initials_of(getattr(instance, source) or "") for source in self.initials)])
        setattr(instance, self.attname, value)
        return value


def folded_from(model, names):
    """The folded columns of ``model`` that must be written anew when its columns ``names`` are."""
    fields = model._meta.concrete_fields
    return [field for field in fields if isinstance(field, FoldedField) and not names.isdisjoint(field.sources)]


def refold(model, ids, fields):
    """Write the folded ``fields`` of the rows ``ids`` from what the database holds: a value just written may be an
    expression, and another source of the same line may have been left as it stands."""
    for row in model._base_manager.filter(pk__in=ids):
        folded = {field.attname: field.pre_save(row, add=False) for field in fields}
        models.QuerySet(model).filter(pk=row.pk).update(**folded)
    refolded.send(sender=model, ids=ids)


class IndexedText(models.TextField):
    """Folded text by the million. On PostgreSQL it is found by an index over `folding.sql.PAIRS`, the pairs of signs in it."""

    def __init__(self, **options):
        super().__init__(**{"editable": False} | options)


class FoldsQuerySet(models.QuerySet):
    def update(self, **values):
        fields = folded_from(self.model, values.keys())
        if not fields:
            return super().update(**values)
        with transaction.atomic(using=self.db):
            ids = list(self.values_list("pk", flat=True))
            written = super().update(**values)
            refold(self.model, ids, fields)
        return written


class Folds(models.Model):
    """A model with folded columns."""

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **options):
        is_new = self._state.adding
        super().save(*args, update_fields=update_fields, **options)
        if fields := folded_from(type(self), set(update_fields or ())):
            refold(type(self), [self.pk], fields)
        elif update_fields is None and not is_new:
            refolded.send(sender=type(self), ids=[self.pk])


@FoldedField.register_lookup
class Holds(Lookup):
    """``column__holds=word``: the folded column contains the word, which is folded like it. No wildcard is one."""

    lookup_name = "holds"

    def get_prep_lookup(self):
        return fold(str(self.rhs))

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"instr({column}, %s) > 0", [*params, self.rhs]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*params, like(self.rhs)]


@IndexedText.register_lookup
class IndexHolds(Holds):
    """Read row by row, at a microsecond each."""


@IndexedText.register_lookup
class Paired(Holds):
    """``column__paired=word``: all pairs of signs in the word are in the column; on PostgreSQL, by the index over pairs. For words
    that few rows hold: where the planner takes the index for no help, it makes the pairs of every row anew, at a tenth of a
    millisecond each. One sign alone has no pairs."""

    lookup_name = "paired"

    def as_postgresql(self, compiler, connection):
        if len(self.rhs) < 2:
            return super().as_postgresql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        return f"folding_pairs({column}) @> folding_pairs(%s)", [*params, self.rhs]


@IndexedText.register_lookup
class Found(Paired):
    """``column__found=word``: ``holds`` by the index, whose findings are judged, for pairs may stand apart. Judged first, that also
    spares their making; by ``strpos`` and not by a pattern, whose own guess of how many rows to expect would be multiplied with the
    good one of the index."""

    lookup_name = "found"

    def as_postgresql(self, compiler, connection):
        if len(self.rhs) < 2:
            return super().as_postgresql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        paired, more = super().as_postgresql(compiler, connection)
        return f"(strpos({column}, %s) > 0 AND {paired})", [*params, self.rhs, *more]


@FoldedField.register_lookup
class Says(Lookup):
    """``column__says=text``: one of the texts folded into the column is ``text``."""

    lookup_name = "says"

    def get_prep_lookup(self):
        return f"\n{fold(str(self.rhs))}\n"

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"%s || {column} || %s LIKE %s ESCAPE '\\'", ["\n", *params, "\n", like(self.rhs)]


def like(word):
    """The pattern of LIKE that finds ``word`` anywhere."""
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return f"%{word}%"


def holding(text, *columns):
    """A ``Q`` for rows that hold every word of ``text``, each in any of the folded ``columns``; all rows for no words."""
    words = [reduce(or_, (Q(**{f"{column}__holds": word}) for column in columns)) for word in words_of(text)]
    return reduce(and_, words, Q())
