"""Messages do not outlive access: list, bell, mail and links show what the reader may read at that moment."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils.html import strip_tags
from hypothesis import given, settings, strategies

from accounts.models import User
from accounts.roles import Role
from hazards import operations as ledger
from hazards.models import Hazard
from journal import outbox
from notifications import operations
from notifications.models import COUNTED, Notification
from tests.factories import NOON, TODAY, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
SEATS = ("411402001", "411402002", "411403001", "411402-AWB", "411402-YJ", "4114")
STAFF = strategies.lists(
    strategies.tuples(strategies.sampled_from(SEATS), strategies.sampled_from(Role.values), strategies.booleans()),
    min_size=2,
    max_size=5,
)


@given(STAFF, strategies.data())
@settings(max_examples=30)
def test_whoever_moves_finds_in_the_inbox_what_they_read_and_gets_it_back_on_return(staff, data):
    def check():
        units = {code: UnitFactory(code=code) for code in SEATS}
        people = [UserFactory(unit=units[code], role=role, email="a@example.com") for code, role, _ in staff]
        firms = [EnterpriseFactory(township=units[code]) for code in SEATS[:3]]
        for person, (_, _, member) in zip(people, staff, strict=True):
            if member:
                data.draw(strategies.sampled_from(firms)).members.add(person)
        hazards = [HazardFactory(enterprise=firm, competent_unit=units["411402-YJ"]) for firm in firms]
        for person in people:
            for row in hazards:
                Notification.objects.create(
                    recipient=person, key=f"hazard:{row.pk}", title=str(row), url=row.get_absolute_url(),
                    record_kind="hazard", record_id=row.pk, created_at=NOON, next_try_at=NOON,
                )  # fmt: skip
            Notification.objects.create(recipient=person, key="x", title="x", created_at=NOON, next_try_at=None)
        for _ in range(data.draw(strategies.integers(1, 4))):
            User.objects.filter(pk=data.draw(strategies.sampled_from(people)).pk).update(
                unit=units[data.draw(strategies.sampled_from(SEATS))],
                role=data.draw(strategies.sampled_from(Role.values)),
            )
            for one in User.objects.filter(pk__in=[person.pk for person in people]):
                readable = set(Hazard.objects.visible_to(one).values_list("pk", flat=True))
                shown = set(Notification.objects.visible_to(one).values_list("record_id", flat=True))
                assert shown == {*readable, None}
        mail.outbox.clear()
        operations.deliver_waiting(at=NOON)
        posted = Notification.objects.exclude(email_sent_at=None)
        assert all(Hazard.objects.visible_to(one.recipient).filter(pk=one.record_id).exists() for one in posted)
        assert not Notification.objects.exclude(next_try_at=None).exists(), "nothing waits for ever"

    with transaction.atomic():
        try:
            check()
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def told(registered, manager, foreign_township):
    """The township's manager was told of the hazard, and is of another township now."""
    Hazard.objects.update(territorial_holder=manager)
    outbox.publish(at=NOON)
    message = manager.notifications.get()
    User.objects.filter(pk=manager.pk).update(unit=foreign_township, email="m@example.com")
    return message


def test_every_door_hides_what_is_read_no_more(told, client, manager, township):
    client.force_login(User.objects.get(pk=manager.pk))
    inbox = reverse("notifications:inbox")
    page = client.get(f"{inbox}?tab=all").content.decode()
    assert told.title not in strip_tags(page) and "，0 条未读" in page
    assert client.get(reverse("notifications:open", args=[told.pk])).status_code == 404
    assert client.post(reverse("notifications:read_all"), {"up_to": told.pk}).status_code == 302
    assert operations.deliver_waiting(at=NOON + timedelta(days=1)) == 0 and not mail.outbox
    told.refresh_from_db()
    assert told.read_at is None and told.next_try_at is None

    User.objects.filter(pk=manager.pk).update(unit=township)
    html = client.get(inbox).content.decode()
    assert told.title in strip_tags(html) and "，1 条未读" in html


def test_every_sender_says_of_which_record_it_speaks(registered, manager, enterprise_user):
    Hazard.objects.update(territorial_holder=manager, enterprise_holder=enterprise_user)
    registered.refresh_from_db()
    ledger.issue(registered, by=manager, at=NOON, days=0)
    outbox.publish(at=NOON)
    ledger.send_reminders(at=NOON, today=TODAY)
    assert Notification.objects.count() >= 3
    assert set(Notification.objects.values_list("record_kind", "record_id")) == {("hazard", registered.pk)}


def test_marking_all_read_leaves_what_came_after_the_page_was_drawn(client, post, reader, at):
    post("old", reader, at=at - timedelta(hours=1))
    post("a", reader)
    client.force_login(reader)
    page = client.get(reverse("notifications:inbox"))
    shown = page.context["rows"][0]
    assert f'name="up_to" value="{shown.pk}"' in page.content.decode()
    post("new", reader)  # of the same moment
    post("newer", reader, at=at + timedelta(minutes=1))
    client.post(reverse("notifications:read_all"), {"up_to": shown.pk})
    assert set(Notification.objects.unread().values_list("key", flat=True)) == {"new", "newer"}


@pytest.mark.parametrize("sent", [None, "", "x", "²", "-1", "9" * 30, "0"])
def test_marking_without_knowing_the_page_marks_nothing(client, post, reader, sent):
    post("a", reader)
    client.force_login(reader)
    given = {} if sent is None else {"up_to": sent}
    response = client.post(reverse("notifications:read_all"), given, follow=True)
    assert "请核对后再标为已读" in response.content.decode()
    assert Notification.objects.unread().count() == 1


def test_the_bell_counts_no_further_than_it_says(client, post, reader, django_assert_max_num_queries):
    Notification.objects.bulk_create(Notification(recipient=reader, key=str(n), title="x") for n in range(COUNTED + 20))
    client.force_login(reader)
    assert "99+" in client.get(reverse("hazards:desk")).content.decode()
