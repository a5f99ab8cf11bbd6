"""Who is told about a bulletin: one query for each event, whatever the number of bodies. All of them read it, by `Bulletin.visible_to`."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.roles import MANAGERS, RANKING_READERS, Role
from bulletins.models import Addressee, Receipt


def _people(**conditions):
    return User.objects.filter(is_active=True, **conditions)


def signers(events):
    """Who may sign it: the others of the office, and the leaders of its place."""
    told = {}
    for event in events:
        one = event.record
        office = Q(unit=one.unit_id, role=Role.SAFETY_OFFICE)
        leaders = Q(unit__division_code=one.division, role=Role.LEADER)
        people = _people().filter(office | leaders).exclude(pk__in=[one.drafted_by_id, one.submitted_by_id])
        told[event.pk] = set(people.values_list("pk", flat=True))
    return told


def the_office(events):
    """Everybody of the office that writes it."""
    return {
        event.pk: set(_people(unit=event.record.unit_id, role=Role.SAFETY_OFFICE).values_list("pk", flat=True))
        for event in events
    }


def _of_addressees(events, roles, unread=False):
    told = {}
    for event in events:
        bodies = Addressee.objects.filter(bulletin=event.record_id, unit=OuterRef("unit"))
        if unread:
            read = Receipt.objects.filter(bulletin=event.record_id, unit=OuterRef("unit"), at__lte=event.at)
            bodies = bodies.filter(~Exists(read))
        told[event.pk] = set(_people(role__in=roles).filter(Exists(bodies)).values_list("pk", flat=True))
    return told


def readers(events):
    """Everybody who reads such papers in the bodies it was sent to."""
    return _of_addressees(events, RANKING_READERS)


def late_readers(events):
    """The same of the bodies of which nobody had opened it."""
    return _of_addressees(events, RANKING_READERS, unread=True)


def heads_and_office(events):
    """Who answers for the bodies it was sent to, and the office that issued it."""
    heads, office = _of_addressees(events, MANAGERS | {Role.LEADER}), the_office(events)
    return {event.pk: heads[event.pk] | office[event.pk] for event in events}


# They ask for bodies of the place alone, which all read what was issued: the consumer need not ask for each person.
for _audience in (readers, late_readers, heads_and_office):
    _audience.of_readers = True
