"""A made-up prefecture: townships with firms, hazards that arise in them, and who else looks. Seeded, so that it can be drawn again.

Days are whole numbers from 0; a month has 30 of them, a year 360, and there are no holidays. What is drawn here never depends on
what a township does: an honest township and the same one with a trick meet the same hazards, the same firms and the same luck,
so that what differs between them is the trick's.
"""

from random import Random
from typing import NamedTuple

MONTH, YEAR, WEEK = 30, 360, 7
# Hazards that arise in a firm in a year, and how much of the firms has this grade, before a township's own lean.
GRADES = (("red", 12, 0.07), ("orange", 8, 0.18), ("yellow", 4, 0.35), ("blue", 2, 0.40))
BLUE = 3
MAJOR_SHARE = 0.03
# A hazard that nobody finds is there for so long, on average: a firm mends some by itself, a building site ends.
UNFOUND_DAYS = 240
# The city begins with what arose before its first day.
BEFORE = 360
LEAST_FIRMS, MEDIAN_FIRMS, MOST_FIRMS = 20, 130, 600
COUNTIES = 9
# A higher body (county, city) visits a firm once in so many days, and sees this share of what is there.
HIGHER_EVERY, HIGHER_SEES = 360, 0.75
# An inspector can visit so many firms a week; a township is asked for 5 % of its register.
FIRMS_PER_INSPECTOR, WEEKLY_SHARE = 5, 0.05
# Temper of a township and its share of all; what is left is honest.
SHARES = (("overloaded", 0.13), ("lazy", 0.12), ("idle", 0.03))


class Hazard(NamedTuple):
    """One hazard of a firm: the days ``appears`` ≤ day < ``gone`` (by itself), and all luck that decides what becomes of it.

    ``need`` is the days a firm that is followed up takes to mend it; ``self_day`` the day on which the firm might report it
    itself; the rest are lots between 0 and 1 (``seen``: three of them, for the first, second, third who looks).
    """

    number: int
    firm: int
    appears: int
    gone: int
    major: bool
    need: int
    seen: tuple
    self_day: int
    self_lot: float
    easy_lot: float
    issue_lot: float
    term_lot: float
    heed_lot: float
    slack_lot: float
    extend_lot: float
    review_lot: float
    verdict_lot: float
    order_lot: float
    relapse_lot: float


class Township(NamedTuple):
    """``diligence`` 0…1 is the truth by which the ranking is judged. ``firms`` are grades by firm, ``hazards`` lists by firm in
    order of appearing; ``higher`` is day → firms visited by a higher body; ``choices`` are lots for whom to visit, visit by
    visit; ``weeks`` how full each week is (1 = as planned) and its lot for the report."""

    number: int
    county: int
    temper: str
    diligence: float
    inspectors: int
    firms: tuple
    hazards: tuple
    self_reports: tuple
    higher: dict
    choices: tuple
    weeks: tuple


def build(seed, townships, months):
    """The townships of a city, a list; the same numbers give the same city."""
    lots = Random(seed)  # noqa: S311 - made-up data, and the same every time
    tempers = _tempers(townships, lots)
    return [_township(number, temper, seed, months) for number, temper in enumerate(tempers)]


def _tempers(count, lots):
    tempers = [temper for temper, part in SHARES for _ in range(max(1, round(part * count)))]
    tempers += ["honest"] * (count - len(tempers))
    lots.shuffle(tempers)
    return tempers


def _township(number, temper, seed, months):
    # A generator of its own: a city with more townships has the same first ones.
    lots = Random(seed * 1009 + number)  # noqa: S311 - likewise
    days = months * MONTH
    count = round(min(MOST_FIRMS, max(LEAST_FIRMS, MEDIAN_FIRMS * lots.lognormvariate(0, 0.75))))
    lean = lots.uniform(0.5, 1.6)
    weights = [part * (lean if grade < 2 else 1) for grade, (_, _, part) in enumerate(GRADES)]
    firms = tuple(lots.choices(range(len(GRADES)), weights, k=count))
    hazards = _hazards(firms, days, lots)
    self_reports = sorted(
        (one.self_day, one.number, one) for firm in hazards for one in firm if 0 <= one.self_day < days
    )
    return Township(
        number,
        number % COUNTIES,
        temper,
        _diligence(temper, lots),
        _inspectors(count, temper, lots),
        firms,
        hazards,
        tuple(one for _, _, one in self_reports),
        _higher_visits(count, days, lots),
        tuple((lots.random(), lots.random(), lots.random()) for _ in range(days // WEEK * max(12, count // 10))),
        tuple(_weeks(days, lots)),
    )


def _weeks(days, lots):
    # Campaigns, absences, other orders: a stretch of weeks is full or empty together.
    stretch = 1.0
    for _ in range(days // WEEK + 1):
        stretch = 0.85 * stretch + 0.15 * lots.uniform(0, 2)
        yield stretch * lots.uniform(0.6, 1.4), lots.random()


def _diligence(temper, lots):
    if temper == "idle":
        return lots.uniform(0.0, 0.05)
    if temper == "lazy":
        return lots.uniform(0.05, 0.2)
    return 0.2 + 0.8 * lots.betavariate(2, 2)


def _inspectors(firms, temper, lots):
    asked = firms * WEEKLY_SHARE / FIRMS_PER_INSPECTOR
    part = lots.uniform(0.4, 0.6) if temper == "overloaded" else lots.uniform(1.0, 1.3)
    return max(1, round(asked * part))


def _hazards(firms, days, lots):
    found, number = [], 0
    for firm, grade in enumerate(firms):
        here, day = [], -BEFORE + lots.expovariate(GRADES[grade][1] / YEAR)
        while day < days:
            here.append(_hazard(number, firm, int(day), lots))
            number += 1
            day += lots.expovariate(GRADES[grade][1] / YEAR)
        found.append(tuple(here))
    return tuple(found)


def _hazard(number, firm, day, lots):
    lot = lots.random
    major = lot() < MAJOR_SHARE
    return Hazard(
        number,
        firm,
        day,
        day + 1 + int(lots.expovariate(1 / UNFOUND_DAYS)),
        major,
        1 + int(lots.lognormvariate(3.1, 0.5) if major else lots.lognormvariate(1.2, 0.65)),
        (lot(), lot(), lot()),
        day + int(lots.expovariate(1 / 60)),
        *(lot() for _ in range(11)),
    )


def _higher_visits(firms, days, lots):
    visits = {}
    for firm in range(firms):
        day = lots.expovariate(1 / HIGHER_EVERY)
        while day < days:
            visits.setdefault(int(day), []).append(firm)
            day += lots.expovariate(1 / HIGHER_EVERY)
    return visits
