"""What is owed of a hazard, and by which day: the causes of reminders. Read from the row alone, so that whatever an act settles is
owed no more in the same transaction. A further cause is an entry here and its ladder in `hazards.deadlines`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from hazards import deadlines
from hazards.lifecycle import OPEN_STATES, State

URGING = frozenset(
    {
        deadlines.MANAGER,
        deadlines.SUPERIOR,
        deadlines.OVER_ISSUER,
        deadlines.OVER_REGISTRAR,
        deadlines.FINDER,
        deadlines.OFFICE,
    }
)


@dataclass(frozen=True)
class Cause:
    """``duty``: what is to be done, in words. ``due``: hazard -> the day by which it is owed, None where it is not. ``bodies`` and
    ``persons``: whom its ladders name, as `hazards.audience.told_sql` is asked for them."""

    name: str
    duty: str
    due: Callable
    bodies: tuple[str, ...] = ()
    persons: bool = False

    def tail(self, due):
        """What of the key of its reminders follows the hazard and comes before the step: they are of this cause and day."""
        about = "" if self.name == deadlines.RECTIFY else f":{self.name}"
        return f"{about}:{due.isoformat()}:"

    def words(self, audience, days_after):
        """What ``audience`` reads ``days_after`` the day; true on that day, whichever step it is."""
        if days_after < 0:
            when = f"剩 {-days_after} 天"
        else:
            when = f"逾期 {days_after} 天" if days_after else "今天到期"
        if self.name == deadlines.RECTIFY and audience == deadlines.HOLDER:
            return f"整改期限提醒：{when}" if days_after <= 0 else when
        if audience == deadlines.LEADER:
            return f"重大隐患{when}"
        return f"请督促{self.duty}：{when}" if audience in URGING else f"请{self.duty}：{when}"


def _when(condition, due):
    return lambda hazard: due(hazard) if condition(hazard) else None


def _is_rectifying(hazard):
    return hazard.state == State.RECTIFYING


def review_due(hazard):
    """The day by which the feedback under review is to be judged, of a major hazard accepted on site (总局令第16号 §23); None where
    none is, or where nobody knows since when it waits."""
    if hazard.state != State.PENDING_REVIEW or hazard.feedback_on is None:
        return None
    return hazard.feedback_on + timedelta(days=_judging_days(hazard.level))


def late_to_judge(today):
    """`review_due` for all rows at once: a ``Q`` of the feedbacks that should have been judged before ``today``."""
    general, major = (
        Q(level=level, feedback_on__lt=today - timedelta(days=_judging_days(level))) for level in ("general", "major")
    )
    return Q(state=State.PENDING_REVIEW) & (general | major)


def _judging_days(level):
    return settings.ACCEPTANCE_DAYS if level == "major" else settings.REVIEW_DAYS


def _of(level):
    return lambda hazard: hazard.level == level


CAUSES = {
    cause.name: cause
    for cause in (
        Cause(deadlines.RECTIFY, "整改", _when(_is_rectifying, lambda hazard: hazard.deadline)),
        Cause(
            deadlines.ISSUE,
            "下达整改",
            _when(lambda hazard: hazard.state == State.REGISTERED, lambda hazard: hazard.issue_due_on),
            persons=True,
        ),
        Cause(deadlines.REVIEW, "复查", _when(_of("general"), review_due), persons=True),
        Cause(
            deadlines.ACCEPT,
            "验收",
            _when(_of("major"), review_due),
            bodies=(deadlines.COMPETENT, deadlines.SUPERVISING),
        ),
        Cause(
            deadlines.EXTENSION,
            "批复延期申请",
            _when(_is_rectifying, lambda hazard: hazard.extension_due_on),
            persons=True,
        ),
        Cause(deadlines.PLAN, "报整改方案", _when(_is_rectifying, lambda hazard: hazard.plan_due_on)),
        Cause(deadlines.PROGRESS, "报告整改进展", _when(_is_rectifying, lambda hazard: hazard.progress_due_on)),
        Cause(
            deadlines.REPORT,
            "报告重大隐患",
            _when(lambda hazard: hazard.state in OPEN_STATES, lambda hazard: hazard.report_owed_on),
            persons=True,
        ),
    )
}


def owed(hazard):
    """``[(cause, day), …]`` of everything that is owed of ``hazard`` now."""
    found = ((cause, cause.due(hazard)) for cause in CAUSES.values() if hazard.level in deadlines.LADDERS[cause.name])
    return [(cause, due) for cause, due in found if due is not None]
