"""Whom to tell what about an event. Reads the outbox: events nobody was told about yet."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Unit, User
from accounts.roles import Role
from accounts.scope import Reach, scope_of
from hazards.models import Hazard, HazardEvent
from inspections.models import Enterprise
from notifications.models import Notification
from notifications.rules import one_line

Kind = HazardEvent.Kind
TERRITORIAL, COMPETENT, ENTERPRISE, REGISTRAR, FILER = "territorial", "competent", "enterprise", "registrar", "filer"


@dataclass(frozen=True)
class Notice:
    """``title`` ({level} and {deadline} may stand in it) for the people in ``audience``; empty tells nobody."""

    title: str = ""
    audience: tuple[str, ...] = ()


NOBODY = Notice()
NOTICES = {
    Kind.DRAFTED: NOBODY,
    Kind.DISCARD: NOBODY,
    Kind.IMPORTED: NOBODY,  # a workbook of old rows would flood every inbox; the deadline ladder takes over from here
    Kind.REGISTER: Notice("新登记{level}隐患，请下达整改", (TERRITORIAL, COMPETENT)),
    Kind.ISSUE: Notice("整改通知：请于 {deadline} 前完成整改并反馈", (ENTERPRISE, TERRITORIAL)),
    Kind.CLOSE_ON_SPOT: Notice("已当场整改销号", (ENTERPRISE, TERRITORIAL)),
    Kind.SUBMIT_FEEDBACK: Notice("已提交整改反馈，请复查", (REGISTRAR, TERRITORIAL)),
    Kind.PASS_REVIEW: Notice("复查通过，已销号", (FILER, ENTERPRISE, TERRITORIAL)),
    Kind.FAIL_REVIEW: Notice("复查不通过，请于 {deadline} 前继续整改", (FILER, ENTERPRISE, TERRITORIAL)),
    Kind.DEADLINE_RECOUNTED: Notice("整改期限按公布的放假安排重算为 {deadline}", (ENTERPRISE, TERRITORIAL)),
}


@transaction.atomic
def announce_pending(*, at, limit=500):
    """Tell everybody concerned about at most ``limit`` events, oldest first; returns how many events were taken.

    Each event is told once: its mark and its messages are one transaction, a second announcer passes over what the first
    holds, and the key of a message is unique per person. The person who acted is not told, nor who was named on the row
    but has left since. Eight queries, whatever the number.
    """
    # On SQLite the lock is not needed: the transaction is the only writer.
    waiting = HazardEvent.objects.unannounced().select_for_update(skip_locked=True, of=("self",))
    events = list(waiting.select_related("hazard")[:limit])
    if not events:
        return 0
    HazardEvent.objects.filter(pk__in=[event.pk for event in events], announced_at=None).update(announced_at=at)
    _tell(events, at)
    return len(events)


@dataclass(frozen=True)
class Cast:
    """Who can be told about a batch of events, as things stand now.

    ``people`` {id: active User with unit}, ``members`` {(enterprise_id, user_id)}, ``managers`` {unit_id: id of its first
    active manager}, ``filers`` and ``offices`` as `_filers` and `_offices_above` give them.
    """

    people: dict
    members: set
    managers: dict
    filers: dict
    offices: dict

    def of_body(self, hazard, kind):
        """The holder of a responsibility while active and of the body that has it, else that body's first manager."""
        person, unit_id = self.people.get(getattr(hazard, f"{kind}_holder_id")), getattr(hazard, f"{kind}_unit_id")
        stands = person is not None and person.unit_id == unit_id and person.role != Role.ENTERPRISE
        return person.pk if stands and not person.is_administrator else self.managers.get(unit_id)

    def of_firm(self, hazard):
        """The enterprise's holder while a member of it; its township is told anyway."""
        return (
            hazard.enterprise_holder_id if (hazard.enterprise_id, hazard.enterprise_holder_id) in self.members else None
        )

    def reader(self, pk, hazard):
        """``pk`` when that person still reads the row, as `Hazard.objects.visible_to` would find; else None."""
        person = self.people.get(pk)
        if person is None:
            return None
        scope = scope_of(person)
        bodies = (hazard.found_by_unit_id, hazard.competent_unit_id, hazard.supervising_unit_id)
        reads = {
            Reach.NOTHING: False,
            Reach.ENTERPRISE: (hazard.enterprise_id, pk) in self.members,
            Reach.TERRITORY: scope.contains_division(hazard.division_code),
            Reach.DEPARTMENT: scope.unit_id in bodies,
        }
        return pk if reads[scope.reach] else None


