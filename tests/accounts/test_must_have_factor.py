"""Who must have a second factor, and what is open to who has none yet."""

import pytest
from django.core import checks
from django.urls import reverse
from django.utils import timezone

from accounts import operations
from accounts.models import User
from tests.accounts.test_factors import (
    APP,
    CODES,
    DESK,
    MINE,
    NEEDED,
    PASSKEY,
    _in_earnest,
    bind_app,
    mine,
    person,
    text,
)
from tests.factories import UserFactory
from tests.factors import PASSWORD, Phone, knows_password
from tests.tokens import header_of

__all__ = ["_in_earnest", "mine", "person"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", NEEDED)
def test_who_must_have_one_opens_nothing_else(client, role, township):
    person = knows_password(UserFactory(role=role, unit=township, username="yuan"))
    client.post(reverse("accounts:login"), {"username": "yuan", "password": PASSWORD})
    for page in (DESK, reverse("accounts:me"), reverse("accounts:password"), reverse("accounts:people"), CODES):
        assert client.get(page).url == client.post(page, {}).url == MINE, page
    assert "登录须经二次验证，请先绑定" in text(client.get(MINE))
    data = client.get(reverse("api-unit-list"))
    assert (data.status_code, data["Content-Type"]) == (403, "application/problem+json")
    script = client.get(DESK, headers={"Accept": "application/json"})
    assert (script.status_code, "请先绑定" in script.json()["error"]) == (403, True)
    fragment = client.get(DESK, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.content, fragment["HX-Redirect"]) == (403, b"", MINE)
    assert client.get(PASSKEY).status_code == client.get(reverse("accounts:alive")).status_code == 200
    bind_app(client)
    assert client.get(DESK).status_code == 200
    operations.clear_factor(User.objects.get(pk=person.pk), by=None, at=timezone.now())
    client.post(reverse("accounts:login"), {"username": "yuan", "password": PASSWORD})
    assert client.get(DESK).url == MINE


def test_others_choose_and_the_setting_names_who_must(mine, settings):
    assert mine.get(DESK).status_code == 200
    settings.SECOND_FACTOR_ROLES = [mine.get(DESK).wsgi_request.user.role]
    assert mine.get(DESK).url == MINE
    settings.DEMO = True
    assert mine.get(DESK).status_code == 200


def test_a_token_comes_in_for_nobody_who_must_and_has_none(client, township):
    person = UserFactory(role="safety_office", unit=township)
    headers = header_of(person)
    refused = client.get(reverse("api-unit-list"), headers=headers)
    assert refused.status_code == 403 and "请先绑定" in refused.json()["detail"]
    Phone(person)
    headers = header_of(person)
    assert client.get(reverse("api-unit-list"), headers=headers).status_code == 200


def test_first_the_password_then_the_second_factor(client, township):
    person = knows_password(UserFactory(role="safety_office", unit=township))
    User.objects.filter(pk=person.pk).update(password_is_given=True)
    client.force_login(person)
    own = reverse("accounts:password")
    assert client.get(DESK).url == client.get(MINE).url == client.get(APP).url == own
    new = {"old_password": PASSWORD, "new_password1": "Lin-Yi-Ge-2026", "new_password2": "Lin-Yi-Ge-2026"}
    assert client.post(own, new).status_code == 302
    assert client.get(DESK).url == MINE


def test_a_misspelt_role_is_told_before_anything_runs(settings):
    settings.SECOND_FACTOR_ROLES = ["sysadmin", "safety-office"]
    [error] = checks.run_checks(tags=["accounts"])
    assert error.id == "accounts.E001" and "safety-office" in error.msg
