"""Whatever comes in through an address or a form: never a failure of ours, a refusal in Chinese, and nothing half-written."""

import json
import re

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from rest_framework.serializers import CharField

from accounts.models import OpenSession
from doors.views import query_names
from evidence.forms import PhotosField
from hazards.models import Hazard
from imports.models import ImportBatch
from journal import acts
from tests import stages
from tests.factories import UserFactory
from tests.laws.test_doors import GET, api_address, routes
from tests.laws.test_who import who_may

pytestmark = pytest.mark.django_db

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def doors_asked_something():
    """``{route: the names in its address}``, rows apart: for every address that reads any."""
    found = {}
    for name, entry in routes():
        if not entry.pattern.converters and not entry.pattern.regex.groups:
            names = [*query_names(entry.callback, "GET", entry.default_args)]
            found |= {name: names} if set(names) - {"format"} else {}
    return found


PAGES = doors_asked_something()
# Pages that an officer may not open: who may.
ADMINISTRATORS = {
    page: next(role for role in ("sysadmin", "secadmin", "auditor") if GET[page][role] == 200)
    for page in PAGES
    if GET[page]["manager"] == 403
}
# Values as they stand in the address bar, percent-encoded.
HOSTILE = {
    "NUL": "%00",
    "NUL inside": "a%00b",
    "no UTF-8": "%FF%FE%D6%D0",
    "lone surrogate": "%ED%A0%80",
    "huge number": "9" * 40,
    "beyond 64 bits": str(2**63),
    "negative": "-1",
    "no day": "2025-02-30",
    "day of year 0": "0000-00-00",
    "last week of none": "2026-W60",
    "full-width digits": "%EF%BC%91%EF%BC%92",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E%27%22",
    "formula": "%3DHYPERLINK(1)",
    "wildcards": "%25_%5C",
    "not a number": "NaN",
    "infinity": "1e999",
    "control": "%01%1B%7F",
    "right to left": "%E2%80%AE",
    "broken percent": "%",
    "empty": "",
}


LONGEST = 4094  # bytes of a request's first line: the server refuses a longer one before it is an address of ours


# A value that one parameter refuses hides what it would do to the query, so this one is also tried one parameter at a time.
ALONE = "beyond 64 bits"


def addresses(base, names):
    """``(what, address)``: each hostile value in all parameters at once, twice and as arrays; one in each alone."""
    for what, value in HOSTILE.items():
        yield what, f"{base}?{'&'.join(f'{name}={value}' for name in names)}"
    share = (LONGEST - len(base) - sum(len(name) + 2 for name in names)) // len("%E9%95%BF") // len(names)
    yield "long", base + "?" + "&".join(f"{name}={'%E9%95%BF' * share}" for name in names)
    yield "twice and as arrays", f"{base}?{'&'.join(f'{name}=x&{name}=y&{name}[]=x&{name}[0]=y' for name in names)}"
    for name in names:
        yield f"{name}: {ALONE}", f"{base}?{name}={HOSTILE[ALONE]}"


@pytest.mark.parametrize("page", PAGES)
def test_hostile_address_is_answered_or_refused_in_chinese(client, manager, registered, page):
    role = ADMINISTRATORS.get(page, "manager")
    if page != "accounts:login":
        client.force_login(UserFactory(role=role) if page in ADMINISTRATORS else manager)
    expected = GET[page]["anonymous" if page == "accounts:login" else role]
    assert client.get(reverse(page)).status_code == expected, "the door is open, if only to say what is missing"
    wrong = {}
    for what, address in addresses(reverse(page), PAGES[page]):
        response = client.get(address)  # an exception in a view fails the test by itself
        if not is_well_answered(response):
            wrong[what] = response.status_code
    assert wrong == {}


def is_well_answered(response):
    if response.status_code in (200, 302):
        return True
    return 400 <= response.status_code < 500 and has_chinese(response)


def has_chinese(response):
    """Chinese for people to read; the API escapes nothing, and its answers are read as JSON all the same."""
    text = response.content.decode()
    if "json" in response.headers["Content-Type"]:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return bool(CHINESE.search(text))


