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
from tests import stages
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db
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


def test_inner_acts_are_not_for_outsiders_and_told_to_none(people):
    inner = [act for act in acts.acts_of(Hazard) if act.is_inner]
    assert inner
    for act in inner:
        for stage in stages.STAGES:
            assert act.refusal(people["enterprise"], stages.hazard(people, stage)) is not None, (act.name, stage)
