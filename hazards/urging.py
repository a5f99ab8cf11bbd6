"""What was done so that a hazard moves: who was reminded and when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from accounts.roles import Role
from hazards import deadlines
from hazards.causes import owed
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from notifications.models import Notification

AUDIENCES = {
    deadlines.HOLDER: "提醒责任人",
    deadlines.ORDERER: "提醒属地负责人",
    deadlines.COMPETENT: "提醒主管部门",
    deadlines.SUPERVISING: "提醒监管部门",
    deadlines.REGISTRAR: "提醒登记人",
    deadlines.ISSUER: "提醒批复人",
    deadlines.REVIEWER: "提醒登记人",
    deadlines.LOCAL: "提醒属地负责人",
    deadlines.MANAGER: "请上级负责人督促",
    deadlines.SUPERIOR: "请上级负责人督促",
    deadlines.OVER_ISSUER: "请上级负责人督促",
    deadlines.OVER_REGISTRAR: "请上级负责人督促",
    deadlines.FINDER: "请登记单位负责人督促",
    deadlines.LEADER: "报分管领导",
    deadlines.OFFICE: "请安委办督促",
}
MESSAGES = 200  # of one hazard that its page tells
STAGES = frozenset({deadlines.ISSUE, deadlines.RECTIFY, deadlines.REVIEW, deadlines.ACCEPT})
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


def reminded(hazards, *, outside=False):
    """``{pk: Reminded}`` of those ``hazards`` (ids the reader sees) anybody was reminded of; ``outside``: any of the firms' people.
    Two queries.

    What the sweep sent is read from the messages: they are the record that it did.
    """
    sent = Notification.objects.filter(record_id__in=hazards, record_kind=Hazard.slug, key__startswith="hazard:")
    if outside:
        sent = sent.filter(recipient__role=Role.ENTERPRISE)
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
    """``times`` somebody chased it, the last at ``at``: ``by``, of ``unit``, which reached those whom ``reached`` names."""

    times: int
    at: datetime
    by: str
    unit: str
    reached: str


def chased(hazard):
    """The `Chased` of one hazard, None when nobody did. One query."""
    chases = hazard.events.filter(kind="chase").order_by("-sequence")
    chases = list(chases.values_list("at", "actor_name", "unit_name", "changes"))
    if not chases:
        return None
    *last, changes = chases[0]
    return Chased(len(chases), *last, changes.get("送达", ""))


def coming(hazard, today, *, outside=False):
    """``(day, words)`` of the next step of any ladder on which ``hazard`` stands after ``today``; None where all have ended.
    ``outside``: of what the firm owes."""
    steps = {}
    for cause, due in owed(hazard):
        if outside and deadlines.HOLDER not in deadlines.LADDERS[cause.name][hazard.level].offsets:
            continue
        if day := deadlines.next_reminder_on(hazard.level, due, after=today, cause=cause.name):
            steps.setdefault(day, []).append(_step(cause, hazard.level, (day - due).days))
    return min((day, "；".join(words)) for day, words in steps.items()) if steps else None


def _step(cause, level, offset):
    """Whom the ladder of ``cause`` tells at ``offset``, in words; of what is not the rectification, about what."""
    ladder = deadlines.LADDERS[cause.name][level]
    told = [
        AUDIENCES[audience]
        for audience in ladder.offsets
        if ladder.current(audience, offset) == deadlines.Step(offset, audience)
    ]
    about = "" if cause.name == deadlines.RECTIFY else f"{cause.duty}："
    return about + "、".join(told)


def days_late(hazard, today):
    """By how many days what the state of ``hazard`` waits for (its order, its rectification, its review) is late; 0: it is not."""
    days = [(today - due).days for cause, due in owed(hazard) if cause.name in STAGES]
    return max((0, *days))


def urged_of(hazard, user, today):
    """What was tried so that an open hazard moves, and what comes next; None for others. An outsider reads of what is asked of the
    firm alone. Three queries."""
    outside = hazard.is_outsider(user)
    if hazard.state not in OPEN_STATES or (outside and hazard.state != State.RECTIFYING):
        return None
    return {
        "overdue": days_late(hazard, today),
        "told": reminded([hazard.pk], outside=outside).get(hazard.pk),
        "chased": chased(hazard),
        "coming": coming(hazard, today, outside=outside),
    }


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
