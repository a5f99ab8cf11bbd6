import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts import login_limits
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def person():
    user = UserFactory(username="yuan")
    user.set_password("Right-pass-2026")
    user.save()
    return user


def sign_in(client, password, **extra):
    return client.post(LOGIN, {"username": "yuan", "password": password}, **extra)


def test_sign_in_leads_to_the_desk_and_out_again(client, person):
    assert sign_in(client, "Right-pass-2026").url == reverse("hazards:desk")
    assert client.post(reverse("accounts:logout")).status_code == 302
    assert client.get(reverse("accounts:me")).url.startswith(LOGIN)


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client, person):
    for _ in range(5):
        assert "账号或密码不对" in sign_in(client, "wrong").content.decode()

    assert "15 分钟后再试" in sign_in(client, "Right-pass-2026").content.decode()


@pytest.mark.parametrize("typed", ["  yuan", "yuan ", "ｙｕａｎ"])
def test_spellings_of_one_account_share_one_count(client, person, typed):
    for name in ("yuan", typed, typed, "yuan", typed):
        client.post(LOGIN, {"username": name, "password": "wrong"})

    for name in ("yuan", typed):
        answer = client.post(LOGIN, {"username": name, "password": "Right-pass-2026"})
        assert "15 分钟后再试" in answer.content.decode()


def test_a_try_without_a_password_does_not_clear_the_count(client, person):
    for password in ("wrong", "wrong", "wrong", "wrong", "", "wrong"):
        sign_in(client, password)

    assert "15 分钟后再试" in sign_in(client, "Right-pass-2026").content.decode()


BACKENDS = {
    "files": "django.core.cache.backends.filebased.FileBasedCache",
    "memory": "django.core.cache.backends.locmem.LocMemCache",
}


@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
def test_a_locked_account_waits_fifteen_minutes_whatever_keeps_the_count(settings, tmp_path, monkeypatch, backend):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path / "cache")}}
    clock = [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    for _ in range(5):
        login_limits.record_failure("yuan", "10.0.0.1")
        clock[0] += 60
    clock[0] += 13 * 60
    assert login_limits.is_locked("yuan", "10.0.0.1")
    clock[0] += 61
    assert not login_limits.is_locked("yuan", "10.0.0.1")


def test_failures_spread_over_hours_do_not_add_up(monkeypatch):
    clock = [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    for _ in range(12):
        login_limits.record_failure("yuan", "10.0.0.1")
        clock[0] += 5 * 60
        assert not login_limits.is_locked("yuan", "10.0.0.1")


def test_a_forwarded_address_does_not_escape_the_lock(client, person):
    for n in range(5):
        sign_in(client, "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")

    assert "15 分钟后再试" in sign_in(client, "Right-pass-2026", HTTP_X_FORWARDED_FOR="10.9.9.9").content.decode()


@pytest.mark.parametrize("name", ["yuan\x00", "\ud800", "长" * 5000])
def test_strange_user_names_are_refused_in_words(client, person, name):
    answer = client.post(LOGIN, {"username": name.encode("utf-8", "surrogatepass"), "password": "x"})

    assert answer.status_code in (200, 400)
    assert "_auth_user_id" not in client.session


def test_own_page_and_password_change(client, person):
    client.force_login(person)
    assert "人员" in client.get(reverse("accounts:me")).content.decode()

    answer = client.post(
        reverse("accounts:password"),
        {"old_password": "wrong", "new_password1": "New-pass-2026!", "new_password2": "New-pass-2026!"},
    )
    assert "旧密码" in answer.content.decode()
    client.post(
        reverse("accounts:password"),
        {"old_password": "Right-pass-2026", "new_password1": "New-pass-2026!", "new_password2": "New-pass-2026!"},
    )
    person.refresh_from_db()
    assert person.check_password("New-pass-2026!")
