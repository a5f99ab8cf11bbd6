"""Numbers of hazards: ``YH-4114-2026-000001``, by city and year."""

from journal.numbering import Numbering

RESTORED = 999_999  # the highest number a ledger may bring into a year that has none
NUMBERING = Numbering(kind="YH", unit="[0-9]{4}")


def may_bring(number, last):
    """True when an imported row may keep ``number`` where ``last`` is the last one given.

    A sequence that has begun is not moved by a file: a single row could use up the year. One that has not is being
    restored, up to six digits.
    """
    return NUMBERING.parts_of(number)[2] <= (last or RESTORED)
