from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction

from notifications import operations, rules
from notifications.models import Notification
from notifications.tasks import deliver
from tests.factories import UserFactory
from tests.notifications.mailboxes import Interrupting

pytestmark = pytest.mark.django_db

REFUSING = "tests.notifications.mailboxes.Refusing"


def test_a_message_reaches_each_person_once(post, reader, neighbour):
    post("a", reader, neighbour)
    with pytest.raises(IntegrityError), transaction.atomic():
        post("a", reader, title="又一次")
    assert {one.title for one in Notification.objects.all()} == {"标题a"}


def test_a_row_may_be_inserted_by_sql_with_four_columns(reader, at):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_notification (recipient_id, key, title, url) VALUES (%s, %s, %s, %s)",
            [reader.pk, "a", "提醒", "/hazards/7/"],
        )
    message = Notification.objects.get()
    assert (message.body, message.attempts, message.last_error, message.read_at) == ("", 0, "", None)
    assert message.created_at and message.next_try_at
    assert operations.deliver_waiting(at=message.next_try_at + timedelta(seconds=1)) == 1


def test_everything_that_waits_for_a_person_goes_out_in_one_mail(post, reader, neighbour, at, settings):
    settings.SITE_URL = "https://ledger.example.gov.cn/"
    post("a", reader, body="请于 11-27 前整改")
    post("b", reader, neighbour)
    assert operations.deliver_waiting(at=at) == 3
    digest, single = sorted(mail.outbox, key=lambda sent: sent.to, reverse=True)
    assert digest.to == ["zheng@example.com"]
    assert digest.subject == "您有 2 条安全隐患台账消息"
    assert "1. 标题a\n请于 11-27 前整改\nhttps://ledger.example.gov.cn/hazards/a/" in digest.body
    assert single.subject == "标题b"
    assert set(Notification.objects.values_list("email_sent_at", "next_try_at", "claim")) == {(at, None, None)}
    assert operations.deliver_waiting(at=at + timedelta(days=9)) == 0


def test_a_mail_set_for_later_waits(post, reader, at):
    post("a", reader, mail_at=at + timedelta(hours=1))
    assert operations.deliver_waiting(at=at) == 0
    assert operations.deliver_waiting(at=at + timedelta(hours=1)) == 1


def test_people_without_an_address_keep_the_message_in_the_inbox_only(post, at, reader):
    silent, gone = UserFactory(email=""), UserFactory(email="gone@example.com", is_active=False)
    post("a", silent, gone, reader)
    assert operations.deliver_waiting(at=at) == 1
    assert not Notification.objects.exclude(next_try_at=None).exists()
    assert Notification.objects.filter(email_sent_at=None).count() == 2


def test_a_failed_mail_is_tried_again_later(post, reader, at, settings):
    good = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = REFUSING
    [message] = post("a", reader)
    assert operations.deliver_waiting(at=at) == 0
    message.refresh_from_db()
    assert message.last_error == "OSError: 连接被拒绝"
    assert (message.attempts, message.next_try_at, message.claim) == (1, at + timedelta(minutes=2), None)
    settings.EMAIL_BACKEND = good
    assert operations.deliver_waiting(at=at + timedelta(minutes=1)) == 0
    assert operations.deliver_waiting(at=at + timedelta(minutes=2)) == 1
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (2, "")


def test_after_the_last_attempt_only_that_message_is_given_up(post, reader, at, settings):
    settings.EMAIL_BACKEND = REFUSING
    [old] = post("old", reader)
    Notification.objects.update(attempts=rules.MAX_ATTEMPTS - 1)
    [new] = post("new", reader)
    operations.deliver_waiting(at=at)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.next_try_at, old.email_sent_at) == (None, None)
    assert old.last_error
    assert new.next_try_at == at + timedelta(minutes=2)


def test_a_mail_whose_sender_died_goes_out_after_the_lease(post, reader, at, settings):
    good = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.notifications.mailboxes.Killed"
    post("a", reader)
    with pytest.raises(SystemExit):
        operations.deliver_waiting(at=at)
    settings.EMAIL_BACKEND = good
    assert operations.deliver_waiting(at=at + rules.LEASE - timedelta(seconds=1)) == 0
    assert operations.deliver_waiting(at=at + rules.LEASE) == 1
    assert len(mail.outbox) == 1


