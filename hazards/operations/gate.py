"""The one gate between states: legal? → allowed? → compare-and-set in SQL → event, all or nothing."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from hazards.lifecycle import MOVES
from hazards.models import Hazard, HazardEvent
from journal.refusal import Conflict, NotPermitted


def day_of(at):
    """The calendar day of the moment ``at`` in Asia/Shanghai."""
    return timezone.localtime(at).date()


def move(hazard, name, *, by, at, note="", changes=None, **fields):
    """Carry ``hazard`` along the move ``name``, setting ``fields`` with it; returns the event.

    ``changes`` ({label: text}) is what the timeline shows. Raises Conflict or NotPermitted; then nothing has happened.
    """
    step = MOVES[name]
    if hazard.state != step.source:
        raise Conflict(f"该隐患现在是“{hazard.get_state_display()}”，不能{step.label}；请刷新页面看最新情况")
    if not step.allowed(by, hazard):
        raise NotPermitted(step.why_not)
    return write(hazard, name, by=by, at=at, note=note, changes=changes, state=step.target, **fields)


def write(hazard, kind, *, by, at, note="", changes=None, **fields):
    """Set ``fields`` and append the event, provided the row still stands as ``hazard`` was read (state and version)."""
    with transaction.atomic():
        event = next_event(
            hazard, kind, by=by, at=at, note=note, changes=changes, to_state=fields.get("state", hazard.state)
        )
        fields |= {"version": event.sequence, "last_digest": event.digest}
        untouched = Hazard.objects.filter(pk=hazard.pk, state=hazard.state, version=hazard.version)
        if not untouched.update(**fields):
            raise Conflict("该隐患刚刚被他人处理过；请刷新页面，看过最新情况再决定")
        event.save(force_insert=True)
    for field, value in fields.items():
        setattr(hazard, field, value)
    return event


def next_event(hazard, kind, *, by, at, note="", changes=None, to_state, from_state=None):
    """The next link of the hazard's chain, unsaved. ``hazard`` must have its primary key."""
    unit = by.unit if by is not None else None
    event = HazardEvent(
        hazard=hazard,
        sequence=hazard.version + 1,
        kind=kind,
        actor=by,
        actor_name=str(by) if by is not None else "系统",
        unit=unit,
        unit_name=unit.name if unit else "",
        at=at,
        from_state=hazard.state if from_state is None else from_state,
        to_state=to_state,
        note=note,
        changes={label: _text(value) for label, value in (changes or {}).items() if value not in (None, "")},
        previous=hazard.last_digest,
    )
    event.digest = event.compute_digest()
    return event


def expect(hazard, version):
    """Refuse when the page the user acted on showed an older version than the row has now. None: nothing was shown."""
    if version is not None and version != hazard.version:
        raise Conflict("您打开页面之后，该隐患又有了新的办理记录；请刷新页面，看过最新情况再决定")


def _text(value):
    return value.isoformat() if isinstance(value, date) else str(value)
