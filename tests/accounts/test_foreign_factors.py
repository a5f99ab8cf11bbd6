"""Rows of second factors that nobody bound are never sealed by an act of the person, and owners hear of what is done in their name."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import operations
from accounts.models import User
from accounts.operations import Refused
from journal.audit import breaks
from journal.outbox import publish
from notifications.models import Notification
from notifications.operations import deliver_waiting
from tests.factories import NOON, UserFactory
from tests.factors import PASSWORD, Phone, knows_password
from tests.tokens import secret_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO = False


@pytest.fixture
def put_back(township):
    """``put_back(role)``: an account with two apps bound, one of them removed, and its row written back into the database."""

    def made(role="inspector"):
        unit = None if role == "auditor" else township
        person = operations.add_person(at=NOON, username="yuan", full_name="袁立新", role=role, unit=unit)[0]
        knows_password(person)
        Phone(person, name="旧手机")
        Phone(person, name="新手机")
        old = person.factors.get(name="旧手机")
        operations.drop_factor(person, by=person, at=NOON, factor=old)
        old.pk = None
        old.save()
        User.objects.filter(pk=person.pk).update(password_set_at=timezone.now(), password_is_given=False)
        return User.objects.get(pk=person.pk)

    return made


def found(person):
    return [str(one) for one in breaks([User]) if "二次验证与办理记录不符" in str(one)]


def test_new_codes_do_not_vouch_for_a_row_that_was_put_back(client, put_back):
    person = put_back()
    client.force_login(person)
    answer = client.post(reverse("accounts:factor_codes"), {"password": PASSWORD})
    said = "二次验证的登记与办理记录不符，请系统管理员重置后再绑定"
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert found(person)


@pytest.mark.parametrize(("role", "who"), [("inspector", "请系统管理员重置"), ("auditor", "请服务器运维人员重置")])
def test_neither_does_another_one_bound_or_removed(put_back, role, who):
    person = put_back(role)
    with pytest.raises(Refused, match=who):
        Phone(person, name="又一部")
    with pytest.raises(Refused, match=who):
        operations.drop_factor(person, by=person, at=NOON, factor=person.factors.get(name="新手机"))
    assert found(person)
    operations.clear_factor(person, by=None, at=NOON)
    Phone(person)
    assert not found(person)


def told(person):
    """What the inbox of ``person`` says, where it leads, and what was mailed."""
    publish(at=timezone.now())
    mail.outbox.clear()
    deliver_waiting(at=timezone.now() + timedelta(days=1))
    rows = Notification.objects.visible_to(User.objects.get(pk=person.pk)).filter(recipient=person)
    return list(rows.order_by("pk").values_list("title", "url")), [one.subject for one in mail.outbox]


def test_owners_hear_of_what_is_bound_removed_reset_and_made_in_their_name(township):
    person = UserFactory(username="yuan", unit=township, email="yuan@example.com")
    sysadmin = UserFactory(role="sysadmin", unit=None)
    Phone(person, name="旧手机")
    Phone(person)
    operations.drop_factor(person, by=person, at=NOON, factor=person.factors.get(name="旧手机"))
    secret_of(person)
    person.refresh_from_db()
    operations.reset_factor(person, by=sysadmin, at=NOON)
    titles, mails = told(person)
    expected = ["绑定了新的二次验证", "绑定了新的二次验证", "移除了一种二次验证", "生成了新的接口令牌", "重置了"]
    assert [words in title for words, (title, _) in zip(expected, titles, strict=True)] == [True] * 5
    assert {url for _, url in titles} == {reverse("accounts:me")}
    assert mails == ["您有 5 条安全隐患台账消息"]
    assert not Notification.objects.filter(recipient=sysadmin).exists()
