import re

from django.db import models

NUMBER = re.compile(r"^YH-(\d{4})-(\d{4})-(\d{6,})$")


class NumberSequence(models.Model):
    """The last number given in one jurisdiction and year. Its row is the lock that keeps numbers gapless."""

    jurisdiction = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "year"], name="numbersequence_once")]

    @classmethod
    def take(cls, jurisdiction, year, count=1):
        """Take ``count`` consecutive numbers inside the caller's transaction; they return if it rolls back: ``[str, …]``."""
        mine = cls.objects.filter(jurisdiction=jurisdiction, year=year)
        if not mine.update(last=models.F("last") + count):
            cls.objects.bulk_create([cls(jurisdiction=jurisdiction, year=year)], ignore_conflicts=True)
            mine.update(last=models.F("last") + count)
        last = mine.values_list("last", flat=True).get()
        return [f"YH-{jurisdiction}-{year}-{n:06d}" for n in range(last - count + 1, last + 1)]

    @classmethod
    def reserve(cls, numbers):
        """Make the sequences stand at or behind ``numbers`` that an imported ledger brought along."""
        highest = {}
        for number in numbers:
            jurisdiction, year, n = NUMBER.match(number).groups()
            key = (jurisdiction, int(year))
            highest[key] = max(highest.get(key, 0), int(n))
        for (jurisdiction, year), n in highest.items():
            cls.objects.bulk_create([cls(jurisdiction=jurisdiction, year=year)], ignore_conflicts=True)
            cls.objects.filter(jurisdiction=jurisdiction, year=year, last__lt=n).update(last=n)
