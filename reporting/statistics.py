"""Who reported in time: what the ranking reads of reports."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone

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


def punctuality(spans, at=None, *, kind=Kind.WEEKLY):
    """For each of ``spans``, pairs of a first and a last day, ``{id of the unit, or of the enterprise: Punctuality}`` of the reports of
    ``kind`` first due in it, as it stood at the moment ``at`` (without: as it stands); bodies without any are absent.

    What is not due by then, or was excused, is not counted. One statement; of a moment two, and one more where reports were acted on since:
    what those were then, their events say.
    """
    body = "unit" if kind == Kind.WEEKLY else "enterprise"
    inside = [Q(due_on__range=span) for span in spans]
    rows = Report.objects.filter(reduce(or_, inside), kind=kind).order_by()
    filed = Q(state=State.FILED)
    marks = filed & Q(filed_at__lte=F("due_at")), filed & Q(filed_at__gt=F("due_at")), Q(state__in=OPEN)
    asked = [Count("pk", filter=span & mark) for span in inside for mark in marks]
    unmoved, moved = rows.filter(due_at__lte=at or timezone.now()), ()
    if at is not None:
        since = ReportEvent.objects.filter(at__gt=at, kind__in=DECISIVE, record__in=rows).values("record")
        unmoved, moved = unmoved.exclude(pk__in=since), _moved(rows.filter(pk__in=since), at)
    counted = unmoved.values(body)
    found = [{} for _ in spans]
    for pk, *numbers in counted.annotate(**{f"n{place}": one for place, one in enumerate(asked)}).values_list(
        body, *(f"n{place}" for place in range(len(asked)))
    ):
        for place, ours in enumerate(found):
            told = numbers[len(marks) * place :][: len(marks)]
            if any(told):
                ours[pk] = Punctuality(*told)
    for report in moved:
        stood = _stood(report.before, at)
        for (first, last), ours in zip(spans, found, strict=True):
            if stood is not None and first <= report.due_on <= last:
                pk = getattr(report, f"{body}_id")
                ours[pk] = ours.get(pk, Punctuality()) + stood
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
