"""Who reported in time: what the ranking reads of reports."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Prefetch, Q

from reporting.lifecycle import OPEN, State
from reporting.models import Report, ReportEvent
from reporting.terms import Kind

DECISIVE = (
    "open",
    "file",
    "file_zero",
    "return_report",
    "excuse",
)  # what changes whether a report is filed, and when it is due


@dataclass(frozen=True)
class Punctuality:
    """Of one unit: how many reports were due, and how many of them came in time, came late, or are missing; due is their sum."""

    on_time: int = 0
    late: int = 0
    missing: int = 0

    @property
    def due(self):
        return self.on_time + self.late + self.missing

    def __add__(self, other):
        return Punctuality(self.on_time + other.on_time, self.late + other.late, self.missing + other.missing)


ON_TIME, LATE, MISSING = Punctuality(on_time=1), Punctuality(late=1), Punctuality(missing=1)


def punctuality(first, last, at, *, kind=Kind.WEEKLY):
    """``{id of the unit, or of the enterprise: Punctuality}`` of the reports of ``kind`` first due from the day ``first`` to ``last``, as
    it stood at the moment ``at``; bodies without any are absent.

    What is not due by then, or was excused, is not counted. Two statements, and one more where reports were acted on since ``at``: what
    those were then, their events say.
    """
    body = "unit" if kind == Kind.WEEKLY else "enterprise"
    rows = Report.objects.filter(kind=kind, due_on__range=(first, last)).order_by()
    since = ReportEvent.objects.filter(at__gt=at, kind__in=DECISIVE, record__in=rows).values("record")
    filed, due = Q(state=State.FILED), Q(due_at__lte=at)
    counted = (
        rows.exclude(pk__in=since)
        .filter(due)
        .values_list(body)
        .annotate(
            on_time=Count("pk", filter=filed & Q(filed_at__lte=F("due_at"))),
            late=Count("pk", filter=filed & Q(filed_at__gt=F("due_at"))),
            missing=Count("pk", filter=Q(state__in=OPEN)),
        )
    )
    found = {pk: Punctuality(*numbers) for pk, *numbers in counted if any(numbers)}
    for report in _moved(rows.filter(pk__in=since), at):
        stood = _stood(report.before, at)
        if stood is not None:
            pk = getattr(report, f"{body}_id")
            found[pk] = found.get(pk, Punctuality()) + stood
    return found


def _moved(rows, at):
    events = ReportEvent.objects.filter(kind__in=DECISIVE, at__lte=at).order_by("record", "sequence")
    return rows.prefetch_related(Prefetch("events", events, to_attr="before"))


def _stood(events, at):
    """What the decisive ``events`` of one report, those up to the moment ``at``, make it then; None where it does not count."""
    if not events or events[-1].to_state == State.EXCUSED:
        return None
    due_at = next(
        datetime.fromisoformat(event.facts["due_at"]) for event in reversed(events) if "due_at" in event.facts
    )
    if due_at > at:
        return None
    if events[-1].to_state != State.FILED:
        return MISSING
    return ON_TIME if events[-1].at <= due_at else LATE
