"""Before somebody leaves: how much open work names them, and who is told of it meanwhile, as `hazards.audience` finds it."""

from functools import reduce
from operator import or_

from django.db.models import Case, Count, Q, When
from django.db.models.functions import Length

from accounts.models import Unit, User
from accounts.roles import Role
from hazards.audience import IN_BODY, IN_OFFICE
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from hazards.responsibility import BODIES, named_as_holder
from responsibilities.choosing import answering


def open_work_of(person):
    """How many open hazards name ``person`` as a holder, and drafts as their author. One query."""
    named = named_as_holder(person)
    return Hazard.objects.filter(Q(state__in=OPEN_STATES) & named | Q(state=State.DRAFT, registered_by=person)).count()


def stand_in_of(person):
    """Who is told of what falls to ``person`` should they leave today, as `STAND_INS` finds it; None when nobody is left."""
    unit = person.unit
    here = User.objects.filter(is_active=True).exclude(pk=person.pk).select_related("unit")
    if person.role == Role.ENTERPRISE:
        firm = person.enterprises.select_related("township").first()
        if other := here.filter(role=Role.ENTERPRISE, enterprises=firm).order_by("pk").first():
            return other
        unit = firm.township if firm else None
    if unit is None:
        return None
    if person.role != Role.ENTERPRISE and (named := _in_the_matrix(person)):
        return named
    own = here.filter(unit=unit, role__in=IN_BODY).order_by(_rank(IN_BODY), "pk")
    codes = [unit.division_code, unit.county_code, unit.city_code]
    above = here.filter(unit__division_code__in=codes, role__in=IN_OFFICE).exclude(unit__kind=Unit.Kind.DEPARTMENT)
    nearest = Length("unit__division_code").desc()
    return own.first() or above.order_by(nearest, _rank(IN_OFFICE), "pk").first()


def _in_the_matrix(person):
    """Whom the matrix names in the place of ``person`` for the sector of most of the rows they hold. Two queries."""
    held = reduce(or_, (Q(**{f"{kind}_holder": person}) for kind in BODIES))
    sectors = Hazard.objects.filter(held, state__in=OPEN_STATES).order_by().values("sector").annotate(rows=Count("pk"))
    most = sectors.order_by("-rows", "sector").first()
    return answering([person.unit_id], most and most["sector"], without=person).get(person.unit_id)


def _rank(roles):
    return Case(*(When(role=role, then=place) for place, role in enumerate(roles)))
