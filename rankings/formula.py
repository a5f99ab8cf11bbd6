"""The published formula of the score, version 2: pure arithmetic, exact fractions (quicktions: those of Python in C), no database, no clock.

What the parts mean, and the tricks against which they were tried: docs/adr/0031-formula-2.md, ``manage.py simulate_formula``.
A unit's counts in the window come as `Inputs`; what all units of the table have in common is a `Pool`; `score` weighs one
against the other with the `Constants` of the version in force.
"""

import math
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from statistics import median
from typing import NamedTuple

from quicktions import Fraction

# name, word: result (结果) first, then process (过程).
PARTS = (
    ("rectified", "整改"),
    ("on_time", "按期"),
    ("coverage", "覆盖"),
    ("finding", "发现"),
    ("enforcement", "执法"),
    ("reporting", "报送"),
)
WORDS = dict(PARTS)
RESULT_PARTS = ("rectified", "on_time")
# name, word: what is taken off.
DEDUCTIONS = (
    ("overdue_general", "逾期一般隐患"),
    ("overdue_major", "逾期重大隐患"),
    ("reopened", "返潮"),
    ("missed", "漏查"),
)
TAKEN_OFF = tuple(name for name, _ in DEDUCTIONS)
ONE, NOTHING = Fraction(1), Fraction(0)


@dataclass(frozen=True)
class Constants:
    """The numbers of one version, all whole. Percentages are of a hundred; days are calendar days.

    A version that was published is never edited; the defaults are version 2 as it was tried (formula.md, [house]).
    """

    # Points; together 100.
    rectified: int = 25
    on_time: int = 15
    coverage: int = 25
    finding: int = 20
    enforcement: int = 5
    reporting: int = 10
    # Windows that end at the cut-off.
    window_months: int = 3
    window_weeks: int = 4
    # The scoring deadline is at most so many days after the finding.
    limit_days_general: int = 20
    limit_days_major: int = 60
    # Feedback that waits for review counts as rectified for so many days.
    review_days: int = 10
    # Rows closed on the spot beyond this share of a unit's own findings count as due and not rectified.
    spot_percent: int = 40
    # A small unit's rates lean towards the pooled ones by so many made-up rows, its enforcement by so many firms.
    shrinkage: int = 5
    # n' = min(n, max(least, percent × firms inspected × rows per firm of the table)).
    believed_least: int = 5
    believed_percent: int = 125
    # Target of coverage per week: of the register, or firms per approved inspector; never under half of the first.
    coverage_percent: int = 5
    firms_per_inspector: int = 5
    # A row found so soon after another body's at the same firm is no finding of the unit's own.
    repeat_days: int = 15
    # Full marks of enforcement at this share of the pooled rate.
    enforcement_percent: int = 50
    # Deductions per hundred firms, of a register counted as this many at least: each, and at most.
    base: int = 50
    overdue_general_each: int = 2
    overdue_general_most: int = 10
    overdue_major_each: int = 5
    overdue_major_most: int = 10
    reopened_each: int = 1
    reopened_most: int = 5
    missed_each: int = 2
    missed_most: int = 10
    # A higher body's finding is 漏查 when the unit visited the firm in so many days before.
    missed_days: int = 30

    @cached_property
    def weights(self):
        """``{part: points}``."""
        return {name: getattr(self, name) for name, _ in PARTS}

    def each_and_most(self, deduction):
        """Points for one per hundred firms, and at most."""
        return getattr(self, f"{deduction}_each"), getattr(self, f"{deduction}_most")

    def as_dict(self):
        """``{name: number}``, as a version is stored."""
        return asdict(self)

    @classmethod
    def of_dict(cls, numbers):
        """What `as_dict` gave; a number younger than the stored version has its default."""
        return cls(**{field.name: numbers[field.name] for field in fields(cls) if field.name in numbers})


class Inputs(NamedTuple):
    """What one unit did in the window. Rows: ``due``, of them ``unrectified`` and ``late`` (not on time) and ``undated`` (closed
    by an imported ledger that gives no day: on time is 无数据); ``own_found`` of its own visits, of them ``spot`` closed on the spot.

    Firms, each once: ``inspected`` on its own visits, ``finders`` with a finding of its own, ``punished`` with an order or
    penalty. ``register`` is the mean of the firms on register over the days of the window; ``inspectors`` the number that the
    safety office approved, None: none was. ``reports_due`` and ``reports_on_time``; the rest is taken off.
    """

    due: int = 0
    unrectified: int = 0
    late: int = 0
    undated: int = 0
    own_found: int = 0
    spot: int = 0
    inspected: int = 0
    finders: int = 0
    punished: int = 0
    register: Fraction = NOTHING
    inspectors: int | None = None
    reports_due: int = 0
    reports_on_time: int = 0
    overdue_general: int = 0
    overdue_major: int = 0
    reopened: int = 0
    missed: int = 0


class Rows(NamedTuple):
    """The rows that enter the two rates of one unit, those on the spot beyond the limit included: n, u, l and the undated."""

    due: int
    unrectified: int
    late: int
    undated: int


class Pool(NamedTuple):
    """What a table has in common: pooled rates, due rows per firm inspected, median of finding, pooled enforcement, and whether
    reports were due. None: nobody has anything to divide, so the part is left out for everybody."""

    rectified: Fraction | None
    on_time: Fraction | None
    rows_per_firm: Fraction | None
    finding: Fraction | None
    enforcement: Fraction | None
    reporting: bool
    register: bool


