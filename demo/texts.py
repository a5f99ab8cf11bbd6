"""What is found where: hazard texts by the groups that a trade is open to, so that no firm has a hazard it cannot have."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
SLOTS = {
    "n": (2, 9),
    "m": (12, 48),
    "b": (1, 6),
}  # what stands in braces in a text: a few, a number, the number of a place
FILLED = ("description", "location", "requirement")


@cache
def read_rows(name):
    """The rows of a data file of this package, as dicts."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def texts_for(groups, level):
    """The texts of ``level`` that fit a trade with ``groups`` (names separated by spaces)."""
    open_to = groups.split()
    return [row for row in read_rows("texts.csv") if row["group"] in open_to and row["level"] == level]


def trades_of_sector(code):
    return [row for row in read_rows("trades.csv") if row["sector"] == code]


def draw_text(groups, level, rng, *, copied=False):
    """One text of ``level`` for a trade with ``groups``, filled in; a general one where the trade has no major ones.

    ``copied``: always the same few, word for word, as from a place that copies its rows.
    """
    rows = texts_for(groups, level) or texts_for(groups, "general")
    row = rows[rng.randrange(min(2, len(rows)))] if copied else rng.choice(rows)
    numbers = {slot: low if copied else rng.randint(low, high) for slot, (low, high) in SLOTS.items()}
    return row | {name: row[name].format(**numbers) for name in FILLED}
