"""The one gate between states: visible? → legal? → allowed? → compare-and-set in SQL → event, all or nothing."""

from copy import copy
from datetime import date

from django.db import transaction
from django.utils import timezone

from journal.bulk import insert
from journal.facts import fact, facts_in, facts_of, written
from journal.models import ACTOR_LENGTH
from journal.refusal import Conflict, NotPermitted


def day_of(at):
    """The calendar day of the moment ``at`` in the zone of the house (Asia/Shanghai)."""
    return timezone.localtime(at).date()


def create(record, name, /, *, by, at, to=None, note="", changes=None, evidence=(), beside=()):
    """Bring the unsaved ``record`` into being by the move ``name``; returns it. Nobody creates what they could not read.

    ``by``: a person, or None for the system. ``changes`` ({label: text}) is what the timeline says; ``evidence`` as
    `evidence.operations.sealed` gives it; ``beside``: unsaved rows that are written with it.
    """
    step = _open(record, name, by)
    with transaction.atomic():
        event = next_event(
            record,
            step,
            by=by,
            at=at,
            to=to,
            note=note,
            changes=changes,
            facts=facts_of(record),
            evidence=evidence,
            beside=beside,
        )
        record.state, record.version, record.last_digest = event.to_state, event.sequence, event.digest
        record.save(force_insert=True)
        event.save()
        _write(beside)
        type(record).derive([(record, event)])
        if not _is_seen(record, by):
            raise NotPermitted(f"这样的{record.noun}不在您的管辖范围内，没有写入；请核对属地和部门后再试")
    return record


def waiting(rows, what):
    """The newest of ``rows``: ``what`` was asked for and waits for an answer. Conflict where somebody answered since the record was read."""
    found = rows.order_by("-pk").first()
    if found is None:
        raise Conflict(f"{what}刚刚已经办理；请刷新页面看最新情况")
    return found


def move(record, name, /, *, by, at, to=None, note="", changes=None, evidence=(), beside=(), sets=None, **fields):
    """Carry ``record`` along the move ``name``, setting ``fields``, saving the rows ``beside`` it; returns the event.

    ``sets``: ``{many-to-many field: ids}``. Raises Conflict or NotPermitted; then nothing has happened, neither in the
    database nor to ``record``.
    """
    step = check(record, name, by=by)
    kind = type(record)
    with transaction.atomic():
        facts = facts_in(kind, fields) | {name: sorted(ids) for name, ids in (sets or {}).items()}
        event = next_event(
            record, step, by=by, at=at, to=to, note=note, changes=changes, facts=facts, evidence=evidence, beside=beside
        )
        fields |= {"state": event.to_state, "version": event.sequence, "last_digest": event.digest}
        untouched = kind.objects.filter(pk=record.pk, state=record.state, version=record.version)
        if not untouched.update(**fields):
            raise Conflict(f"该{record.noun}刚刚被他人处理过；请刷新页面，看过最新情况再决定")
        event.save()
        _write(beside)
        for name, ids in (sets or {}).items():
            getattr(record, name).set(ids)
        after = copy(record)
        for field, value in fields.items():
            setattr(after, field, value)
        kind.derive([(after, event)])
    for field, value in fields.items():
        setattr(record, field, value)
    return event


def check(record, name, *, by):
    """Refuse unless ``by`` may make the move ``name`` now; for verbs that read something before they come to `move`."""
    see(record, by=by)
    return _open(record, name, by)


def check_birth(kind, name, *, by):
    """Refuse unless ``by`` may bring a record of ``kind`` into being by the move ``name``."""
    _open(kind(), name, by)


def see(record, *, by):
    """Refuse whoever does not see ``record``. Every verb comes past here, so a door that forgets the scope does no harm."""
    if not _is_seen(record, by):
        raise NotPermitted(f"该{record.noun}不存在，或不在您的管辖范围内")


def expect(record, version):
    """Refuse when the page the user acted on showed an older version than the row has now. None: nothing was shown."""
    if version is not None and version != record.version:
        raise Conflict(f"您打开页面之后，该{record.noun}又有了新的办理记录；请刷新页面，看过最新情况再决定")


def next_event(record, step, *, by, at, to=None, note="", changes=None, facts, evidence=(), beside=()):
    """The next link of the chain of ``record`` by the move ``step``, unsaved."""
    targets = step.targets_from(record.state)
    target = to if to is not None else targets[0]
    if target not in targets:
        raise ValueError(f"{step.name} does not lead to {target!r}")
    who = record.system_name if by is None else str(by)
    unit = getattr(by, "unit", None)
    event = record.stream()(
        record=record,
        sequence=record.version + 1,
        kind=step.name,
        actor=by,
        actor_name=who[:ACTOR_LENGTH],
        unit_code=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        at=at,
        from_state=record.state,
        to_state=target,
        note=note,
        changes=said(changes),
        facts=facts,
        beside={str(row.uid): facts_of(row) for row in beside},
        evidence=[list(one) for one in evidence],
        previous=record.last_digest,
    )
    event.digest = event.compute_digest()
    return event


def said(changes):
    """``changes`` as text, without those that say nothing."""
    kept = {label: value for label, value in (changes or {}).items() if value not in (None, "")}
    return {label: value.isoformat() if isinstance(value, date) else str(value) for label, value in kept.items()}


def spoken(field, value):
    """``value`` of ``field`` in words: a choice by its label, a row by its name; "" for nothing."""
    return "" if value is None else str(dict(field.flatchoices).get(value, value))


def differences(record, values, shown=spoken):
    """What ``values`` ({column: value}) would change on ``record``: ``(changed values, {label: "before → after"})``.

    ``shown(field, value)`` gives the words for a value; blank is 无.
    """
    changed, words = {}, {}
    for name, value in values.items():
        field = written(type(record))[name]
        before = getattr(record, name)
        if fact(field, before) != fact(field, value):
            changed[name] = value
            words[str(field.verbose_name)] = " → ".join(str(shown(field, one) or "无") for one in (before, value))
    return changed, words


def _write(beside):
    """Save the rows beside a record; the new ones of a kind, which may be hundreds, with one statement."""
    new = {}
    for row in beside:
        if row._state.adding:
            new.setdefault(type(row), []).append(row)
        else:
            row.save()
    for model, rows in new.items():
        insert(model, rows)


def _is_seen(record, by):
    return by is None or type(record).objects.visible_to(by).filter(pk=record.pk).exists()


def _open(record, name, by):
    step = record.lifecycle.moves[name]
    if refusal := step.refusal(by, record):
        raise refusal
    return step
