"""Whom a report concerns: who owes it, and who receives it."""

from accounts.models import User
from accounts.roles import MANAGERS, Role


def filers_of(reports):
    """``{report id: {user id, …}}``: the managers of the unit, or the people of the enterprise. Two queries."""
    units, firms, found = {}, {}, {report.pk: set() for report in reports}
    for report in reports:
        (units if report.unit_id else firms).setdefault(report.unit_id or report.enterprise_id, []).append(report.pk)
    active = User.objects.filter(is_active=True).order_by()
    managers = active.filter(role__in=MANAGERS, unit__in=units).values_list("pk", "unit")
    members = active.filter(role=Role.ENTERPRISE, enterprises__in=firms).values_list("pk", "enterprises")
    for owed, people in ((units, managers), (firms, members)):
        for person, body in people if owed else ():
            for pk in owed[body]:
                found[pk].add(person)
    return found


def filers(events):
    """Who owes the reports of ``events``."""
    of_report = filers_of({event.record_id: event.record for event in events}.values())
    return {event.pk: of_report[event.record_id] for event in events}


filers.of_readers = True  # a unit's managers and an enterprise's people read the reports of their own body


def offices_over(divisions):
    """The people of the safety offices of the cities in which ``divisions`` lie: ``[(user id, division code of the office), …]``."""
    people = User.objects.filter(
        is_active=True, role=Role.SAFETY_OFFICE, unit__city_code__in={code[:4] for code in divisions}
    )
    return list(people.order_by("pk").values_list("pk", "unit__division_code"))
