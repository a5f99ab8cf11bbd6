"""乡镇边界: the map of a city, loaded by its safety office. It changes no figure, so it is a row that is added and no record."""

from accounts.models import Unit
from journal.refusal import NotPermitted
from rankings import outlines
from rankings.kinds import TOWNSHIP
from rankings.models import Outline
from rankings.rules import keeps_figures


def load_outline(*, by, at, filename, content):
    """Judge ``content`` (the bytes of a GeoJSON file, see `rankings.outlines`) and draw the map of the city of ``by`` by it from now on.

    Returns ``(Outline, outlines.Read)``; `Refused` with what is wrong.
    """
    if not keeps_figures(by, None):
        raise NotPermitted("乡镇边界由市级安委办上传")
    city = by.unit.division_code
    read = outlines.read(content, townships_of(city))
    one = Outline.objects.create(
        city_code=city, filename=filename[:120], shapes=read.shapes, matched=read.matched, loaded_by=by, loaded_at=at
    )
    return one, read


def townships_of(city):
    """``[(division code, name of the county, (short name, name)), …]`` of the townships in use, by code."""
    counties = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.COUNTY, city_code=city)
    named = dict(counties.values_list("division_code", "short_name"))
    units = Unit.objects.filter(TOWNSHIP.competitor, city_code=city, is_active=True).order_by("division_code")
    return [
        (code, named.get(code[:6], ""), (short, name))
        for code, short, name in units.values_list("division_code", "short_name", "name")
    ]
