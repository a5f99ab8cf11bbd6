"""A door that is told a name it does not know, or one twice where one is meant, says so: 400, the name, nothing done.

Addresses come from the resolver, forms and links from the pages themselves, serializers and commands from the code: what
is new is held to it without being entered here.
"""

import json
from html.parser import HTMLParser
from inspect import isabstract
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from rest_framework import serializers

from accounts.models import OpenSession
from doors.api import KnownFields
from doors.views import form_names, query_names
from hazards.models import Hazard
from journal import acts
from tests import stages
from tests.laws.test_doors import GET, address, routes, sign_in, world

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms and names: no database reads them
ROUTES = dict(routes())
STRANGE = "stat"
OPEN = {"accounts:login", "favicon", "healthz", "readyz"}  # to those who are not signed in


def in_api(name):
    return hasattr(ROUTES[name].callback, "cls")


def refuses(response, name):
    """400 with the name, in the form of the door it came through."""
    if response.status_code != 400:
        return False
    if response.headers["Content-Type"] == "application/problem+json":
        return f"“{name}”" in response.json()["detail"] and name in response.json()["errors"]
    return f"“{name}”" in response.content.decode()


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post", "put", "patch"])
def test_every_address_refuses_a_parameter_it_does_not_know(client, world, method):
    wrong = {}
    for name in ROUTES:
        client.logout()
        if name not in OPEN:
            sign_in(client, world, "inspector")
        response = getattr(client, method)(f"{address(name, world)}?{STRANGE}=closed")
        if not refuses(response, STRANGE):
            wrong[name] = response.status_code
    assert wrong == {}


def test_every_address_refuses_a_parameter_written_twice(client, world):
    wrong, tried = {}, 0
    for name, entry in ROUTES.items():
        client.logout()
        if name not in OPEN:
            sign_in(client, world, "inspector")
        path = address(name, world)
        for parameter in query_names(entry.callback, "GET", resolve(path).kwargs).once:
            tried += 1
            response = client.get(f"{path}?{parameter}=open&{parameter}=open")
            if not refuses(response, parameter):
                wrong[name, parameter] = response.status_code
    assert wrong == {}
    assert tried > 60


def test_the_page_without_the_name_is_one_click_away_and_keeps_the_rest(client, manager):
    client.force_login(manager)
    page = client.get("/hazards/?level=major&stat=closed&q=%E5%86%B7").content.decode()
    assert "网址中没有“stat”这个条件" in page
    assert 'href="/hazards/?level=major&amp;q=%E5%86%B7"' in page
    assert 'class="mainnav"' in page


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "view=nonsense", "size=7", "order=nonsense", "level=x", "overdue=0", "deadline=x", "on_time=2"],
)
def test_a_value_that_is_no_choice_is_refused(client, manager, query):
    client.force_login(manager)
    for page in ("hazards:ledger", "hazards:export"):
        assert client.get(f"{reverse(page)}?{query}").status_code == 400


def test_every_choice_of_every_address_refuses_another_value(client, world):
    """Where a list offers choices: conditions, order, size, tab and print."""
    wrong, tried = {}, 0
    for name, entry in ROUTES.items():
        door = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
        filters = getattr(door, "filter_class", None)
        if filters is None or entry.pattern.converters or "(?P" in str(entry.pattern):
            continue
        chosen = [one for one, condition in filters.base_filters.items() if "Choice" in type(condition).__name__]
        chosen += [one for one in ("order", "size", "print") if one in query_names(entry.callback, "GET", {}).once]
        role = next(role for role in ("inspector", "sysadmin", "auditor") if GET[name][role] == 200)
        sign_in(client, world, role)
        for parameter in chosen:
            tried += 1
            response = client.get(f"{address(name, world)}?{parameter}=nonsense")
            if response.status_code != 400:
                wrong[name, parameter] = response.status_code
    assert wrong == {}
    assert tried > 30


# --- forms --------------------------------------------------------------------------------------------------------


@pytest.fixture
def row_counts():
    models = [model for model in apps.get_models() if model is not OpenSession]
    return lambda: {model._meta.label: model.objects.count() for model in models}


def test_every_page_refuses_a_field_it_does_not_know(client, world, row_counts):
    before, wrong = row_counts(), {}
    for name in ROUTES:
        if in_api(name):
            continue
        sign_in(client, world, "inspector")
        response = client.post(address(name, world), {STRANGE: "closed"})
        if not refuses(response, STRANGE):
            wrong[name] = response.status_code
    assert wrong == {}
    assert row_counts() == before


