import re

from django.db import models

NUMBER = re.compile(r"YH-([0-9]{4})-([0-9]{4})-([0-9]{6,})")
RESTORED = 999_999  # the highest number a ledger may bring into a year that has none
LARGEST = 9_999_999  # what the column "number" and the sequence are made for


def number_text(jurisdiction, year, n):
    """The one way number ``n`` of a city (4 digits) and year is written."""
    return f"YH-{jurisdiction}-{year}-{n:06d}"


def parts_of(number):
    """``(jurisdiction, year, n)`` of a number written as we write it; None for anything else, also for extra zeros."""
    match = NUMBER.fullmatch(number)
    if not match or len(match[3]) > len(str(LARGEST)):
        return None
    parts = match[1], int(match[2]), int(match[3])
    return parts if number_text(*parts) == number else None


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
        return [number_text(jurisdiction, year, n) for n in range(last - count + 1, last + 1)]

    @classmethod
    def last_of(cls, jurisdiction, year):
        """The last number given there; 0 when none was."""
        return cls.objects.filter(jurisdiction=jurisdiction, year=year).values_list("last", flat=True).first() or 0

    @classmethod
    def may_bring(cls, number, last):
        """True when an imported row may keep ``number`` where ``last`` is the last one given.

        A sequence that has begun is not moved by a file: a single row could use up the year. One that has not is being
        restored, up to six digits.
        """
        return parts_of(number)[2] <= (last or RESTORED)

    @classmethod
    def reserve(cls, numbers):
        """Make the sequences stand at or behind ``numbers`` that an imported ledger brought along."""
        highest = {}
        for number in numbers:
            jurisdiction, year, n = parts_of(number)
            highest[jurisdiction, year] = max(highest.get((jurisdiction, year), 0), n)
        for (jurisdiction, year), n in highest.items():
            cls.objects.bulk_create([cls(jurisdiction=jurisdiction, year=year)], ignore_conflicts=True)
            cls.objects.filter(jurisdiction=jurisdiction, year=year, last__lt=n).update(last=n)
