import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hazards.notices import NOTICES, announce_pending

from accounts.models import User
from hazards import notices, operations, tasks
from hazards.models import Hazard, HazardEvent
from inspections.operations import remove_member
from notifications.models import Notification
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def told():
    """{title before the first dot: usernames} of everything in the inboxes, which are emptied."""
    found = {}
    for message in Notification.objects.select_related("recipient").order_by("pk"):
        found.setdefault(message.title.partition(" · ")[0], set()).add(message.recipient.username)
    Notification.objects.all().delete()
    return found


def announced():
    announce_pending(at=NOON)
    return told()


def test_every_kind_of_event_says_whom_it_tells():
    assert set(NOTICES) == set(HazardEvent.Kind)
    assert all(bool(notice.title) == bool(notice.audience) for notice in NOTICES.values())


def test_the_whole_life_tells_those_concerned_and_never_the_one_who_acts(
    manager, registered, inspector, enterprise_user, noon, photo
):
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    registered.refresh_from_db()
    assert announced() == {"新登记一般隐患，请下达整改": {"township"}}

    operations.issue(registered, by=manager, at=noon, working_days=5)
    assert announced() == {"整改通知：请于 2026-11-27 前完成整改并反馈": {"enterprise"}}

    operations.submit_feedback(registered, by=enterprise_user, at=noon, content="好了", photos=[photo(enterprise_user)])
    assert announced() == {"已提交整改反馈，请复查": {"inspector", "township"}}

    operations.review(registered, by=inspector, at=noon, passed=False, opinion="还差一点")
    assert announced() == {"复查不通过，请于 2026-11-27 前继续整改": {"enterprise", "township"}}

    operations.submit_feedback(registered, by=manager, at=noon, content="代为反馈", photos=[photo(manager)])
    assert announced() == {"已提交整改反馈，请复查": {"inspector"}}

    operations.review(registered, by=inspector, at=noon, passed=True, opinion="可以")
    assert announced() == {"复查通过，已销号": {"enterprise", "township"}}


def test_who_left_is_not_told_and_the_township_takes_over(
    manager, rectifying, enterprise, enterprise_user, inspector, foreign_township, noon, photo
):
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    announced()
    rectifying.refresh_from_db()
    operations.submit_feedback(rectifying, by=enterprise_user, at=noon, content="好了", photos=[photo(enterprise_user)])
    operations.review(rectifying, by=inspector, at=noon, passed=False, opinion="还差一点")
    remove_member(enterprise, by=manager, username=enterprise_user.username)
    UserFactory(username="successor", unit=manager.unit)
    User.objects.filter(pk__in=[manager.pk, inspector.pk]).update(unit=foreign_township)

    assert set().union(*announced().values()) == {"successor"}


def test_a_failed_review_tells_the_person_who_filed_it_though_the_row_forgot_him(
    manager, rectifying, inspector, noon, photo
):
    Hazard.objects.update(territorial_holder=None, enterprise_holder=None)
    rectifying.refresh_from_db()
    operations.submit_feedback(rectifying, by=manager, at=noon, content="代为反馈", photos=[photo(manager)])
    operations.review(rectifying, by=inspector, at=noon, passed=False, opinion="还差一点")
    announce_pending(at=NOON)

    assert "township" in told()["复查不通过，请于 2026-11-27 前继续整改"]


def test_major_hazards_are_reported_at_once_to_the_offices_above(inspector, colleague, enterprise, safety_office, noon):
    UserFactory(role="safety_office", username="county", unit=UnitFactory(code="411402-AWB"))
    UserFactory(role="safety_office", username="elsewhere", unit=UnitFactory(code="411403-AWB"))
    UserFactory(role="safety_office", username="gone", unit=UnitFactory(code="411402-AWB"), is_active=False)
    UserFactory(role="safety_office", username="culture", unit=UnitFactory(code="411402-WL"))
    watcher = UserFactory(username="watcher", unit=UnitFactory(code="411402-YJ"))
    operations.record_inspection(
        by=inspector, at=noon, kind="routine", enterprise=enterprise, inspected_on=noon.date(),
        inspectors=[inspector, colleague], hazards=[{"description": "氨机房无报警", "level": "major", "basis": "AQ 7015-2018 第 5.1 条"}],
    )  # fmt: skip
    Hazard.objects.update(
        supervising_holder=watcher, supervising_unit=watcher.unit, territorial_holder=None, competent_holder=None
    )

    assert announced() == {"新登记重大隐患，请下达整改": {"county", safety_office.username, "watcher"}}


def test_an_event_is_told_once_and_its_message_leads_to_the_hazard(registered, manager):
    Hazard.objects.update(territorial_holder=manager)
    assert announce_pending(at=NOON) == 2
    assert announce_pending(at=NOON) == 0

    message = manager.notifications.get()
    assert message.url == registered.get_absolute_url()
    assert registered.number in message.title
    assert message.body == "经办：双八镇人民政府 袁立新"
    assert set(HazardEvent.objects.values_list("announced_at", flat=True)) == {NOON}


def test_an_announcer_that_dies_leaves_everything_to_the_next(registered, manager, monkeypatch):
    Hazard.objects.update(territorial_holder=manager)

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(notices, "_tell", die)
        with pytest.raises(KeyboardInterrupt):
            announce_pending(at=NOON)
    assert HazardEvent.objects.unannounced().count() == 2

    announce_pending(at=NOON)
    assert Notification.objects.count() == 1


def test_a_run_is_bounded_and_takes_the_oldest_first(registered):
    assert announce_pending(at=NOON, limit=1) == 1
    assert list(HazardEvent.objects.unannounced().values_list("kind", flat=True)) == ["register"]


def test_the_number_of_queries_does_not_grow_with_the_events(inspector, colleague, enterprise, noon):
    def announce(count):
        operations.record_inspection(
            by=inspector, at=noon, kind="routine", enterprise=enterprise, inspected_on=noon.date(),
            inspectors=[inspector, colleague], hazards=[{"description": f"灭火器过期{n}"} for n in range(count)],
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert announce_pending(at=NOON) == 2 * count
        return len(captured)

    assert announce(1) == announce(12) <= 8


def test_the_task_announces(registered):
    tasks.announce_events()

    assert not HazardEvent.objects.unannounced().exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_two_announcers_at_once_tell_everything_once(registered, manager, noon):
    Hazard.objects.update(territorial_holder=manager)
    registered.refresh_from_db()
    taken, start = [], threading.Barrier(3)

    def announce():
        start.wait()
        try:
            taken.append(announce_pending(at=NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=announce) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 2
    assert Notification.objects.count() == 1
