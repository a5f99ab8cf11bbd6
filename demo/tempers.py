"""How diligent each township is, and what that makes of its weeks: what rankings and leaders have to find out."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

DENSE_WEEKS, WEEKS = 26, 105
LIVELY = 6000  # hazards from which on there are enough to visit every township in each of the dense weeks
USUAL = 12_000  # hazards for which the rates below are the visits a week really pays


@dataclass(frozen=True)
class Temper:
    """``visits`` a week, hazards found per visit against others (``finds``), and how orders are given and kept.

    ``allowed``: days for a general hazard; ``late``, ``fails``, ``unissued``, ``on_spot``: shares; ``waits``: days on average until the
    review; ``copies``: rows and pictures are used again, and what waits is closed by the dozen on Friday afternoon.
    """

    name: str
    share: int
    visits: float
    finds: float
    allowed: tuple[int, ...]
    issue_after: tuple[int, ...]
    late: float
    waits: float
    fails: float
    unissued: float
    on_spot: float
    major: float
    copies: bool = False
    idle: bool = False


GOOD = Temper("good", 34, 2.2, 1.1, (3, 5, 7, 7, 10, 15), (0, 0, 0, 1), 0.03, 1.5, 0.12, 0, 0.14, 0.06)
PLAIN = Temper("plain", 30, 1.5, 1.0, (5, 7, 7, 10, 15), (0, 1, 1, 2), 0.12, 4, 0.08, 0.01, 0.18, 0.05)
OVERLOADED = Temper("overloaded", 14, 2.4, 1.9, (3, 5, 7, 10), (0, 1, 3, 5), 0.34, 8, 0.14, 0.03, 0.08, 0.07)
GAMING = Temper("gaming", 12, 2.0, 0.9, (45, 60, 60, 90), (0, 2, 5), 0.02, 20, 0, 0.16, 0.40, 0.004, copies=True)
IDLE = Temper("idle", 10, 0.35, 0.8, (10, 15, 30), (3, 7, 14), 0.5, 12, 0.02, 0.12, 0.10, 0.02, idle=True)
LENIENT = replace(GAMING, name="lenient")  # of those the one that takes no measure at all
TEMPERS = (GOOD, PLAIN, OVERLOADED, GAMING, IDLE)


def tempers_of(townships, home, seed):
    """``{division code: Temper}`` in shares as above, the same for the same ``seed``; every kind is there in a city of ten.

    ``home``, where the demo accounts serve, is as a township usually is.
    """
    codes = sorted(unit.division_code for unit in townships)
    random.Random(seed).shuffle(codes)  # noqa: S311 - made-up data
    total, found, reached = sum(temper.share for temper in TEMPERS), {}, 0
    for temper in TEMPERS:
        first, reached = reached, reached + temper.share
        for code in codes[len(codes) * first // total : len(codes) * reached // total]:
            found[code] = temper
    return found | {home.division_code: PLAIN}


@dataclass(frozen=True)
class Cell:
    """One township in one week: the number of visits and of hazards found on them."""

    township: str
    visits: int
    hazards: int


def weeks_until(today):
    """The Mondays of the weeks of two years, the last one that of ``today``."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def plan_weeks(tempers, weeks, today, scale, rng):
    """``[(monday, [Cell, …]), …]`` with ``scale`` hazards in all; ever more towards now, dense in the last half year."""
    worked = [(monday, n) for n, monday in enumerate(weeks) if monday < today]
    visits = [
        (code, monday, _visits(temper, monday, WEEKS - n, today, scale, rng))
        for monday, n in worked
        for code, temper in tempers.items()
    ]
    if not any(count for _, _, count in visits):
        visits[-1] = (*visits[-1][:2], 1)
    weights = [count * tempers[code].finds * rng.uniform(0.5, 1.5) for code, _, count in visits]
    total, reached, given, cells = sum(weights), 0.0, 0, {monday: [] for monday, _ in worked}
    for (code, monday, count), weight in zip(visits, weights, strict=True):
        reached += weight
        until = round(scale * reached / total)
        if count:
            cells[monday].append(Cell(code, count, until - given))
            given = until
    return list(cells.items())


def _visits(temper, monday, weeks_ago, today, scale, rng):
    dense = weeks_ago <= DENSE_WEEKS + 1
    density = 1 if dense else 0.32 - 0.2 * weeks_ago / WEEKS
    worked = min(5, (today - monday).days) / 5
    count = int(temper.visits * density * worked * rng.uniform(0.6, 1.4) * scale / USUAL + rng.random())
    return max(count, 1) if dense and not temper.idle and scale >= LIVELY else count
