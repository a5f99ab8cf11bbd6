"""A session that is gone: one answer for every address and every kind of request, and what was typed comes back."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import unsent
from hazards.models import Hazard
from safetyledger.expiry import ANOTHERS, SIGNED_OUT
from tests.laws.test_doors import GET, POST, address, routes, world

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms and names: no database reads them
PASSWORD = "Right-pass-2026"
OPEN = {"accounts:login", "accounts:second_step", "accounts:logout", "healthz", "readyz", "favicon"}
NAMES = sorted(name for name, _ in routes() if not name.startswith("api-") and name not in OPEN)
# Forms that carry a password: never kept.
SECRET = {
    "accounts:password",
    "accounts:factor_app",
    "accounts:factor_passkey",
    "accounts:factor_codes",
    "accounts:factor_drop",
}
FORMS = sorted(
    name
    for name in POST
    if not name.startswith("api-") and name not in {"accounts:login", "accounts:second_step", "accounts:logout"}
)
TYPED = {"content": "已清理\r\n通道", "opinion": "合格", "photos_id": ["7", "8"], "empty": "", "quoted": '"><b>引号'}
LOGIN = "/accounts/login/"


def next_of(response):
    """Where the sign-in that ``response`` leads to goes on to; None when it leads to none."""
    target = urlsplit(response.headers.get("HX-Redirect") or response.headers.get("Location", ""))
    return parse_qs(target.query).get("next", [""])[0] if target.path == LOGIN else None


def test_only_these_pages_need_no_sign_in(client, world):
    assert {
        name for name in GET if not name.startswith("api-") and client.get(address(name, world)).status_code != 302
    } == OPEN - {"favicon", "accounts:second_step"}  # which lead elsewhere


def test_every_kind_of_request_is_answered_in_its_own_way(world, subtests):
    for name in [*NAMES, "api-docs"]:
        with subtests.test(name):
            answers_in_its_own_way(Client(), address(name, world))


def answers_in_its_own_way(client, page):
    asked = f"{page}?a=1&b=%E6%A3%80"
    assert (client.get(asked).status_code, next_of(client.get(asked))) == (302, asked)
    fragment = client.get(
        asked, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/hazards/register/?x=1"}
    )
    assert (fragment.status_code, fragment.content, next_of(fragment)) == (401, b"", "/hazards/register/?x=1")
    for send in (client.get, client.post, client.put, client.delete):
        data = send(page, headers={"Accept": "application/json"})
        assert (data.status_code, data.json()) == (401, {"error": SIGNED_OUT})
    posted = client.post(page, {"a": "b"}, headers={"Referer": "http://testserver/hazards/?tab=all"})
    assert (posted.status_code, next_of(posted)) == (302, "/hazards/?tab=all")
    foreign = client.post(page, {"a": "b"}, headers={"Referer": "https://elsewhere.example/hazards/"})
    assert (foreign.status_code, next_of(foreign)) == (302, "")


class Hidden(HTMLParser):
    """The hidden fields of the form that goes to ``action``."""

    def __init__(self, action):
        super().__init__()
        self.action, self.inside, self.fields = action, False, []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        elif tag == "input" and self.inside and given.get("type") == "hidden":
            self.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


def fields_in(response, action):
    parser = Hidden(action)
    parser.feed(response.content.decode())
    return parser.fields


def sign_in(client, person, target):
    person.set_password(PASSWORD)
    person.save()
    data = {"username": person.username, "password": PASSWORD, "next": target}
    return client.post(LOGIN, data, follow=True)


def flat(typed):
    return [(name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])]


KEPT = sorted(set(FORMS) - SECRET)


def test_what_was_typed_comes_back_to_its_author(world, subtests):
    """Whatever the form: sent without a session, it waits behind the sign-in, whole, for who opened its page."""
    for name in KEPT:
        with subtests.test(name):
            comes_back(Client(), world["people"]["inspector"], address(name, world))


def comes_back(client, person, page):
    sent = client.post(page, TYPED | {"whose": unsent.mark(person)})
    assert sent.status_code == 302 and next_of(sent).startswith("/accounts/resume/")
    assert "已清理" not in client.get(sent.url).content.decode(), "nobody has signed in yet"
    assert "可以继续提交" in client.get(sent.url).content.decode()
    waiting = sign_in(client, person, next_of(sent))
    found = [pair for pair in fields_in(waiting, page) if pair[0] not in ("csrfmiddlewaretoken", "whose")]
    assert found == flat(TYPED)
    assert client.get(next_of(sent)).status_code == 200, "a reload loses nothing"


def test_nobody_else_is_shown_it(world, subtests):
    for name in KEPT:
        with subtests.test(name):
            is_its_authors(Client(), world["people"], address(name, world))


def is_its_authors(client, people, page):
    sent = client.post(page, TYPED | {"whose": unsent.mark(people["inspector"])})
    other = sign_in(client, people["manager"], next_of(sent))
    assert other.status_code == 200 and "已清理" not in other.content.decode()
    assert "已清理" not in str(dict(client.session))
    client.post(reverse("accounts:logout"))
    assert "已清理" not in sign_in(client, people["inspector"], next_of(sent)).content.decode()


@pytest.mark.parametrize("whose", ["", "1", "1:x:y", "forged"])
def test_a_form_that_does_not_say_whose_it_is_leaves_nothing_behind(client, world, whose):
    sent = client.post(reverse("hazards:register"), TYPED | {"whose": whose})
    assert next_of(sent) == "" and settings.SESSION_COOKIE_NAME not in client.cookies


def test_passwords_are_not_kept(client, world):
    data = {"old_password": "a", "new_password1": "b", "whose": unsent.mark(world["people"]["inspector"])}
    sent = client.post(reverse("accounts:password"), data, headers={"Referer": "http://testserver/accounts/password/"})
    assert next_of(sent) == "/accounts/password/" and settings.SESSION_COOKIE_NAME not in client.cookies


def test_files_are_named_to_be_picked_again(client, world):
    person = world["people"]["inspector"]
    data = {"unit": "411402001", "file": SimpleUploadedFile("台账.csv", b"1"), "whose": unsent.mark(person)}
    sent = client.post(reverse("imports:upload"), data)
    assert "请在下一页重新选择：台账.csv" in sign_in(client, person, next_of(sent)).content.decode()


@pytest.mark.parametrize("waited", [3599, 3601])
def test_it_waits_for_an_hour(client, world, monkeypatch, waited):
    person, now = world["people"]["inspector"], unsent.time.time()
    monkeypatch.setattr(unsent.time, "time", lambda: now - waited)
    sent = client.post(reverse("hazards:register"), TYPED | {"whose": unsent.mark(person)})
    monkeypatch.setattr(unsent.time, "time", lambda: now)
    assert ("已清理" in sign_in(client, person, next_of(sent)).content.decode()) is (waited < unsent.KEPT_SECONDS)


def test_only_so_many_and_so_large(client, world):
    mark = unsent.mark(world["people"]["inspector"])
    sent = [
        client.post(reverse("hazards:register"), {"note": f"第{n}份", "whose": mark}) for n in range(unsent.MOST + 1)
    ]
    sign_in(client, world["people"]["inspector"], next_of(sent[-1]))
    assert [client.get(next_of(one)).status_code for one in sent] == [302] + [200] * unsent.MOST
    large = Client().post(reverse("hazards:register"), {"note": "长" * (unsent.LARGEST + 1), "whose": mark})
    assert next_of(large) == ""


# --- a token of an earlier session --------------------------------------------------------------------------------------------


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def test_a_form_opened_before_signing_in_again_is_sent_after_one_more_press(strict, world):
    """Signing in, here or in another tab, makes the tokens of all open pages stale."""
    person, page = world["people"]["manager"], reverse("hazards:act", args=[world["hazard"], "issue"])
    typed = {"due": "7", "requirement": "立即清理\r\n通道"}
    strict.force_login(person)
    stale = strict.post(page, typed | {"whose": unsent.mark(person), "csrfmiddlewaretoken": "x" * 64})
    assert stale.status_code == 302 and stale.url.startswith("/accounts/resume/")
    assert Hazard.objects.get(pk=world["hazard"]).state == "registered"
    fields = fields_in(strict.get(stale.url), page)
    assert [pair for pair in fields if pair[0] in typed] == flat(typed)
    again = strict.post(page, {name: [v for n, v in fields if n == name] for name, _ in fields})
    assert (again.status_code, again.url) == (302, reverse("hazards:detail", args=[world["hazard"]]))
    done = Hazard.objects.get(pk=world["hazard"])
    assert (done.state, done.requirement) == ("rectifying", "立即清理\n通道")


def test_the_page_of_another_account_is_refused_and_says_why(strict, world):
    strict.force_login(world["people"]["manager"])
    answer = strict.post(reverse("hazards:register"), TYPED | {"whose": unsent.mark(world["people"]["inspector"])})
    assert answer.status_code == 403 and ANOTHERS[1] in answer.content.decode() and "复制" in answer.content.decode()


def test_a_stale_form_that_says_nothing_is_refused_in_words_that_lose_nothing(strict, world):
    strict.force_login(world["people"]["manager"])
    answer = strict.post(reverse("hazards:register"), TYPED)
    assert answer.status_code == 403 and "先复制已填写的内容" in answer.content.decode()
    upload = strict.post(reverse("evidence:photo_upload"), headers={"Accept": "application/json"})
    assert (upload.status_code, set(upload.json())) == (403, {"error"})


@pytest.mark.parametrize(
    ("target", "leads_to"), [("", "/"), ("/hazards/?tab=all", "/hazards/?tab=all"), ("//evil.example/", "/")]
)
def test_a_second_sign_in_tab_leads_on(strict, world, target, leads_to):
    strict.force_login(world["people"]["inspector"])
    answer = strict.post(LOGIN, {"username": "a", "password": "b", "next": target})
    assert (answer.status_code, answer.url) == (302, leads_to if leads_to != "/" else reverse("hazards:desk"))


def test_a_sign_in_page_whose_token_is_gone_is_shown_again_with_the_name(strict, world):
    answer = strict.post(LOGIN, {"username": "yuan", "password": PASSWORD, "next": "/hazards/"})
    page = answer.content.decode()
    assert answer.status_code == 403 and 'value="yuan"' in page and "请再登录一次" in page and PASSWORD not in page
    assert fields_in(answer, None)[0][0] == "csrfmiddlewaretoken" and ("next", "/hazards/") in fields_in(answer, None)


def test_scripts_learn_who_is_signed_in(client, world):
    person = world["people"]["inspector"]
    client.force_login(person)
    answer = client.get(reverse("accounts:alive"), headers={"Accept": "application/json"}).json()
    assert answer["whose"] == str(person.pk) and len(answer["token"]) == 64


def test_every_posted_form_says_whose_it_is():
    root = Path(__file__).resolve().parents[2] / "templates"
    with_token = [path for path in sorted(root.rglob("*.html")) if "csrf_token" in path.read_text(encoding="utf-8")]
    assert {str(path.relative_to(root)) for path in with_token} == {
        "components/_token.html",
        "safetyledger/api_docs.html",
    }
    form = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
    forms = [found for path in root.rglob("*.html") for found in form.findall(path.read_text(encoding="utf-8"))]
    shown = [found for found in forms if 'action="#main"' not in found]  # the gallery's sample goes nowhere
    assert len(shown) > 12 and all("components/_token.html" in found for found in shown)
