"""What the weekly report of a unit is filled with: the ranking's own figures, so that both say the same."""

from accounts.models import Unit
from journal.gate import day_of
from rankings.links import links_of
from rankings.statistics import KINDS, figures, ground_of_division
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
    """``{unit id: [Figure, …]}`` of townships and departments, as `reporting.figures.provides` asks; a statement for each of the two."""
    today, found = day_of(at), {}
    for code, is_kind in (("department", True), ("township", False)):
        asked = {unit.code: unit for unit in units if (unit.kind == Unit.Kind.DEPARTMENT) is is_kind}
        for city in {_narrowest(unit, asked) for unit in asked.values()}:
            for counted in figures(ground_of_division(city), KINDS[code], period, today):
                if unit := asked.get(counted.code):
                    links = links_of(counted, KINDS[code], period, today) if linked else {}
                    found[unit.pk] = [
                        Figure(name, label, getattr(counted, name), links.get(name, ""))
                        for name, label in SHOWN.items()
                    ]
    return found


def _narrowest(unit, asked):
    """Where to count: of one unit its own division, of several their cities."""
    return unit.division_code if len(asked) == 1 else unit.division_code[:4]
