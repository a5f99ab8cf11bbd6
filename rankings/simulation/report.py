"""Tries a formula on a made-up city: what each trick wins and how much of a place is chance, as plain data."""

from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from rankings import formula
from rankings.simulation import city, noise
from rankings.simulation.behaviour import honest
from rankings.simulation.city import MONTH
from rankings.simulation.counting import inputs
from rankings.simulation.playing import play
from rankings.simulation.tricks import HARD, TRICKS

# The city on which the constants were chosen.
SEED = 20261128
# Whose tricks are tried: name and words. The first three are honest townships by diligence, see `groups_of`.
GROUPS = (("low", "差"), ("middle", "中"), ("high", "好"), ("lazy", "懒"))
# Fewer make no groups; before the fourth month nobody can be ranked by three.
LEAST_TOWNSHIPS, LEAST_MONTHS = 20, 4


@dataclass(frozen=True)
class Size:
    """``townships`` in the city, ``months`` it runs, and how many of each of the `GROUPS` try every trick."""

    townships: int
    months: int
    tried: int

    def __post_init__(self):
        if self.townships < LEAST_TOWNSHIPS or self.months < LEAST_MONTHS or self.tried < 1:
            raise ValueError(self)


FULL = Size(townships=199, months=24, tried=6)
SMALL = Size(townships=50, months=7, tried=1)


class Table(NamedTuple):
    """One ranking: ``counts`` (`Inputs`), ``totals`` and ``places`` by township; the unranked stand at the end."""

    counts: list
    totals: list
    places: list


def try_out(constants, *, seed, small=True):
    """What `report` gives for a city that is done in seconds, for the preview of a changed formula; whole when not ``small``."""
    return report(constants, seed=seed, size=SMALL if small else FULL)


def report(constants, *, seed, size=FULL, tricks=TRICKS):
    """Tries ``constants`` (`formula.Constants`) on the city of ``seed``: a dict ready for JSON.

    ``tricks``: ``[{"trick", "words", "hard", "gains": {group: places}, "gain": places}]``, mean places won (below 0: lost) by one
    township against itself honest over all monthly rankings, by group and over all of them; what one place means depends on the
    number of townships. ``hard``: known not to be stopped by any formula. ``tried``: townships in each group; ``noise``: see
    `noise.figures`.
    """
    trial = Trial(constants, seed, size)
    groups = groups_of(trial.townships, size.tried)
    return {
        "seed": seed,
        "townships": size.townships,
        "months": trial.months,
        "rankings": len(trial.tables),
        "tried": {name: len(members) for name, members in groups.items()},
        "tricks": [_tried(trick, trial, groups) for trick in tricks],
        "noise": noise.figures(trial),
        "constants": constants.as_dict(),
    }


def _tried(trick, trial, groups):
    gains = {
        name: fmean(gain for one in members for gain in trial.gains(one, trick)) for name, members in groups.items()
    }
    hard = trick.name in HARD
    return {"trick": trick.name, "words": trick.words, "hard": hard, "gains": gains, "gain": fmean(gains.values())}


class Trial:
    """One city, honest, with its monthly `Table`\\ s; and what a township would have won by a trick."""

    def __init__(self, constants, seed, size):
        self.constants = constants
        self.days = constants.window_months * MONTH
        # The whole window of each ranking, and a month before the first, lie in the city's life.
        first = max(LEAST_MONTHS, constants.window_months + 1)
        months = max(size.months, first)
        self.months = months
        self.cut_offs = [month * MONTH - 1 for month in range(first, months + 1)]
        self.townships = city.build(seed, size.townships, months)
        self.removed, counts = [], []
        for one in self.townships:
            played = play(one, honest(one), months)
            self.removed.append(played.removed)
            counts.append(self._counted(played.ledger))
        self.tables = [self._table(list(month)) for month in zip(*counts, strict=True)]

    def gains(self, township, trick):
        """Places won by ``township`` (its number) with ``trick``, one for each of the monthly rankings."""
        one = self.townships[township]
        played = play(one, trick.of(honest(one)), self.months)
        for table, tricked in zip(self.tables, self._counted(played.ledger), strict=True):
            with_trick = self._table([*table.counts[:township], tricked, *table.counts[township + 1 :]])
            yield table.places[township] - with_trick.places[township]

    def _counted(self, ledger):
        return [inputs(ledger, last - self.days + 1, last, self.constants) for last in self.cut_offs]

    def _table(self, counts):
        common = formula.pool(counts, self.constants)
        totals = [formula.score(one, common, self.constants, self.days).total for one in counts]
        rows = [
            (total, one.overdue_general + one.overdue_major, number)
            for number, (total, one) in enumerate(zip(totals, counts, strict=True))
        ]
        order, ranks = formula.places(rows)
        standing = {index: place for place, index in enumerate(order, start=1)}
        return Table(counts, totals, [rank or standing[index] for index, rank in enumerate(ranks)])


def groups_of(townships, tried):
    """``{group: numbers}``: honest townships around a sixth, the half and five sixths of the order by diligence; and lazy ones."""

    def by_diligence(temper):
        return [one.number for one in sorted(townships, key=lambda one: one.diligence) if one.temper == temper]

    ordinary, lazy = by_diligence("honest"), by_diligence("lazy")

    def around(members, share):
        first = min(max(0, round(len(members) * share - tried / 2)), max(0, len(members) - tried))
        return members[first : first + tried]

    return {
        "low": around(ordinary, 1 / 6),
        "middle": around(ordinary, 1 / 2),
        "high": around(ordinary, 5 / 6),
        "lazy": around(lazy, 1 / 2),
    }
