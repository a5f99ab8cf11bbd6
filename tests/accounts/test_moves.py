"""Moving an account to another unit, which changes what its role reaches."""

import pytest
from django.urls import reverse

from accounts import operations
from accounts.models import User
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sysadmin(db):
    return UserFactory(role="sysadmin", unit=None)


@pytest.fixture
def person(township):
    return UserFactory(role="inspector", unit=township)


def page(name, *args):
    return reverse(f"accounts:{name}", args=args)


def text(response):
    return response.content.decode()


def seen(person):
    return {"version": User.objects.get(pk=person.pk).version}


def edited(person, **changes):
    return {"full_name": person.full_name, "unit": person.unit.code if person.unit else "", **seen(person), **changes}


def test_who_moves_to_another_unit_is_suspended_until_granted_again(client, sysadmin, person, foreign_township):
    client.force_login(sysadmin)
    assert "须由安全管理员重新授权" in text(client.get(page("person_edit", person.pk)))
    client.post(page("person_edit", person.pk), edited(person, phone="13900009999"))
    person.refresh_from_db()
    assert person.is_active, "a new telephone widens nothing"

    answer = client.post(page("person_edit", person.pk), edited(person, unit="411403001"), follow=True)
    assert "须由安全管理员重新授权后才能登录" in text(answer) and "待授权" in text(answer)
    person.refresh_from_db()
    assert (person.is_active, person.unit) == (False, foreign_township)
    client.force_login(person)
    assert client.get(page("me")).status_code == 302
    secadmin = UserFactory(role="secadmin", unit=None)
    operations.grant(person, by=secadmin, at=NOON, role="inspector")
    person.refresh_from_db()
    assert person.is_active


def test_nobody_suspends_themselves_by_moving(client, sysadmin, township):
    client.force_login(sysadmin)
    answer = client.post(page("person_edit", sysadmin.pk), edited(sysadmin, unit="411402001"))
    assert answer.status_code == 409 and "不能更换自己的单位" in text(answer)
    sysadmin.refresh_from_db()
    assert sysadmin.is_active and sysadmin.unit is None
