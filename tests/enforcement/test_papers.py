"""Papers of a measure: taken by its acts, sealed by their events, read by whoever reads the measure, and by nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enforcement import operations
from enforcement.models import Measure
from journal.audit import breaks
from journal.refusal import Refused
from tests.factories import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def broken():
    """What the verifier says of measures; the firm of the fixtures was made without events."""
    return list(breaks([Measure]))


def names(row):
    return [one.name for one in row.documents.order_by("pk")]


def test_every_act_seals_the_papers_it_brings(client, decide, document, inspector, manager, enterprise_user):
    row = decide("suspension", documents=[document(inspector, "决定书.pdf")])
    assert row.events.get().changes["附件"] == "决定书.pdf"
    report, found = document(enterprise_user, "整改报告.pdf"), document(manager, "核查记录.pdf")
    operations.apply_resumption(row, by=enterprise_user, at=NOON + DAY, text="已加装", documents=[report])
    operations.decide_resumption(row, by=manager, at=NOON + 2 * DAY, granted=True, opinion="已核实", documents=[found])
    asked = row.resumptions.get()
    assert set(row.documents.values_list("name", "part")) == {
        ("决定书.pdf", None), ("整改报告.pdf", asked.uid), ("核查记录.pdf", asked.decision.uid),
    }  # fmt: skip
    assert broken() == []
    client.force_login(enterprise_user)
    page = client.get(row.get_absolute_url())
    assert [item["documents"] for item in page.context["resumptions"]] == [[found], [report]]
    assert page.content.decode().count("决定书.pdf") == 2, "in the list and on the timeline"
    with found.file.storage.open(found.file.name, "wb") as file:
        file.write(b"%PDF another")
    assert broken(), "a paper that is exchanged is noticed"


def test_a_lifting_and_a_correction_bring_papers(decide, document, inspector, manager):
    row = decide("seizure")
    event = operations.correct_measure(
        row, by=inspector, at=NOON, reason="漏传", documents=[document(inspector, "决定书.pdf")]
    )
    assert event.changes == {"补充附件": "决定书.pdf"}
    assert operations.correct_measure(row, by=inspector, at=NOON, reason="没有变化", number=row.number) is None
    lifted = document(manager, "解除决定书.pdf")
    operations.lift_measure(row, by=manager, at=NOON + DAY, on=(NOON + DAY).date(), reason="已消除", documents=[lifted])
    assert names(row) == ["决定书.pdf", "解除决定书.pdf"] and broken() == []


def test_nobody_brings_a_paper_of_somebody_else(decide, document, inspector, manager):
    with pytest.raises(Refused, match="不是您上传的"):
        decide("order", documents=[document(manager)])
    assert not Measure.objects.exists()


def test_who_does_not_read_the_measure_reads_no_paper_of_it(
    client, decide, document, inspector, enterprise_user, stranger
):
    paper = document(inspector, "决定书.pdf")
    address = reverse("evidence:document", args=[paper.pk])
    client.force_login(enterprise_user)
    assert client.get(address).status_code == 404, "not before the measure has taken it"
    decide("order", documents=[paper])
    answer = client.get(address)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_page_and_api_take_and_tell_papers(client, decide, document, inspector, colleague, enterprise, enterprise_user):
    now = timezone.now()
    told = {
        "enterprise": enterprise.pk, "kind": "suspension", "on": timezone.localdate(now).isoformat(), "content": "停产", "basis": "第六十五条",
        "officer": inspector.pk, "second_officer": colleague.pk,
    }  # fmt: skip
    client.force_login(inspector)
    sent = told | {"documents_id": [document(inspector, "一.pdf", at=now).pk]}
    assert "upload.js" in client.get("/measures/new/").content.decode()
    assert client.post("/measures/new/", sent).status_code == 302
    assert names(Measure.objects.get()) == ["一.pdf"]
    sent = told | {"kind": "equipment", "documents": [document(inspector, "二.pdf", at=now).pk]}
    made = client.post("/api/v1/measures/", sent, content_type="application/json").json()
    assert [one["name"] for one in made["documents"]] == ["二.pdf"]
    client.force_login(enterprise_user)
    own, sent = (
        f"/api/v1/measures/{made['id']}/",
        {"text": "已整改", "documents": [document(enterprise_user, at=now).pk]},
    )
    told = client.post(f"{own}apply_resumption/", sent, content_type="application/json").json()
    assert [one["name"] for one in told["resumptions"][0]["documents"]] == ["报告.pdf"]
    assert [one["name"] for one in told["documents"]] == ["二.pdf", "报告.pdf"]
