from datetime import datetime

import pytest

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
    """Writes one message about ``key`` to people and returns the rows: ``post("a", reader)``."""

    def make(key, *people, **fields):
        when = fields.pop("at", at)
        mail_at = fields.pop("mail_at", when)
        for person in people:
            facts = {
                "title": f"标题{key}",
                "url": f"/hazards/{key}/",
                "created_at": when,
                "next_try_at": mail_at,
            } | fields
            Notification.objects.create(recipient=person, key=key, **facts)
        return list(Notification.objects.filter(key=key).order_by("recipient_id"))

    return make
