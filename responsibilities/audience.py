"""Who is told that the matrix changed: whom a row names, and whom the one before it named."""

from collections import defaultdict

from accounts.models import User
from accounts.roles import Role
from responsibilities.models import Charge, Line


def named(events):
    """Holder and deputy of each row."""
    return {event.pk: {event.record.holder_id, event.record.deputy_id} - {None} for event in events}


def no_longer_named(events):
    """Holder and deputy of a row that ended, but for those whom the row in its place names: they are told of that one. One query."""
    units = {event.record.unit_id for event in events}
    now = defaultdict(set)
    for unit, sector, *people in (
        Charge.objects.current().filter(unit__in=units).values_list("unit", "sector", "holder", "deputy")
    ):
        now[unit, sector].update(people)
    before = named(events)
    return {event.pk: before[event.pk] - now[event.record.unit_id, event.record.sector_id] for event in events}


def bodies(events):
    """The managers of the departments that each line names. One query."""
    return _managers({event.pk: _bodies_of(event.record) for event in events})


def bodies_no_longer(events):
    """Those of the departments of a line that ended, but for those of the line in its place. Two queries."""
    places = {event.record.place_id for event in events}
    now = {
        (line.place_id, line.sector_id): _bodies_of(line) for line in Line.objects.current().filter(place__in=places)
    }
    left = {}
    for event in events:
        line = event.record
        left[event.pk] = _bodies_of(line) - now.get((line.place_id, line.sector_id), set())
    return _managers(left)


def _bodies_of(line):
    return {line.competent_id, line.supervising_id} - {None}


def _managers(units):
    every = set().union(*units.values())
    managers = defaultdict(set)
    serving = User.objects.filter(unit__in=every, role=Role.MANAGER, is_active=True)
    for pk, unit in serving.values_list("pk", "unit"):
        managers[unit].add(pk)
    return {event: set().union(*(managers[unit] for unit in found)) for event, found in units.items()}
