"""Who decides on what was asked for: managers of one unit and, where it has nobody who may, the safety offices of the city; who
accepts a major hazard; who is sent a report; and whom 催办 reaches, which is whoever must act next.

Desk and notice are told by the same class, so that whoever is told finds it waiting.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit, User
from accounts.roles import MANAGERS, OFFICERS, Role
from hazards import audience
from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.rules import is_major


@dataclass(frozen=True)
class Deciders:
    """``waiting``: the rows on which somebody has to decide; ``unit`` and ``asker``: the columns that name whose managers do, and who
    asked and may not (two-person rule). Of rows that are ``office_alone`` (a condition, and the same asked of a hazard) the safety
    office decides whatever unit stands there.
    """

    waiting: Q
    unit: str
    asker: str
    office_alone: tuple[Q, Callable] = (Q(pk__in=[]), lambda hazard: False)

    def waits_for(self, user):
        """A ``Q`` of the rows that wait for ``user`` to decide; None for who never does."""
        if not user.is_manager:
            return None
        asked = self.waiting & ~Q(**{self.asker: user})
        alone, _ = self.office_alone
        own = ~alone & Q(**{self.unit: user.unit_id})
        if user.role != Role.SAFETY_OFFICE:
            return asked & own
        others = User.objects.filter(unit=OuterRef(self.unit), is_active=True, role__in=MANAGERS)
        return asked & (alone | own | ~Exists(others.exclude(pk=OuterRef(self.asker))))

    def told(self, events):
        """The audience of a notice that somebody asked: ``{event id: {user id, …}}``. Two queries.

        The safety offices of the city hear of it as far as they read it: journal and consumer see to that.
        """
        hazards, (_, is_alone) = [event.record for event in events], self.office_alone
        active, unit_of = User.objects.filter(is_active=True), f"{self.unit}_id"
        of_unit, offices = defaultdict(set), defaultdict(set)
        serving = active.filter(role__in=MANAGERS, unit__in={getattr(hazard, unit_of) for hazard in hazards} - {None})
        for pk, unit_id in serving.values_list("pk", "unit_id"):
            of_unit[unit_id].add(pk)
        offices_of = active.filter(
            role=Role.SAFETY_OFFICE, unit__city_code__in={hazard.city_code for hazard in hazards}
        )
        for pk, city in offices_of.values_list("pk", "unit__city_code"):
            offices[city].add(pk)
        found = {}
        for event in events:
            hazard = event.record
            asked = set() if is_alone(hazard) else of_unit[getattr(hazard, unit_of)] - {event.actor_id}
            found[event.pk] = asked or offices[hazard.city_code]
        return found


def asked_to_accept(events):
    """Who is asked to accept: the managers of the two departments, else their inspectors; where neither has anybody but who acted,
    the safety offices over the place: ``{event id: {user id, …}}``. Two queries."""
    hazards = [event.record for event in events]
    units = {unit for hazard in hazards for unit in (hazard.competent_unit_id, hazard.supervising_unit_id)} - {None}
    places = {code for hazard in hazards for code in _places(hazard)}
    active, serving, offices = User.objects.filter(is_active=True), defaultdict(set), defaultdict(set)
    for pk, unit_id, role in active.filter(role__in=OFFICERS, unit__in=units).values_list("pk", "unit_id", "role"):
        serving[unit_id, role in MANAGERS].add(pk)
    over = active.filter(role=Role.SAFETY_OFFICE, unit__division_code__in=places)
    for pk, code in over.exclude(unit__kind=Unit.Kind.DEPARTMENT).values_list("pk", "unit__division_code"):
        offices[code].add(pk)
    found = {}
    for event in events:
        bodies = (event.record.competent_unit_id, event.record.supervising_unit_id)
        managers, others = (
            set().union(*(serving[unit, is_manager] for unit in bodies)) - {event.actor_id}
            for is_manager in (True, False)
        )
        over = set().union(*(offices[code] for code in _places(event.record)))
        found[event.pk] = managers or others or over - {event.actor_id} or over
    return found


def _places(hazard):
    return hazard.division_code, hazard.county_code, hazard.city_code


def judges(events):
    """Who is told of a feedback: of a major hazard those `asked_to_accept`; else who registered it and who answers for the place."""
    return _by_case(events, {(State.PENDING_REVIEW, True): asked_to_accept}, REVIEWERS)


def next_to_act(events):
    """Whom 催办 reaches: who must act next on each hazard, those who answer for it beside them, and who is over them."""
    return _by_case(events, CHASED, asked_to_accept)


def _by_case(events, audiences, otherwise):
    """The audience of each event by its state and whether it is of a major hazard; ``otherwise`` that of all other cases."""
    cases, found = defaultdict(list), {}
    for event in events:
        cases[event.to_state, is_major(event.record)].append(event)
    for case, those in cases.items():
        found |= audiences.get(case, otherwise)(those)
    return found


asked_to_accept.of_readers = judges.of_readers = next_to_act.of_readers = True  # see audience.READS
REVIEWERS = audience.people(audience.REGISTRAR, audience.TERRITORIAL, besides_actor=True)
ISSUERS = audience.people(audience.ORDERER, audience.COMPETENT, audience.SUPERIOR)
RECTIFIERS = audience.people(
    audience.ENTERPRISE, audience.TERRITORIAL, audience.COMPETENT, audience.SUPERVISING, audience.MANAGER
)
CHASED = {
    **{(State.REGISTERED, is_one): ISSUERS for is_one in (True, False)},
    **{(State.RECTIFYING, is_one): RECTIFIERS for is_one in (True, False)},
    (State.PENDING_REVIEW, False): audience.people(audience.REVIEWER, audience.LOCAL, audience.OVER_REGISTRAR),
}


def void_deciders(events):
    """Who is asked to decide on voiding: the safety offices of the city and the managers of the unit above the one that registered
    it, as far as they read it. Two queries."""
    hazards = [event.record for event in events]
    cities, units = {hazard.city_code for hazard in hazards}, {hazard.found_by_unit_id for hazard in hazards}
    above = dict(Unit.objects.filter(pk__in=units).values_list("pk", "parent_id"))
    who = Q(role=Role.SAFETY_OFFICE, unit__city_code__in=cities) | Q(
        role=Role.MANAGER, unit__in=set(above.values()) - {None}
    )
    people = list(User.objects.filter(who, is_active=True).values_list("pk", "role", "unit_id", "unit__city_code"))
    return {
        event.pk: {
            pk
            for pk, role, unit_id, city in people
            if (role == Role.SAFETY_OFFICE and city == event.record.city_code)
            or (role == Role.MANAGER and unit_id == above.get(event.record.found_by_unit_id))
        }
        for event in events
    }


def receivers(events):
    """The managers of the units that a report of a major hazard went to: ``{event id: {user id, …}}``; where they have none, those who
    hear of a new major hazard at once."""
    units = {event.pk: {facts["unit"] for facts in event.beside.values() if "unit" in facts} for event in events}
    serving = defaultdict(set)
    people = User.objects.filter(unit__in=set().union(*units.values()), is_active=True, role__in=MANAGERS)
    for pk, unit_id in people.values_list("pk", "unit_id"):
        serving[unit_id].add(pk)
    found = {pk: set().union(*(serving[unit] for unit in asked)) for pk, asked in units.items()}
    left = [event for event in events if not found[event.pk]]
    return found | (audience.people(audience.TERRITORIAL, audience.AT_ONCE)(left) if left else {})


# 延期: who issued the order; of a major hazard the safety office.
EXTENSIONS = Deciders(
    waiting=Q(state=State.RECTIFYING, extension_due_on__isnull=False),
    unit="issued_by_unit",
    asker="extension_asked_by",
    office_alone=(Q(level=Hazard.Level.MAJOR), is_major),
)
# 整改方案: the competent department.
PLANS = Deciders(
    waiting=Q(state=State.RECTIFYING, plan_filed_on__isnull=False), unit="competent_unit", asker="plan_filed_by"
)
