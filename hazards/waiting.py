"""What stands on a person's desk: rows in groups, the most urgent first, each row in its most urgent group only.

Overdue rows come first, because they are what the desk counts in red; then whatever an act waits for (``waits_for``), what is nearest
to the end of a life before what has just begun. An act added to the law page is here at once.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from accounts.roles import Role
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard, Instruction, Transfer
from hazards.models.reach import reached_by
from journal.acts import Act, acts_of, named

EVERYTHING = "all"
OVERDUE = "overdue"  # the tab of the first two groups
INSTRUCTED = "instructed"  # what a leader, or the safety office for one, waits to be answered

MISSING = "progress_missing"  # reports of progress that did not come in time
UNREPORTED = "report_missing"  # reports of major hazards that were not made at once
UNISSUED = "issue_missing"  # orders that were not given in time


@dataclass(frozen=True)
class Group:
    """``name`` in addresses, ``tab`` the one it is shown under, ``since`` the column that says how long its ``rows`` have waited, or
    by which day they are to be done."""

    name: str
    label: str
    rows: Q
    since: str = "deadline"
    tab: str = OVERDUE
    act: Act | None = None
    waits: str = ""  # what else than the act the record waits for
    of_any_state: bool = False  # without an act: whether its rows need not be open ones

    @property
    def guests(self):
        """Whether it shows also what one reads though another unit answers for it."""
        return self.act is not None and all(move.guests for move in self.act.moves)

    def among(self, rows, user):
        """Its rows; ``rows`` are ``user``'s own, which others cannot stand among."""
        return (Hazard.objects.visible_to(user) if self.guests else rows).filter(self.rows)

    @property
    def is_open(self):
        """Whether all its rows are open ones, which the figures are counted from."""
        if self.guests:
            return False
        return (
            not self.of_any_state
            if self.act is None
            else all(state in OPEN_STATES for move in self.act.moves for state in move.sources)
        )


def groups_of(user, today):
    """The groups of ``user``, the most urgent first; what they hold is cut to the person's scope by whoever reads it."""
    overdue, major = Q(state=State.RECTIFYING, deadline__lt=today), Q(level=Hazard.Level.MAJOR)
    groups = [
        Group("overdue_major", "重大逾期", overdue & major),
        Group("overdue_general", "一般逾期", overdue & ~major),
    ]
    taken = overdue
    for group in _progress(user, today):
        groups.append(replace(group, rows=group.rows & ~taken))
        taken |= group.rows
    for act in reversed(acts_of(Hazard)):
        waiting = act.waits_for(user) if act.waits_for else None
        if waiting is not None:
            group = Group(act.name, act.group, waiting, act.waits_since, act.name, act)
            # What one reads as a guest is overdue on the desk of another, and stands here alone.
            groups.append(replace(group, rows=waiting & ~(taken & reached_by(user) if group.guests else taken)))
            taken |= waiting
    if user.role == Role.SAFETY_OFFICE and user.is_manager:
        late = Q(pk__in=Transfer.objects.open().filter(due_on__lt=today).values("hazard")) & ~taken
        assign = named(Hazard, "assign_transfer")
        groups.append(Group(assign.name, "移交逾期未答复", late, "transfer_due_on", assign.name, assign))
        taken |= late
    asked = instructed_by(user)
    if asked is not None:
        waiting = Q(pk__in=asked.values("hazard"))
        rows = waiting & ~taken
        taken |= waiting
        groups.append(
            Group(
                INSTRUCTED, "等回复的批示", rows, "reply_due_on", INSTRUCTED, waits="等单位回复批示", of_any_state=True
            )
        )
    for group in _missing(user, today):  # what others should do, after all that is one's own
        groups.append(replace(group, rows=group.rows & ~taken))
        taken |= group.rows
    return groups


def _progress(user, today):
    """Reports of progress on major hazards: those that are due soon for who makes them, those that are missing for who supervises."""
    due = Q(state=State.RECTIFYING, progress_due_on__isnull=False)
    if user.role == Role.ENTERPRISE:
        soon = today + timedelta(days=settings.PROGRESS_NOTICE_DAYS)
        act = named(Hazard, "report_progress")
        yield Group(act.name, "待报进展", due & Q(progress_due_on__lte=soon), "progress_due_on", act.name, act)
    elif user.is_manager:
        missing = due & Q(progress_due_on__lt=today)
        yield Group(MISSING, "进展逾期未报", missing, "progress_due_on", MISSING, waits="等企业报告进展")


def _missing(user, today):
    """What others should have done by a day before ``today``, for those who see to it that they do: reports of major hazards for
    the managers of the unit over the one that owes them and for the safety offices, orders for the latter."""
    if not user.is_manager:
        return
    unreported = Q(state__in=OPEN_STATES, report_owed_on__lt=today) & ~named(Hazard, "report_major").waits_for(user)
    if user.role != Role.SAFETY_OFFICE:
        unreported &= Q(found_by_unit__parent=user.unit_id)
    yield Group(
        UNREPORTED, "重大隐患逾期未报告", unreported, "report_owed_on", UNREPORTED, waits="等登记单位报告重大隐患"
    )
    if user.role == Role.SAFETY_OFFICE:
        unissued = Q(state=State.REGISTERED, issue_due_on__lt=today)
        yield Group(UNISSUED, "逾期未下达", unissued, "issue_due_on", UNISSUED, waits="等乡镇、部门安全负责人下达整改")


def instructed_by(user):
    """The open instructions whose answer ``user`` waits for: a leader's own, and those an office wrote down; None for others."""
    if user.role == Role.LEADER:
        return Instruction.objects.open().filter(leader=user)
    if user.role == Role.SAFETY_OFFICE and user.is_manager:
        return Instruction.objects.open().filter(by__unit=user.unit_id)
    return None


def choices(user, today):
    """What can be asked of a list: ``[(name, words), …]``, the tabs among them."""
    if not user.is_authenticated:  # the command line asks for rows, not for anybody's work
        return []
    tabs = [(EVERYTHING, "全部"), (OVERDUE, "逾期未整改")]
    return tabs + [(group.name, group.label) for group in groups_of(user, today)]


def standing(name, user, today):
    """A ``Q`` for the rows, of all that ``user`` sees, that the tab or group called ``name`` shows."""
    wanted, own = Q(pk__in=[]), reached_by(user)
    for group in groups_of(user, today):
        if name in (EVERYTHING, group.tab, group.name):
            wanted |= group.rows if group.guests else group.rows & own
    return wanted


def shares(counts, room):
    """How many of each group are shown in ``room`` rows: half of it is shared alike, so that nothing is hidden by a long group
    before it; the rest goes to the most urgent."""
    least = max(room // (2 * max(sum(1 for count in counts if count), 1)), 1)
    shown = []
    for count in counts:
        shown.append(min(count, least, room - sum(shown)))
    for place, count in enumerate(counts):
        shown[place] += min(count - shown[place], room - sum(shown))
    return shown
