"""A password that somebody else chose, or that is too old, opens one page: the one on which it is replaced."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import operations
from accounts.models import OpenSession, PastPassword, User
from accounts.operations import Refused
from accounts.tasks import drop_ended_sessions
from journal.outbox import publish
from notifications.models import Notification
from tests.factories import NOON, UnitFactory, UserFactory
from tests.tokens import header_of

pytestmark = pytest.mark.django_db
DESK, OWN = reverse("hazards:desk"), reverse("accounts:password")
MINE = "Zi-Ji-De-2026"
GIVEN, OLD = "现在的密码是别人代设的", "密码已用满 90 天"


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO = False


@pytest.fixture
def sysadmin(db):
    return UserFactory(role="sysadmin", unit=None)


@pytest.fixture
def secadmin(db):
    return UserFactory(role="secadmin", unit=None)


@pytest.fixture
def newcomer(sysadmin, secadmin):
    """``(person, password)`` of an account just opened and granted."""
    person, password = operations.open_account(
        by=sysadmin, at=timezone.now(), username="zheng", full_name="郑有田", unit=UnitFactory(code="411402001")
    )
    operations.grant(person, by=secadmin, at=timezone.now(), role="manager")
    return person, password


def signed_in(person, password):
    client = Client()
    client.post(reverse("accounts:login"), {"username": person.username, "password": password})
    return client


def replace(client, old, new=MINE):
    return client.post(OWN, {"old_password": old, "new_password1": new, "new_password2": new})


def test_a_first_password_opens_nothing_but_its_replacement(newcomer):
    person, password = newcomer
    client = signed_in(person, password)
    for page in (DESK, reverse("hazards:ledger"), reverse("accounts:me"), reverse("hazards:register")):
        assert client.get(page).url == OWN, page
        assert client.post(page, {}).url == OWN, page
    assert GIVEN in client.get(OWN).content.decode()
    data = client.get(reverse("api-hazard-list"))
    assert (data.status_code, data["Content-Type"]) == (403, "application/problem+json")
    assert GIVEN in data.json()["detail"]
    script = client.get(DESK, headers={"Accept": "application/json"})
    assert (script.status_code, GIVEN in script.json()["error"]) == (403, True)
    fragment = client.get(DESK, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.content, fragment["HX-Redirect"]) == (403, b"", OWN)
    assert client.get(reverse("accounts:alive")).status_code == 200
    assert client.post(reverse("accounts:logout")).status_code == 302


def test_ones_own_opens_everything_and_the_given_one_nothing_any_more(newcomer):
    person, password = newcomer
    client = signed_in(person, password)
    assert replace(client, password).status_code == 302
    assert client.get(DESK).status_code == 200
    assert signed_in(person, password).get(DESK).status_code == 302
    assert signed_in(person, MINE).get(DESK).status_code == 200


def test_the_same_password_again_replaces_nothing(newcomer):
    person, password = newcomer
    client = signed_in(person, password)
    refused = replace(client, password, password)
    assert (refused.status_code, "不能与现在的密码" in refused.content.decode()) == (200, True)
    assert client.get(DESK).url == OWN


def test_one_of_the_last_five_is_refused_and_an_older_one_is_not():
    person = UserFactory(role="inspector")
    person.set_password("Di-Ling-0000")
    person.save()
    for number in range(1, 7):
        operations.change_own_password(person, f"Di-{number}-Ge-{number * 1111}", at=NOON)
    for number in range(1, 7):
        with pytest.raises(Refused, match="最近用过的 5 个"):
            operations.change_own_password(person, f"Di-{number}-Ge-{number * 1111}", at=NOON)
    assert PastPassword.objects.filter(person=person).count() == 5
    operations.change_own_password(person, "Di-Ling-0000", at=NOON)


def test_a_reset_is_told_to_the_security_administrators_and_is_a_given_one(newcomer, sysadmin, secadmin):
    person, password = newcomer
    replace(signed_in(person, password), password)
    again = operations.reset_password(User.objects.get(pk=person.pk), by=sysadmin, at=timezone.now())
    publish(at=timezone.now())
    [told] = Notification.objects.filter(title__contains="重置了郑有田（zheng）的密码")
    assert told.recipient == secadmin
    assert signed_in(person, again).get(DESK).url == OWN
    refused = replace(signed_in(person, again), again, MINE)
    assert "不能与现在的密码" in refused.content.decode(), "what was known before the reset is not one's own again"


def test_a_token_is_worth_as_much_as_the_password(newcomer):
    person, _ = newcomer
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=header_of(person)["Authorization"])
    refused = api.get(reverse("api-hazard-list"))
    assert refused.status_code == 403 and GIVEN in refused.json()["detail"]
    User.objects.filter(pk=person.pk).update(password_is_given=False)
    assert api.get(reverse("api-hazard-list")).status_code == 200


@pytest.mark.parametrize(("days", "target"), [(89, None), (91, OWN)])
def test_an_old_password_is_replaced_before_the_next_page(client, manager, days, target):
    User.objects.filter(pk=manager.pk).update(password_set_at=timezone.now() - timedelta(days=days))
    client.force_login(manager)
    assert getattr(client.get(DESK), "url", None) == target
    if target:
        assert OLD in client.get(OWN).content.decode()


def test_a_form_that_was_open_when_the_password_grew_old_is_not_lost(client, manager, registered):
    User.objects.filter(pk=manager.pk).update(password_set_at=timezone.now() - timedelta(days=91))
    client.force_login(manager)
    act = reverse("hazards:act", args=[registered.pk, "comment"])
    client.post(act, {"text": "已电话告知企业", "version": registered.version})
    assert registered.events.filter(note="已电话告知企业").exists()


def test_in_demo_mode_the_printed_password_stays(client, newcomer, settings):
    settings.DEMO = True
    client.force_login(newcomer[0])
    assert client.get(DESK).status_code == 200


def test_the_server_gives_passwords_too():
    call_command("add_person", "admin", name="蒋文博", role="sysadmin", verbosity=0)
    assert User.objects.get(username="admin").password_is_given


def test_a_session_ends_twelve_hours_after_it_began_however_busy(client, manager):
    client.force_login(manager)
    assert client.get(DESK).status_code == 200

    def begin(seconds_ago):
        session = client.session
        session["began_at"] = int(time.time()) - seconds_ago
        session["touched_at"] = 0
        session.save()

    begin(12 * 3600 - 60)
    assert client.get(DESK).status_code == 200
    begin(-400 * 86400)  # a clock that was set back since
    assert client.get(DESK).status_code == 200
    assert client.session["began_at"] <= time.time()
    begin(12 * 3600 + 60)
    assert client.get(DESK).url.startswith(reverse("accounts:login"))
    client.force_login(manager)
    assert client.get(DESK).status_code == 200, "a new one begins anew"


def test_ended_sessions_are_dropped(client, manager):
    client.force_login(manager)
    ended = OpenSession.objects.create(pk="e" * 64, session_data="", expire_date=timezone.now() - timedelta(1))
    drop_ended_sessions()
    assert not OpenSession.objects.filter(pk=ended.pk).exists()
    assert client.get(DESK).status_code == 200


def test_one_set_on_the_server_is_known_to_two(manager, monkeypatch):
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda *args, **kwargs: "Ji-Fang-2026")
    call_command("changepassword", manager.username, stdout=StringIO())
    assert signed_in(manager, "Ji-Fang-2026").get(DESK).url == OWN