def _cast(events):
    hazards, filers = [event.hazard for event in events], _filers(events)
    named = {pk for hazard in hazards for pk in (
        hazard.territorial_holder_id, hazard.competent_holder_id, hazard.supervising_holder_id, hazard.enterprise_holder_id,
        hazard.registered_by_id,
    )} | set(filers.values())  # fmt: skip
    people = User.objects.filter(pk__in=named - {None}, is_active=True).select_related("unit").in_bulk()
    firms = {hazard.enterprise_id for hazard in hazards}
    members = Enterprise.members.through.objects.filter(enterprise__in=firms, user__in=people)
    units = {pk for hazard in hazards for pk in (
        hazard.territorial_unit_id, hazard.competent_unit_id, hazard.supervising_unit_id,
    )}  # fmt: skip
    managers = User.objects.filter(unit__in=units - {None}, role=Role.MANAGER, is_active=True).order_by("-pk")
    return Cast(
        people=people, members=set(members.values_list("enterprise_id", "user_id")),
        managers=dict(managers.values_list("unit_id", "pk")), filers=filers, offices=_offices_above(events),
    )  # fmt: skip


def _tell(events, at):
    told = [event for event in events if NOTICES[event.kind].audience]
    cast = _cast(told)
    Notification.objects.bulk_create(
        (_message(event, pk, at) for event in told for pk in sorted(_addressed(event, cast))),
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip


def _addressed(event, cast):
    """Ids of the people an event concerns, without the one who acted."""
    hazard = event.hazard
    people = {
        TERRITORIAL: cast.of_body(hazard, "territorial"),
        COMPETENT: cast.of_body(hazard, "competent"),
        ENTERPRISE: cast.of_firm(hazard),
        REGISTRAR: cast.reader(hazard.registered_by_id, hazard),
        FILER: cast.reader(cast.filers.get((event.hazard_id, event.sequence)), hazard),
    }
    ids = {people[name] for name in NOTICES[event.kind].audience}
    if _must_be_reported_at_once(event):
        offices = cast.offices
        ids |= {cast.of_body(hazard, "supervising"), *offices[hazard.county_code], *offices[hazard.city_code]}
    return ids - {None, event.actor_id}


def _must_be_reported_at_once(event):
    """Major ones go at once to the supervising department and the committee offices (安全生产法 §41, 总局令16号 §14)."""
    return event.kind == Kind.REGISTER and event.hazard.level == Hazard.Level.MAJOR


def _message(event, recipient_id, at):
    hazard = event.hazard
    deadline = event.changes.get("新的整改期限") or event.changes.get("整改期限") or hazard.deadline
    words = NOTICES[event.kind].title.format(level=hazard.get_level_display(), deadline=deadline)
    who = f"{event.unit_name} {event.actor_name}".strip()
    return Notification(
        recipient_id=recipient_id, key=f"event:{event.pk}", url=hazard.get_absolute_url(),
        title=one_line(f"{words} · {hazard} · {hazard.description[:30]}"),
        body="\n".join(line for line in (event.note, f"经办：{who}") if line), created_at=at, next_try_at=at,
    )  # fmt: skip


def _filers(events):
    """Who filed the feedback that a review answers: ``{(hazard_id, sequence of the review): user_id}``. One query."""
    reviews = [event for event in events if event.kind in (Kind.PASS_REVIEW, Kind.FAIL_REVIEW)]
    filed = HazardEvent.objects.filter(hazard__in={event.hazard_id for event in reviews}, kind=Kind.SUBMIT_FEEDBACK)
    by_hazard = defaultdict(list)
    for hazard_id, sequence, actor_id in filed.order_by("sequence").values_list("hazard_id", "sequence", "actor_id"):
        by_hazard[hazard_id].append((sequence, actor_id))
    return {
        (event.hazard_id, event.sequence): actor_id
        for event in reviews
        for sequence, actor_id in by_hazard[event.hazard_id]
        if sequence < event.sequence
    }


def _offices_above(events):
    """The committee offices of the counties and cities where major hazards were registered: ``{code: [user_id, …]}``."""
    major = [event.hazard for event in events if _must_be_reported_at_once(event)]
    codes = {hazard.county_code for hazard in major} | {hazard.city_code for hazard in major}
    # A department of the same division reads only its own line of work.
    people = User.objects.filter(role=Role.SAFETY_OFFICE, is_active=True, unit__division_code__in=codes)
    people = people.exclude(unit__kind=Unit.Kind.DEPARTMENT)
    found = defaultdict(list)
    for code, pk in people.values_list("unit__division_code", "pk"):
        found[code].append(pk)
    return found
