"""Every address of the site, every kind of person, rows of one's own and of others: who may go in, and what a list shows.

The addresses come from the resolver. One that is not in the tables below fails, so that nobody adds a door unguarded.
"""

import re
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone
from openpyxl import load_workbook

from criteria.models import Criterion, Standard
from evidence.operations import store_document
from hazards import operations
from hazards.models import Hazard
from imports.models import ImportBatch
from inspections.models import Inspection
from notifications.models import Notification
from tests import stages
from tests.factories import UnitFactory
from tests.laws.doors import (
    ADMINISTRATORS,
    FOREIGN,
    ROLES,
    cast,
    measure_of_the_world,
)
from tests.laws.doors_of_access import token_of_the_world
from tests.laws.doors_of_bulletins import bulletin_of_the_world
from tests.laws.doors_of_flags import flag_of_the_world
from tests.laws.doors_of_rankings import arguments_of, rankings_of_the_world
from tests.laws.doors_of_reports import report_of_the_world
from tests.laws.doors_of_the_matrix import matrix_of_the_world
from tests.laws.doors_table import GET, MARKED, PATCH, POST, SAID_IT_ALL, api_address

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show

MARK = "二号冷库门口通道标记"


def routes(patterns=None, namespace=""):
    """``(name, pattern)`` of every address, with its name spaces."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inner)
        else:
            yield f"{namespace}{entry.name}", entry


def test_every_route_is_in_the_table():
    names = [name for name, _ in routes()]
    assert sorted(names) == sorted(set(names))
    assert set(names) - set(GET) == set()
    assert set(GET) | set(POST) | set(PATCH) | set(MARKED) <= set(names)


@pytest.fixture
def world(township, enterprise, inspector, colleague, photo):
    """One registered hazard with its visit, photo and message, an import batch, and everybody who may ask for them."""
    UnitFactory(code="411402001-AWB", name=f"双八镇安委办{MARK}")
    enterprise.name = f"商丘豫盛{MARK}"
    enterprise.save()
    inspector.full_name = f"袁立新{MARK}"
    inspector.save()
    enterprise.sector.competent_function = "YJ"
    enterprise.sector.save()
    people = cast(township, enterprise, inspector)
    at = timezone.now()
    visit, [hazard] = operations.record_inspection(
        by=inspector,
        at=at,
        kind="routine",
        enterprise=enterprise,
        inspected_on=timezone.localdate(at),
        inspectors=[inspector, colleague],
        hazards=[{"description": MARK, "level": "general", "before": [photo(inspector)]}],
    )
    document = store_document(SimpleUploadedFile(f"{MARK}.pdf", b"%PDF-1.7"), by=inspector, at=at)
    operations.comment(hazard, by=inspector, at=at, text="附件", documents=[document])
    measure = measure_of_the_world(inspector, colleague, enterprise, at)
    message = Notification.objects.create(
        recipient=inspector, key="one", title=MARK, url=hazard.get_absolute_url(), created_at=at, next_try_at=at
    )
    batch = ImportBatch.objects.create(
        uploaded_by=inspector,
        uploaded_at=at,
        unit=township,
        filename=f"{MARK}.csv",
        sha256="0" * 64,
        file=ContentFile("编号\n".encode(), name="a.csv"),
        report={"sheets": [], "new_enterprises": []},
    )
    return {
        "people": people,
        "hazard": hazard.pk,
        "photo": hazard.photos.get().pk,
        "document": document.pk,
        "visit": visit.pk,
        "enterprise": enterprise.pk,
        "measure": measure.pk,
        "message": message.pk,
        "batch": batch.pk,
        "unit": township.pk,
        "person": inspector.pk,
        "sector": enterprise.sector_id,
        **matrix_of_the_world(township, enterprise, inspector),
        **flag_of_the_world(township, hazard),
        **rankings_of_the_world(township, people["safety_office"]),
        "report": report_of_the_world(enterprise).pk,
        **bulletin_of_the_world(people["safety_office"]),
        "standard": Standard.objects.first().pk,
        "token": token_of_the_world(inspector),
        "criterion": Criterion.objects.first().pk,
    }


def address(name, world):
    """The address of ``name`` for the row of the world that it shows."""
    if name == "hazards:act":
        return reverse(name, args=[world["hazard"], "issue"])
    if name in ("hazards:saved_view_drop", "hazards:handover", "accounts:factor_drop"):
        return reverse(name, args=[1 if name.endswith("drop") else world["people"]["manager"].pk])
    if name == "criteria:standard_new":
        return reverse(name, args=["enter"])
    if name == "hazards:bulk":
        return reverse(name, args=["discard"])
    if name in ("responsibilities:charge_new", "responsibilities:line_new"):
        return reverse(name, args=["appoint"])
    if name in ("responsibilities:charge_act", "responsibilities:line_act"):
        return reverse(name, args=[world[name.split(":")[1].removesuffix("_act")], "replace"])
    if name in ("accounts:unit_act", "inspections:enterprise_act", "inspections:sector_act", "criteria:standard_act"):
        return reverse(name, args=[world[name.split(":")[1].removesuffix("_act")], "edit"])
    if (given := arguments_of(name, world)) is not None:
        return reverse(name, args=given)
    if name == "bulletins:bulletin_new":
        return reverse(name, args=["draft_bulletin"])
    if name == "bulletins:bulletin_act":
        return reverse(name, args=[world["bulletin"], "instruct_readers"])
    if name == "flags:flag_act":
        return reverse(name, args=[world["flag"], "answer"])
    if name == "enforcement:measure_act":
        return reverse(name, args=[world["measure"], "correct_measure"])
    if name == "reporting:bulk":
        return reverse(name, args=["chase"])
    if name == "reporting:report_act":
        return reverse(name, args=[world["report"], "chase"])
    if name == "accounts:token_revoke":
        return reverse(name, args=[world["token"]])
    if name == "accounts:person_token_revoke":
        return reverse(name, args=[world["person"], world["token"]])
    of = {
        "hazards:detail": "hazard", "hazards:files": "hazard", "imports:preview": "batch", "imports:errors": "batch", "inspections:detail": "visit", "bulletins:word": "bulletin",
        "notifications:open": "message", "api-inspection-detail": "visit", "api-hazard-list": None,
    }  # fmt: skip
    kinds = "photo|document|enterprise|sector|standard|criterion|person|unit|measure|charge|line|flag|report|bulletin"
    pages = "page|thumbnail|edit|password|factor|stop|grant|end_access"
    part = re.fullmatch(rf"(?:\w+:|api-)({kinds}|(?<=api-)hazard)(?:_(?:{pages})|-.+)?", name)
    row = of[name] if name in of else part and not name.endswith("-list") and part.group(1)
    return reverse(name, args=[world[row]] if row else ["nothing"] if name == "accounts:resume" else [])


def text_of(response):
    """Everything a response says, cells of a workbook included; but for the bar, which names those who read it and their firm."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if "spreadsheetml" not in response.headers["Content-Type"]:
        return re.sub(r'<header class="topbar">.*?</header>', "", body.decode(), flags=re.DOTALL)
    sheets = load_workbook(BytesIO(body))
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)


