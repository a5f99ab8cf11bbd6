"""Who is told about figures, formulas and approved staff: one query for each event, whatever the number of bodies."""

from datetime import timedelta

from django.db.models import Q

from accounts.models import User
from accounts.roles import MANAGERS, Role

CITY = 4  # digits of a city's code
FRESH = timedelta(days=10)  # what was missed for longer than that and is frozen now is history, and nobody's news


def _people(**conditions):
    return User.objects.filter(is_active=True, **conditions)


def _ids(people):
    return set(people.values_list("pk", flat=True))


def colleagues(events):
    """The safety office of the city: of these whoever did not change the draft last may publish it."""
    return {
        event.pk: _ids(_people(role=Role.SAFETY_OFFICE, unit__division_code=event.record.city_code)) for event in events
    }


def _answerable(city):
    """Who answers for the bodies of ``city`` (of all cities when "")."""
    people = _people(role__in=MANAGERS | {Role.LEADER})
    return people.filter(unit__city_code=city) if city else people


def ranked(events):
    """Everybody who answers for a body that is ranked by the formula."""
    return {event.pk: _ids(_answerable(event.record.city_code)) for event in events}


def frozen(events):
    """Of a period just frozen: offices and leaders, who write, sign and read what is made of it. Of a revision: all whose figures or
    places may have moved."""
    told = {}
    for event in events:
        one = event.record
        if one.revision > 1:
            told[event.pk] = _ids(_answerable(one.city_code))
        elif event.at - one.cut_off <= FRESH:
            told[event.pk] = _ids(_answerable(one.city_code).filter(Q(role__in=[Role.SAFETY_OFFICE, Role.LEADER])))
        else:
            told[event.pk] = set()
    return told


def the_unit(events):
    """Who answers for the body whose inspectors were counted."""
    return {event.pk: _ids(_people(role__in=MANAGERS, unit=event.record.unit_id)) for event in events}


# All of them read rankings of their own city: the consumer need not ask for each person.
for _audience in (colleagues, ranked, frozen, the_unit):
    _audience.of_readers = True
