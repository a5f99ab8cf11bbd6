import pytest

from bulletins import operations
from tests.bulletins.places import city, frozen, overdue


@pytest.fixture
def places(db):
    return city()


@pytest.fixture
def hazard(places):
    return overdue(places["firm"])


@pytest.fixture
def week(places, hazard, noon):
    return frozen(noon)


@pytest.fixture
def draft(places, week, noon):
    return operations.draft_bulletin(by=places["writer"], at=noon, freeze=week)


@pytest.fixture
def pending(places, draft, noon):
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    return draft


@pytest.fixture
def issued(places, pending, noon):
    operations.issue_bulletin(pending, by=places["head"], at=noon)
    return pending
