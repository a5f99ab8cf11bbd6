"""What was ranked, by what formula, and what stood behind it (docs/adr/0032-freezing.md)."""

from rankings.models.formula import Formula, FormulaEvent
from rankings.models.freeze import Freeze, FreezeEvent, Line, Table
from rankings.models.outline import Outline
from rankings.models.staff import Staff, StaffEvent
from rankings.models.standing import StandingFirm, StandingHazard, StandingVisit

__all__ = [
    "Formula",
    "FormulaEvent",
    "Freeze",
    "FreezeEvent",
    "Line",
    "Outline",
    "Staff",
    "StaffEvent",
    "StandingFirm",
    "StandingHazard",
    "StandingVisit",
    "Table",
]
