"""Who decides on what was asked for: managers of one unit and, where it has nobody who may, the safety offices of the city; and who
is sent a report.

Desk and notice are told by the same class, so that whoever is told finds it waiting.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.roles import MANAGERS, Role
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