def sign_in(client, world, role):
    if role != "anonymous":
        client.force_login(world["people"][role])


@pytest.mark.parametrize("role", ROLES)
def test_doors_open_to_those_they_are_for_and_lists_show_only_rows_in_scope(client, world, role):
    sign_in(client, world, role)
    answers = {name: client.get(address(name, world)) for name in GET}
    assert may_be_kept(answers) == []
    assert differences({name: answer.status_code for name, answer in answers.items()}, GET, role) == {}
    shown = {name for name in MARKED if answers[name].status_code == 200 and MARK in text_of(answers[name])}
    assert shown == {name for name, seers in MARKED.items() if role in seers}


@pytest.mark.parametrize("role", ROLES)
def test_empty_forms_change_nothing_and_tell_nothing(client, world, role):
    sign_in(client, world, role)
    events = Hazard.objects.get(pk=world["hazard"]).version
    sent = [name for name in POST if role not in SAID_IT_ALL.get(name, ())]
    answers = {name: client.post(address(name, world), **format_of(name)) for name in sent}
    assert may_be_kept(answers) == []
    answers = {name: answer.status_code for name, answer in answers.items()}
    sign_in(client, world, role)
    answers |= {name: client.patch(address(name, world), content_type="application/json").status_code for name in PATCH}
    assert differences(answers, POST | PATCH, role) == {}
    assert Hazard.objects.get(pk=world["hazard"]).version == events
    assert (Hazard.objects.count(), Inspection.objects.count()) == (1, 1)


def may_be_kept(answers):
    """What a browser or a proxy might show again after signing out, or to somebody else."""
    return [name for name, answer in answers.items() if answer.headers.get("Cache-Control") != "no-store, private"]


def format_of(name):
    is_json = name.startswith("api-") and name not in ("api-photo-list", "api-document-list")
    return {"content_type": "application/json"} if is_json else {}


def differences(answers, table, role):
    """``{name: (was, should be)}``."""
    return {name: (status, table[name][role]) for name, status in answers.items() if status != table[name][role]}


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS | FOREIGN))
def test_acts_on_foreign_rows_do_not_exist(client, world, role):
    """Not even the complete form of an act: the row is looked up before anything else."""
    sign_in(client, world, role)
    for act in stages.with_a_page():
        page = reverse("hazards:act", args=[world["hazard"], act])
        assert client.post(page, stages.now(stages.POSTED[act], world["people"][role])).status_code == 404, act
    for act in stages.over_the_api():
        data = stages.asked(act, world["people"][role])
        over_api = reverse(api_address(act), args=[world["hazard"]])
        assert client.post(over_api, data, content_type="application/json").status_code == 404, act


def test_foreign_rows_cannot_be_named_in_filters(client, world):
    """Neither their enterprise nor their visit: the answer is the one for a row that does not exist."""
    sign_in(client, world, "foreign_manager")
    for name, pk in (("enterprise", world["enterprise"]), ("inspection", world["visit"])):
        known, unknown = (client.get(reverse("hazards:ledger"), {name: value}) for value in (pk, 987654321))
        assert known.status_code == unknown.status_code == 400
        assert known.context["problems"] == unknown.context["problems"]


def test_foreign_photos_cannot_be_taken(client, world, photo):
    """A picture uploaded by one person is not another's to attach or look at."""
    picture = photo(world["people"]["inspector"])
    sign_in(client, world, "manager")
    assert client.get(reverse("evidence:photo", args=[picture.pk])).status_code == 404
    data = {"note": "已改", "photos_id": [picture.pk]}
    assert client.post(reverse("hazards:act", args=[world["hazard"], "close_on_spot"]), data).status_code == 400
    over_api = reverse("api-hazard-close-on-spot", args=[world["hazard"]])
    assert client.post(over_api, {"photos": [picture.pk]}, content_type="application/json").status_code == 400
