"""What was done to a record, as its pages tell it."""

from journal import acts

NEWEST = 200  # events shown at most: far beyond any real record, but a bound


def last_event(record, user, *, since=0):
    """The newest event of ``record`` that ``user`` reads, of those after the version ``since``, as the timeline says it; or None."""
    event = _read_by(user, record).filter(sequence__gt=since).order_by("-sequence").first()
    return entry_of(event, user) if event else None


def timeline(record, user):
    """The events of ``record`` that ``user`` reads, as the timeline says them, newest first."""
    entries = []
    # What they say of rows and pictures is not told here, and may be hundreds of items in one event.
    told = _read_by(user, record).defer("facts", "beside", "evidence")
    for event in told.order_by("-sequence")[:NEWEST]:
        event.record = record  # saves a query each: their words are looked up by the kind of record
        entries.append(entry_of(event, user))
    return entries


def _read_by(user, record):
    return record.events.exclude(kind__in=acts.kept_from(user, record))


def entry_of(event, user):
    """One event as the timeline says it to ``user``: ``{kind, at, who, words, detail, note, look}``."""
    record, act = event.record, acts.act_of(type(event.record), event.kind)
    who = event.actor_name + (f"（{event.unit_name}）" if event.unit_name else "")
    moved = event.from_state and event.from_state != event.to_state
    arrived = record.label_of(event.to_state)
    said = f"{event.label} → {arrived}" if moved and event.label != arrived else event.label
    detail = "；".join(_change(label, text) for label, text in acts.changes_told(user, event).items())
    look = act.looks.get(event.kind, "") or ("" if event.actor_id else "auto")
    return {
        "kind": event.kind,
        "at": event.at,
        "who": who,
        "words": said,
        "detail": detail,
        "note": event.note,
        "look": look,
    }


def _change(label, text):
    """One change as it is spoken: the unit of ``投入资金（万元）`` stands behind the number."""
    name, _, unit = label.removesuffix("）").partition("（")
    return f"{name} {text} {unit}".strip() if label.endswith("）") else f"{label} {text}"
