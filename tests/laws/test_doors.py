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

from evidence.operations import store_document
from hazards import operations
from hazards.models import Hazard
from imports.models import ImportBatch
from inspections.models import Inspection
from journal import acts
from notifications.models import Notification
from tests import stages
from tests.factories import UnitFactory
from tests.laws.doors import (
    ADMINISTRATORS,
    API_WRITE,
    FOREIGN,
    FOREIGN_OFFICERS,
    OFFICERS,
    ROLES,
    SEEN,
    SEEN_API,
    SEES,
    WRITES,
    WRITES_NOTHING,
    api,
    cast,
    each,
)  # fmt: skip
from tests.laws.test_who import who_may

pytestmark = pytest.mark.django_db

MARK = "二号冷库门口通道标记"

# What the people of the world below are called in `tests.stages`; its hazard is a general one, registered.
STAGE, KNOWN_AS = "registered", {"inspector": "author", "safety_office": "office"}


def acted(act, done):
    """``(status, roles)``: ``done`` for those who may do the act called ``act`` to the hazard of the world. The others who see
    it are turned away as persons, or by its state when nobody may."""
    may = who_may(act, STAGE)
    doers = {role for role in SEES if KNOWN_AS.get(role, role) in may}
    return (done, doers), (403 if may else 409, SEES - doers)


def api_address(act):
    return f"api-hazard-{act.replace('_', '-')}"


def api_act(act):
    """An empty body: 400 where something is required; otherwise the verb answers, and misses what it must be told."""
    required = any(field.required for field in acts.named(Hazard, act).serializer().fields.values())
    return api(404, *([(400, SEES)] if required else acted(act, 409)))


