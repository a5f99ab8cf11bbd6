"""Whom the matrix names: read where a hazard is given to people, and nowhere written on it (docs/adr on the matrix)."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit, User
from accounts.roles import RANKING_READERS
from responsibilities.models import Charge, Line


def staff_of(*unit_ids):
    """Who may answer for a unit, or one of several: its people in use who read its rows."""
    return User.objects.filter(unit__in=unit_ids, is_active=True, role__in=RANKING_READERS)


def departments_for(place):
    """The departments that can be named for ``place``: its own and, of a county, those of the city over it."""
    code = place.division_code
    return Unit.objects.active().departments().filter(division_code__in={code, code[:4]})


def line_for(division, sector_id):
    """The line in force for a sector in ``division``: its county's, else its city's; None when the matrix is silent. One query."""
    places = {division[:4], division[:6]} if sector_id else ()
    found = Line.objects.current().filter(sector=sector_id, place__division_code__in=places)
    lines = found.select_related("place", "competent", "supervising")
    return max(lines, key=lambda line: len(line.place.division_code), default=None)


def answering(units, sector_id, *, without=None):
    """``{unit id: User}``: who of each of ``units`` answers today for the sector, as far as the matrix says: the holder, else the
    deputy where the holder has left (or is ``without``, a person). One query."""
    rows = Charge.objects.current().filter(Q(sector=sector_id) | Q(sector=None), unit__in=units)
    found = {}
    for row in sorted(rows.select_related("holder", "deputy"), key=lambda row: row.sector_id is None):
        acting = row.acting_without(without)
        if acting is not None:
            found.setdefault(row.unit_id, acting)
    return found


def named_in_line(unit_id, path):
    """A ``Q`` for the enterprises (at ``path``) of a sector for which a line in force names the unit, in the place of that line."""
    line = Line.objects.current().filter(
        Q(competent=unit_id) | Q(supervising=unit_id),
        sector=OuterRef(f"{path}sector"),
        place__division_code__in=[OuterRef(f"{path}county_code"), OuterRef(f"{path}city_code")],
    )
    return Q(Exists(line))
