"""Who is told of an event: nobody who could not open what the message quotes."""

import pytest

from inspections import operations
from inspections.models import Enterprise
from journal import acts, outbox
from notifications.consumers import tell_people
from notifications.models import Notification
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    return UserFactory(role="manager", unit=UnitFactory(code="411403001"))


def edited(enterprise, manager):
    operations.edit(enterprise, by=manager, at=NOON, address="新地址 8 号")
    outbox.place(Enterprise.stream())
    return list(Enterprise.stream().objects.filter(record=enterprise, kind="edit").select_related("record"))


def test_an_audience_may_name_anybody_but_only_readers_are_told(
    enterprise, manager, colleague, stranger, monkeypatch, django_assert_max_num_queries
):
    gone = UserFactory(role="manager", unit=manager.unit, is_active=False)
    named = {colleague.pk, manager.pk, stranger.pk, gone.pk}
    notice = acts.Notice("企业信息已修改", lambda events: {event.pk: set(named) for event in events})
    monkeypatch.setattr(acts, "notice_of", lambda kind, move: notice)
    events = edited(enterprise, manager)
    with django_assert_max_num_queries(8):
        tell_people(events, at=NOON)
    told = Notification.objects.get()
    assert told.recipient == colleague  # not the stranger, not the one who left, not who did it
    assert told.url == enterprise.get_absolute_url() and enterprise.name in told.title
