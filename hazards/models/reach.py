"""Which hazards a person reads, as conditions: by own scope, or as a guest on a hazard that another unit answers for."""

from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import Unit
from accounts.roles import Role
from accounts.scope import Reach, in_division, left_behind, scope_of
from hazards.lifecycle import UNNUMBERED_STATES
from hazards.models.instruction import Instruction
from hazards.models.major import Receipt
from hazards.models.transfer import Transfer
from inspections.models import Enterprise

NONE = Q(pk__in=[])
UNNUMBERED = Q(state__in=UNNUMBERED_STATES)
GUESTS = (Reach.TERRITORY, Reach.DEPARTMENT)  # who serves a unit that may be offered a hazard


def is_outside(user):
    """Whether ``user`` is of none of the bodies that answer for hazards: the enterprise's people."""
    return user.role == Role.ENTERPRISE


def reached_by(user):
    """Rows in the scope of ``user``, in whatever state."""
    scope = scope_of(user)
    if scope.reach is Reach.NOTHING:
        return NONE
    if scope.reach is Reach.ENTERPRISE:
        return Q(enterprise__in=Enterprise.objects.filter(members=user))
    if scope.reach is Reach.TERRITORY:
        return in_division(scope.division)
    own = Q(pk=scope.unit_id)
    if scope.function:
        own |= Q(kind=Unit.Kind.DEPARTMENT, function=scope.function) & in_division(scope.division)
    line = Unit.objects.filter(own).values("pk")
    return Q(competent_unit__in=line) | Q(supervising_unit__in=line) | Q(found_by_unit=scope.unit_id)


def drafts_of(user):
    """Drafts that ``user`` sees of those in scope: the own ones, and those left behind."""
    if scope_of(user).reach in (Reach.NOTHING, Reach.ENTERPRISE):  # drafts are for officers
        return NONE
    return Q(registered_by=user) | left_behind(user, "registered_by", "found_by_unit")


def lent_to(user):
    """Rows that ``user`` reads because they are offered to the own unit, because it handed them over, or because it still owes an
    answer or a signature (docs/adr/0027)."""
    scope = scope_of(user)
    if scope.reach not in GUESTS:
        return NONE
    reasons = (
        Transfer.objects.shown_to(scope.unit_id),
        Instruction.objects.open().filter(unit=scope.unit_id),
        Receipt.objects.unsigned().filter(unit=scope.unit_id),
    )
    return reduce(or_, (Q(pk__in=rows.values("hazard")) for rows in reasons))


def is_reached(user, hazard):
    """`reached_by` of one row that is at hand: no query but for the bodies of a row that a department reads by its line of work."""
    scope = scope_of(user)
    if scope.reach is Reach.TERRITORY:
        return hazard.division_code.startswith(scope.division)
    if scope.reach is not Reach.DEPARTMENT:
        return True  # of the two others one reads no row, and the enterprise is a guest nowhere
    if scope.unit_id in (hazard.found_by_unit_id, hazard.competent_unit_id, hazard.supervising_unit_id):
        return True
    bodies = [unit for unit in (hazard.competent_unit, hazard.supervising_unit) if unit is not None]
    return bool(scope.function) and any(
        unit.kind == Unit.Kind.DEPARTMENT
        and unit.function == scope.function
        and unit.division_code.startswith(scope.division)
        for unit in bodies
    )
