"""Who is told about a measure. Whoever does not read it is left out by the consumer."""

from accounts.models import User
from accounts.roles import MANAGERS, Role
from enforcement.kinds import TOLD
from enforcement.models import Resumption


def _members(firms):
    """``{enterprise id: {user id, …}}`` of the people who act for each; where nobody does, the managers of its township."""
    there = User.objects.filter(is_active=True)
    found = {firm.pk: set() for firm in firms}
    for pk, firm in there.filter(enterprises__in=found, role=Role.ENTERPRISE).values_list("pk", "enterprises"):
        found[firm].add(pk)
    alone = [firm for firm in firms if not found[firm.pk]]
    if alone:
        managers = there.filter(role=Role.MANAGER, unit__in={firm.township_id for firm in alone})
        for pk, unit in managers.values_list("pk", "unit"):
            for firm in alone:
                if firm.township_id == unit:
                    found[firm.pk].add(pk)
    return found


def the_enterprise(events):
    """The people of the enterprise, of the kinds of measures that are announced to it."""
    told = [event for event in events if event.record.kind in TOLD]
    members = _members(list({event.record.enterprise_id: event.record.enterprise for event in told}.values()))
    return {event.pk: members[event.record.enterprise_id] for event in told}


def the_enterprise_and_who_applied(events):
    """The same, and whoever applied in its stead."""
    found = the_enterprise(events)
    decided = {uid: event.pk for event in events for uid in _applications(event)}
    for uid, pk in Resumption.objects.filter(uid__in=decided).values_list("uid", "by"):
        found.setdefault(decided[str(uid)], set()).add(pk)
    return found


def _applications(event):
    return [facts["application"] for facts in event.beside.values() if "application" in facts]


def deciders(events):
    """Managers of the unit that decided, but for who applied; where it has nobody else, the safety offices of the city."""
    active = User.objects.filter(is_active=True)
    units, cities = {}, {}
    for pk, unit in active.filter(role__in=MANAGERS, unit__in={event.record.unit_id for event in events}).values_list(
        "pk", "unit"
    ):
        units.setdefault(unit, set()).add(pk)
    offices = active.filter(
        role=Role.SAFETY_OFFICE, unit__city_code__in={event.record.enterprise.city_code for event in events}
    )
    for pk, city in offices.values_list("pk", "unit__city_code"):
        cities.setdefault(city, set()).add(pk)
    return {
        event.pk: (units.get(event.record.unit_id, set()) - {event.actor_id})
        or cities.get(event.record.enterprise.city_code, set())
        for event in events
    }
