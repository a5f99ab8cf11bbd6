"""Who is told what of an event, from the event to the inbox."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from hazards import operations
from hazards.lifecycle import LAW
from hazards.models import Hazard, HazardEvent
from hazards.responsibility import defaults_for, people_behind
from inspections.operations import part_member
from journal import acts, outbox
from journal.tasks import publish as publish_task
from notifications import consumers
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
    outbox.publish(at=NOON)
    return told()


def told_of(hazard):
    """How many events of hazards people were told of, or told that nobody is."""
    offset = outbox.Offset.objects.get(consumer="tell_people", stream=HazardEvent._meta.db_table)
    return HazardEvent.objects.filter(record=hazard, position__lte=offset.last).count()


def test_every_move_says_whom_it_tells():
    for move in LAW.moves.values():
        notice = acts.named(Hazard, move.act).notices[move.name]
        assert notice is acts.NOBODY or (notice.title and callable(notice.audience))


def test_the_whole_life_tells_those_concerned_and_never_the_one_who_acts(
    manager, registered, inspector, enterprise_user, noon, photo
):
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    registered.refresh_from_db()
    assert announced() == {"新登记一般隐患，待下达整改": {"township"}}

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
    part_member(enterprise, by=manager, at=noon, username=enterprise_user.username)
    UserFactory(username="successor", unit=manager.unit)
    User.objects.filter(pk__in=[manager.pk, inspector.pk]).update(unit=foreign_township)

    assert set().union(*announced().values()) == {"successor"}


def test_a_firms_person_who_was_given_another_role_is_taken_for_nobody(
    manager, registered, enterprise, enterprise_user, foreign_township, noon
):
    """The account may still stand among the members; the township takes over, and nothing new falls to it."""
    Hazard.objects.update(enterprise_holder=enterprise_user, territorial_holder=manager)
    User.objects.filter(pk=enterprise_user.pk).update(role="inspector", unit=foreign_township)
    issuer = UserFactory(unit=manager.unit, username="issuer")
    announced()
    registered.refresh_from_db()
    operations.issue(registered, by=issuer, at=noon, days=7)
    assert set().union(*announced().values()) == {"township"}
    Notification.objects.all().delete()
    registered.refresh_from_db()
    assert operations.send_reminders(today=registered.deadline) == 1, "the reminder goes to the township instead"
    assert Notification.objects.get().recipient == manager
    assert defaults_for(enterprise)["enterprise_holder"] is None
    assert not people_behind(registered, "enterprise").exists()


def test_a_failed_review_tells_the_person_who_filed_it_though_the_row_forgot_him(
    manager, rectifying, inspector, noon, photo
):
    Hazard.objects.update(territorial_holder=None, enterprise_holder=None)
    rectifying.refresh_from_db()
    operations.submit_feedback(rectifying, by=manager, at=noon, content="代为反馈", photos=[photo(manager)])
    operations.review(rectifying, by=inspector, at=noon, passed=False, opinion="还差一点")
    outbox.publish(at=NOON)

    assert "township" in told()["复查不通过，请于 2026-11-25 前继续整改"]


def test_major_hazards_are_reported_at_once_to_the_offices_above(inspector, colleague, enterprise, safety_office, noon):
    UserFactory(role="safety_office", username="county", unit=UnitFactory(code="411402-AWB"))
    UserFactory(role="safety_office", username="elsewhere", unit=UnitFactory(code="411403-AWB"))
    UserFactory(role="safety_office", username="gone", unit=UnitFactory(code="411402-AWB"), is_active=False)
    UserFactory(role="safety_office", username="culture", unit=UnitFactory(code="411402-WL"))
    watcher = UserFactory(username="watcher", unit=UnitFactory(code="411402-YJ"))
    operations.record_inspection(
        by=inspector,
        at=noon,
        kind="routine",
        enterprise=enterprise,
        inspected_on=noon.date(),
        inspectors=[inspector, colleague],
        hazards=[{"description": "氨机房无报警", "level": "major", "basis": "AQ 7015-2018 第 5.1 条"}],
    )
    Hazard.objects.update(
        supervising_holder=watcher, supervising_unit=watcher.unit, territorial_holder=None, competent_holder=None
    )

    assert announced() == {"新登记重大隐患，待下达整改": {"county", safety_office.username, "watcher"}}


def test_an_event_is_told_once_and_its_message_leads_to_the_hazard(registered, manager):
    Hazard.objects.update(territorial_holder=manager)
    outbox.publish(at=NOON)
    assert told_of(registered) == 2
    assert outbox.publish(at=NOON) == 0

    message = manager.notifications.get()
    assert message.url == registered.get_absolute_url()
    assert registered.number in message.title
    assert message.body == "经办：双八镇人民政府 袁立新"


def test_an_announcer_that_dies_leaves_everything_to_the_next(registered, manager, monkeypatch):
    Hazard.objects.update(territorial_holder=manager)

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(consumers, "_message", die)
        with pytest.raises(KeyboardInterrupt):
            outbox.publish(at=NOON)
    assert told_of(registered) == 0

    outbox.publish(at=NOON)
    assert (told_of(registered), Notification.objects.count()) == (2, 1)


def test_the_number_of_queries_does_not_grow_with_the_events(inspector, colleague, enterprise, noon):
    def announce(count):
        operations.record_inspection(
            by=inspector,
            at=noon,
            kind="routine",
            enterprise=enterprise,
            inspected_on=noon.date(),
            inspectors=[inspector, colleague],
            hazards=[{"description": f"灭火器过期{n}"} for n in range(count)],
        )
        outbox.place(HazardEvent)
        with CaptureQueriesContext(connection) as captured:
            outbox.run("tell_people", Hazard, at=NOON)
        return len(captured)

    announce(1)
    assert announce(1) == announce(12)


def test_the_task_publishes(registered):
    publish_task()

    assert not HazardEvent.objects.filter(position=None).exists() and told_of(registered) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_two_announcers_at_once_tell_everything_once(registered, manager, noon):
    Hazard.objects.update(territorial_holder=manager)
    registered.refresh_from_db()
    start = threading.Barrier(3)

    def announce():
        start.wait()
        try:
            outbox.publish(at=NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=announce) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told_of(registered) == 2
    assert sorted(HazardEvent.objects.values_list("position", flat=True)) == [1, 2]
    assert Notification.objects.count() == 1


@pytest.mark.parametrize(("length", "shown"), [(29, 29), (30, 30), (31, 29), (1000, 29)])
def test_what_is_cut_in_a_title_ends_with_an_ellipsis(enterprise, inspector, manager, length, shown):
    """In what an event tells and in what the sweep writes in SQL: the same words."""
    words = {"enterprise": enterprise, "found_on": NOON.date(), "description": "氨" * length}
    hazard = operations.draft(by=inspector, at=NOON, **words)
    operations.register(hazard, by=inspector, at=NOON)
    told = "氨" * shown + ("…" if length > 30 else "")
    assert hazard.headline == f"{hazard.number} · {told}"
    operations.issue(hazard, by=manager, at=NOON, days=0, requirement="清理")
    operations.send_reminders(at=NOON)
    assert Notification.objects.get(recipient=manager).title.endswith(f"{hazard.number} · {told}")
