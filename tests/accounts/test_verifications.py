"""The auditor has everything verified and reads what was found; the night asks by itself."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from hazards.models import Hazard
from journal import verifying
from journal.audit import breaks
from journal.models import Verification
from journal.refusal import Refused
from notifications.models import Notification
from safetyledger import tasks
from safetyledger.management.commands import verify_asked
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(db):
    return UserFactory(role="auditor", unit=None)


@pytest.fixture
def _hazards_alone(monkeypatch):
    """The rows of factories have no chain, and are no fault of whoever verifies."""
    monkeypatch.setattr(verifying, "breaks", partial(breaks, [Hazard]))


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The database of a test is of this process alone."""
    monkeypatch.setattr(tasks, "begin_verifying", lambda: verify_asked.Command().handle())


def page(client, auditor):
    client.force_login(auditor)
    return client.get(reverse("accounts:verifications")).content.decode()


@pytest.mark.usefixtures("_hazards_alone")
def test_asked_for_done_by_the_worker_and_read(client, auditor, registered):
    assert "还没有核验过" in page(client, auditor)
    answer = client.post(reverse("accounts:verify"), follow=True).content.decode()
    assert "已安排核验" in answer and "等待开始" in answer and str(auditor) in answer
    tasks.verify_audit()
    [one] = Verification.objects.all()
    assert (one.asked_by, one.broken, one.problems) == (auditor, 0, [])
    assert one.asked_at <= one.began_at <= one.ended_at and one.events >= registered.version
    assert "全部完好" in page(client, auditor)
    assert not Notification.objects.exists()
    tasks.verify_audit()
    assert Verification.objects.count() == 1, "nothing was asked for"


@pytest.mark.usefixtures("_hazards_alone")
def test_what_does_not_fit_is_named_on_the_page_and_told_to_every_auditor(client, auditor, registered, manager):
    others = UserFactory(role="auditor", unit=None), UserFactory(role="auditor", unit=None, is_active=False)
    Hazard.objects.update(location="改过的位置")
    verifying.ask(by=auditor, at=timezone.now())
    tasks.verify_audit()
    one = Verification.objects.get()
    assert one.broken == len(one.problems) == 1
    shown = page(client, auditor)
    assert "1 处不符" in shown and registered.number in shown and registered.number in one.problems[0]
    told = Notification.objects.filter(title="核验发现 1 处不符")
    assert set(told.values_list("recipient", flat=True)) == {auditor.pk, others[0].pk}
    assert registered.number in told.first().body


def test_beyond_what_is_kept_breaks_are_counted(client, auditor, registered, monkeypatch):
    monkeypatch.setattr(verifying, "KEPT", 1)
    User.objects.filter(pk__in=[auditor.pk, UserFactory().pk]).update(full_name="改")
    verifying.verify(one := Verification(asked_at=timezone.now()))
    assert one.broken > 1 and len(one.problems) == 1
    assert "其余请系统运维人员" in page(client, auditor)


def test_of_one_that_waits_or_runs_another_is_not_asked_for(client, auditor):
    at = timezone.now()
    verifying.ask(by=None, at=at)
    with pytest.raises(Refused, match="已有一次核验在排队或进行"):
        verifying.ask(by=auditor, at=at)
    client.force_login(auditor)
    assert "已有一次核验在排队或进行" in client.post(reverse("accounts:verify"), follow=True).content.decode()
    Verification.objects.update(began_at=at)
    assert "正在核验" in page(client, auditor)
    tasks.ask_to_verify()
    assert verifying.run_asked(at + timedelta(minutes=1), None) is None, "another process does it"


def test_one_that_died_is_said_to_be_unfinished_and_another_can_be_asked_for(client, auditor):
    at = timezone.now()
    verifying.ask(by=auditor, at=at - verifying.LONGEST - timedelta(hours=1))
    Verification.objects.update(began_at=at - verifying.LONGEST + timedelta(minutes=1))
    tasks.verify_audit()
    assert Verification.objects.get().ended_at is None, "it may still be at work"
    Verification.objects.update(began_at=at - verifying.LONGEST - timedelta(minutes=1))
    tasks.verify_audit()
    assert "没有完成" in page(client, auditor) and "全部完好" not in page(client, auditor)
    assert "还没有核验过" in client.get(reverse("hazards:desk")).content.decode()
    assert Notification.objects.get().title == "核验没有完成"
    assert verifying.ask(by=auditor, at=at)


def test_where_there_is_no_auditor_the_security_administrators_hear_of_breaks(db):
    keeper = UserFactory(role="secadmin", unit=None)
    tasks.tell_auditors(
        Verification.objects.create(asked_at=timezone.now(), ended_at=timezone.now(), broken=2, problems=["甲", "乙"])
    )
    assert Notification.objects.get().recipient == keeper


def test_the_night_asks_by_itself(settings):
    asking = settings.CELERY_BEAT_SCHEDULE["ask to verify"]
    assert asking["task"] == tasks.ask_to_verify.name
    tasks.ask_to_verify()
    assert Verification.objects.get().asked_by is None
    tasks.verify_audit()
    tasks.ask_to_verify()
    assert Verification.objects.count() == 1, "it has been asked for today"
    Verification.objects.update(asked_at=timezone.now() - timedelta(days=1))
    tasks.ask_to_verify()
    assert Verification.objects.count() == 2


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "manager"])
def test_nobody_else_asks_or_reads(client, role):
    client.force_login(UserFactory(role=role, **({} if role == "manager" else {"unit": None})))
    for answer in (client.get(reverse("accounts:verifications")), client.post(reverse("accounts:verify"))):
        assert answer.status_code == 403 and "审计员" in answer.content.decode()
    assert not Verification.objects.exists()
