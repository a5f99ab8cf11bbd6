"""More time for a hazard under rectification: asked for, granted or refused. The deadline in force runs on meanwhile."""

from datetime import timedelta

from django.conf import settings

from hazards.models import Extension, ExtensionDecision
from journal import gate
from journal.gate import day_of
from journal.refusal import Refused
from workdays.operations import load_calendar

UNASKED = {"extension_due_on": None, "extension_asked_by": None}  # no request waits for a decision


def last_day_to_ask(hazard, calendar):
    """The last day on which more time may be asked for."""
    return calendar.add_working_days(hazard.deadline, -settings.EXTENSION_NOTICE_WORKING_DAYS).date


def farthest(hazard):
    """The last day to which the deadline may be extended."""
    return hazard.original_deadline + timedelta(days=settings.EXTENSION_DAYS_AT_MOST)


def _still_late(hazard, today):
    """The deadline before a reset that had passed without a feedback that holds: an extension granted since does not undo it."""
    before = hazard.deadline_before_reset
    return before if before is not None and before < today else None


def request_extension(hazard, *, by, at, until, reason, protection):
    """Ask for the deadline ``until``: why, and what protects people while the hazard is there (临时管控措施).

    Only while the deadline in force is some working days ahead, and not beyond `farthest`. It is to be decided within the
    working days that the settings say.
    """
    gate.check(hazard, "request_extension", by=by)
    calendar, today = load_calendar(), day_of(at)
    if today > last_day_to_ask(hazard, calendar):
        days = settings.EXTENSION_NOTICE_WORKING_DAYS
        raise Refused(f"延期须在整改期限 {hazard.deadline} 前至少 {days} 个工作日申请，现在已来不及；请抓紧整改并反馈")
    if until <= hazard.deadline:
        raise Refused(f"申请的期限须晚于现在的整改期限 {hazard.deadline}")
    if until > farthest(hazard):
        raise Refused(
            f"延期后的期限不能超过原定期限后 {settings.EXTENSION_DAYS_AT_MOST} 天，最迟 {farthest(hazard)}；请改选更早的日期"
        )
    due_on = calendar.add_working_days(today, settings.EXTENSION_DECISION_WORKING_DAYS).date
    asked = Extension(
        hazard=hazard,
        deadline=hazard.deadline,
        until=until,
        reason=reason,
        protection=protection,
        due_on=due_on,
        by=by,
        at=at,
    )
    return gate.move(
        hazard,
        "request_extension",
        by=by,
        at=at,
        note=reason,
        beside=[asked],
        changes={"申请延期至": until, "临时管控措施": protection, "批复期限": due_on},
        extension_due_on=due_on,
        extension_asked_by=by,
    )


def decide_extension(hazard, *, by, at, granted, opinion):
    """Grant the request that waits, which sets the deadline asked for, or refuse it; never by the person who asked.

    The original deadline stays. Feedback that arrives first lets the request lapse, and this is refused.
    """
    name = "grant_extension" if granted else "refuse_extension"
    gate.check(hazard, name, by=by)
    # Read after the row: what somebody else does to the row meanwhile, the gate sees by its version.
    asked = gate.waiting(hazard.extension_requests.filter(decision=None), "这次延期申请")
    decision = ExtensionDecision(request=asked, granted=granted, opinion=opinion, by=by, at=at)
    if not granted:
        return gate.move(hazard, name, by=by, at=at, note=opinion, beside=[decision], **UNASKED)
    if asked.until <= hazard.deadline:
        raise Refused(f"申请延期至 {asked.until}，并不晚于现在的整改期限 {hazard.deadline}；只能选择不同意")
    if asked.until < day_of(at):
        raise Refused(f"申请延期至 {asked.until}，这一天已经过去；只能选择不同意，请企业抓紧整改")
    return gate.move(
        hazard,
        name,
        by=by,
        at=at,
        note=opinion,
        beside=[decision],
        changes={"整改期限": f"{hazard.deadline} → {asked.until}"},
        deadline=asked.until,
        # What was late before a failed review set another day stays late; time that was left is what is extended.
        deadline_before_reset=_still_late(hazard, day_of(at)),
        extensions=hazard.extensions + 1,
        deadline_unpublished=False,
        working_days=None,
        counted_from=None,
        **UNASKED,
    )