def test_an_act_with_one_field_too_many_is_not_done(client, world, subtests):
    sign_in(client, world, "manager")
    before = Hazard.objects.get(pk=world["hazard"]).version
    for act in stages.with_a_page():
        page = reverse("hazards:act", args=[world["hazard"], act])
        typed = stages.now(stages.POSTED[act], world["people"]["manager"])
        with subtests.test(act):
            assert refuses(client.post(page, typed | {"deadlin": "2026-12-08"}), "deadlin")
            assert Hazard.objects.get(pk=world["hazard"]).version == before


class Sent(HTMLParser):
    """What the forms of a page send, and where its links lead: ``forms`` as (method, action, names), ``links``."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.links, self.by_id, self.current = [], set(), {}, None
        self.feed(page)

    def handle_starttag(self, tag, given):
        given = dict(given)
        if tag == "a":
            self.links.add(given.get("href", ""))
        if "hx-get" in given:
            self.links.add(given["hx-get"])
        if tag == "form":
            self.current = (given.get("method", "get").lower(), given.get("action", ""), set())
            self.forms.append(self.current)
            if "id" in given:
                self.by_id[given["id"]] = self.current
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            form = self.by_id.get(given.get("form")) or self.current
            if form:
                form[2].add(given["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None


def pages_of(client, world, role):
    """``(address, what its page sends)`` of every page that ``role`` may open, errors of empty forms included."""
    sign_in(client, world, role)
    for name, statuses in GET.items():
        if statuses[role] == 200 and not in_api(name) and name != "look":  # whose samples lead nowhere
            response = client.get(address(name, world))
            if not response.streaming and "html" in response.headers["Content-Type"]:
                yield address(name, world), Sent(response.content.decode())


def door(base, action):
    """The view that ``action`` on the page ``base`` leads to, with its arguments; None when it leads out."""
    parts = urlsplit(action)
    try:
        return None if parts.netloc or parts.scheme else resolve(parts.path or base)
    except Resolver404:
        return None


@pytest.mark.parametrize(
    "role", ["inspector", "manager", "safety_office", "leader", "enterprise", "sysadmin", "secadmin", "auditor"]
)
def test_pages_send_and_link_to_nothing_that_would_be_refused(client, world, role):
    wrong, forms, links = set(), 0, 0
    for base, sent in pages_of(client, world, role):
        for method, action, names in sent.forms:
            found = door(base, action)
            known = (
                form_names(found.func, found.kwargs)
                if method == "post"
                else query_names(found.func, "GET", found.kwargs)
            )
            data = QueryDict(mutable=True)
            data.update(dict.fromkeys(names, "x"))
            wrong |= {(base, action, name) for name in known.refused(data)}
            forms += 1
        for link in sent.links:
            found = door(base, link)
            if found is None or not urlsplit(link).query:
                continue
            data = QueryDict(urlsplit(link).query)
            wrong |= {(base, link, name) for name in query_names(found.func, "GET", found.kwargs).refused(data)}
            links += 1
    assert wrong == set()
    assert forms > 3


# --- bodies of the API --------------------------------------------------------------------------------------------


def subclasses(base):
    for one in base.__subclasses__():
        yield one
        yield from subclasses(one)


def serializers_of_ours():
    found = {
        one
        for one in subclasses(serializers.BaseSerializer)
        if (settings.BASE_DIR / one.__module__.split(".")[0]).is_dir()
    }
    return sorted((one for one in found if not isabstract(one) and not one.__module__.startswith("tests")), key=str)


def test_every_serializer_knows_its_fields():
    assert len(serializers_of_ours()) > 15
    assert [one for one in serializers_of_ours() if not issubclass(one, KnownFields)] == []


@pytest.mark.parametrize("serializer", serializers_of_ours(), ids=lambda one: one.__name__)
def test_every_serializer_refuses_what_is_strange_and_what_is_read_only(serializer, rf, manager):
    request = rf.post("/")
    request.user = manager
    fields = serializer(context={"request": request}).fields
    closed = [name for name, field in fields.items() if field.read_only]
    body = serializer(data=dict.fromkeys([*closed, STRANGE], "x"), context={"request": request})
    assert not body.is_valid()
    assert set(body.errors) == {*closed, STRANGE}
    assert str(body.errors[STRANGE][0]) == "没有这一项，请核对写法"
    assert {str(body.errors[name][0]) for name in closed} <= {"这一项只能读取，不能填写"}


def written(name):
    """The methods of an endpoint of the API that write."""
    view = ROUTES[name].callback
    handled = getattr(view, "actions", None) or {m: m for m in view.cls.http_method_names if hasattr(view.cls, m)}
    return [method for method in handled if method in {"post", "put", "patch"} & set(view.cls.http_method_names)]


def test_every_endpoint_that_writes_refuses_a_field_it_does_not_know(client, world, row_counts):
    before, wrong, tried = row_counts(), {}, 0
    for name in filter(in_api, ROUTES):
        # An act is refused to whoever may not do it before what they send is read.
        sign_in(
            client,
            world,
            "safety_office" if name in ("api-charge-list", "api-line-list", "api-bulletin-list") else "inspector",
        )
        for method in written(name):
            tried += 1
            if name in ("api-photo-list", "api-document-list"):
                response = client.post(address(name, world), {STRANGE: "x"})
            else:
                body = json.dumps({STRANGE: "x", "id": 1})
                response = getattr(client, method)(address(name, world), body, content_type="application/json")
            if response.status_code != 400 or STRANGE not in response.json():
                wrong[name, method] = (response.status_code, response.content.decode()[:80])
    assert wrong == {}
    assert tried >= 4 + len(stages.over_the_api())
    assert row_counts() == before


def test_a_read_only_field_in_a_patch_and_a_strange_one_deep_inside_are_named(client, inspector, colleague, enterprise):
    client.force_login(inspector)
    firm = reverse("api-enterprise-detail", args=[enterprise.pk])
    answer = client.patch(
        firm, {"address": "工业路 8 号", "registered_on": "2020-01-01"}, content_type="application/json"
    )
    assert (answer.status_code, list(answer.json())) == (400, ["registered_on"])
    visit = {
        "kind": "routine",
        "enterprise": enterprise.pk,
        "inspected_on": "2026-11-20",
        "inspectors": [inspector.pk, colleague.pk],
        "hazards": [{"description": "通道堆放货物", "leval": "major"}],
    }
    answer = client.post(reverse("api-inspection-list"), visit, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["hazards"])
    assert "leval" in str(answer.json()["hazards"])
    assert Hazard.objects.count() == 0
    enterprise.refresh_from_db()
    assert enterprise.address != "工业路 8 号"


def test_a_key_written_twice_in_json_is_refused(client, manager, enterprise):
    client.force_login(manager)
    body = '{"address": "工业路 8 号", "address": "工业路 9 号"}'
    firm = reverse("api-enterprise-detail", args=[enterprise.pk])
    answer = client.patch(firm, body, content_type="application/json")
    assert answer.status_code == 400
    assert "address" in answer.content.decode()


# --- commands -----------------------------------------------------------------------------------------------------


def commands():
    ours = {name for name, app in get_commands().items() if (Path(settings.BASE_DIR) / str(app)).is_dir()}
    return sorted(ours)


@pytest.mark.parametrize("command", commands())
def test_every_command_refuses_an_option_it_does_not_know(command):
    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    needed = [word for action in parser._actions if action.required for word in [*action.option_strings[:1], "2026"]]
    needed += [word for group in parser._mutually_exclusive_groups if group.required for word in _first(group)]
    with pytest.raises(CommandError, match=r"unrecognized arguments: --statt=closed"):
        parser.parse_args([*needed, "--statt=closed"])


def _first(group):
    return [group._group_actions[0].option_strings[0], "2026-W46"]


@pytest.mark.parametrize(
    ("query", "name"), [("stat=closed", "stat"), ("view=open&view=closed", "view"), ("page=2", "page")]
)
def test_the_export_command_refuses_what_the_page_refuses(tmp_path, query, name):
    with pytest.raises(CommandError, match=f"“{name}”"):
        call_command("export_ledger", str(tmp_path / "台账.xlsx"), query=query)
    assert list(tmp_path.iterdir()) == []


def test_a_hazard_that_the_page_did_not_count_is_not_silently_lost(client, inspector, row_counts):
    client.force_login(inspector)
    before, page = row_counts(), reverse("hazards:register")
    sent = {"hazards-TOTAL_FORMS": "1", "hazards-INITIAL_FORMS": "0", "hazards-1-description": "配电箱敞开"}
    answer = client.post(page, sent)
    assert answer.status_code == 400 and "“hazards-1-description”超出了提交的条数" in answer.content.decode()
    assert row_counts() == before


def test_forms_say_what_their_widgets_send():
    form = acts.named(Hazard, "issue").form
    found = form_names(ROUTES["hazards:act"].callback, {"pk": 1, "act": "issue"})
    assert {*form.base_fields, "holder_competent", "csrfmiddlewaretoken"} <= set(found)
    after = form_names(ROUTES["hazards:act"].callback, {"pk": 1, "act": "close_on_spot"})
    assert after.many == {"photos", "photos_id"}
