"""Gapless numbers: one row per kind of paper, unit and year, which is also the lock that keeps them gapless."""

from django.db import models
from django.db.models import F


class Series(models.Model):
    """The last number given in one series. ``holes`` are ranges ``[[first, last], …]`` that numbers brought along jumped over."""

    kind = models.CharField(max_length=20)
    unit = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    holes = models.JSONField(default=list)

    class Meta:
        verbose_name = "编号序列"
        constraints = [models.UniqueConstraint(fields=["kind", "unit", "year"], name="series_once")]

    @classmethod
    def take(cls, kind, *, unit, year, count=1):
        """The next ``count`` numbers, a range; inside the transaction that uses them: rolled back, they return."""
        mine = cls.objects.filter(kind=kind, unit=unit, year=year)
        if not mine.update(last=F("last") + count):
            cls.objects.bulk_create([cls(kind=kind, unit=unit, year=year)], ignore_conflicts=True)
            mine.update(last=F("last") + count)
        last = mine.values_list("last", flat=True).get()
        return range(last - count + 1, last + 1)

    @classmethod
    def last_of(cls, kind, *, unit, year):
        """The last number given there; 0 when none was."""
        return cls.objects.filter(kind=kind, unit=unit, year=year).values_list("last", flat=True).first() or 0

    @classmethod
    def reserve(cls, kind, *, unit, year, numbers):
        """Make the series stand at or behind ``numbers`` (integers) that a ledger kept elsewhere brought along."""
        cls.objects.bulk_create([cls(kind=kind, unit=unit, year=year)], ignore_conflicts=True)
        series = cls.objects.select_for_update().get(kind=kind, unit=unit, year=year)
        for n in sorted(set(numbers)):
            series.stand(n)
        series.save()

    def stand(self, n):
        """``n`` stands now: behind it nothing was given, and of a hole around it two parts are left."""
        if n > self.last:
            if n > self.last + 1:
                self.holes.append([self.last + 1, n - 1])
            self.last = n
            return
        parts = [
            [[first, n - 1], [n + 1, last]] if first <= n <= last else [[first, last]] for first, last in self.holes
        ]
        self.holes = [[first, last] for both in parts for first, last in both if first <= last]

    @property
    def can_be_read(self):
        """Whether ``last`` and ``holes`` are of the shape that they are written in."""
        try:
            return all(0 < first <= last <= self.last for first, last in self.holes) and self.last >= 0
        except (TypeError, ValueError):
            return False

    def unlike(self, standing):
        """What does not fit ``standing`` (the numbers on records, ascending): ``(n, stands)`` for each number that was given
        and does not stand, and for each that stands and was not given."""
        expected = 1
        for n in standing:
            if n > self.last or self._is_hole(n):
                yield n, True
            yield from ((one, False) for one in range(expected, min(n, self.last + 1)) if not self._is_hole(one))
            expected = max(expected, n + 1)
        yield from ((one, False) for one in range(expected, self.last + 1) if not self._is_hole(one))

    def _is_hole(self, n):
        return any(first <= n <= last for first, last in self.holes)
