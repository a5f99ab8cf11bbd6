"""Where each figure leads: to exactly the rows it counts (tests/rankings/test_links.py follows every one)."""

from urllib.parse import urlencode

from django.urls import reverse


def links_of(figures, kind, period, today):
    """``{figure: address}`` for one unit's :class:`rankings.statistics.Figures`; one without rows of its own is absent.

    ``today`` must be the day the figures were counted on: overdue of a running period means overdue now.
    """
    first, last = period.first.isoformat(), period.last.isoformat()
    found = {"found_from": first, "found_to": last}
    due = {"due_from": first, "due_to": last}
    closed = {"closed_from": first, "closed_to": last}
    overdue = {"overdue_as_of": last} if period.is_over(today) else {"overdue": "1"}
    department = kind.code == "department"
    place = {"competent": figures.code} if department else {"territory": figures.code}
    asked = {
        "found": found,
        "found_major": {**found, "level": "major"},
        "closed_of_found": {**found, "closed_by": last},
        "due": due,
        "rectified_of_due": {**due, "rectified_to": last},
        "on_time": {**due, "on_time": "1"},
        "closed": closed,
        "avg_days": closed,
        "overdue": overdue,
    }
    ledger, visits = reverse("hazards:ledger"), reverse("inspections:list")
    links = {name: f"{ledger}?{urlencode(place | params)}" for name, params in asked.items()}
    visitor = {"unit": figures.code} if department else {"territory": figures.division_code}
    links["inspections"] = f"{visits}?{urlencode(visitor | {'from': first, 'to': last})}"
    if not department:
        asked_of_register = {"territory": figures.division_code, "register_from": first, "register_to": last}
        links["register"] = f"{reverse('inspections:enterprises')}?{urlencode(asked_of_register)}"
    return links
