"""Where each figure leads: to the list with exactly the rows it counts."""

from urllib.parse import urlencode

from django.urls import reverse

from enforcement.kinds import Kind

ASKED = {
    "orders": Kind.ORDER,
    "penalties": Kind.PENALTY,
    "amount": Kind.PENALTY,
    "suspensions": Kind.SUSPENSION,
    "closures": Kind.CLOSURE,
}


def measures(**conditions):
    """The address of the list under ``conditions``; days are written as the list takes them."""
    return f"{reverse('enforcement:list')}?{urlencode(conditions)}"


def links_of(code, first, last):
    """``{figure: address}`` for the `Figures` of the unit with ``code`` from ``first`` to ``last``."""
    return {name: measures(unit=code, kind=kind.value, on_from=first, on_to=last) for name, kind in ASKED.items()}
