"""The published formula of the score: pure arithmetic, exact fractions, no database.

Weights and deductions are the house default of docs/adr/0005-rankings.md. A changed formula is a new version with its
own first day; the version stands on the page, in the export and in print.
"""

import math
from fractions import Fraction
from functools import lru_cache
from statistics import median
from typing import NamedTuple

# name, word, weight: result (结果) first, then process (过程); together 100.
PARTS = (
    ("rate_due", "整改率", 30),
    ("on_time", "按期率", 20),
    ("coverage", "覆盖", 15),
    ("finding", "发现", 15),
    ("enforcement", "执法", 10),
    ("reporting", "报送", 10),
)
WEIGHTS = {name: weight for name, _, weight in PARTS}
RESULT_PARTS = ("rate_due", "on_time")
# Enforcement measures and filed reports are not recorded yet: nothing to divide for anybody, so the two are left out.
NOT_MEASURED = ("enforcement", "reporting")
VERSION, IN_FORCE_SINCE = 1, "2026-11-01"
MINUS_GENERAL, MINUS_MAJOR, MINUS_LIMIT = 2, 5, 20
# House target of coverage: this share of the enterprises on register is visited every week, one at the least.
WEEKLY_TARGET = Fraction(1, 20)
ONE = Fraction(1)


class Score(NamedTuple):
    """``total`` is 0…100 with one decimal, None when no part could be measured.

    ``points`` are the parts after rescaling to 100 by name, None where there was nothing to divide; ``result`` and
    ``process`` their sums, which add up as shown; ``weight`` is what the measured parts weigh together.
    """

    total: float | None
    points: dict
    result: float
    process: float
    deduction: int
    weight: int


@lru_cache(4096)  # of two hundred units most have the same few
def share(part, whole):
    """``part`` of ``whole`` as an exact Fraction; None when there is nothing to divide (无数据, never 100 %)."""
    return Fraction(part, whole) if whole else None


def coverage_target(register, days):
    """How many enterprises are to be visited in ``days``: rounded up, so one at the least unless none is on register."""
    part, whole = WEEKLY_TARGET.as_integer_ratio()
    return -(-register * part * days // (whole * 7))


def at_most_one(value):
    return value if value is None or value.numerator <= value.denominator else ONE


def against_peers(values):
    """Each of ``values`` ÷ the median of those that are known, at most 1; all None when the median is nothing."""
    known = [value for value in values if value is not None]
    middle = median(known) if known else None
    return [None if value is None or not middle else at_most_one(value / middle) for value in values]


def deduction(overdue_general, overdue_major):
    """Points taken off: 2 per overdue general and 5 per overdue major hazard, each kind at most 20."""
    return min(MINUS_GENERAL * overdue_general, MINUS_LIMIT) + min(MINUS_MAJOR * overdue_major, MINUS_LIMIT)


def score(values, minus):
    """Weigh ``values`` ({part: Fraction 0…1 or None}) and take off ``minus``; the total is never below 0.

    Parts with nothing to divide are left out and the other weights rescaled to 100.
    """
    known = [(name, WEIGHTS[name], *value.as_integer_ratio()) for name, value in values.items() if value is not None]
    points, weight = dict.fromkeys(WEIGHTS), sum(one[1] for one in known)
    if not weight:
        return Score(None, points, 0.0, 0.0, minus, 0)
    # Integers over one denominator: as exact as Fractions at less than half the work (make bench, P3).
    common = math.lcm(*[one[3] for one in known])
    whole, earned, of_result = common * weight, 0, 0
    for name, weighs, part, of in known:
        exact = 100 * weighs * part * (common // of)
        points[name] = _tenths(exact, whole)
        earned += exact
        of_result += exact if name in RESULT_PARTS else 0
    result = _tenths(of_result, whole)
    process = round(_tenths(earned, whole) - result, 1)
    return Score(_tenths(max(earned - minus * whole, 0), whole), points, result, process, minus, weight)


def one_decimal(value):
    """A Fraction ≥ 0 rounded half up to one decimal, as a float."""
    return _tenths(value.numerator, value.denominator)


def _tenths(part, whole):
    return (20 * part + whole) // (2 * whole) / 10


def places(rows):
    """Ranks of ``rows`` = (total or None, overdue, unit code): ``(order, ranks)``.

    ``order`` are indexes by score, then fewer overdue, then unit code, the unranked last. Equal totals share a rank and
    the next one is skipped (1, 2, 2, 4); a row without total has rank None.
    """
    order = sorted(range(len(rows)), key=lambda i: (rows[i][0] is None, -(rows[i][0] or 0), rows[i][1], rows[i][2]))
    ranks, last = [None] * len(rows), None
    for place, index in enumerate(order, start=1):
        total = rows[index][0]
        if total is not None:
            ranks[index] = ranks[last] if last is not None and rows[last][0] == total else place
            last = index
    return order, ranks
