"""How much of a place is chance: a city of honest townships against the truth it was drawn with."""

from itertools import pairwise
from math import sqrt
from statistics import fmean, pstdev

SMALL_REGISTER, LARGE_REGISTER = 60, 200
ENDS = 10
# figure of `noise.figures`, words, form.
FIGURES = (
    ("tau_all", "月度得分与真实勤勉程度的一致性 τ（全部）", ".2f"),
    ("tau_honest", "同上（不含懒散、空转的乡镇）", ".2f"),
    ("tau_safety", "月度得分与实际消除隐患量的一致性 τ", ".2f"),
    ("place_sd", "名次的标准差", ".1f"),
    ("place_sd_small", "名次的标准差（企业不足 60 家）", ".1f"),
    ("place_sd_large", "名次的标准差（企业超过 200 家）", ".1f"),
    ("place_move", "名次每月平均变动", ".1f"),
    ("size_correlation", "名次与企业数的偏相关（0 为公平，正数为大镇吃亏）", "+.2f"),
    ("overloaded_place", "认真但人手不足的乡镇平均名次", ".0f"),
    ("overloaded_like_place", "同样认真、人手够的乡镇平均名次", ".0f"),
    ("last_truly_weak", "末十名确属懒散、空转的比例", ".0%"),
    ("top_truly_good", "前十名确属最好三分之一的比例", ".0%"),
)


def figures(trial):
    """``{figure: number or None}`` of a `report.Trial`, months meant; None where a city is too small to say.

    ``tau_all`` and ``tau_honest``: Kendall's τ-b of a month's scores with true diligence; ``tau_safety`` with the hazard-days
    removed per firm; ``place_sd``, ``place_sd_small``, ``place_sd_large`` (under 60, over 200 firms) and ``place_move`` (from a
    month to the next) in places; ``size_correlation``: partial, of place with register size, diligence held (+: big ranks worse);
    ``last_truly_weak``, ``top_truly_good``: shares of the last and first ten.
    """
    townships = trial.townships
    everyone = range(len(townships))
    steady = [number for number in everyone if townships[number].temper in ("honest", "overloaded")]
    diligence = [one.diligence for one in townships]
    sizes = [len(one.firms) for one in townships]
    safety = [removed / size for removed, size in zip(trial.removed, sizes, strict=True)]
    scores = [[-1 if total is None else total for total in table.totals] for table in trial.tables]
    places = [table.places for table in trial.tables]
    by_place = [sorted(everyone, key=places_of_month.__getitem__) for places_of_month in places]
    good = set(sorted(everyone, key=lambda number: -diligence[number])[: len(townships) // 3])
    overloaded = [number for number in steady if townships[number].temper == "overloaded"]

    def tau(truth, members):
        return fmean(kendall([truth[i] for i in members], [month[i] for i in members]) for month in scores)

    def deviation(members):
        spread = [pstdev(month[number] for month in places) for number in members]
        return fmean(spread) if spread else None

    def mean_place(members):
        return fmean(month[number] for month in places for number in members) if members else None

    return {
        "tau_all": tau(diligence, everyone),
        "tau_honest": tau(diligence, steady),
        "tau_safety": tau(safety, everyone),
        "place_sd": deviation(steady),
        "place_sd_small": deviation([number for number in steady if sizes[number] < SMALL_REGISTER]),
        "place_sd_large": deviation([number for number in steady if sizes[number] > LARGE_REGISTER]),
        "place_move": _mean(abs(now[i] - before[i]) for before, now in pairwise(places) for i in steady),
        "size_correlation": fmean(
            _partial([month[i] for i in steady], [sizes[i] for i in steady], [diligence[i] for i in steady])
            for month in places
        ),
        "overloaded_place": mean_place(overloaded),
        "overloaded_like_place": mean_place(_alike(overloaded, steady, townships)),
        "last_truly_weak": fmean(
            townships[number].temper in ("lazy", "idle") for month in by_place for number in month[-ENDS:]
        ),
        "top_truly_good": fmean(number in good for month in by_place for number in month[:ENDS]),
    }


def kendall(left, right):
    """Kendall's τ-b of two lists of numbers; 0 where one of them does not vary."""
    agreeing = left_pairs = right_pairs = 0
    for i, (x, y) in enumerate(zip(left, right, strict=True)):
        for j in range(i):
            a, b = (x > left[j]) - (x < left[j]), (y > right[j]) - (y < right[j])
            agreeing += a * b
            left_pairs += a * a
            right_pairs += b * b
    return agreeing / sqrt(left_pairs * right_pairs) if left_pairs and right_pairs else 0.0


def _alike(overloaded, steady, townships):
    """For each overloaded township the honest one of the most like diligence."""
    ordinary = [number for number in steady if townships[number].temper == "honest"]
    return [
        min(ordinary, key=lambda other: abs(townships[other].diligence - townships[number].diligence))
        for number in overloaded
    ]


def _partial(left, right, held):
    """Correlation of ``left`` and ``right`` at equal ``held``."""
    lr, lh, rh = _correlation(left, right), _correlation(left, held), _correlation(right, held)
    rest = (1 - lh * lh) * (1 - rh * rh)
    return (lr - lh * rh) / sqrt(rest) if rest else 0.0


def _correlation(left, right):
    x, y, spread = fmean(left), fmean(right), pstdev(left) * pstdev(right)
    return fmean((a - x) * (b - y) for a, b in zip(left, right, strict=True)) / spread if spread else 0.0


def _mean(numbers):
    numbers = list(numbers)
    return fmean(numbers) if numbers else None
