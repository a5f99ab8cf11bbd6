"""Signing in: who must wait, who must not, and what is remembered of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import devices
from accounts.models import SignIn, User, folded
from accounts.operations import Refused, add_person, reset_password, signing_in
from accounts.operations.signing_in import Source
from accounts.tasks import drop_old_sign_ins
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db
LOGIN, RIGHT, WAIT = "/accounts/login/", "Right-pass-2026", "15 分钟后再试"
Result = SignIn.Result


def made(username="yuan", **facts):
    user = UserFactory(username=username, **facts)
    user.set_password(RIGHT)
    user.save()
    return user


@pytest.fixture
def person(db):
    return made()


def sign_in(client, password, name="yuan", **extra):
    return client.post(LOGIN, {"username": name, "password": password}, **extra)


def results():
    return list(SignIn.objects.order_by("pk").values_list("result", flat=True))


def test_sign_in_leads_to_the_desk_and_out_again(client, person):
    assert sign_in(client, RIGHT).url == reverse("hazards:desk")
    assert client.post(reverse("accounts:logout")).status_code == 302
    assert client.get(reverse("accounts:me")).url.startswith(LOGIN)
    assert results() == [Result.SUCCESS, Result.SIGN_OUT]
    assert set(SignIn.objects.values_list("person", flat=True)) == {person.pk}


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client, person):
    for _ in range(5):
        assert "账号或密码不对" in sign_in(client, "wrong").content.decode()

    assert WAIT in sign_in(client, RIGHT).content.decode()


def test_the_owner_on_a_known_device_is_not_locked_out_by_others(client, person):
    sign_in(client, RIGHT)
    client.post(reverse("accounts:logout"))
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(7):
        answer = sign_in(stranger, "wrong")
    assert WAIT in answer.content.decode()

    assert sign_in(client, RIGHT).status_code == 302


def known(client):
    """The device cookie of ``client`` in a fresh browser: the session is gone, the device is known."""
    fresh = Client()
    fresh.cookies[devices.COOKIE] = client.cookies[devices.COOKIE].value
    return fresh


def test_guesses_on_a_known_device_wait_and_leave_other_devices_alone(client, person):
    sign_in(client, RIGHT)
    device = known(client)
    for _ in range(5):
        assert WAIT not in sign_in(device, "wrong").content.decode()
    assert WAIT in sign_in(device, RIGHT).content.decode()
    assert sign_in(Client(), RIGHT).status_code == 302


def test_the_device_of_one_person_is_not_known_for_another(client, person):
    made("wang")
    sign_in(client, RIGHT, name="wang")
    for _ in range(5):
        sign_in(Client(), "wrong")
    assert WAIT in sign_in(known(client), RIGHT).content.decode()


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ:1abc:zzz"])
def test_a_forged_device_is_none(client, person, cookie):
    for _ in range(5):
        sign_in(Client(), "wrong")
    client.cookies[devices.COOKIE] = cookie
    assert WAIT in sign_in(client, RIGHT).content.decode()


def test_a_reset_password_makes_known_devices_strangers_and_ends_the_wait(client, person):
    sign_in(client, RIGHT)
    for _ in range(5):
        sign_in(Client(), "wrong")
    password = reset_password(person, by=UserFactory(role="sysadmin", unit=None), at=timezone.now())
    device = known(client)
    assert sign_in(device, "wrong").status_code == 200
    assert SignIn.objects.first().device == ""
    assert sign_in(Client(), password).status_code == 302


@pytest.mark.parametrize("typed", ["  yuan", "yuan ", "ｙｕａｎ", "YUAN", "Yuan"])
def test_spellings_of_one_account_share_one_count(client, person, typed):
    for name in ("yuan", typed, typed, "yuan", typed):
        sign_in(client, "wrong", name)

    for name in ("yuan", typed):
        assert WAIT in sign_in(client, RIGHT, name).content.decode()


def test_case_does_not_matter_at_sign_in(client):
    person = made("Yuan.LiXin")
    assert sign_in(client, RIGHT, "yuan.lixin").status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("other", ["YUAN", "Yuan", "ｙｕａｎ"])
def test_names_that_differ_in_case_only_are_one_account(person, other):
    with pytest.raises(Refused, match="已经有人使用"):
        add_person(at=NOON, username=other, full_name="另一人", role="sysadmin")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username=folded(other).upper(), full_name="另一人", role="sysadmin", state="active")


@pytest.mark.parametrize("name", ["Élise", "ЮРИЙ", "straße"])
def test_letters_that_databases_fold_differently_are_refused(name):
    with pytest.raises(Refused, match="英文字母、汉字"):
        add_person(at=NOON, username=name, full_name="某人", role="sysadmin")


@settings(max_examples=40)
@given(st.text("abzABZ09._-@+袁立", min_size=1, max_size=12))
def test_any_name_that_can_be_taken_is_found_in_any_case(name):
    with transaction.atomic():
        person = UserFactory(username=name, unit=None, role="sysadmin")
        for typed in (name, name.upper(), name.lower(), f" {name}"):
            assert User.objects.named(typed).get() == person
        transaction.set_rollback(True)


def test_a_try_without_a_password_is_no_try(client, person):
    for password in ("wrong", "wrong", "wrong", "wrong", "", "wrong"):
        sign_in(client, password)

    assert WAIT in sign_in(client, RIGHT).content.decode()
    assert results() == [Result.FAILURE] * 5 + [Result.LOCKED]


def test_tries_that_are_refused_are_written_down_once_for_each_wait(client, person):
    for _ in range(12):
        sign_in(client, "wrong")
    assert results() == [Result.FAILURE] * 5 + [Result.LOCKED]


def fail(at, name="yuan", peer="10.0.0.1", device=""):
    return signing_in.begin(name, Source(peer, device), at=at)


def test_a_locked_account_waits_fifteen_minutes_after_the_last_failure(person):
    for minute in range(5):
        fail(NOON + timedelta(minutes=minute))
    with pytest.raises(Refused, match=WAIT):
        fail(NOON + timedelta(minutes=18, seconds=59))
    fail(NOON + timedelta(minutes=19, seconds=1))


def test_failures_spread_over_hours_do_not_add_up(person):
    for number in range(12):
        fail(NOON + timedelta(minutes=5 * number))
    assert results() == [Result.FAILURE] * 12  # none of them was turned away


@settings(max_examples=25)
@given(st.lists(st.integers(0, 3600), max_size=40))
def test_no_quarter_of_an_hour_holds_more_than_five_judged_guesses(seconds):
    """Whatever the rhythm: what is not refused is judged, and of that there are never six in fifteen minutes."""
    with transaction.atomic():
        judged = []
        for second in sorted(seconds):
            try:
                fail(NOON + timedelta(seconds=second), name="nobody")
                judged.append(second)
            except Refused:
                continue
        assert not any(later - first < 900 for first, later in zip(judged, judged[5:], strict=False))
        transaction.set_rollback(True)


def test_an_address_where_nobody_signs_in_waits_as_a_whole(person):
    for number in range(30):
        fail(NOON, name=f"guess{number}")
    with pytest.raises(Refused):
        fail(NOON)
    fail(NOON, device="a" * 32)  # a known device is not locked with the address
    fail(NOON, peer="10.0.0.2")


def test_an_office_is_not_locked_by_what_fails_behind_its_address(person):
    signing_in.succeed(fail(NOON - timedelta(days=6), name="colleague"), "b" * 32)
    for number in range(60):
        fail(NOON, name=f"guess{number}")
    fail(NOON)
    assert Result.LOCKED not in results()


@pytest.mark.parametrize(
    ("peer", "key"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_addresses_are_counted_by_what_one_line_is_given(peer, key):
    assert Source(peer).key == key
    assert "%" not in (Source(peer).address or ""), "PostgreSQL's inet knows no scope"


def test_a_forwarded_address_does_not_escape_the_lock(client, person):
    for n in range(5):
        sign_in(client, "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")

    assert WAIT in sign_in(client, RIGHT, HTTP_X_FORWARDED_FOR="10.9.9.9").content.decode()


@pytest.mark.parametrize("name", ["yuan\x00", "\ud800", "长" * 5000])
def test_strange_user_names_are_refused_in_words(client, person, name):
    answer = client.post(LOGIN, {"username": name.encode("utf-8", "surrogatepass"), "password": "x"})

    assert answer.status_code in (200, 400)
    assert "_auth_user_id" not in client.session


def change(client, old, new="New-pass-2026!"):
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("accounts:password"), data)


def test_own_page_and_password_change(client, person):
    sign_in(client, RIGHT)
    assert "人员" in client.get(reverse("accounts:me")).content.decode()
    assert "原密码" in change(client, "wrong").content.decode()
    assert change(client, RIGHT, "short").status_code == 200
    assert change(client, RIGHT).status_code == 302
    person.refresh_from_db()
    assert person.check_password("New-pass-2026!")
    assert client.get(reverse("accounts:me")).status_code == 200
    assert results() == [Result.SUCCESS, Result.WRONG_OLD, Result.CHANGED]
    sign_in(known(client), "wrong")
    assert SignIn.objects.first().device != ""  # the device stays known


def test_guesses_at_the_old_password_are_limited_too(client, person):
    client.force_login(person)
    for _ in range(5):
        change(client, "wrong")
    assert WAIT in change(client, RIGHT).content.decode()
    person.refresh_from_db()
    assert person.check_password(RIGHT)


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_all_at_once_count_each_other(person):
    """Of twenty guesses in the same moment at most five are judged, whatever the database lets overlap."""

    def guess(number):
        try:
            return sign_in(Client(), f"wrong{number}").content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(20)))
    assert 1 <= sum("账号或密码不对" in answer for answer in answers) <= 5
    assert all("账号或密码不对" in answer or WAIT in answer for answer in answers)


def test_the_auditor_reads_who_signed_in_and_who_tried_and_no_password(client, person):
    sign_in(client, "wrong-Secret-77")
    sign_in(client, RIGHT)
    sign_in(Client(), RIGHT, name="My-Secret-Password-9")  # typed into the wrong field
    client.force_login(UserFactory(role="auditor", unit=None))
    page = client.get(reverse("accounts:sign_ins")).content.decode()
    assert "账号或密码不对" in page and "登录成功" in page and "没有这个账号" in page and person.full_name in page
    kept = str(list(SignIn.objects.values()))
    for secret in ("wrong-Secret-77", RIGHT, "My-Secret-Password-9"):
        assert secret not in page and secret not in kept


@pytest.mark.parametrize(
    ("query", "rows"),
    [("q=yuan", 2), ("q=wang", 1), ("result=failure", 1), ("day=2026-11-20", 2), ("day=2026-11-21", 1)],
)
def test_sign_ins_are_asked_for_by_person_result_and_day(client, person, query, rows):
    made("wang")
    fail(NOON)
    signing_in.succeed(fail(NOON + timedelta(hours=11, minutes=59)), "a" * 32)
    signing_in.succeed(fail(NOON + timedelta(hours=12), name="wang"), "c" * 32)
    client.force_login(UserFactory(role="auditor", unit=None))
    assert len(client.get(f"{reverse('accounts:sign_ins')}?{query}").context["rows"]) == rows


@pytest.mark.parametrize("role", ["inspector", "sysadmin", "secadmin"])
def test_nobody_else_reads_them(role):
    fail(NOON)
    assert not SignIn.objects.visible_to(UserFactory(role=role, unit=None)).exists()


def test_sign_ins_are_kept_for_six_months_and_no_longer(person):
    now = timezone.now()
    for days in (0, 183, 189, 191, 400):
        fail(now - timedelta(days=days))
    drop_old_sign_ins()
    assert SignIn.objects.count() == 3
    assert timedelta(days=183) <= signing_in.KEPT


def test_what_one_run_leaves_the_next_one_drops(person):
    for days in (300, 301, 302):
        fail(NOON - timedelta(days=days))
    assert [signing_in.drop_old(at=NOON, limit=2) for _ in range(3)] == [2, 1, 0]


def test_what_known_devices_mistype_makes_no_stranger_at_the_same_address_wait():
    for number in range(signing_in.PEER_TRIES):
        signing_in.begin(f"known{number}", Source("203.0.113.9", "a" * 32), at=NOON)
    signing_in.begin("stranger", Source("203.0.113.9"), at=NOON)
    for number in range(signing_in.PEER_TRIES - 1):
        signing_in.begin(f"other{number}", Source("203.0.113.9"), at=NOON)
    with pytest.raises(Refused):
        signing_in.begin("one more", Source("203.0.113.9"), at=NOON)
