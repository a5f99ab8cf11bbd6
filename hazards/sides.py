"""Who is told of a transfer: the two units, and all those who answer for the hazard, before it and since."""

from collections import defaultdict

from accounts.models import User
from accounts.roles import Role
from hazards import audience
from hazards.models.transfer import Outcome
from hazards.responsibility import KINDS

ALL_FOUR = audience.people(audience.ENTERPRISE, audience.TERRITORIAL, audience.COMPETENT, audience.SUPERVISING)


def before_and_since(events):
    """Those who hold one of the four responsibilities now, and those who held it until this event."""
    found = ALL_FOUR(events)
    for event in events:
        for kind in KINDS:
            if f"{kind}_holder" in event.facts:
                found[event.pk].add(_before(event, kind))
        found[event.pk].discard(None)
    return found


def _before(event, kind):
    """The id of who held the responsibility ``kind`` before ``event``; None for nobody."""
    earlier = event.record.events.filter(sequence__lt=event.sequence, facts__has_key=f"{kind}_holder")
    last = earlier.order_by("-sequence").values_list("facts", flat=True).first()
    return last and last[f"{kind}_holder"]


def offered(events):
    """Who is asked to answer: the managers of the unit to which it is offered; where it has none, the safety offices of the city."""
    return _managers(events, "to_unit")


def givers(events):
    """Who made the offer, and the managers of that unit; where it has none, the safety offices of the city."""
    return audience.and_who("offer_transfer", lambda events: _managers(events, "from_unit"))(events)


def all_concerned(events):
    """Both units, and who answers for the hazard and did so until now."""
    found = before_and_since(events)
    for told in (givers(events), _managers(events, "to_unit")):
        for event_id, people in told.items():
            found[event_id] |= people
    return found


def _managers(events, side):
    """``{event id: user ids}``: the managers of the unit that is the ``side`` of the transfer of each event; where it has none, the
    safety offices of the city. Two queries."""
    # The row that waits, or was answered; what an offer to another unit ended comes before it.
    units = {
        event.pk: [row[side] for row in event.beside.values() if side in row and row.get("outcome") != Outcome.LAPSED]
        for event in events
    }
    of_unit, of_city = defaultdict(set), defaultdict(set)
    asked = {unit for found in units.values() for unit in found}
    for pk, unit_id in User.objects.filter(is_active=True, role=Role.MANAGER, unit__in=asked).values_list(
        "pk", "unit_id"
    ):
        of_unit[unit_id].add(pk)
    found = {pk: {person for unit in ids for person in of_unit[unit]} for pk, ids in units.items()}
    alone = [event for event in events if not found[event.pk]]
    if alone:
        offices = User.objects.filter(
            is_active=True, role=Role.SAFETY_OFFICE, unit__city_code__in={event.record.city_code for event in alone}
        )
        for pk, city in offices.values_list("pk", "unit__city_code"):
            of_city[city].add(pk)
        found |= {event.pk: of_city[event.record.city_code] for event in alone}
    return found