def test_parameters_really_are_refused(client, manager, registered):
    """The sweep above would also pass if everything were ignored."""
    client.force_login(manager)
    for page, query in (
        ("hazards:ledger", "found_from=2025-02-30"),
        ("hazards:ledger", "cursor=9999"),
        ("hazards:ledger", "state=none"),
        ("inspections:list", "from=2025-02-30"),
        ("inspections:enterprises", "territory=41a4"),
        ("rankings:index", "week=2026-W60"),
        ("api-hazard-list", "level=x"),
        ("rankings:official", "quarter=2026-Q5"),
        ("api-rankings", "month=2026-13"),
        ("hazards:ledger", "q=%00"),
    ):
        assert client.get(f"{reverse(page)}?{query}").status_code == 400, (page, query)


# --- forms --------------------------------------------------------------------------------------------------------

GARBAGE = {
    "NUL": "a\x00b", "only NUL": "\x00", "huge number": "9" * 60, "long": "长" * 6000, "no day": "2025-02-30", "negative": "-5",
    "not a number": "NaN", "markup": "<script>", "spaces": " \u3000\t\n", "empty": "",
}  # fmt: skip
HTML = b"<!doctype html><html><body><table><tr><td>1</td></tr></table></body></html>"


@pytest.fixture
def row_counts():
    """How many rows each table holds, sessions excepted: ``row_counts()`` before and after."""
    models = [model for model in apps.get_models() if model is not OpenSession]
    return lambda: {model._meta.label: model.objects.count() for model in models}


def possible(act):
    """A hazard at a stage at which the act called ``act`` is possible, and somebody who may do it."""
    stage = next((stage for stage in stages.stages_of(act) if who_may(act, stage)), None)
    assert stage, f"nobody may {act}: the act has no row in the table of tests/laws/test_who.py, or an empty one"
    people = stages.cast()
    may = who_may(act, stage)
    person, hazard = people["manager" if "manager" in may else min(may)], stages.hazard(people, stage)
    assert acts.named(Hazard, act).refusal(person, hazard) is None
    return hazard, person


def fields_of(act, hazard, person):
    """``{name as the page posts it: whether something must stand in it}`` of the form of an act."""
    form = act.form(record=hazard, by=person, today=timezone.localdate(), at=timezone.now())
    names = {name: f"{name}_id" if isinstance(field, PhotosField) else name for name, field in form.fields.items()}
    return {names[name]: field.required for name, field in form.fields.items()}


def test_the_fields_of_an_act_are_found():
    """The sweep below would also pass if it found none."""
    hazard, person = possible("issue")
    found = fields_of(acts.named(Hazard, "issue"), hazard, person)
    assert {"due", "in_working_days", "due_date", "requirement", "reason", "holder_territorial", "version"} <= set(
        found
    )
    hazard, person = possible("close_on_spot")
    assert fields_of(acts.named(Hazard, "close_on_spot"), hazard, person) == {
        "note": False,
        "photos_id": True,
        "version": False,
    }


@pytest.mark.once  # forms refuse it before a database is asked
@pytest.mark.parametrize("act", stages.with_a_page())
def test_garbage_in_an_act_is_refused_and_writes_nothing(client, row_counts, act):
    hazard, person = possible(act)
    client.force_login(person)
    fields = fields_of(acts.named(Hazard, act), hazard, person)
    before, version = row_counts(), hazard.version
    posts = [{"version": "x"}, {"version": "9" * 30}]
    posts += [dict.fromkeys(fields, value) for value in GARBAGE.values() if value.strip()]
    if any(fields.values()):  # otherwise to say nothing is to say all
        posts += [
            {},
            {"unknown": "1"},
            *(dict.fromkeys(fields, value) for value in GARBAGE.values() if not value.strip()),
        ]
        posts += [{name: ["1", "2", "\x00"]} for name in fields]
    wrong = {}
    for data in posts:
        response = client.post(reverse("hazards:act", args=[hazard.pk, act]), data)
        if response.status_code not in (400, 403, 409) or not has_chinese(response):
            wrong[str(data)[:80]] = response.status_code
    hazard.refresh_from_db()
    assert wrong == {}
    assert (row_counts(), hazard.version) == (before, version)


