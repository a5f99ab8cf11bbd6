"""Rows that follow one another: what both halves of the matrix do alike."""

from django.db import IntegrityError, transaction

from journal import gate
from journal.refusal import Conflict, Refused

TAKEN = "{record}刚刚已由他人确定；请刷新页面，看过最新情况再办理"


def require_keeper(row, by):
    """Refuse whoever may not bring the unsaved ``row`` into force, before anything is said of it."""
    if refusal := row.lifecycle.moves["appoint"].refusal(by, row):
        raise refusal


def begin(row, *, by, at, note="", changes=None):
    """Bring the unsaved ``row`` into force today; refused while another is in force in its place, or was until a later day."""
    row.valid_from = gate.day_of(at)
    beside = type(row).objects.beside(row)
    if beside.current().exists():
        raise Refused(f"{row}已有现行的分工；请打开那一条办理“更换”")
    if beside.filter(valid_to__gt=row.valid_from).exists():
        raise Refused(f"{row}以前的分工止于今天之后，请核对服务器的日期")
    try:
        with transaction.atomic():
            return gate.create(row, "appoint", by=by, at=at, note=note, changes=changes)
    except IntegrityError as error:
        raise Conflict(TAKEN.format(record=row)) from error


@transaction.atomic
def succeed(row, values, *, by, at, reason=""):
    """End ``row`` today and bring one with ``values`` into force in its place; returns the event that ended it, None when
    ``values`` are what it says already. Both happen, or neither."""
    gate.check(row, "replace", by=by)
    changed, words = gate.differences(row, values)
    if not changed:
        return None
    day = gate.day_of(at)
    if day < row.valid_from:
        raise Refused(f"{row}自 {row.valid_from:%Y-%m-%d} 起，不能在那以前更换，请核对服务器的日期")
    event = gate.move(row, "replace", by=by, at=at, note=reason, changes=words, valid_to=day)
    place = {name: getattr(row, name) for name in row.place_in_matrix}
    said = {name: getattr(row, name) for name in row.says}
    begin(type(row)(**place, **said | values), by=by, at=at, note=reason, changes=words)
    return event


def end(row, *, by, at, reason):
    """End ``row`` today with nothing in its place."""
    return gate.move(row, "end", by=by, at=at, note=reason, valid_to=max(gate.day_of(at), row.valid_from))


def told_of(row):
    """What the timeline says of a new row."""
    return {str(row._meta.get_field(name).verbose_name): getattr(row, name) for name in row.says}