READS_RANKINGS = (200, OFFICERS | FOREIGN_OFFICERS | {"leader"})
IN_TERRITORY = (200, OFFICERS | {"leader"})
KEEPERS = each(403, (200, {"sysadmin", "secadmin"}))
BATCH_OF_INSPECTOR = each(403, (404, OFFICERS | FOREIGN_OFFICERS), (200, {"inspector"}))
GET = {
    "hazards:desk": each(200),
    "hazards:ledger": each(200),
    "hazards:export": each(200),
    "hazards:export_form": each(200),
    "hazards:saved_views": each(200),
    "hazards:saved_view_drop": each(405),
    "hazards:bulk": each(200),  # with nothing ticked it is the ledger
    "hazards:handover": each(403, (404, {"foreign_manager", "foreign_department"}), (200, OFFICERS - {"inspector"})),
    "hazards:register": WRITES,
    "imports:upload": WRITES,
    "imports:preview": BATCH_OF_INSPECTOR,
    "imports:errors": BATCH_OF_INSPECTOR | {"inspector": 400},  # the file of the world below is no ledger
    "hazards:detail": SEEN,
    "hazards:files": SEEN,
    "hazards:facets": each(200),
    "hazards:act": each(404, *acted("issue", 200)),
    "evidence:photo_upload": each(405),
    "evidence:document_upload": each(405),
    "evidence:document": SEEN,
    "evidence:photo": SEEN,
    "evidence:photo_page": SEEN,
    "evidence:photo_thumbnail": SEEN,
    "accounts:login": each(302, anonymous=200),
    "accounts:logout": each(405, anonymous=405),
    "accounts:alive": each(200),
    "accounts:resume": each(302),  # nothing waits
    "accounts:me": each(200),
    "accounts:password": each(200),
    "accounts:people": KEEPERS,
    "accounts:person_create": each(403, (200, {"sysadmin"})),
    "accounts:person": KEEPERS,
    "accounts:person_edit": each(403, (200, {"sysadmin"})),
    "accounts:person_password": each(403, (200, {"sysadmin"})),
    "accounts:person_stop": KEEPERS,
    "accounts:person_grant": each(403, (200, {"secadmin"})),
    "accounts:units": each(403, (200, {"sysadmin", "auditor"})),
    "accounts:unit_events": each(403, (200, {"auditor"})),
    "accounts:sign_ins": each(403, (200, {"auditor"})),
    "accounts:unit": each(403, (200, {"sysadmin", "auditor"})),
    "accounts:unit_act": each(403, (200, {"sysadmin"})),
    "accounts:account_events": each(403, (200, {"auditor"})),
    "inspections:list": each(200),
    "inspections:detail": SEEN,
    "inspections:enterprises": each(200),
    "inspections:enterprise_create": WRITES,
    "inspections:enterprise": SEEN,
    "inspections:enterprise_act": each(404, (200, OFFICERS), (403, {"leader", "enterprise"})),
    "inspections:sectors": each(200),
    "inspections:sector": each(200),
    "inspections:sector_act": each(403, (200, {"sysadmin"})),
    "notifications:inbox": each(200),
    "notifications:read_all": each(405),
    "notifications:open": each(404, (302, {"inspector"})),
    "rankings:index": each(403, READS_RANKINGS),
    "rankings:export": each(403, READS_RANKINGS),
    "api-hazard-list": api(200),
    "api-hazard-detail": SEEN_API,
    **{api_address(act): api(405) for act in stages.over_the_api()},
    "api-inspection-list": api(200),
    "api-inspection-detail": SEEN_API,
    "api-photo-list": api(405),
    "api-document-list": api(405),
    "api-enterprise-list": api(200),
    "api-enterprise-detail": SEEN_API,
    "api-sector-list": api(200),
    "api-sector-detail": api(200),
    "api-unit-list": api(200),
    "api-unit-detail": api(404, IN_TERRITORY),
    "api-person-list": api(200),
    "api-person-detail": api(404, IN_TERRITORY),
    "api-rankings": api(403, READS_RANKINGS),
    "api-schema": api(200),
    "api-docs": each(200),
    "look": each(200),
    "favicon": each(302),
    "healthz": each(200, anonymous=200),
    "readyz": each(503, anonymous=503),  # no worker runs beside the tests
}
SENDS_PHOTOS = (400, OFFICERS | FOREIGN_OFFICERS | {"enterprise", "foreign_enterprise"})
# {address: roles} where an empty body is all there is to say: it would do the act, so these do not send it.
SAID_IT_ALL = {
    api_address(act): acted(act, 200)[0][1] for act in stages.over_the_api() if not stages.is_told_something(act)
}
POST = {
    "hazards:handover": each(403, (404, {"foreign_manager", "foreign_department"}), (400, OFFICERS - {"inspector"})),
    "hazards:register": WRITES_NOTHING,
    "imports:upload": WRITES_NOTHING,
    "imports:preview": BATCH_OF_INSPECTOR | {"inspector": 400},
    "hazards:act": each(404, *acted("issue", 400)),
    "hazards:saved_views": each(400),
    "hazards:saved_view_drop": each(404),  # the world's is another person's
    "hazards:bulk": each(302),  # nothing ticked: back to the ledger
    "evidence:photo_upload": each(403, SENDS_PHOTOS),
    "evidence:document_upload": each(403, SENDS_PHOTOS),
    "accounts:login": each(302, anonymous=200),  # Django's own sign-in page shows its errors with 200
    "accounts:password": each(200),
    "accounts:person_create": each(403, (400, {"sysadmin"})),
    "accounts:person_edit": each(403, (400, {"sysadmin"})),
    "accounts:person_password": each(403, (400, {"sysadmin"})),
    "accounts:person_stop": each(403, (400, {"sysadmin", "secadmin"})),
    "accounts:person_grant": each(403, (400, {"secadmin"})),
    "accounts:unit_act": each(403, (400, {"sysadmin"})),
    "inspections:enterprise_create": WRITES_NOTHING,
    "inspections:enterprise_act": each(404, (400, OFFICERS), (403, {"leader", "enterprise"})),
    "inspections:sector_act": each(403, (400, {"sysadmin"})),
    "notifications:read_all": each(302),
    "notifications:open": each(404, (302, {"inspector"})),
    **{api_address(act): api_act(act) for act in stages.over_the_api()},
    "api-inspection-list": API_WRITE,
    "api-photo-list": api(403, SENDS_PHOTOS),
    "api-document-list": api(403, SENDS_PHOTOS),
    "api-enterprise-list": API_WRITE,
    "accounts:logout": each(302),  # last: it ends the session
}
PATCH = {"api-enterprise-detail": api(403, (200, OFFICERS), (404, FOREIGN_OFFICERS))}
# Lists that hold rows of the world: whoever may see them finds the mark there, nobody else does.
MARKED = {
    "hazards:ledger": SEES,
    "hazards:export": SEES,
    "inspections:list": SEES,
    "inspections:enterprises": SEES,
    "api-hazard-list": SEES,
    "api-inspection-list": SEES,
    "api-enterprise-list": SEES,
    "api-unit-list": OFFICERS | {"leader"},
    "api-person-list": OFFICERS | {"leader"},
    "notifications:inbox": {"inspector"},
    "imports:upload": {"inspector"},
    "accounts:people": {"sysadmin", "secadmin"},
    "accounts:units": {"sysadmin", "auditor"},
}


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
        "message": message.pk,
        "batch": batch.pk,
        "unit": township.pk,
        "person": inspector.pk,
        "sector": enterprise.sector_id,
    }


def address(name, world):
    """The address of ``name`` for the row of the world that it shows."""
    if name == "hazards:act":
        return reverse(name, args=[world["hazard"], "issue"])
    if name in ("hazards:saved_view_drop", "hazards:handover"):
        return reverse(name, args=[1 if name.endswith("drop") else world["people"]["manager"].pk])
    if name == "hazards:bulk":
        return reverse(name, args=["discard"])
    if name in ("accounts:unit_act", "inspections:enterprise_act", "inspections:sector_act"):
        return reverse(name, args=[world[name.split(":")[1].removesuffix("_act")], "edit"])
    of = {
        "hazards:detail": "hazard", "hazards:files": "hazard", "imports:preview": "batch", "imports:errors": "batch", "inspections:detail": "visit",
        "notifications:open": "message", "api-inspection-detail": "visit", "api-hazard-list": None,
    }  # fmt: skip
    kinds, pages = "photo|document|enterprise|sector|person|unit", "page|thumbnail|edit|password|stop|grant"
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
