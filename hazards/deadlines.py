"""Date arithmetic only: no database, no clock, no Django.

A deadline counts whole days to 24:00 Asia/Shanghai. The reminder ladders are data (domain: house defaults per cause and level):
steps before the day something is owed by, on the day, after it, then a repeat that never falls silent while it is owed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


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


# Whom a step tells, as hazards.audience finds them. Who holds the duty:
HOLDER, COMPETENT, SUPERVISING, REGISTRAR = "holder", "competent", "supervising", "registrar"
# … or may do it: give the order, decide on more time, review,
ORDERER, ISSUER, REVIEWER, LOCAL = "orderer", "issuer", "reviewer", "local"
# … and who sees to it that they do: those over the holder, the township, the issuer, the registrar, and the safety offices.
MANAGER, SUPERIOR, OVER_ISSUER, OVER_REGISTRAR, FINDER, LEADER, OFFICE = (
    "manager", "superior", "over_issuer", "over_registrar", "finder", "leader", "office",
)  # fmt: skip

# What is owed of a hazard (hazards.causes).
RECTIFY, ISSUE, REVIEW, ACCEPT, EXTENSION, PLAN, PROGRESS, REPORT = (
    "rectify", "issue", "review", "accept", "extension", "plan", "progress", "report",
)  # fmt: skip


def _ladder(*holders, to, before=(-1,), every=3, manager=3, office=7):
    """The house's ladder of a duty: ``before`` the day, on it and the day after, then ``every`` so many days to its ``holders``; on
    the day ``manager`` after it ``to`` the person over them, on the day ``office`` to the safety offices, and there every week."""
    offsets = dict.fromkeys(holders, (*before, 0, 1)) | ({to: (manager,)} if to else {}) | {OFFICE: (office,)}
    return Ladder(offsets, dict.fromkeys(holders, every) | {OFFICE: 7})


# By cause, then by level.
LADDERS = {
    RECTIFY: {
        "general": Ladder(offsets={HOLDER: (-3, -1, 0, 1, 3), MANAGER: (3,)}, repeat={HOLDER: 3}),
        "major": Ladder(offsets={HOLDER: (-7, -3, -1, 0, 1), MANAGER: (1,), LEADER: (1,)}, repeat={HOLDER: 1}),
    },
    ISSUE: {
        "general": _ladder(ORDERER, to=SUPERIOR),
        "major": _ladder(ORDERER, to=SUPERIOR, every=1, manager=1, office=3),
    },
    REVIEW: {"general": _ladder(REVIEWER, LOCAL, to=OVER_REGISTRAR, before=(-3, -1))},
    # The safety offices may accept as well as urge.
    ACCEPT: {"major": _ladder(COMPETENT, SUPERVISING, to=None, before=(-3, -1), office=1)},
    EXTENSION: {
        "general": _ladder(ISSUER, to=OVER_ISSUER, manager=1, office=3),
        "major": _ladder(ISSUER, to=None, office=1),
    },
    PLAN: {"major": _ladder(HOLDER, to=MANAGER, before=(-3, -1), manager=1, office=3)},
    PROGRESS: {"major": _ladder(HOLDER, to=MANAGER, before=(-7, -1), office=7)},
    # At once means on the day; from the next on it is late.
    REPORT: {"major": _ladder(REGISTRAR, to=FINDER, before=(), every=1, manager=1, office=1)},
}


def current_steps(level, deadline, today, cause=RECTIFY):
    """The steps a hazard of ``level`` stands on ``today`` in what it owes by ``deadline``: at most one per audience."""
    ladder = LADDERS[cause][level]
    days_after = (today - deadline).days
    steps = (ladder.current(audience, days_after) for audience in ladder.offsets)
    return [step for step in steps if step is not None]


def next_reminder_on(level, deadline, *, after, cause=RECTIFY):
    """The first day later than ``after`` on which that ladder has a step; None when it has ended."""
    offset = LADDERS[cause][level].following((after - deadline).days)
    return None if offset is None else deadline + timedelta(days=offset)


def first_reminder_on(level, deadline, *, today, cause=RECTIFY):
    """When to look at a hazard first after the day was set ``today``: it being near, a step may be due at once."""
    if current_steps(level, deadline, today, cause):
        return today
    return next_reminder_on(level, deadline, after=today, cause=cause)
