"""Who may see what. One rule, by unit, for lists, details, photos, exports, statistics and the API alike.

A government body or its committee office sees its territory; a department sees what falls to its line of work inside its
jurisdiction; an enterprise sees itself; the three administrators see no ledger data. Models translate the answer into rows
in their own ``visible_to``.
"""

from dataclasses import dataclass
from enum import Enum

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr

from accounts.roles import ADMINISTRATORS, OFFICERS, Role

DIVISION_LENGTHS = {4: "city_code", 6: "county_code", 9: "division_code"}


class Reach(Enum):
    NOTHING = "nothing"
    TERRITORY = "territory"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class Scope:
    """What one person reaches: ``division`` is a GB/T 2260 prefix (4, 6 or 9 digits), ``function`` a department's line."""

    reach: Reach
    division: str = ""
    unit_id: int | None = None
    function: str = ""


def scope_of(user):
    """The scope of ``user``; nobody in particular (anonymous, inactive, an administrator, no unit) reaches nothing."""
    if not user.is_authenticated or not user.is_active or user.role in ADMINISTRATORS:
        return Scope(Reach.NOTHING)
    if user.role == Role.ENTERPRISE:
        return Scope(Reach.ENTERPRISE)
    unit = user.unit
    if unit is None or len(unit.division_code) not in DIVISION_LENGTHS:
        return Scope(Reach.NOTHING)
    reach = Reach.DEPARTMENT if unit.kind == "department" else Reach.TERRITORY
    return Scope(reach, division=unit.division_code, unit_id=unit.pk, function=unit.function)


def place_of(user):
    """The name of the government whose territory ``user`` serves, for frame and titles; "" for an enterprise's own people."""
    unit = user.unit
    if unit is None:
        return ""
    if unit.kind != "government" and unit.parent_id is not None:
        unit = unit.parent
    return unit.short_name or unit.name


def in_division(code, path=""):
    """A ``Q`` for rows of a :class:`Territorial` model inside division ``code``, by equality so that an index serves it.

    ``path`` leads to the model (``"enterprise__"``). A code of another length matches nothing.
    """
    column = DIVISION_LENGTHS.get(len(code or ""))
    return Q(**{f"{path}{column}": code}) if column else Q(pk__in=[])


def left_behind(user, author, unit):
    """A ``Q`` for drafts that fall to ``user`` because who wrote them, in the column ``author``, serves their ``unit`` no more, or
    has no say there: to the unit's managers and the safety offices above (docs/adr/0016)."""
    if not user.is_manager:
        return Q(pk__in=[])
    there = get_user_model().objects.filter(pk=OuterRef(author), is_active=True, role__in=OFFICERS, unit=OuterRef(unit))
    theirs = Q() if user.role == Role.SAFETY_OFFICE else Q(**{unit: user.unit_id})
    return theirs & ~Exists(there)


class Territorial(models.Model):
    """A row that lies somewhere. ``division_code`` has 9 digits for a township, 6 or 4 when only that much is known."""

    division_code = models.CharField("行政区划", max_length=9)
    city_code = models.GeneratedField(
        expression=Substr("division_code", 1, 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    county_code = models.GeneratedField(
        expression=Substr("division_code", 1, 6), output_field=models.CharField(max_length=6), db_persist=True
    )

    class Meta:
        abstract = True
