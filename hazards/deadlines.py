"""Date arithmetic only: no database, no clock, no Django.

A deadline counts whole days to 24:00 Asia/Shanghai. The reminder ladder is data (domain: house default per level):
steps before the deadline, on the day, after it, then a repeat that never falls silent while the hazard is open.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

REVIEW_DAYS = 10  # a submitted feedback is to be reviewed within 10 days (总局令16号 §23, for major hazards; local default for all)


def after_months(day, months):
    """The same day ``months`` later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after_days(start, days):
    """``start`` plus ``days`` calendar days."""
    return start + timedelta(days=days)


@dataclass(frozen=True)
class Step:
    """Where a ladder stands: ``offset`` in days after the deadline (negative: before) and the ``audience`` to tell."""

    offset: int
    audience: str

    @property
    def code(self):
        """``T-3`` before, ``T0`` on the day, ``T+4`` after."""
        return f"T{self.offset:+d}" if self.offset else "T0"


@dataclass(frozen=True)
class Ladder:
    """Fixed offsets per audience, and the days between repeats after the last fixed offset (0: no repeats)."""

    offsets: dict[str, tuple[int, ...]]
    repeat: dict[str, int]

    def current(self, audience, days_after):
        """The latest step at or before ``days_after`` for ``audience``, or None. After a stop of the worker only this one
        is sent: nobody gets "3 days left" when the day has passed."""
        offsets = self.offsets[audience]
        reached = [offset for offset in offsets if offset <= days_after]
        if not reached:
            return None
        last, every = offsets[-1], self.repeat.get(audience, 0)
        if reached[-1] == last and every:
            return Step(last + (days_after - last) // every * every, audience)
        return Step(reached[-1], audience)

    def following(self, days_after):
        """The smallest offset later than ``days_after`` over all audiences, or None when the ladder has ended."""
        later = []
        for audience, offsets in self.offsets.items():
            ahead = [offset for offset in offsets if offset > days_after]
            every = self.repeat.get(audience, 0)
            if ahead:
                later.append(ahead[0])
            elif every:
                later.append(offsets[-1] + ((days_after - offsets[-1]) // every + 1) * every)
        return min(later, default=None)


HOLDER, MANAGER, LEADER = "holder", "manager", "leader"
LADDERS = {
    "general": Ladder(offsets={HOLDER: (-3, -1, 0, 1, 3), MANAGER: (3,)}, repeat={HOLDER: 3}),
    "major": Ladder(offsets={HOLDER: (-7, -3, -1, 0, 1), MANAGER: (1,), LEADER: (1,)}, repeat={HOLDER: 1}),
}


def current_steps(level, deadline, today):
    """The steps a hazard of ``level`` stands on ``today``: at most one per audience."""
    ladder = LADDERS[level]
    days_after = (today - deadline).days
    steps = (ladder.current(audience, days_after) for audience in ladder.offsets)
    return [step for step in steps if step is not None]


def next_reminder_on(level, deadline, *, after):
    """The first day later than ``after`` on which the ladder of ``level`` has a step; None when it has ended."""
    offset = LADDERS[level].following((after - deadline).days)
    return None if offset is None else deadline + timedelta(days=offset)


def first_reminder_on(level, deadline, *, today):
    """When to look at a hazard first after its deadline was set ``today``: the deadline being near, a step may be due at once."""
    return today if current_steps(level, deadline, today) else next_reminder_on(level, deadline, after=today)
