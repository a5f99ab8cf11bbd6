"""How the numbers of a kind of record are written, and taken back apart."""

import re
from dataclasses import dataclass

from journal.series import Series


@dataclass(frozen=True)
class Numbering:
    """Numbers ``kind-unit-year-000001`` of the series ``kind``, in the column ``column`` of the record.

    ``unit`` is the pattern of the unit's code; ``largest`` the highest number that column and series are made for.
    """

    kind: str
    unit: str
    column: str = "number"
    largest: int = 9_999_999

    @property
    def pattern(self):
        """What looks like one of our numbers: unit, year and number as groups."""
        return re.compile(rf"{self.kind}-({self.unit})-([0-9]{{4}})-([0-9]{{6,}})")

    def text(self, unit, year, n):
        """The one way a number is written."""
        return f"{self.kind}-{unit}-{year}-{n:06d}"

    def parts_of(self, text):
        """``(unit, year, n)`` of a number written as we write it; None for anything else, also for extra zeros."""
        match = self.pattern.fullmatch(text)
        if not match or len(match[3]) > len(str(self.largest)):
            return None
        parts = match[1], int(match[2]), int(match[3])
        return parts if self.text(*parts) == text else None

    def take(self, *, unit, year, count=1):
        """The next ``count`` numbers of a unit and year, written: ``[str, …]``; see `Series.take`."""
        return [self.text(unit, year, n) for n in Series.take(self.kind, unit=unit, year=year, count=count)]

    def last_of(self, *, unit, year):
        return Series.last_of(self.kind, unit=unit, year=year)

    def reserve(self, texts):
        """Let the series stand behind the written numbers ``texts`` of a ledger kept elsewhere."""
        brought = {}
        for unit, year, n in map(self.parts_of, texts):
            brought.setdefault((unit, year), []).append(n)
        for (unit, year), numbers in brought.items():
            Series.reserve(self.kind, unit=unit, year=year, numbers=numbers)
