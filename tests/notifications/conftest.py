from datetime import datetime

import pytest

from notifications import operations
from notifications.models import Notification
from tests.factories import ZONE, UserFactory


@pytest.fixture
def at():
    return datetime(2026, 11, 20, 12, tzinfo=ZONE)  # a Friday


@pytest.fixture
def reader(db):
    return UserFactory(full_name="郑有田", email="zheng@example.com")


@pytest.fixture
def neighbour(db):
    return UserFactory(full_name="丁怀民", email="ding@example.com")


@pytest.fixture
def post(at):
    """Posts one message about ``key`` to people and returns the rows: ``post("a", reader)``."""

    def make(key, *people, **fields):
        fields = {"title": f"标题{key}", "url": f"/hazards/{key}/", "at": at, **fields}
        operations.post(recipients=people, key=key, **fields)
        return list(Notification.objects.filter(key=key).order_by("recipient_id"))

    return make
