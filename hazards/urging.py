"""What was done so that a hazard moves: who was reminded and when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from accounts.roles import Role
from hazards import deadlines
from hazards.models import Hazard
from notifications.models import Notification

AUDIENCES = {
    deadlines.HOLDER: "提醒责任人",
    deadlines.MANAGER: "请上级负责人督促",
    deadlines.LEADER: "报分管领导",
}
MESSAGES = 200  # of one hazard that its page tells
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
    sent = Notification.objects.filter(record_id__in=hazards, record_kind=Hazard.slug, key__startswith="hazard:")
    last = {
        pk: (times, at)
        for pk, times, at in sent.order_by()
        .values_list("record_id")
        .annotate(times=Count("key", distinct=True), at=Max("created_at"))
    }
    if not last:
        return {}
    people = {}
    newest = sent.filter(created_at__in={at for _, at in last.values()}).order_by("pk")
    for pk, at, name in newest.values_list("record_id", "created_at", "recipient__full_name"):
        if at == last[pk][1]:
            people.setdefault(pk, []).append(name)
    return {pk: Reminded(times, at, tuple(people[pk])) for pk, (times, at) in last.items()}


@dataclass(frozen=True)
class Chased:
    """``times`` somebody chased it, the last at ``at``: ``by``, of ``unit``."""

    times: int
    at: datetime
    by: str
    unit: str


def chased(hazard):
    """The `Chased` of one hazard, None when nobody did. One query."""
    chases = list(hazard.events.filter(kind="chase").order_by("-sequence").values_list("at", "actor_name", "unit_name"))
    return Chased(len(chases), *chases[0]) if chases else None


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


@dataclass(frozen=True)
class Sent:
    """What was sent to ``people`` (names) at ``at``: ``words``, a reminder or the notice of an act."""

    at: datetime
    words: str
    is_reminder: bool
    people: tuple


def sent(hazard, user):
    """Everything that was sent about one hazard, the newest first: ``[Sent, …]``; to an outsider, what firms' people were sent. One
    query."""
    messages = Notification.objects.filter(record_kind=Hazard.slug, record_id=hazard.pk).order_by("-created_at", "-pk")
    if hazard.is_outsider(user):
        messages = messages.filter(recipient__role=Role.ENTERPRISE)
    told = {}
    for at, key, title, name in messages.values_list("created_at", "key", "title", "recipient__full_name")[:MESSAGES]:
        # The number of the hazard, whose page this is, ends the words; what follows is its description.
        words = title.split(f" · {hazard.number}")[0]
        told.setdefault((at, key, words), []).append(name)
    return [
        Sent(at, words, key.startswith(f"{Hazard.slug}:"), tuple(sorted(people)))
        for (at, key, words), people in told.items()
    ]
