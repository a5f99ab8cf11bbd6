"""A major hazard and those who answer for it above the township."""

from datetime import timedelta

import pytest

from hazards import operations
from tests.factories import UnitFactory, UserFactory
from tests.hazards.majors import ZEROS, plan, report


@pytest.fixture
def bodies(enterprise):
    """The competent and the supervising department of the firm's county, each with a manager and an inspector."""
    sector = enterprise.sector
    sector.competent_function, sector.supervising_function = "YJ", "SW"
    sector.save()
    found = {}
    for kind, function in (("competent", "YJ"), ("supervising", "SW")):
        unit = UnitFactory(code=f"411402-{function}")
        found[kind] = UserFactory(role="manager", unit=unit)
        found[f"{kind}_inspector"] = UserFactory(role="inspector", unit=unit)
    return found


@pytest.fixture
def major(bodies, registered, manager, clock):
    """A major hazard under rectification, with both departments, without report and plan."""
    at = next(clock)
    operations.correct(registered, by=manager, at=at, reason="够标准", level="major", basis="令第10号第十一条")
    operations.issue(registered, by=manager, at=at, days=30)
    return registered


@pytest.fixture
def planned(major, enterprise_user, bodies, clock):
    """The same with an approved plan."""
    at = next(clock)
    operations.file_plan(major, by=enterprise_user, at=at, **plan(major))
    operations.decide_plan(major, by=bodies["competent"], at=at + timedelta(hours=1), approved=True, opinion="可行")
    return major


@pytest.fixture
def answered(planned, manager, enterprise_user, clock, photo):
    photos, at = [photo(enterprise_user)], next(clock)
    report(planned, by=manager, at=at)
    operations.submit_feedback(planned, by=enterprise_user, at=at, content="已隔开", photos=photos, **ZEROS)
    return planned
