"""Signing in with a passkey: what is asked, what is an answer to it, and what is none."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.operations import passkeys
from tests.accounts.test_second_step import DESK, SECOND, Result, first, person, results, text
from tests.factors import PASSWORD, Key

__all__ = ["person"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO = False


@pytest.fixture
def key(client, person):
    """A key that ``person`` bound on the page."""
    made = Key()
    client.force_login(person)
    page = reverse("accounts:factor_passkey")
    options = client.get(page).context["options"]
    data = {"name": "办公电脑", "password": PASSWORD, "passkey": made.create(options)}
    assert "恢复码" in text(client.post(page, data))
    client.logout()
    return made


def asked(client):
    """What the second page asks a key, as a browser reads it."""
    return json.loads(
        re.search(r'id="passkey-options" type="application/json">(.+?)</script>', text(client.get(SECOND)))[1]
    )


def test_a_passkey_comes_in(client, person, key):
    first(client)
    options = asked(client)
    assert client.post(SECOND, {"passkey": key.get(options)}).url == DESK
    assert results()[-2:] == [Result.HALF, Result.SUCCESS]


def test_an_answer_to_another_question_does_not(client, person, key):
    first(client)
    options = asked(client)
    answer = key.get(options)
    asked(client)
    refused = client.post(SECOND, {"passkey": answer})
    assert (refused.status_code, "通行密钥没有通过" in text(refused)) == (400, True)
    assert results()[-1] == Result.WRONG_CODE
    again = key.get(asked(client))
    assert client.post(SECOND, {"passkey": again}).url == DESK
    other = Client()
    first(other)
    asked(other)
    assert other.post(SECOND, {"passkey": again}).status_code == 400, "one that was overheard"


def test_a_question_is_answered_once(client, person, key):
    first(client)
    options = asked(client)
    assert client.post(SECOND, {"passkey": "{}"}).status_code == 400
    assert client.post(SECOND, {"passkey": key.get(options)}).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "https://testserver"},
        {"host": "evil.example"},
        {"id": b"another"},
        {"private": Key().private},
        {"count": -1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_key_elsewhere_a_strange_one_and_a_copy_do_not(client, person, key, wrong):
    first(client)
    assert client.post(SECOND, {"passkey": key.get(asked(client))}).url == DESK
    client.logout()
    vars(key).update(wrong)
    first(client)
    assert client.post(SECOND, {"passkey": key.get(asked(client))}).status_code == 400


@pytest.mark.parametrize(
    "garbage", ["x", "null", "[]", "{}", '{"id": 1}', "[" * 9000, '"' + "x" * 30000 + '"'], ids=range(7)
)
def test_garbage_is_refused_in_words(client, person, key, garbage):
    first(client)
    asked(client)
    assert client.post(SECOND, {"passkey": garbage}).status_code == 400


def test_where_the_address_is_a_number_the_code_is_asked_for_alone(client, person, key):
    first(client)
    page = client.get(SECOND, headers={"Host": "127.0.0.1:8000"})
    assert page.context["options"] is None and "恢复码" in text(page)


def test_an_answer_without_a_waiting_question_gets_a_new_one_and_counts_as_no_guess(client, person, key):
    first(client)
    tries = results()
    refused = client.post(SECOND, {"passkey": "{}"})
    assert (refused.status_code, bool(refused.context["options"])) == (400, True)
    assert "请再按一次“使用通行密钥”" in text(refused) and results() == tries


def test_of_one_answer_sent_twice_at_once_by_a_key_that_does_not_count_one_comes_in(person, key, monkeypatch):
    site = passkeys.Site("testserver", "http://testserver")
    person.refresh_from_db()
    options, state = passkeys.to_prove(person, site)
    key.count = -1
    answer = key.get(json.loads(json.dumps(options)))
    read = passkeys._bound(person)
    monkeypatch.setattr(passkeys, "_bound", lambda person: read)  # both requests have read the row before either writes
    at = timezone.now()
    assert [passkeys.by_passkey(person, answer, state, site, at=at) for _ in range(2)] == [True, False]