class Score(NamedTuple):
    """``total`` is 0…100 with one decimal, None for who paid no visit and had nothing due (or nothing could be measured).

    ``values`` are the parts 0…1, ``points`` what they earn after rescaling to 100, both by name, None where a part is left out;
    ``minus`` the deductions by name; ``believed`` is n'; ``target`` the firms to inspect; ``weight`` what the parts weigh together.
    Points and deductions have one decimal, rounded half up each, so that their sum may differ from the total by a tenth.
    """

    total: float | None
    values: dict
    points: dict
    minus: dict
    believed: int
    target: Fraction
    weight: int


def share(part, whole):
    """``part`` of ``whole`` as an exact Fraction; None when there is nothing to divide (无数据, never 100 %)."""
    return Fraction(part, whole) if whole else None


def at_most_one(value):
    return value if value is None or value <= 1 else ONE


def rows_of(one, constants):
    """The `Rows` of ``one``: what was closed on the spot beyond the limit is added as due, not rectified and not on time."""
    beyond = max(0, one.spot - one.own_found * constants.spot_percent // 100)
    return Rows(one.due + beyond, one.unrectified + beyond, one.late + beyond, one.undated)


def coverage_target(one, constants, days):
    """How many distinct firms are to be inspected in ``days``, as a Fraction: 5 % of the register a week or, when less, what the
    approved inspectors can do, but never under half of the first."""
    full = one.register * constants.coverage_percent * days / 700
    if one.inspectors is None:
        return full
    possible = Fraction(one.inspectors * constants.firms_per_inspector * days, 7)
    return min(full, max(possible, full / 2))


def pool(table, constants):
    """The `Pool` of a table, given the `Inputs` of all its units."""
    rows = [rows_of(one, constants) for one in table]
    due, undated = sum(one.due for one in rows), sum(one.undated for one in rows)
    inspected, finders = sum(one.inspected for one in table), sum(one.finders for one in table)
    found = [Fraction(one.finders, one.inspected) for one in table if one.inspected]
    return Pool(
        rectified=share(due - sum(one.unrectified for one in rows), due),
        on_time=share(due - undated - sum(one.late for one in rows), due - undated),
        rows_per_firm=share(due, inspected),
        finding=median(found) if found else None,
        # Without a single order in the whole table there is no rate to measure anybody by.
        enforcement=share(sum(one.punished for one in table), finders) or None,
        reporting=any(one.reports_due for one in table),
        register=any(one.register for one in table),
    )


def believed(rows, one, common, constants):
    """n': rows that its visits can explain, so that invented ones do not dilute what is overdue."""
    most = common.rows_per_firm * one.inspected * constants.believed_percent / 100 if common.rows_per_firm else 0
    return min(rows.due, max(constants.believed_least, math.floor(most)))


def score(one, common, constants, days):
    """The `Score` of ``one`` (`Inputs`) against its table's `Pool`, over a window of ``days``."""
    rows = rows_of(one, constants)
    trusted, target = believed(rows, one, common, constants), coverage_target(one, constants, days)
    values = {
        "rectified": _leaning(max(0, trusted - rows.unrectified), trusted, common.rectified, constants.shrinkage),
        "on_time": _leaning(
            max(0, trusted - rows.undated - rows.late),
            max(0, trusted - rows.undated),
            common.on_time,
            constants.shrinkage,
        ),
        "coverage": _covered(one, target) if common.register else None,
        "finding": _found(one, common),
        "enforcement": _enforced(one, common, constants),
        "reporting": share(one.reports_on_time, one.reports_due) if common.reporting else None,
    }
    minus = {name: _taken_off(count, name, one, constants) for name in TAKEN_OFF if (count := getattr(one, name))}
    weights = constants.weights
    weight = sum(weights[name] for name, value in values.items() if value is not None)
    exact = {name: value * (100 * weights[name]) / weight for name, value in values.items() if value is not None}
    points = dict.fromkeys(values) | {name: one_decimal(value) for name, value in exact.items()}
    total = None
    if weight and (one.inspected or rows.due):
        total = one_decimal(max(sum(exact.values(), NOTHING) - sum(minus.values(), NOTHING), NOTHING))
    shown = dict.fromkeys(TAKEN_OFF, 0.0) | {name: one_decimal(value) for name, value in minus.items()}
    return Score(total, values, points, shown, trusted, target, weight)


def _leaning(kept, of, pooled, shrinkage):
    """(k + 5p) ÷ (n' + 5): a unit with few rows is judged near the pooled rate."""
    return None if pooled is None else (kept + shrinkage * pooled) / (of + shrinkage)


def _covered(one, target):
    # Nothing on register: nothing to cover, for this unit alone.
    return at_most_one(one.inspected / target) if target else None


def _found(one, common):
    if common.finding is None:
        return None
    if not one.inspected:
        return NOTHING
    if not common.finding:
        return ONE if one.finders else NOTHING
    return at_most_one(Fraction(one.finders, one.inspected) / common.finding)


def _enforced(one, common, constants):
    if common.enforcement is None:
        return None
    if not one.finders or not one.inspected:
        return NOTHING
    lean = constants.shrinkage
    rate = (one.punished + lean * common.enforcement) / (one.finders + lean)
    return at_most_one(rate * 100 / (common.enforcement * constants.enforcement_percent))


def _taken_off(count, name, one, constants):
    each, most = constants.each_and_most(name)
    return min(count * each * 100 / max(one.register, Fraction(constants.base)), Fraction(most))


def one_decimal(value):
    """A Fraction ≥ 0 rounded half up to one decimal, as a float."""
    part, whole = value.numerator, value.denominator
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
