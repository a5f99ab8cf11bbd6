"""A township, a department and a firm that owe reports, and the moments of their week."""

from datetime import datetime

import pytest

from reporting.models import Report
from reporting.terms import Kind
from tests.factories import ZONE, UnitFactory, UserFactory
from tests.reports import ask_for


def on(day, hour=9, minute=0):
    """A moment of November or December 2026: ``on(23, 12)``; days beyond 30 lie in December."""
    month, day = (11, day) if day <= 30 else (12, day - 30)
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def monday():
    """Monday 2026-11-23, 09:00: week 47 is closed."""
    return on(23)


@pytest.fixture
def bureau(db):
    return UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"), full_name="乔海川")


@pytest.fixture
def asked(manager, bureau, safety_office, leader, monday):
    """The reports of week 47: of the township and the department."""
    return ask_for(Kind.WEEKLY, at=monday)


@pytest.fixture
def report(asked, township):
    return Report.objects.get(unit=township)


@pytest.fixture
def monthly(enterprise_user, manager, safety_office):
    """The firm's report of October."""
    [report] = ask_for(Kind.MONTHLY, at=on(2))
    return report
