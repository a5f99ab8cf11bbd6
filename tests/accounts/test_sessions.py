"""Where somebody is signed in: seen, ended one by one, and no more at once than the house allows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import operations, sessions
from accounts.devices import called
from accounts.models import OpenSession, SignIn
from accounts.sessions import SessionStore, digest_of
from tests.factories import UserFactory
from tests.factors import Phone
from tests.tokens import secret_of

pytestmark = pytest.mark.django_db
PASSWORD = "Right-pass-2026"
PAGE, END, ME = reverse("accounts:sessions"), reverse("accounts:session_end"), reverse("accounts:me")
LOGIN = reverse("accounts:login")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Mobile/15E148 Safari/604.1"
DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO = False


def made(role="manager", **facts):
    person = UserFactory(role=role, **facts)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def person(db):
    return made()


def signed_in(person, agent=DESKTOP, address="10.1.2.3"):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post(LOGIN, {"username": person.username, "password": PASSWORD}).status_code == 302
    return client


def key_of(client):
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def is_in(client):
    return client.get(ME).status_code == 200


def said_to(client):
    """What the sign-in page says to which the next request of ``client`` leads."""
    return client.get(ME, follow=True).content.decode()


def test_the_table_knows_no_key_that_a_browser_has(person):
    client = signed_in(person)
    row = OpenSession.objects.get(person=person)
    assert key_of(client) not in str(OpenSession.objects.values())
    assert row.pk == digest_of(key_of(client))
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = row.pk
    assert not is_in(thief)
    client.post(reverse("accounts:logout"))
    assert not OpenSession.objects.filter(person=person).exists()


def test_the_page_says_where_since_when_and_which_one_is_this(person):
    phone, desktop = signed_in(person, PHONE, "10.9.9.9"), signed_in(person)
    page = desktop.get(PAGE).content.decode()
    assert page.count("本机") == 1 and page.index("本机") < page.index("电脑 Chrome") < page.index("手机 Safari")
    assert "10.9.9.9" in page and "10.1.2.3" in page and "2 台，最多 3 台" in page
    assert "最近使用" in page
    rows = phone.get(PAGE).context["rows"]
    assert [row.device for row in rows] == ["手机 Safari", "电脑 Chrome"]


def test_ending_one_leads_it_to_the_sign_in_page_with_the_sentence(person):
    phone, desktop, third = signed_in(person, PHONE), signed_in(person), signed_in(person)
    answer = desktop.post(END, {"which": digest_of(key_of(phone))}, follow=True)
    assert "已退出 1 台设备上的登录" in answer.content.decode()
    assert sessions.FROM_ANOTHER in said_to(phone)
    assert is_in(desktop) and is_in(third)
    assert SignIn.objects.filter(person=person, result="ended").count() == 1
    assert phone.post(LOGIN, {"username": person.username, "password": PASSWORD}).status_code == 302
    phone.post(reverse("accounts:logout"))
    assert sessions.FROM_ANOTHER not in phone.get(LOGIN).content.decode(), "it has been said"


def test_ending_all_others_keeps_this_one(person):
    others, here = [signed_in(person), signed_in(person)], signed_in(person)
    stranger = signed_in(made())
    here.post(END, {"which": "others"})
    assert is_in(here) and is_in(stranger)
    assert [is_in(one) for one in others] == [False, False]


def test_what_names_no_other_device_of_ones_own_ends_nothing(person):
    here, stranger = signed_in(person), signed_in(made())
    for value in (digest_of(key_of(here)), digest_of(key_of(stranger)), "0" * 64):
        assert "没有需要退出的设备" in here.post(END, {"which": value}, follow=True).content.decode()
    assert is_in(here) and is_in(stranger)


@pytest.mark.parametrize(("role", "most"), [("manager", 3), ("secadmin", 1)])
def test_who_signs_in_at_one_too_many_ends_the_oldest_and_it_says_so(role, most):
    person = made(role)
    clients = [signed_in(person) for _ in range(most)]
    assert all(is_in(client) for client in clients)
    for number, row in enumerate(OpenSession.objects.filter(pk__in=[digest_of(key_of(one)) for one in clients])):
        # within one second they began alike
        OpenSession.objects.filter(pk=row.pk).update(began_at=timezone.now() - timedelta(hours=number + 1))
    oldest = sessions.open_to(person, timezone.now()).last().pk
    last = signed_in(person)
    out = [client for client in clients if not is_in(client)]
    assert [digest_of(key_of(client)) for client in out] == [oldest]
    assert is_in(last)
    assert f"您的账号在别处登录。同一账号最多在 {most} 台设备上登录" in said_to(out[0])


def test_new_recovery_codes_leave_every_other_device_in(person):
    Phone(person)
    clients = [Client() for _ in range(3)]
    for client in clients:
        client.force_login(person)
    answer = clients[-1].post(reverse("accounts:factor_codes"), {"password": PASSWORD})
    assert "恢复码" in answer.content.decode() and answer.status_code == 200
    assert [is_in(client) for client in clients] == [True, True, True]


@pytest.mark.parametrize("which", ["", "nothing", "这", "\x00", "a" * 65])
def test_what_names_no_device_at_all_is_refused_with_a_sentence(person, which):
    here = signed_in(person)
    answer = here.post(END, {"which": which})
    assert (answer.status_code, "没有写明要退出哪一台设备" in answer.content.decode()) == (400, True)
    assert is_in(here)


@pytest.mark.parametrize("change", [{"SESSIONS_AT_MOST": 0}, {"DEMO": True}])
def test_without_a_bound_nobody_is_ended(person, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    clients = [signed_in(person) for _ in range(5)]
    assert all(is_in(client) for client in clients)


def test_a_session_that_has_run_out_counts_for_none(person, settings):
    settings.SESSIONS_AT_MOST = 1
    first = signed_in(person)
    OpenSession.objects.filter(person=person).update(expire_date=timezone.now() - timedelta(minutes=1))
    signed_in(person)
    assert OpenSession.objects.filter(pk=digest_of(key_of(first)), person=person).exists(), "left to the nightly sweep"


def test_a_request_on_its_way_does_not_bring_an_ended_session_back(person):
    client, here = signed_in(person), signed_in(person)
    on_its_way = SessionStore(key_of(client))
    assert on_its_way["_auth_user_id"] == str(person.pk)
    here.post(END, {"which": "others"})
    on_its_way["touched_at"] = 0
    on_its_way.save()
    assert not is_in(client)
    assert sessions.FROM_ANOTHER in said_to(client)


def test_the_security_administrator_reads_how_many_there_are(client, person):
    signed_in(person), signed_in(person)
    client.force_login(made("secadmin"))
    assert "登录设备 2 台" in client.get(reverse("accounts:person", args=[person.pk])).content.decode()
    client.force_login(made("sysadmin"))
    assert "登录设备" not in client.get(reverse("accounts:person", args=[person.pk])).content.decode()


def test_the_security_administrator_ends_all_access_on_the_persons_page(client, person):
    there = signed_in(person)
    client.force_login(made("secadmin"))
    page = reverse("accounts:person_end_access", args=[person.pk])
    answer = client.post(page, {"version": 0}, follow=True)
    assert "已退出所有设备" in answer.content.decode()
    assert sessions.ALL_ENDED in said_to(there)


@pytest.mark.django_db(transaction=True)
def test_sign_ins_at_once_count_each_other(settings):
    settings.SESSIONS_AT_MOST = 2
    person = made()

    def one(_):
        try:
            store = SessionStore()
            store["_auth_user_id"] = str(person.pk)
            store["began_at"] = 1
            store.save()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))
    assert sessions.open_to(person, timezone.now()).count() == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "手机 Safari"),
        (DESKTOP, "电脑 Chrome"),
        (f"{DESKTOP} Edg/140.0", "电脑 Edge"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "电脑 火狐"),
        ("Mozilla/5.0 (Linux; Android 14; HUAWEI) Chrome/114 HuaweiBrowser/15 Mobile Safari/537.36", "手机 华为浏览器"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0.7360.1 Mobile Safari/537.36 MicroMessenger/8.0", "手机 微信"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Safari/537.36", "平板 Chrome"),
        ("Mozilla/5.0 (iPad; CPU OS 15) Mobile/15E148 Safari/604.1", "平板 Safari"),
        ("curl/8.0", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent, words):
    assert called(agent) == words


def test_an_act_that_fails_ends_no_session(person):
    client = signed_in(person)
    with pytest.raises(operations.NotPermitted):
        operations.reset_password(person, by=made("secadmin"), at=timezone.now())
    assert is_in(client)


@pytest.mark.parametrize("page", [PAGE, reverse("accounts:tokens")])
def test_three_rows_cost_as_many_queries_as_one(person, page, settings):
    settings.SESSIONS_AT_MOST = 9
    client = signed_in(person)
    add = {
        PAGE: lambda number: signed_in(person),
        reverse("accounts:tokens"): lambda number: token_and_ended(person, number),
    }[page]

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    add(1)
    client.get(page)
    one = cost()
    add(2), add(3)
    assert cost() == one <= 9


def token_and_ended(person, number):
    secret_of(person, name=f"在用 {number}")
    ended = operations.token_with(secret_of(person, name=f"不用 {number}"))
    person.refresh_from_db()
    operations.revoke_token(person, by=person, at=timezone.now(), token=ended)
