"""What the weekly report of a unit is filled with: the ranking's own figures, so that both say the same."""

from accounts.models import Unit
from journal.gate import day_of
from rankings.kinds import DEPARTMENT, TOWNSHIP
from rankings.links import links_of
from rankings.shown import SINGLE, shown
from reporting.figures import Figure

SHOWN = {
    "inspections": "检查（次）",
    "found": "发现隐患（条）",
    "found_major": "其中重大（条）",
    "closed": "销号（条）",
    "due": "到期应整改（条）",
    "overdue": "期末逾期（条）",
}


def figures_of_units(units, period, at, *, linked=False):
    """``{unit id: [Figure, …]}`` of townships and departments, as `reporting.figures.provides` asks: of the week itself, frozen where it
    is; then three queries for each of the two kinds and each city, whatever the number of units."""
    found = {}
    for kind, is_department in ((DEPARTMENT, True), (TOWNSHIP, False)):
        asked = {unit.code: unit for unit in units if (unit.kind == Unit.Kind.DEPARTMENT) is is_department}
        for city in {unit.city_code for unit in asked.values()}:
            one = shown(city, kind, period, today=day_of(at), at=at)
            query = {"week": one.period.code, "kind": kind.code, "county": city, "span": SINGLE}
            query |= {"revision": one.freeze.revision} if one.freeze else {}
            for line in one.lines:
                if unit := asked.get(line.code):
                    links = links_of(line, query) if linked and one.is_opened else {}
                    figures = line.figures[SINGLE]
                    found[unit.pk] = [
                        Figure(name, label, figures[name], links.get(name, "")) for name, label in SHOWN.items()
                    ]
    return found