JSON_GARBAGE = [
    "", "null", "[]", "[1]", '"x"', "{", '{"a":', "NaN", "1e999", '{"version": "x"}', '{"version": 1e400}', '{"version": NaN}',
    '{"photos": "x", "passed": {}, "days": {}, "reason": [], "content": {}}', '{"photos": [null], "content": null, "passed": null}',
    '{"photos": [99999999999999999999999], "content": "x", "days": 99999999999999999999, "reason": "\\u0000"}',
    '{"photos": [true], "content": "\\ud800", "opinion": "\\ud800", "passed": true, "note": "\\ud800", "reason": "\\ud800", "spent": "NaN"}',
    '{"photos": [], "content": "\\u0000", "opinion": "\\u0000", "passed": "x", "note": "\\u0000", "spent": 1e99, "deadline": "2025-02-30"}',
    '{"working_days": 5, "days": 5, "requirement": "\\ud800"}', '{"days": 5, "requirement": "\\ud800"}',
    '{"territorial_holder": 99999999999999999999, "days": 5}', '{"days": 5, "territorial_holder": {"a": 1}}',
    "[" * 2000, '{"deadline": "9999-12-31"}', '{"deadline": "0001-01-01"}', '{"deadline": 5}', '{"passed": false, "opinion": "x", "deadline": "9999-12-31"}',
    '{"days": true, "version": true}',
]  # fmt: skip


# Garbage in any field, and in any field that is no text.
NO_VALUE = ({"a": 1}, [None], [True], [[]], [10**23], "\ud800", "\x00")
NO_NUMBER = ("x", "NaN", 1e99, 10**20, "2025-02-30", "\u200b")


def is_garbage_for(act, body):
    """Whether nobody could mean ``body`` as the act called ``act``: it lacks something, or all it says is heard."""
    try:
        said = json.loads(body or "{}")
    except (ValueError, RecursionError):
        return True
    if not isinstance(said, dict):
        return True
    fields = acts.named(Hazard, act).serializer().fields
    if not said:
        return stages.is_told_something(act)
    return set(said) <= set(fields) or not {name for name, field in fields.items() if field.required} <= set(said)


@pytest.mark.once  # as over a page
@pytest.mark.parametrize("act", stages.over_the_api())
def test_garbage_over_the_api_is_refused_and_writes_nothing(client, row_counts, act):
    hazard, person = possible(act)
    client.force_login(person)
    whole = stages.asked(act, person)
    before, version = row_counts(), hazard.version
    address = reverse(api_address(act), args=[hazard.pk])
    wrong = {}
    for body in (body for body in JSON_GARBAGE if is_garbage_for(act, body)):
        response = client.post(address, body, content_type="application/json")
        if response.status_code not in (400, 403, 409) or not has_chinese(response):
            wrong[body[:60]] = (response.status_code, response.content.decode()[:80])
    for name, field in acts.named(Hazard, act).serializer().fields.items():
        values = NO_VALUE if isinstance(field, CharField) else NO_VALUE + NO_NUMBER
        for value in values if field.allow_null else (*values, None):
            response = client.post(
                address, json.dumps(whole | {name: value}, default=str), content_type="application/json"
            )
            if response.status_code != 400 or not has_chinese(response):
                wrong[name, str(value)] = (response.status_code, response.content.decode()[:80])
    hazard.refresh_from_db()
    assert wrong == {}
    assert (row_counts(), hazard.version) == (before, version)


