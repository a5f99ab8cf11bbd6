"""Tokens for programs: what they open, for how long, who ends them, and what is kept of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import operations
from accounts.models import AccessToken, User
from accounts.operations import Refused
from journal.audit import breaks
from safetyledger.urls import urlpatterns
from tests.factories import NOON, UserFactory
from tests.laws.test_doors import routes
from tests.tokens import header_of, secret_of

pytestmark = pytest.mark.django_db
HAZARDS, TOKENS, NEW = reverse("api-hazard-list"), reverse("accounts:tokens"), reverse("accounts:token_new")
PASSWORD = "Right-pass-2026"


@pytest.fixture
def person(township):
    row, _ = operations.add_person(at=NOON, username="zheng", full_name="郑有田", role="manager", unit=township)
    row.set_password(PASSWORD)
    row.password_is_given = False
    row.save()
    return row


@pytest.fixture
def secadmin(db):
    return UserFactory(role="secadmin", unit=None)


def asked(secret, method="get", path=HAZARDS):
    return getattr(APIClient(headers={"Authorization": f"Token {secret}"}), method)(path)


def made_at(person, at, **options):
    """A token of ``person`` as it would be, had the clock then shown ``at``."""
    secret = secret_of(person, **options)
    token = person.tokens.get(digest=operations.tokens._digest(secret))
    life = token.expires_at - token.made_at
    AccessToken.objects.filter(pk=token.pk).update(made_at=at, expires_at=at + life)
    return secret


def test_a_token_is_made_on_the_page_shown_once_and_kept_as_a_digest(client, person):
    client.force_login(person)
    sent = {"name": "数据大屏", "scope": "read", "days": "30", "password": PASSWORD}
    answer = client.post(NEW, sent)
    secret = answer.context["secret"]
    assert answer.status_code == 200 and secret in answer.content.decode() and len(secret) > 40
    assert asked(secret).status_code == 200
    assert secret not in client.get(TOKENS).content.decode()
    token = AccessToken.objects.get()
    assert secret not in str(AccessToken.objects.values()) + str(list(person.events.values()))
    person.refresh_from_db()
    event = person.events.order_by("-sequence").first()
    until = f"{timezone.localtime(token.expires_at):%Y-%m-%d}"
    assert (event.kind, event.changes) == ("make_token", {"令牌": "数据大屏", "权限": "只读", "有效期至": until})
    assert breaks_of(person) == []


def breaks_of(person):
    return [one for one in breaks([User]) if person.full_name in one.place]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "请填写令牌的名称"),
        ({"name": "大屏"}, "已有一个叫“大屏”的令牌在用"),
        ({"scope": "all"}, "请选择"),
        ({"days": "181"}, "有效天数应在 1 到 180 之间"),
        ({"days": "0"}, "有效天数"),
        ({"password": "wrong"}, "密码不对"),
    ],
)
def test_what_the_form_does_not_take(client, person, change, said):
    secret_of(person, name="大屏")
    client.force_login(User.objects.get(pk=person.pk))
    answer = client.post(NEW, {"name": "别的", "scope": "read", "days": "30", "password": PASSWORD} | change)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert AccessToken.objects.count() == 1


def test_guesses_at_the_password_are_counted_as_at_the_sign_in(client, person):
    client.force_login(person)
    for _ in range(5):
        client.post(NEW, {"name": "别的", "scope": "read", "days": "30", "password": "wrong"})
    answer = client.post(NEW, {"name": "别的", "scope": "read", "days": "30", "password": PASSWORD})
    assert "15 分钟后再试" in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_ten_tokens_are_enough(person, settings):
    settings.TOKENS_AT_MOST = 2
    first = secret_of(person, name="一")
    secret_of(person, name="二")
    with pytest.raises(Refused, match="最多 2 个"):
        secret_of(person, name="三")
    person.refresh_from_db()
    token = operations.token_with(first)
    operations.revoke_token(person, by=person, at=timezone.now(), token=token)
    secret_of(person, name="三")


def test_a_reading_token_writes_nowhere(person):
    """Every address of the API, every way of writing: 403 before anything is looked at."""
    reads, writes = secret_of(person, scope="read", name="读"), secret_of(person, scope="write", name="写")
    wrong, tried = {}, 0
    for name, entry in routes(urlpatterns):
        if not name.startswith("api-") or not hasattr(entry.callback, "cls"):
            continue
        try:
            path = reverse(name)
        except Exception:
            path = reverse(name, args=[1])
        for method in ("post", "put", "patch", "delete"):
            answer = asked(reads, method, path)
            tried += 1
            if answer.status_code != 403 or "“读”只能读取" not in answer.content.decode():
                wrong[name, method] = answer.status_code
        if "只能读取" in asked(writes, "post", path).content.decode():
            wrong[name] = "the other one may"
    assert wrong == {}
    assert tried > 100
    assert asked(reads).status_code == 200


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("made", "days", "status"),
    [(-29 * DAY, 30, 200), (-31 * DAY, 30, 401), (timedelta(minutes=30), 30, 200), (400 * DAY, 30, 401)],
)
def test_a_token_lives_its_days_and_one_of_the_future_is_none(person, made, days, status):
    answer = asked(made_at(person, timezone.now() + made, days=days))
    assert answer.status_code == status
    if status == 401:
        assert "已经到期" in answer.json()["detail"] or "服务器时间改过" in answer.json()["detail"]
        assert answer.headers["WWW-Authenticate"] == "Token"
    assert person.tokens.live(timezone.now()).exists() is (status == 200)


def test_a_shorter_longest_life_shortens_that_of_the_tokens_there_are(person, settings):
    secret = made_at(person, timezone.now() - 40 * DAY, days=90)
    assert asked(secret).status_code == 200
    settings.TOKEN_DAYS = 30
    assert "已经到期" in asked(secret).json()["detail"]
    assert not person.tokens.live(timezone.now()).exists()


def test_its_owner_revokes_a_token_and_nobody_elses(client, person):
    secret, other = secret_of(person), UserFactory(unit=person.unit)
    token = person.tokens.get()
    client.force_login(other)
    assert client.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
    with pytest.raises(operations.NotPermitted):
        operations.revoke_token(User.objects.get(pk=person.pk), by=other, at=timezone.now(), token=token)
    assert asked(secret).status_code == 200
    client.force_login(User.objects.get(pk=person.pk))
    assert client.post(reverse("accounts:token_revoke", args=[token.pk])).url == TOKENS
    answer = asked(secret)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")
    assert answer.json()["detail"] == "令牌“数据大屏”已经撤销，请在网页“我的”的“接口令牌”中重新生成"
    assert "已经撤销" in client.get(TOKENS).content.decode()
    client.post(reverse("accounts:token_revoke", args=[token.pk]))
    person.refresh_from_db()
    assert [event.kind for event in person.events.order_by("sequence")] == ["add", "make_token", "revoke_token"]
    assert breaks_of(person) == []


def test_the_security_administrator_sees_and_revokes_it_and_the_system_administrator_does_not(client, person, secadmin):
    secret = secret_of(person)
    token = person.tokens.get()
    page, revoke = (
        reverse("accounts:person", args=[person.pk]),
        reverse("accounts:person_token_revoke", args=[person.pk, token.pk]),
    )
    client.force_login(UserFactory(role="sysadmin", unit=None))
    assert "令牌 1 个" not in client.get(page).content.decode()
    assert client.post(revoke).status_code == 403
    client.force_login(User.objects.get(pk=person.pk))
    assert client.post(revoke).status_code == 403, "its owner has a page of their own for it"
    assert asked(secret).status_code == 200
    client.force_login(secadmin)
    shown = client.get(page).content.decode()
    assert "令牌 1 个" in shown and "数据大屏" in shown and secret not in shown and token.digest not in shown
    other = UserFactory()
    assert client.post(reverse("accounts:person_token_revoke", args=[other.pk, token.pk])).status_code == 404
    assert client.post(revoke).status_code == 302
    assert asked(secret).status_code == 401
    event = User.objects.get(pk=person.pk).events.order_by("-sequence").first()
    assert (event.kind, event.actor) == ("revoke_token", secadmin)


def test_its_use_is_written_once_an_hour(person, django_assert_num_queries):
    secret = secret_of(person)

    def token():
        return AccessToken.objects.get()

    asked(secret)
    first = token().used_at
    assert first is not None
    kept = token()
    with django_assert_num_queries(0):
        operations.note_use(kept, at=first + timedelta(minutes=59))
    asked(secret)
    assert token().used_at == first
    for used in (first - timedelta(minutes=61), first + timedelta(days=200)):  # the second by a clock that was set back
        AccessToken.objects.update(used_at=used)
        asked(secret)
        assert first <= token().used_at <= timezone.now()
    assert breaks_of(person) == [], "no event seals it"


def test_a_request_with_a_token_costs_one_query_to_know_whose_it_is(person, django_assert_num_queries):
    header = header_of(person)
    client = Client(headers=header)
    client.get(HAZARDS)
    with django_assert_num_queries(2):  # the token with its person, and the list
        assert client.get(HAZARDS).status_code == 200


def test_a_token_changed_behind_the_journal_is_found(person):
    secret_of(person, scope="read")
    AccessToken.objects.update(scope="write")
    assert "接口令牌被改动" in str(breaks_of(person))


def test_the_schema_says_how_to_come_in(client, person):
    client.force_login(person)
    schema = client.get(reverse("api-schema"), headers={"Accept": "application/json"}).content.decode()
    assert "tokenAuth" in schema and "接口令牌" in schema and "cookieAuth" in schema
