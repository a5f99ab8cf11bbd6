"""What a person came in with ends with what it was worth: after every act on an account, and whatever is granted later."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from accounts import devices, operations
from accounts.models import User
from journal import acts
from journal.audit import breaks
from tests.factories import NOON, UnitFactory, UserFactory
from tests.factors import Phone

pytestmark = pytest.mark.django_db
PASSWORD = "Right-pass-2026"


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


# {act: what it does to a person who is in use, as somebody who may}. Whether all access ends stands beside it.
ACTS = {
    "reset_password": (True, lambda row, a: operations.reset_password(row, by=a["sysadmin"], at=NOON)),
    "deactivate": (True, lambda row, a: operations.deactivate(row, by=a["sysadmin"], at=NOON)),
    "revoke": (True, lambda row, a: operations.deactivate(row, by=a["secadmin"], at=NOON)),
    "transfer": (True, lambda row, a: operations.edit_account(row, by=a["sysadmin"], at=NOON, unit=another_unit())),
    "grant": (True, lambda row, a: operations.grant(row, by=a["secadmin"], at=NOON, role="inspector")),
    "edit": (False, lambda row, a: operations.edit_account(row, by=a["sysadmin"], at=NOON, phone="0370-1")),
    "bind_factor": (True, lambda row, a: Phone(row)),
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
    return Client(headers={"Authorization": f"Token {Token.objects.get_or_create(user=person)[0].key}"})


def session_of(person):
    client = Client()
    assert client.login(username=person.username, password=PASSWORD)
    return client


WAYS = {"token": (token_of, "api-hazard-list"), "session": (session_of, "accounts:me")}


def broken(person):
    """What the verifier says of ``person``; the administrators of a factory have no events."""
    return [problem for problem in breaks([User]) if person.full_name in problem.place]


def is_in(client, page):
    return client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ACTS)
def test_what_one_came_in_with_is_dead_for_ever(person, admins, name, way):
    enter, page = WAYS[way]
    client = enter(person)
    # The cookie as it stands, for a browser that does not hear that its session is over.
    kept = dict(client.cookies)
    assert is_in(client, page)
    ends, act = ACTS[name]
    act(person, admins)
    assert is_in(client, page) is not ends
    if not ends:
        return
    if not person.is_active:
        operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    operations.grant(person, by=admins["secadmin"], at=NOON, role="leader")
    client.cookies.update(kept)
    assert not is_in(client, page)
    assert broken(person) == []


@pytest.mark.parametrize("name", ["deactivate", "reset_password"])
def test_a_session_that_nobody_used_meanwhile_does_not_come_back(person, admins, name):
    """The old browser asks for nothing between the act and the new grant."""
    client = session_of(person)
    ACTS[name][1](person, admins)
    if not person.is_active:
        operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    User.objects.filter(pk=person.pk).update(password=User.objects.get(pk=person.pk).password)
    assert not is_in(client, "accounts:me")


@pytest.mark.parametrize("way", WAYS)
def test_the_server_readmits_no_old_way_in(person, admins, way):
    enter, page = WAYS[way]
    client = enter(person)
    operations.deactivate(person, by=admins["sysadmin"], at=NOON)
    if way == "token":
        client = token_of(person)  # made while the account was stopped
    operations.readmit(person, by=None, at=NOON)
    assert not is_in(client, page)


def test_a_moved_account_that_waits_for_its_grant_ends_access_too(person, admins):
    operations.deactivate(person, by=admins["sysadmin"], at=NOON)
    client = token_of(person)
    operations.edit_account(person, by=admins["sysadmin"], at=NOON, unit=another_unit())
    operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    assert not is_in(client, "api-hazard-list")


def test_the_event_seals_the_number_and_never_lowers_it(person, admins):
    numbers = []
    for name in ("reset_password", "deactivate", "grant"):
        ACTS[name][1](person, admins)
        numbers.append(person.events.order_by("-sequence").first().facts["access_number"])
    assert numbers == [1, 2, 3] == list(range(1, person.access_number + 1))
    User.objects.filter(pk=person.pk).update(access_number=0)
    assert broken(person) != []


@pytest.mark.parametrize("how", ["page", "command"])
def test_a_password_replaced_by_oneself_or_on_the_server_ends_tokens(client, person, how, monkeypatch):
    token, other = token_of(person), session_of(person)
    if how == "page":
        client.force_login(person)
        new = {"old_password": PASSWORD, "new_password1": "New-pass-2026!", "new_password2": "New-pass-2026!"}
        assert client.post(reverse("accounts:password"), new).status_code == 302
        assert is_in(client, "accounts:me")
    else:
        monkeypatch.setattr("getpass.getpass", lambda **asked: "New-pass-2026!")
        call_command("changepassword", person.username)
    assert not is_in(token, "api-hazard-list")
    assert not is_in(other, "accounts:me")


def test_a_device_is_known_only_as_long_as_the_account_is_what_it_was(client, person, admins):
    client.post(reverse("accounts:login"), {"username": "zheng", "password": PASSWORD})
    mark = client.cookies[devices.COOKIE].value
    ACTS["deactivate"][1](person, admins)
    operations.grant(person, by=admins["secadmin"], at=NOON, role="manager")
    request = client.get(reverse("accounts:login")).wsgi_request
    request.COOKIES = {devices.COOKIE: mark}
    assert devices.source_of(request, "zheng").device == ""
    assert SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).get("_auth_user_id") is None