def test_a_second_run_in_the_middle_of_the_first_takes_nothing_of_it(post, reader, neighbour, at, settings):
    settings.EMAIL_BACKEND = "tests.notifications.mailboxes.Interrupting"
    post("a", reader)

    def meanwhile():
        Interrupting.meanwhile = lambda: None
        post("b", reader, neighbour)
        assert operations.deliver_waiting(at=at) == 2

    Interrupting.meanwhile = meanwhile
    assert operations.deliver_waiting(at=at) == 1
    assert sorted((sent.to[0], sent.subject) for sent in mail.outbox) == [
        ("ding@example.com", "标题b"),
        ("zheng@example.com", "标题a"),
        ("zheng@example.com", "标题b"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(post, at):
    people = [UserFactory(email=f"p{n}@example.com") for n in range(12)]
    for key in ("a", "b"):
        post(key, *people)
    together, counts = Barrier(2), []

    def work():
        together.wait()
        try:
            counts.append(operations.deliver_waiting(at=at))
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 24
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(person.email for person in people)
    assert set(Notification.objects.values_list("attempts", flat=True)) == {1}


def test_a_run_is_bounded_and_the_longest_waiting_come_first(post, reader, neighbour, at):
    post("late", reader)
    post("early", neighbour, at=at - timedelta(hours=1))
    operations.deliver_waiting(at=at, limit=1)
    assert [sent.to for sent in mail.outbox] == [["ding@example.com"]]


def test_an_idle_run_costs_two_statements(reader, at, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert operations.deliver_waiting(at=at) == 0


def test_the_task_sends_what_waits(post, reader, at):
    post("a", reader, at=at - timedelta(days=3000))
    deliver()
    assert len(mail.outbox) == 1


def test_marking_read_touches_only_ones_own(post, reader, neighbour, at):
    [mine, theirs] = post("a", reader, neighbour)
    [later] = post("b", reader)
    assert operations.mark_read(by=reader, at=at, notification=theirs) == 0
    assert operations.mark_read(by=reader, at=at, notification=mine) == 1
    assert operations.mark_read(by=reader, at=at + timedelta(days=1), up_to=later) == 1
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.read_at, theirs.read_at) == (at, None)


def test_a_reminder_on_a_saturday_leaves_on_monday(at):
    assert operations.reminder_moment(at + timedelta(days=1)).date() == date(2026, 11, 23)


def test_a_mail_that_leaves_later_says_of_which_day_it_speaks(post, reader, neighbour, at):
    post("a", reader, neighbour)
    post("b", reader, at=at + timedelta(days=2))
    operations.deliver_waiting(at=at + timedelta(days=2, hours=1))
    digest, single = sorted(mail.outbox, key=lambda sent: sent.to, reverse=True)
    assert f"1. 标题a（截至 {at:%m-%d}）\n" in digest.body and "2. 标题b\n" in digest.body
    assert f"标题a（截至 {at:%m-%d}）" in single.body


def test_what_means_nothing_any_more_is_mailed_no_more_and_stays_in_the_inbox(post, reader, at):
    messages = [post(f"hazard:{pk}:{rest}", reader)[0] for pk, rest in ((1, "a:T0"), (1, "b:T0"), (2, "a:T0"))]
    messages += post("hazard-event:1", reader)
    for message, pk in zip(messages, (1, 1, 2, 1), strict=True):
        Notification.objects.filter(pk=message.pk).update(record_kind="hazard", record_id=pk)
    operations.mail_no_more("hazard", {1: ("hazard:1:b:",), 3: ()})
    waiting = Notification.objects.filter(next_try_at__isnull=False).values_list("key", flat=True)
    assert set(waiting) == {"hazard:1:b:T0", "hazard:2:a:T0", "hazard-event:1"}
    assert Notification.objects.visible_to(reader).count() + 0 <= Notification.objects.count() == 4
