"""What the matrix shows on the pages of units and people."""

from accounts.models import Unit
from responsibilities import rules
from responsibilities.models import Charge, Line, serves

SHOWN = 60  # rows of one unit: some thirty sectors, and the rest


def of_unit(request, unit):
    """Who of the unit answers for which sector, and for a department which sectors fall to it; None for those who read no ledger."""
    user = request.user
    if not user.reads_rankings or not Unit.objects.in_territory_of(user).filter(pk=unit.pk).exists():
        return None
    charges = Charge.objects.current().filter(unit=unit).select_related("sector", "holder", "deputy")
    rows = [
        {"charge": charge, "left": not serves(charge.holder, unit.pk)}
        for charge in charges.order_by("sector__order", "pk")[:SHOWN]
    ]
    return {
        "template": "responsibilities/_unit.html",
        "unit": unit,
        "rows": rows,
        "lines": _lines_of(unit, user),
        "may_keep": unit.is_active and rules.keeps_charges(user, Charge(unit=unit)),
    }


def _lines_of(unit, user):
    """The lines that name a department; those of a county or city."""
    lines = Line.objects.current().visible_to(user).select_related("place", "sector", "competent", "supervising")
    if unit.kind == Unit.Kind.DEPARTMENT:
        lines = lines.filter(competent=unit) | lines.filter(supervising=unit)
    elif unit.kind == Unit.Kind.GOVERNMENT:
        lines = lines.filter(place=unit)
    else:
        return []
    return list(lines.order_by("place__code", "sector__order", "pk")[:SHOWN])


def of_person(request, person):
    """For which sectors somebody answers, and stands in, today."""
    if not request.user.reads_rankings:
        return None
    charges = Charge.objects.current().visible_to(request.user).select_related("unit", "sector")
    held, stands_in = (
        list(charges.filter(**{name: person}).order_by("sector__order", "pk")[:SHOWN]) for name in ("holder", "deputy")
    )
    return {"template": "responsibilities/_person.html", "person": person, "held": held, "stands_in": stands_in}
