"""When somebody is reminded of a report that is due: the ladders of `hazards.deadlines`, counted in hours instead of days."""

from datetime import timedelta

from django.conf import settings

from hazards.deadlines import Ladder
from reporting.terms import Kind

HOUR, DAY, WEEK = timedelta(hours=1), 24, 7 * 24
FILER, OFFICE = "filer", "office"  # who owes the report; the offices that receive it


def ladder_of(kind):
    """A weekly report is due hours after it can be filed, a monthly one days: before that moment one reminder, then one each day for a
    week, then each week as long as it is owed. The offices hear after some days of whatever is missing, then weekly."""
    ahead = settings.REPORT_REMINDER_HOURS if kind == Kind.WEEKLY else DAY
    filers, offices = (-ahead, *range(0, WEEK + 1, DAY)), (settings.REPORT_OFFICE_DAYS * DAY,)
    return Ladder({FILER: filers, OFFICE: offices}, {FILER: WEEK, OFFICE: WEEK})


def steps_at(kind, due_at, at):
    """The steps on which a report due at ``due_at`` stands at ``at``: at most one for each audience."""
    ladder, hours = ladder_of(kind), (at - due_at) // HOUR
    steps = (ladder.current(audience, hours) for audience in ladder.offsets)
    return [step for step in steps if step is not None]


def next_at(kind, due_at, *, after):
    """The first moment later than ``after`` at which there is a step."""
    return due_at + ladder_of(kind).following((after - due_at) // HOUR) * HOUR


def first_at(kind, due_at, *, at):
    """When to look first at a report that became due at ``due_at`` by an act at ``at``: at once, where a step has been reached."""
    return at if steps_at(kind, due_at, at) else next_at(kind, due_at, after=at)
