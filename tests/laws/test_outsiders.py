"""What the bodies do among themselves about a row, the enterprise reads at no door: not what it is, not what was written."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from enforcement import operations as enforcement
from evidence.operations import store_document
from hazards import operations
from hazards.models import Hazard
from journal import acts
from journal.outbox import publish
from notifications.models import Notification
from tests import stages
from tests.factories import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may and what is said: no database decides it
SECRETS = ("涉嫌重大责任事故罪", "市公安局", "移〔2026〕3号", "移送", "不归我们管", "移交", "请当面汇报", "批示")


@pytest.fixture
def row(people):
    """Rectifying; referred with a paper, offered to another township, and with an instruction on it."""
    row, manager, now = stages.hazard(people, "rectifying"), people["manager"], timezone.now()
    paper = store_document(SimpleUploadedFile("移送书.pdf", b"%PDF-1.4\n"), by=manager, at=now)
    operations.refer(
        row, by=manager, at=now, body="市公安局", case_number="移〔2026〕3号", referred_on=timezone.localdate(),
        reason="涉嫌重大责任事故罪", documents=[paper],
    )  # fmt: skip
    unit = UnitFactory(code="411402009", name="观堂镇人民政府")
    operations.offer_transfer(row, by=manager, at=now, to_unit=unit, reason="不归我们管")
    operations.instruct(
        row, by=people["leader"], at=now, body="territorial", text="请当面汇报", reply_by=timezone.localdate()
    )
    enforcement.record_measure(
        by=manager, at=now, kind="transfer", on=timezone.localdate(), content="涉嫌重大责任事故罪", basis="刑法", hazard=row,
        second_officer=people["colleague"],
    )  # fmt: skip
    publish(at=now)
    return row


def doors(client, row):
    """``{door: what it shows}``."""
    [measure] = row.measures.all()
    [paper] = row.documents.all()
    pages = {
        "page": reverse("hazards:detail", args=[row.pk]),
        "feedback": reverse("hazards:act", args=[row.pk, "submit_feedback"]),
        "desk": reverse("hazards:desk"),
        "ledger": reverse("hazards:ledger"),
        "inbox": reverse("notifications:inbox"),
        "API": reverse("api-hazard-detail", args=[row.pk]),
        "API list": reverse("api-hazard-list"),
        "measures": reverse("enforcement:list"),
        "enterprise": row.enterprise.get_absolute_url(),
    }
    found = {door: client.get(address).content.decode() for door, address in pages.items()}
    archive = b"".join(client.get(reverse("hazards:files", args=[row.pk])).streaming_content)
    found["archive"] = " ".join(zipfile.ZipFile(io.BytesIO(archive)).namelist())
    found["paper"] = client.get(reverse("evidence:document", args=[paper.pk])).status_code
    found["measure"] = client.get(reverse("enforcement:measure", args=[measure.pk])).status_code
    return found


def test_the_enterprise_reads_nothing_of_what_bodies_do_among_themselves(row, people, client):
    client.force_login(people["enterprise"])
    seen = doors(client, row)

    assert (seen.pop("paper"), seen.pop("measure")) == (404, 404)
    assert row.description in seen["page"] and row.number in seen["API"], "it reads the row itself"
    seen["measures"] = seen["measures"].replace("移送司法", "", 1)  # a kind in the menu of kinds
    assert {door: word for door, shown in seen.items() for word in SECRETS if word in shown} == {}


def test_the_bodies_do(row, people, client):
    client.force_login(people["manager"])
    seen = doors(client, row)

    assert (seen["paper"], seen["measure"]) == (200, 200)
    assert [word for word in SECRETS if word not in seen["page"]] == []
    assert "移送书.pdf" in seen["archive"] and "市公安局" in seen["API"]


def test_inner_acts_are_not_for_outsiders(people):
    inner = [act for act in acts.acts_of(Hazard) if act.is_inner]
    assert inner
    for act in inner:
        for stage in stages.STAGES:
            assert act.refusal(people["enterprise"], stages.hazard(people, stage)) is not None, (act.name, stage)


# {act: a stage at which it is done, by whom}
INNER = {
    "refer": ("rectifying", "manager"),
    "answer_referral": ("rectifying+referred", "manager"),
    "instruct": ("rectifying", "leader"),
    "answer_instruction": ("rectifying+instructed", "manager"),
    "offer_transfer": ("rectifying", "department"),
    "answer_transfer": ("rectifying+offered", "receiver"),
    "assign_transfer": ("rectifying+offered", "office"),
}


def test_every_inner_act_is_done_below():
    assert {act.name for act in acts.acts_of(Hazard) if act.is_inner} == set(INNER)


@pytest.mark.parametrize("name", INNER)
def test_no_inner_act_is_told_to_the_enterprise_by_a_message_or_by_a_page_that_refuses(name, people, client):
    (stage, who), firm = INNER[name], people["enterprise"]
    row = stages.hazard(people, stage)
    Hazard.objects.filter(pk=row.pk).update(enterprise_holder=firm)
    row.refresh_from_db()
    publish(at=timezone.now())
    Notification.objects.all().delete()
    seen = row.version
    acts.named(Hazard, name).do(row, stages.told(name, people[who]), by=people[who], at=timezone.now())
    publish(at=timezone.now())
    assert not Notification.objects.filter(recipient=firm).exists()
    note = row.events.latest("sequence").note
    client.force_login(firm)
    for act, sent in (("review", {}), ("submit_feedback", {"content": "", "version": seen})):
        page = client.post(reverse("hazards:act", args=[row.pk, act]), sent).content.decode()
        assert not [word for word in (note, "移送", "移交", "批示") if word and word in page], act


def test_an_offer_that_lapses_is_told_to_bodies_alone(people, client):
    row = stages.hazard(people, "rectifying+offered")
    photos = [stages.waiting_photo(people["enterprise"])]
    operations.submit_feedback(row, by=people["enterprise"], at=timezone.now(), content="已清理", photos=photos)
    operations.review(row, by=people["colleague"], at=timezone.now(), passed=True, opinion="合格")
    addresses = (row.get_absolute_url(), reverse("api-hazard-detail", args=[row.pk]))
    for who, is_told in (("enterprise", False), ("manager", True)):
        client.force_login(people[who])
        for address in addresses:
            assert ("尚未答复" in client.get(address).content.decode()) is is_told, (who, address)


def test_no_condition_tells_of_an_offer(people, client):
    stages.hazard(people, "rectifying+offered")
    client.force_login(people["enterprise"])
    for address in ("hazards:ledger", "hazards:export", "hazards:facets", "api-hazard-list"):
        menu = {"menu": "level"} if address == "hazards:facets" else {}
        assert client.get(reverse(address), {"transfer": "open", **menu}).status_code == 400, address
