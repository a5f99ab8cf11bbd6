"""Days by which the next thing is owed, as the settings count them from the day of the act that makes it owed."""

from datetime import timedelta

from django.conf import settings

from hazards.lifecycle import State
from hazards.models import Hazard
from journal.gate import day_of
from workdays.operations import load_calendar


def issue_due(level, today, calendar=None):
    """The day by which a hazard registered, or made one of ``level``, on ``today`` is issued."""
    is_major = level == Hazard.Level.MAJOR
    days = settings.ISSUE_WORKING_DAYS_MAJOR if is_major else settings.ISSUE_WORKING_DAYS
    return (calendar or load_calendar()).add_working_days(today, days).date


def plan_due(today):
    """The day by which the plan of a major hazard ordered, or returned, on ``today`` is filed."""
    return today + timedelta(days=settings.PLAN_DAYS)


def owed_from(hazard, today, calendar=None):
    """The columns that say by when the order or the plan of a hazard is owed that enters the ledger as it stands on ``today``."""
    if hazard.state == State.REGISTERED:
        return {"issue_due_on": issue_due(hazard.level, today, calendar)}
    is_planless = hazard.level == Hazard.Level.MAJOR and hazard.state == State.RECTIFYING
    return {"plan_due_on": plan_due(today)} if is_planless else {}


def owed_as(level, hazard, today):
    """The columns that say by when the order or the plan is owed of a hazard that is of ``level`` from ``today`` on: an order that was
    late already stays so, and one that is no more so urgent has the days of any other since it was registered."""
    if hazard.state == State.REGISTERED:
        if level == Hazard.Level.MAJOR:
            due = issue_due(level, today)
            return {"issue_due_on": min(hazard.issue_due_on or due, due)}
        return {"issue_due_on": issue_due(level, day_of(hazard.registered_at))}
    is_planless = level == Hazard.Level.MAJOR and hazard.state == State.RECTIFYING
    return {"plan_due_on": plan_due(today)} if is_planless else {}
