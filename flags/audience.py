"""Who is told about a flag. Whoever does not read it is left out by the consumer."""

from collections import defaultdict

from accounts.models import Unit, User
from accounts.roles import MANAGERS, Role
from flags.rules import offices


def managers(events):
    """The managers of the unit: ``{event id: {user id, …}}``. One query."""
    found = defaultdict(set)
    serving = User.objects.filter(
        is_active=True, role__in=MANAGERS, unit__in={event.record.unit_id for event in events}
    )
    for pk, unit in serving.values_list("pk", "unit"):
        found[unit].add(pk)
    return {event.pk: found[event.record.unit_id] for event in events}


def deciders(events):
    """The people of the committee office of the city; where it has none in use, of the unit's county (`flags.rules.judges`). Two
    queries."""
    cities = {event.record.unit.division_code[:4] for event in events}
    of_place = defaultdict(set)
    serving = User.objects.filter(
        is_active=True, role=Role.SAFETY_OFFICE, unit__in=offices(), unit__city_code__in=cities
    )
    for pk, code in serving.values_list("pk", "unit__division_code"):
        of_place[code].add(pk)
    with_office = set(offices().filter(level=Unit.Level.CITY, city_code__in=cities).values_list("city_code", flat=True))
    found = {}
    for event in events:
        code = event.record.unit.division_code
        found[event.pk] = of_place[code[:4] if code[:4] in with_office else code[:6]]
    return found
