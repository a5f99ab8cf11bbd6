"""Many records at once, and whole lives in memory: the gate for imports, seeds and the demonstration.

The same law page, the same chain, the same events; written with a few statements for any number of records.
"""

from dataclasses import dataclass, field
from operator import attrgetter

from django.db import transaction

from journal.bulk import insert
from journal.facts import facts_in, facts_of
from journal.gate import next_event
from journal.lifecycle import UNBORN
from journal.models import Record
from journal.refusal import NotPermitted

BATCH = 500


@dataclass
class Life:
    """An unsaved record with everything that has happened to it so far."""

    record: Record
    events: list = field(default_factory=list)
    beside: list = field(default_factory=list)
    sets: dict = field(default_factory=dict)  # {many-to-many field: ids} as they stand after the last event

    def happen(self, name, /, *, by, at, to=None, note="", changes=None, evidence=(), beside=(), sets=None, **fields):
        """Carry the record along the move ``name`` in memory; raises what the gate would. Returns the event."""
        record = self.record
        step = record.lifecycle.moves[name]
        if refusal := step.refusal(by, record):
            raise refusal
        # What a record says at its birth, its constructor was given.
        for column, value in fields.items():
            setattr(record, column, value)
        facts = facts_of(record) if record.state == UNBORN else facts_in(type(record), fields)
        facts |= {name: sorted(ids) for name, ids in (sets or {}).items()}
        event = next_event(
            record, step, by=by, at=at, to=to, note=note, changes=changes, facts=facts, evidence=evidence, beside=beside
        )
        record.state, record.version, record.last_digest = event.to_state, event.sequence, event.digest
        self.events.append(event)
        self.beside.extend(beside)
        self.sets |= sets or {}
        return event


def born(records, name, *, by, at, note=""):
    """Lives of unsaved ``records`` that begin with the move ``name``, unwritten. A record that brings its own state has it
    as ``record.state``; for the others the move knows it."""
    lives = []
    for record in records:
        life, brought, record.state = Life(record), record.state or None, UNBORN
        life.happen(name, by=by, at=at, to=brought, note=note)
        lives.append(life)
    return lives


@transaction.atomic
def write(lives, *, by=None):
    """Save ``lives`` of one kind; ``by``: whoever must see every one of the records afterwards (None: nobody in particular)."""
    if not lives:
        return
    kind = type(lives[0].record)
    insert(kind, (life.record for life in lives))
    # As they happened, not life by life: lists of events run by their ids.
    insert(kind.stream(), sorted((event for life in lives for event in life.events), key=attrgetter("at")))
    by_model = {}
    for life in lives:
        for row in life.beside:
            by_model.setdefault(type(row), []).append(row)
    for model, rows in by_model.items():
        insert(model, rows)
    for name in kind.sealed_sets:
        _write_members(kind, name, lives)
    kind.derive([(life.record, life.events[-1]) for life in lives])
    if by is not None:
        _see_all(kind, lives, by)


def _write_members(kind, name, lives):
    through, member = getattr(kind, name).through, kind._meta.get_field(name)
    near, far = member.m2m_column_name(), member.m2m_reverse_name()
    insert(
        through,
        (through(**{near: life.record.pk, far: pk}) for life in lives for pk in life.sets.get(name, ())),
    )


def _see_all(kind, lives, by):
    ids = [life.record.pk for life in lives]
    seen = sum(
        kind.objects.visible_to(by).filter(pk__in=ids[start : start + BATCH]).count()
        for start in range(0, len(ids), BATCH)
    )
    if seen != len(ids):
        raise NotPermitted(f"其中 {len(ids) - seen} 条{kind.noun}不在您的管辖范围内，没有写入；请核对属地和部门后再试")
