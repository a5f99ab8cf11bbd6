"""Every form that is refused says so at its top, with a line for each field that leads to it, in sentences of ours."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.urls import reverse

from journal import acts
from journal.forms import speak
from journal.models import record_kinds
from tests import stages
from tests.laws.test_bad_input import possible
from tests.laws.test_doors import POST, address, world

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms and names: no database reads them
# Pages whose empty form is refused with 400, and that show it again: photos sent alone answer in JSON, the preview has buttons only.
NO_FORM = {
    "evidence:photo_upload",
    "evidence:document_upload",
    "imports:preview",
    "accounts:person_password",
    "accounts:person_stop",
    "accounts:person_end_access",
    "accounts:session_end",
}
REFUSING = sorted(
    name
    for name, roles in POST.items()
    if not name.startswith("api-") and 400 in roles.values() and name not in NO_FORM and name != "hazards:act"
)
DJANGO_S = re.compile("确保|输入整数|输入一个|请输入合法|该字段|选择一个有效|Ensure|Enter a|This field")


class Page(HTMLParser):
    """Links of the summary, ids of the page, and the names of the fields at which an error stands."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.summary, self.invalid = [], {}, None, set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids[given["id"]] = (tag, given)
        if "data-to-mend" in given:
            self.summary = given
        if (
            self.summary is not None
            and tag == "a"
            and given.get("href", "").startswith("#")
            and given["href"] != "#main"
        ):
            self.links.append(given["href"][1:])
        if given.get("aria-invalid") == "true":
            self.invalid.add(given["name"])


def refused_page(response):
    text = response.content.decode()
    page = Page(text)
    assert response.status_code == 400
    assert page.summary is not None, "no summary"
    assert "tabindex" in page.summary and "autofocus" in page.summary, "the focus stays behind"
    assert page.links and len(page.links) == len(set(page.links))
    led_to = {page.ids[anchor][1].get("name") for anchor in page.links}
    assert page.invalid <= led_to, "an error without a line"
    for anchor in page.links:
        tag, given = page.ids[anchor]
        assert given.get("type") != "hidden" and (tag in ("input", "select", "textarea") or "tabindex" in given), anchor
    assert not DJANGO_S.search(text), DJANGO_S.search(text)
    return page


def test_an_empty_form_says_at_its_top_what_to_mend(client, world, subtests):
    for name in REFUSING:
        if name == "hazards:register":
            continue
        role = next(role for role, status in POST[name].items() if status == 400)
        data = {"version": "0"} if name.endswith(("_act", "_edit", "_grant")) else {}
        with subtests.test(name):
            client.force_login(world["people"][role])
            refused_page(client.post(address(name, world), data))


@pytest.mark.parametrize("act", [act for act in stages.with_a_page() if stages.is_told_something(act)])
def test_an_empty_act_says_at_its_top_what_to_mend(client, act):
    hazard, person = possible(act)
    client.force_login(person)
    refused_page(client.post(reverse("hazards:act", args=[hazard.pk, act]), {"version": hazard.version}))


def test_a_field_in_a_group_of_buttons_is_led_to(client):
    hazard, person = possible("review")
    client.force_login(person)
    page = refused_page(client.post(reverse("hazards:act", args=[hazard.pk, "review"]), {"version": hazard.version}))
    assert "id_passed_0" in page.links and "id_opinion" in page.links


def fields_of_every_act():
    for kind in record_kinds():
        for act in acts.acts_of(kind):
            for name, field in (act.form.base_fields if act.form else {}).items():
                yield pytest.param(field, id=f"{kind.slug}-{act.name}-{name}")


@pytest.mark.parametrize("field", list(fields_of_every_act()))
def test_fields_say_what_is_wrong_in_words_of_ours(field):
    speak(field)
    for garbage in ("", "x" * 7000, "-5", "1e99", "99999999999999999999", "1.23456", "2025-02-30", "没有这一项"):
        try:
            field.clean(garbage)
        except forms.ValidationError as error:
            said = "；".join(error.messages)
            assert re.search("[\u4e00-\u9fff]", said) and not DJANGO_S.search(said), said
        except (AttributeError, TypeError):
            continue  # photos and choices that the form fills in
