"""What a person came in with ends with what it was worth: after every act on an account, and whatever is granted later."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import devices, operations
from accounts.models import User
from accounts.sessions import SessionStore
from journal import acts
from journal.audit import breaks
from tests.factories import NOON, UnitFactory, UserFactory
from tests.factors import Phone
from tests.tokens import header_of

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "Right-pass-2026", "New-pass-2026!"


@pytest.fixture
def admins(db):
    return {role: UserFactory(role=role, unit=None) for role in ("sysadmin", "secadmin")}


@pytest.fixture
def person(township, admins):
    row, _ = operations.add_person(at=NOON, username="zheng", full_name="郑有田", role="manager", unit=township)
    row.set_password(PASSWORD)
    row.password_is_given = False
    row.save()
    return row


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO = False


def another_unit():
    return UnitFactory(code="411402109")


def revoked(row, a):
    token, _ = operations.make_token(row, by=row, at=NOON, name="另一个", scope="read", days=1)
    operations.revoke_token(row, by=a["secadmin"], at=NOON, token=token)


# {move: what it does to a person who is in use, as somebody who may}. Whether all access ends stands beside it.
ACTS = {
    "reset_password": (True, lambda row, a: operations.reset_password(row, by=a["sysadmin"], at=NOON)),
    "deactivate": (True, lambda row, a: operations.deactivate(row, by=a["sysadmin"], at=NOON)),
    "revoke": (True, lambda row, a: operations.deactivate(row, by=a["secadmin"], at=NOON)),
    "transfer": (True, lambda row, a: operations.edit_account(row, by=a["sysadmin"], at=NOON, unit=another_unit())),
    "grant": (True, lambda row, a: operations.grant(row, by=a["secadmin"], at=NOON, role="inspector")),
    "change_password": (True, lambda row, a: operations.change_own_password(row, NEW, at=NOON)),
    "set_password": (True, lambda row, a: operations.note_set_password(row, by=None, at=NOON)),
    "end_access": (True, lambda row, a: operations.end_access(row, by=row, at=NOON)),
    "edit": (False, lambda row, a: operations.edit_account(row, by=a["sysadmin"], at=NOON, phone="0370-1")),
    "bind_factor": (True, lambda row, a: Phone(row)),
    "make_token": (False, lambda row, a: operations.make_token(row, by=row, at=NOON, name="甲", scope="read", days=1)),
    "revoke_token": (False, revoked),
}
UNTOUCHED = {"open", "add", "readmit"}  # the first two make an account; the third is tried with a stopped one below
UNTOUCHED |= {
    "reset_factor",
    "clear_factor",
    "drop_factor",
    "renew_codes",
}  # in test_factors.py, of who has a second factor


def test_every_move_of_an_account_is_in_the_table():
    assert set(ACTS) | UNTOUCHED == set(User.lifecycle.moves)
    assert {act.name for act in acts.acts_of(User)} <= {move.act for move in User.lifecycle.moves.values()}


def token_of(person):
    return Client(headers=header_of(person))


def session_of(person):
    client = Client()
    assert client.login(username=person.username, password=PASSWORD)
    return client


WAYS = {
    "token": (token_of, lambda client, person: client.get(reverse("api-hazard-list")).status_code == 200),
    "session": (session_of, lambda client, person: client.get(reverse("accounts:me")).status_code == 200),
    "device": (
        lambda person: signed_in(person),
        lambda client, person: is_known(client, person),
    ),
}


def signed_in(person):
    """A browser that remembers ``person`` as somebody who uses it."""
    client = Client()
    client.post(reverse("accounts:login"), {"username": person.username, "password": PASSWORD})
    return client


def is_known(client, person):
    asked = Client().get(reverse("accounts:login")).wsgi_request
    asked.COOKIES = {devices.COOKIE: client.cookies[devices.COOKIE].value}
    return devices.source_of(asked, person.username).device != ""


def broken(person):
    """What the verifier says of ``person``; the administrators of a factory have no events."""
    return [problem for problem in breaks([User]) if person.full_name in problem.place]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ACTS)
def test_what_one_came_in_with_is_dead_for_ever(person, admins, name, way):
    enter, is_in = WAYS[way]
    client = enter(person)
    person.refresh_from_db()
    # The cookies as they stand, for a browser that does not hear that its session is over.
    kept = dict(client.cookies)
    assert is_in(client, person)
    ends, act = ACTS[name]
    act(person, admins)
    User.objects.filter(pk=person.pk).update(password_is_given=False)  # what is known of a password is another test's
    assert is_in(client, person) is not ends
    if not ends:
        return
    if not person.is_active:
        operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    operations.grant(person, by=admins["secadmin"], at=NOON, role="leader")
    client.cookies.update(kept)
    assert not is_in(client, person)
    assert broken(person) == []


@pytest.mark.parametrize("name", ["deactivate", "reset_password"])
def test_a_session_that_nobody_used_meanwhile_does_not_come_back(person, admins, name):
    """The old browser asks for nothing between the act and the new grant."""
    client = session_of(person)
    person.refresh_from_db()
    ACTS[name][1](person, admins)
    if not person.is_active:
        operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    assert client.get(reverse("accounts:me")).status_code == 302


@pytest.mark.parametrize("way", WAYS)
def test_the_server_readmits_no_old_way_in(person, admins, way):
    enter, is_in = WAYS[way]
    client = enter(person)
    person.refresh_from_db()
    operations.deactivate(person, by=admins["sysadmin"], at=NOON)
    operations.readmit(person, by=None, at=NOON)
    assert not is_in(client, person)


def test_the_number_alone_ends_what_a_lost_statement_left(person, admins):
    """Rows of sessions are ended so that they can say why; that nobody comes in hangs on the number, which the event seals."""
    token, session = token_of(person), session_of(person)
    person.refresh_from_db()
    User.objects.filter(pk=person.pk).update(access_number=person.access_number + 1)
    assert token.get(reverse("api-hazard-list")).status_code == 401
    assert session.get(reverse("accounts:me")).status_code == 302


def test_the_event_seals_the_number_and_never_lowers_it(person, admins):
    numbers = []
    for name in ("reset_password", "deactivate", "grant"):
        ACTS[name][1](person, admins)
        numbers.append(person.events.order_by("-sequence").first().facts["access_number"])
    assert numbers == [1, 2, 3] == list(range(1, person.access_number + 1))
    User.objects.filter(pk=person.pk).update(access_number=0)
    assert broken(person) != []


@pytest.mark.parametrize("how", ["page", "command"])
def test_a_password_replaced_by_oneself_or_on_the_server_ends_the_rest(client, person, how, monkeypatch):
    token, other = token_of(person), session_of(person)
    if how == "page":
        client.force_login(User.objects.get(pk=person.pk))
        new = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
        assert client.post(reverse("accounts:password"), new).status_code == 302
        assert client.get(reverse("accounts:me")).status_code == 200, "where it was done one stays"
    else:
        monkeypatch.setattr("getpass.getpass", lambda **asked: NEW)
        call_command("changepassword", person.username)
    assert token.get(reverse("api-hazard-list")).status_code == 401
    assert other.get(reverse("accounts:me")).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    kinds = {"page": "change_password", "command": "set_password"}
    assert person.events.order_by("-sequence").first().kind == kinds[how]
    assert broken(person) == []


def test_a_device_is_known_only_as_long_as_the_account_is_what_it_was(client, person, admins):
    client.post(reverse("accounts:login"), {"username": "zheng", "password": PASSWORD})
    assert is_known(client, person)
    person.refresh_from_db()
    ACTS["deactivate"][1](person, admins)
    operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    assert not is_known(client, person)
    assert SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).get("_auth_user_id") is None


def test_all_access_is_ended_by_its_owner_or_the_security_administrator_alone(person, admins):
    with pytest.raises(operations.NotPermitted, match="本人或安全管理员"):
        operations.end_access(person, by=admins["sysadmin"], at=NOON)
    event = operations.end_access(person, by=admins["secadmin"], at=NOON)
    assert event.changes == {"登录设备": "0 台", "接口令牌": "0 个"}


def test_ending_ones_own_access_leads_to_the_sign_in_and_says_why(client, person):
    token, other = token_of(person), session_of(person)
    client.force_login(User.objects.get(pk=person.pk))
    shown = client.get(reverse("accounts:own_end_access")).content.decode()
    assert "2 台设备上的登录" in shown and "1 个接口令牌" in shown
    answer = client.post(reverse("accounts:own_end_access"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("accounts:login")
    assert "账号的登录已全部结束" in answer.content.decode()
    assert token.get(reverse("api-hazard-list")).status_code == 401
    assert other.get(reverse("accounts:me")).status_code == 302
    event = User.objects.get(pk=person.pk).events.order_by("-sequence").first()
    assert (event.kind, event.changes) == ("end_access", {"登录设备": "2 台", "接口令牌": "1 个"})
