"""Signing in with a second factor: what is open between the two pages, what counts as a guess, and what is used up."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as house
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import operations, second_step
from accounts.factor import seal_of
from accounts.models import SignIn, User
from accounts.operations import factors, signing_in
from accounts.operations.signing_in import Source
from tests.factories import NOON, UserFactory
from tests.factors import PASSWORD, Phone, knows_password

pytestmark = pytest.mark.django_db
LOGIN, SECOND, DESK = reverse("accounts:login"), reverse("accounts:second_step"), reverse("hazards:desk")
Result = SignIn.Result


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO = False


@pytest.fixture
def person(db):
    return knows_password(UserFactory(username="yuan"))


@pytest.fixture
def phone(person):
    return Phone(person)


def first(client, then="", password=PASSWORD):
    data = {"username": "yuan", "password": password} | ({"next": then} if then else {})
    return client.post(LOGIN, data)


def second(client, code):
    return client.post(SECOND, {"code": code})


def results():
    return list(SignIn.objects.order_by("pk").values_list("result", flat=True))


def text(response):
    return response.content.decode()


def test_between_the_two_pages_nobody_is_signed_in(client, person, phone):
    assert first(client, then="/accounts/me/").url == SECOND
    for name in ("hazards:desk", "accounts:me", "accounts:factors", "accounts:password", "api-hazard-list"):
        answer = client.get(reverse(name))
        assert answer.status_code == 401 or answer.url.startswith(LOGIN), name
    assert not client.get(SECOND).wsgi_request.user.is_authenticated
    assert "yuan" in text(client.get(SECOND))
    assert second(client, phone.code()).url == "/accounts/me/"
    assert client.get("/accounts/me/").status_code == 200
    assert results() == [Result.HALF, Result.SUCCESS]
    person.refresh_from_db()
    assert person.last_login is not None


def test_where_to_is_an_address_and_no_name_of_a_page(client, person, phone):
    assert first(client, then="abc").url == SECOND
    answer = second(client, phone.code())
    assert (answer.status_code, results()[-1]) == (302, Result.SUCCESS)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    answer = strict.post(LOGIN, {"username": "yuan", "password": PASSWORD, "next": "abc"})
    assert (answer.status_code, answer.url) == (302, "abc"), "an old token, and signed in meanwhile"


def test_the_session_is_another_after_each_page(client, person, phone):
    """Who knows the one before, because they planted it, does not come in with it."""
    client.get(LOGIN)
    client.session.save()
    keys = [client.session.session_key]
    first(client)
    keys.append(client.session.session_key)
    second(client, phone.code())
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    planted = Client()
    for key in keys[:2]:
        planted.cookies[house.SESSION_COOKIE_NAME] = key
        assert planted.get(SECOND).url == LOGIN


def test_without_the_password_there_is_no_second_page(client, person, phone):
    assert client.get(SECOND).url == LOGIN
    assert second(client, phone.code()).url == LOGIN
    assert first(client, password="wrong").status_code == 200
    assert second(client, phone.code()).url == LOGIN
    assert results() == [Result.FAILURE]


def test_who_is_signed_in_has_nothing_to_do_there(client, person, phone):
    client.force_login(person)
    assert client.get(SECOND).url == DESK == second(client, phone.code()).url


@pytest.mark.parametrize(("code", "opens"), [(0, True), (1, True), (-1, True), (2, False), (-2, False)])
def test_a_clock_may_go_wrong_by_half_a_minute(person, code, opens):
    phone = Phone(person, at=NOON)
    assert bool(factors.by_code(person, phone.code(NOON, ago=code), at=NOON)) is opens


def test_digits_may_be_grouped_and_wide(person):
    phone = Phone(person, at=NOON)
    code = phone.code(NOON)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert factors.by_code(person, f" {wide[:3]} {wide[3:]}", at=NOON) == "app"


def test_a_code_comes_in_once(client, person, phone):
    first(client)
    code = phone.code()
    second(client, code)
    other = Client()
    first(other)
    answer = second(other, code)
    assert (answer.status_code, "用过的不能再用" in text(answer)) == (400, True)
    assert other.get(DESK).url.startswith(LOGIN)
    assert second(other, phone.code(ago=1)).status_code == 400, "nor one that was shown before it"
    assert second(other, phone.code(ago=-1)).url == DESK


def test_a_clock_that_was_set_back_locks_nobody_out(person):
    """Half a year ahead a code was used; then the clock was put right."""
    phone = Phone(person, at=NOON)
    ahead = NOON + timedelta(days=180)
    assert factors.by_code(person, phone.code(ahead), at=ahead) == "app"
    assert factors.by_code(person, phone.code(NOON), at=NOON) == "app"
    assert factors.by_code(person, phone.code(NOON), at=NOON) == ""


def test_a_recovery_code_comes_in_once_and_is_told(client, person, phone):
    code = phone.codes[3]
    first(client)
    answer = client.post(SECOND, {"code": code.replace(" ", "-")}, follow=True)
    assert "还剩 9 个" in text(answer)
    assert results() == [Result.HALF, Result.SUCCESS, Result.RECOVERY]
    other = Client()
    first(other)
    assert second(other, code).status_code == 400
    assert second(other, phone.codes[4]).url == DESK


def test_codes_of_another_person_are_worth_nothing(client, person, phone):
    other = Phone(UserFactory(username="wang"))
    first(client)
    assert second(client, other.code()).status_code == 400
    assert second(client, other.codes[0]).status_code == 400
    assert other.codes[0] not in str(list(User.objects.get(username="wang").factors.values()))


def test_a_row_carried_over_to_another_account_opens_nothing(person, phone):
    """By who can write to the database, the digest of the account included, and knows one app well."""
    mine = UserFactory(username="wang")
    own = Phone(mine)
    person.factors.filter(kind="app").update(secret=mine.factors.get(kind="app").secret)
    code = mine.factors.filter(kind="code").first()
    person.factors.filter(pk=person.factors.filter(kind="code").first().pk).update(secret=code.secret)
    person.factor_seal = seal_of(person.factors.all())
    assert factors.by_code(person, own.code(), at=timezone.now()) == ""
    assert factors.by_code(person, own.codes[0], at=timezone.now()) == ""


def test_five_wrong_codes_make_the_account_wait_even_for_the_right_one(client, person, phone):
    first(client)
    for number in range(5):
        assert "验证码不对" in text(second(client, phone.wrong(number)))
    assert "15 分钟后再试" in text(second(client, phone.code()))
    assert results() == [Result.HALF, *[Result.WRONG_CODE] * 5, Result.LOCKED]
    assert "15 分钟后再试" in text(first(Client())), "and for the password"


def test_wrong_passwords_and_wrong_codes_count_together(client, person, phone):
    for _ in range(3):
        first(Client(), password="wrong")
    first(client)
    second(client, phone.wrong())
    second(client, phone.wrong())
    assert "15 分钟后再试" in text(second(client, phone.code()))


def test_a_right_password_again_and_again_gives_no_new_guesses(client, person, phone):
    for number in range(5):
        other = Client()
        first(other)
        second(other, phone.wrong(number))
    first(client)
    assert client.get(SECOND).url == LOGIN, "the account waits"


def test_an_empty_form_is_no_guess(client, person, phone):
    first(client)
    assert "请填写验证码" in text(second(client, ""))
    assert results() == [Result.HALF]


@pytest.mark.parametrize(("role", "who"), [("manager", "系统管理员"), ("auditor", "服务器运维人员")])
def test_twenty_wrong_codes_in_a_day_are_enough(client, person, phone, role, who):
    """A code of six digits is guessed by patience: five in a quarter of an hour are some five hundred a day."""
    User.objects.filter(pk=person.pk).update(role=role)
    first(client)
    assert f"请联系{who}重置二次验证" in text(client.get(SECOND))
    SignIn.objects.all().delete()
    source, at = Source("203.0.113.9"), NOON
    for number in range(signing_in.CODE_TRIES):
        at = NOON + timedelta(minutes=16 * number)
        signing_in.begin("yuan", source, at=at, result=Result.WRONG_CODE)
    with pytest.raises(operations.Refused, match=f"请明天再试，或请{who}重置"):
        signing_in.begin("yuan", source, at=at + timedelta(minutes=16), result=Result.WRONG_CODE)
    signing_in.begin("yuan", source, at=at + timedelta(minutes=32))
    known = Source("203.0.113.8", "d" * 32)
    signing_in.begin("yuan", known, at=at + timedelta(minutes=32), result=Result.WRONG_CODE)
    signing_in.begin("yuan", source, at=NOON + timedelta(days=1, hours=6), result=Result.WRONG_CODE)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_guesses_sent_all_at_once_count_each_other(person, phone, monkeypatch):
    """Twenty-four browsers with the right password send their guesses together: five are judged."""
    browsers = [Client(raise_request_exception=False) for _ in range(24)]
    for browser in browsers:
        first(browser)
    judged = []
    by_code = factors.by_code
    monkeypatch.setattr(factors, "by_code", lambda *a, **k: judged.append(1) or by_code(*a, **k))

    def guess(pair):
        try:
            return second(pair[1], phone.wrong(pair[0] % 20)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, enumerate(browsers)))
    assert set(answers) == {400} and len(judged) <= 5
    assert results().count(Result.WRONG_CODE) <= 5


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("kind", ["app", "code"])
def test_of_many_who_send_the_same_code_at_once_one_comes_in(person, phone, kind):
    code, at = phone.code() if kind == "app" else phone.codes[0], timezone.now()

    def send(_):
        try:
            return factors.by_code(User.objects.get(pk=person.pk), code, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(8))) == [*[""] * 7, kind]


@pytest.mark.parametrize(
    "what",
    [
        lambda person: operations.reset_password(person, by=UserFactory(role="sysadmin", unit=None), at=timezone.now()),
        lambda person: operations.deactivate(person, by=UserFactory(role="sysadmin", unit=None), at=timezone.now()),
        lambda person: operations.change_own_password(person, "Lin-Yi-Ge-2026", at=timezone.now()),
    ],
)
def test_what_ends_access_ends_what_is_half_done(client, person, phone, what):
    first(client)
    what(User.objects.get(pk=person.pk))
    assert second(client, phone.code()).url == LOGIN


@pytest.mark.parametrize("seconds", [second_step.SECONDS + 1, -60])
def test_who_waits_too_long_begins_anew(client, person, phone, seconds):
    first(client)
    session = client.session
    session["second_step"] = session["second_step"] | {"since": session["second_step"]["since"] - seconds}
    session.save()
    assert second(client, phone.code()).url == LOGIN


def test_a_form_that_came_without_a_session_waits_behind_both_pages(client, person, phone):
    page = reverse("hazards:register")
    client.force_login(person)
    whose = re.search(r'name="whose" value="([^"]+)"', text(client.get(page)))[1]
    client.logout()
    sent = client.post(page, {"hazards-0-description": "二号冷库通道堵塞", "whose": whose})
    target = urlsplit(sent.url).query.removeprefix("next=").replace("%2F", "/")
    assert "完成验证后" not in text(client.get(sent.url))
    first(client, then=target)
    assert "完成验证后，刚才填写的内容可以继续提交" in text(client.get(SECOND))
    answer = client.post(SECOND, {"code": phone.code()}, follow=True)
    assert "二号冷库通道堵塞" in text(answer)


def test_an_old_token_leads_on(person, phone):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SECOND, {"code": "123456"}).url == SECOND
    assert strict.get(SECOND).url == LOGIN


def test_a_new_browser_is_known_only_after_the_second_page(client, person, phone):
    first(client)
    assert "safetyledger_device" not in client.cookies
    second(client, phone.code())
    assert client.cookies["safetyledger_device"].value
    assert SignIn.objects.first().device != ""


def test_where_the_key_is_gone_the_code_is_wrong_and_the_log_tells(client, person, phone, settings, caplog):
    settings.DATA_KEYS = {"k2": b"x" * 32}
    first(client)
    assert second(client, phone.code()).status_code == 400
    assert "cannot be read" in caplog.text


def test_after_a_rotation_old_factors_are_read_by_the_old_key(person, phone, settings):
    settings.DATA_KEYS = {"k2": b"x" * 32} | settings.DATA_KEYS
    assert factors.by_code(person, phone.code(), at=timezone.now()) == "app"
    assert factors.by_code(person, phone.codes[0], at=timezone.now()) == "code"