@pytest.mark.parametrize("page", ["api-inspection-list", "api-enterprise-list", "api-measure-list"])
def test_garbage_for_new_rows_over_the_api_writes_nothing(client, manager, row_counts, page):
    client.force_login(manager)
    before, wrong = row_counts(), {}
    for body in [*JSON_GARBAGE, '{"hazards": [[]]}', '{"hazards": {"a": 1}, "inspectors": 5, "kind": []}']:
        response = client.post(reverse(page), body, content_type="application/json")
        if response.status_code != 400 or not has_chinese(response):
            wrong[body[:60]] = (response.status_code, response.content.decode()[:80])
    assert wrong == {}
    assert row_counts() == before


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "长" * 6000])
def test_unstorable_text_in_new_rows_over_the_api_is_refused(
    client, inspector, colleague, enterprise, row_counts, text
):
    client.force_login(inspector)
    before = row_counts()
    visit = {
        "kind": "routine",
        "enterprise": enterprise.pk,
        "inspected_on": timezone.localdate().isoformat(),
        "inspectors": [inspector.pk, colleague.pk],
        "hazards": [{"description": "通道堆放货物"}],
    }
    firm = {
        "name": "豫东食品有限公司",
        "township": enterprise.township.code,
        "sector": enterprise.sector.code,
        "principal": "孟令山",
    }
    bodies = [("api-inspection-list", visit | {name: text}) for name in ("note", "submission_key")]
    bodies += [
        ("api-inspection-list", visit | {"hazards": [{"description": "通道", name: text}]})
        for name in ("description", "basis", "location")
    ]
    bodies += [
        ("api-enterprise-list", firm | {name: text}) for name in ("name", "address", "principal", "phone", "uscc")
    ]
    for page, body in bodies:
        response = client.post(reverse(page), json.dumps(body), content_type="application/json")
        assert response.status_code == 400, (page, body)
        assert has_chinese(response)
    assert row_counts() == before


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
def test_garbage_in_the_other_forms_writes_nothing(client, manager, enterprise, row_counts, value):
    client.force_login(manager)
    before = row_counts()
    visit = dict.fromkeys(
        ["enterprise", "kind", "inspected_on", "colleague", "note", "submission_key", "hazards-0-description"], value
    )
    formset = {"hazards-TOTAL_FORMS": "1", "hazards-INITIAL_FORMS": "0"}
    firm = dict.fromkeys(
        ["name", "uscc", "township", "sector", "address", "principal", "phone", "risk_grade", "status"], value
    )
    posts = [
        ("hazards:register", visit | formset), ("hazards:register", visit | dict.fromkeys(formset, value)), ("hazards:register", visit),
        ("imports:upload", {"unit": value, "file": value}), ("inspections:enterprise_create", firm), ("evidence:photo_upload", {"photo": value}),
        ("evidence:document_upload", {"photo": value}),
    ]  # fmt: skip
    for page, data in posts:
        response = client.post(reverse(page), data)
        assert response.status_code == 400, (page, data)
        assert has_chinese(response)
    assert client.post(reverse("inspections:enterprise_act", args=[enterprise.pk, "edit"]), firm).status_code == 400
    assert row_counts() == before


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
def test_garbage_at_sign_in_lets_nobody_in(client, manager, value):
    response = client.post(reverse("accounts:login"), {"username": value, "password": value, "next": value})
    assert response.status_code in (200, 400)
    assert has_chinese(response)
    assert client.get(reverse("hazards:desk")).status_code == 302


FILES = {
    "empty": ("空.jpg", b""), "html": ("照片.jpg", HTML), "cut": ("照片.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40), "zip": ("a.png", b"PK\x03\x04" + b"\x00" * 50),
    "odd name": ("../\u202e" + "名" * 300 + ".jpg", HTML),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_file_that_is_no_picture_is_refused_everywhere(client, manager, registered, row_counts, kind):
    client.force_login(manager)
    before = row_counts()
    doors = [
        (reverse("evidence:photo_upload"), "photo"), (reverse("api-photo-list"), "file"),
        (reverse("evidence:document_upload"), "photo"), (reverse("api-document-list"), "file"),
        (reverse("hazards:act", args=[registered.pk, "close_on_spot"]), "photos"), (reverse("hazards:register"), "hazards-0-before"),
    ]  # fmt: skip
    for address, field in doors:
        data = {
            field: SimpleUploadedFile(*FILES[kind], content_type="image/jpeg"),
            "hazards-TOTAL_FORMS": "1",
            "hazards-INITIAL_FORMS": "0",
        }
        response = client.post(address, data)
        assert 400 <= response.status_code < 500, address
        assert has_chinese(response), address
    assert row_counts() == before


WORKBOOKS = {
    "empty": ("台账.xlsx", b""), "html": ("台账.xlsx", HTML), "html as xls": ("台账.xls", HTML), "cut zip": ("台账.xlsx", b"PK\x03\x04" + b"\x00" * 60),
    "cut compound": ("台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600), "picture": ("台账.xlsx", b"\xff\xd8\xff\xe0"),
    "binary csv": ("台账.csv", bytes(range(256)) * 4), "no name": ("x", b"1,2,3\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_file_that_is_no_ledger_is_refused(client, manager, row_counts, kind):
    client.force_login(manager)
    before = row_counts()
    data = {"unit": manager.unit.code, "file": SimpleUploadedFile(*WORKBOOKS[kind])}
    response = client.post(reverse("imports:upload"), data)
    assert response.status_code == 400
    assert has_chinese(response)
    assert row_counts() == before
    assert not ImportBatch.objects.exists()
