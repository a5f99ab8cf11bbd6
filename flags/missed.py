"""漏查: a higher body finds a hazard where a unit had just been and had written down nothing of the kind. One statement for both who ask:
flags of the ledger, and the score of the rows that a period counts (`rankings.figures`)."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit
from inspections.models import Inspection
from workdays.columns import DaysBefore

HIGHER = (Unit.Level.CITY, Unit.Level.COUNTY)  # than a township
_PROVIDED = {}


def provides_days(provider):
    """Let ``provider(city, day) -> days`` say how far back a finding looks: the published formula of the city does, in an app above."""
    _PROVIDED["days"] = provider


def days_back(city, day):
    """So many days before a higher body's finding a visit counts as one that missed it, by what is in force in ``city`` on ``day``."""
    return _PROVIDED["days"](city, day)


def visits_before(visits, *, days, place, visitor):
    """Those of ``visits`` that a unit paid to the firm of the outer row in the ``days`` before it was found. ``visitor`` leads from a visit,
    ``place`` from the outer row to the unit. What a firm found in itself is no visit."""
    since = DaysBefore(OuterRef("found_on"), days)
    return visits.filter(
        enterprise=OuterRef("enterprise"), inspected_on__lt=OuterRef("found_on"), inspected_on__gte=since,
        **{visitor: OuterRef(place)},
    ).exclude(kind=Inspection.Kind.SELF)  # fmt: skip


def overlooked(higher, *, hazards, visits, days, place, visitor, finder):
    """Those of ``higher`` (rows a higher body found) that the unit at ``place`` overlooked: there before (`visits_before`), with nothing of
    the kind among ``hazards`` in those days, to which ``finder`` leads. Something else written down at the firm is no excuse; where
    either says nothing of its type, it may be the same."""
    noted = hazards.filter(
        enterprise=OuterRef("enterprise"), found_on__lt=OuterRef("found_on"),
        found_on__gte=DaysBefore(OuterRef("found_on"), days), **{finder: OuterRef(place)},
    )  # fmt: skip
    same = Q(accident_type="") | Q(accident_type=OuterRef("accident_type"))
    been = visits_before(visits, days=days, place=place, visitor=visitor)
    return higher.filter(Exists(been), ~Exists(noted.filter(same)), ~(Q(accident_type="") & Exists(noted)))
