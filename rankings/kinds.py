"""Who competes with whom: one `Kind` per table, and which column of each model names the competitor a row belongs to."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Unit
from flags.missed import HIGHER
from inspections.models import Sector


@dataclass(frozen=True)
class Kind:
    """One table. ``competitor``: the condition on units, None for a table of sectors; the ``_key`` columns lead from a row to it.

    ``higher``: who finds what this unit missed (漏查), as a condition on the finding unit; None where that is not asked.
    ``scored``: whether places are given. ``share_of_band``: by how many hundredths of the table a place may move by chance alone.
    """

    code: str
    label: str
    competitor: Q | None
    unit_key: str
    hazard_key: str
    finder_key: str
    visit_key: str
    firm_key: str
    decided_key: str
    receiver_key: str
    higher: Q | None = None
    scored: bool = True
    measured_in: str = "个"

    @property
    def model(self):
        return Sector if self.competitor is None else Unit

    @property
    def reports(self):
        """Whether its competitors are bodies that file weekly reports."""
        return self.scored


def _territory(code, label, level, column, higher):
    return Kind(
        code=code,
        label=label,
        competitor=Q(kind=Unit.Kind.GOVERNMENT, level=level),
        unit_key=column,
        hazard_key=column,
        finder_key=f"found_by_unit__{column}",
        visit_key=f"unit__{column}",
        firm_key=column,
        decided_key=f"unit__{column}",
        receiver_key=f"to_unit__{column}",
        higher=Q(found_by_unit__level__in=higher),
    )


KINDS = {
    kind.code: kind
    for kind in (
        _territory("county", "县区", Unit.Level.COUNTY, "county_code", [Unit.Level.CITY]),
        _territory("township", "乡镇（街道）", Unit.Level.TOWNSHIP, "division_code", HIGHER),
        Kind(
            code="department",
            label="部门",
            competitor=Q(kind=Unit.Kind.DEPARTMENT),
            unit_key="pk",
            hazard_key="competent_unit",
            finder_key="found_by_unit",
            visit_key="unit",
            firm_key="",  # by line of work: see `rankings.figures`
            decided_key="unit",
            receiver_key="to_unit",
        ),
        Kind(
            code="sector",
            label="行业领域",
            competitor=None,
            unit_key="pk",
            hazard_key="sector",
            finder_key="sector",
            visit_key="enterprise__sector",
            firm_key="sector",
            decided_key="enterprise__sector",
            receiver_key="hazard__sector",
            scored=False,
        ),
    )
}
TOWNSHIP, COUNTY, DEPARTMENT, SECTOR = (KINDS[code] for code in ("township", "county", "department", "sector"))
# Bodies that inspect, as a condition on units: those of whom it is approved how many people do so.
INSPECTING = TOWNSHIP.competitor | DEPARTMENT.competitor
