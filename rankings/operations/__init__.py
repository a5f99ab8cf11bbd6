"""Everything that computes, freezes and revises figures, and what keeps formula and approved staff."""

from rankings.operations.formulas import amend_formula, discard_formula, propose_formula, publish_formula, seed_formula
from rankings.operations.freezing import Frozen, freeze, make_up, revise
from rankings.operations.outlines import load_outline
from rankings.operations.ranking import ranked
from rankings.operations.staffing import approve_staff, correct_staff

__all__ = [
    "Frozen",
    "amend_formula",
    "approve_staff",
    "correct_staff",
    "discard_formula",
    "freeze",
    "load_outline",
    "make_up",
    "propose_formula",
    "publish_formula",
    "ranked",
    "revise",
    "seed_formula",
]
