"""What records said at an earlier moment: the sum of what their events had set by then.

Most records have not been touched since; they stand in their own table as they stood. For the few others the columns are
summed again from the chain, which is read once and in order.
"""

from django.db.models import Exists, OuterRef, Q

from journal.facts import unsaid, written

CHUNK = 2000


def touched_since(kind, at):
    """A query set of the records of ``kind`` that something has happened to after ``at`` (born since, too)."""
    events = kind.stream().objects.filter(record=OuterRef("pk"), sequence=OuterRef("version"), at__gte=at)
    return kind.objects.filter(Exists(events))


def stood(kind, ids, columns, at, corrections=(), endings=()):
    """Yield ``(id, {column: value})`` of those of the records ``ids`` that existed before ``at``, as they stood then.

    ``columns``: names of columns that events speak of, ``state`` among them or not; foreign keys give the key. Values are Python's, as
    the model gives them. ``corrections``: moves made since by which a record says better what was true already; what they set is
    taken over, the state is not. ``endings``: moves made since by which it was in error: their state is taken over, too.
    Memory grows with `CHUNK` records, not with ``ids``.
    """
    ids, fields, default = list(ids), written(kind), unsaid(kind)
    wanted = Q(at__lt=at) | Q(kind__in=[*corrections, *endings])
    for start in range(0, len(ids), CHUNK):
        events = kind.stream().objects.filter(wanted, record__in=ids[start : start + CHUNK])
        rows = {}
        told = events.order_by("record_id", "sequence").values_list("record_id", "kind", "at", "to_state", "facts")
        for pk, move, when, state, facts in told:
            if pk not in rows and when >= at:
                continue  # it was not there yet
            said = rows.setdefault(pk, {})
            if when < at or move in endings:
                said["state"] = state
            said.update((name, facts[name]) for name in columns if name in facts)
        for pk, said in rows.items():
            yield (
                pk,
                {"state": said["state"]}
                | {name: _value(fields[name], said.get(name, default[name])) for name in columns if name != "state"},
            )


def _value(field, said):
    field = field.target_field if field.is_relation else field
    return field.to_python(said)
