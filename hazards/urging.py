"""What was done so that a hazard moves: who was reminded and when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.urls import reverse

from hazards import deadlines
from notifications.models import Notification

AUDIENCES = {
    deadlines.HOLDER: "提醒责任人",
    deadlines.MANAGER: "请上级负责人督促",
    deadlines.LEADER: "报分管领导",
}
NAMED = 4  # people named; the others are counted


@dataclass(frozen=True)
class Reminded:
    """``times`` reminders were sent, the last at ``at`` to ``people`` (names)."""

    times: int
    at: datetime
    people: tuple

    @property
    def names(self):
        """The names, as many as a line holds."""
        shown = "、".join(self.people[:NAMED])
        return shown if len(self.people) <= NAMED else f"{shown}等 {len(self.people)} 人"


def reminded(hazards):
    """``{pk: Reminded}`` of those ``hazards`` (ids the reader sees) anybody was reminded of. Two queries.

    What the sweep sent is read from the messages: they are the record that it did.
    """
    pages = {reverse("hazards:detail", args=[pk]): pk for pk in hazards}
    sent = Notification.objects.filter(url__in=pages, key__startswith="hazard:")
    last = {
        url: (times, at)
        for url, times, at in sent.order_by()
        .values_list("url")
        .annotate(times=Count("key", distinct=True), at=Max("created_at"))
    }
    if not last:
        return {}
    people = {}
    newest = sent.filter(created_at__in={at for _, at in last.values()}).order_by("pk")
    for url, at, name in newest.values_list("url", "created_at", "recipient__full_name"):
        if at == last[url][1]:
            people.setdefault(url, []).append(name)
    return {pages[url]: Reminded(times, at, tuple(people[url])) for url, (times, at) in last.items()}


def coming(level, deadline, today):
    """``(day, words)`` of the next step of the ladder after ``today``; None when it has ended."""
    day = deadlines.next_reminder_on(level, deadline, after=today)
    if day is None:
        return None
    ladder, offset = deadlines.LADDERS[level], (day - deadline).days
    told = [
        AUDIENCES[audience]
        for audience in ladder.offsets
        if ladder.current(audience, offset) == deadlines.Step(offset, audience)
    ]
    return day, "、".join(told)
