"""移送: what is referred to another authority stays open until the answer is recorded, and is not closed meanwhile."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from evidence.operations import store_document
from hazards import operations
from hazards.models import Hazard
from journal import acts
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from tests import stages
from tests.at_once import at_once, races
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CLOSING = "请先登记移送答复"


@pytest.fixture
def referred(people):
    """By the township, three days ago."""
    return stages.hazard(people, "rectifying+referred")


def refer(row, by, at=None, **given):
    at = at or timezone.now()
    given = {
        "body": "市公安局",
        "case_number": "移〔2026〕3号",
        "referred_on": timezone.localdate(at),
        "reason": "涉嫌犯罪",
    } | given
    return operations.refer(row, by=by, at=at, **given)


def answer(row, by, at=None, **given):
    at = at or timezone.now()
    return operations.answer_referral(
        row, by=by, at=at, **{"answered_on": timezone.localdate(at), "answer": "不予立案"} | given
    )


def to_review(row, people):
    photos = [stages.waiting_photo(people["enterprise"])]
    operations.submit_feedback(row, by=people["enterprise"], at=timezone.now(), content="好了", photos=photos)


def review(row, people, passed):
    return operations.review(row, by=people["colleague"], at=timezone.now(), passed=passed, opinion="看过")


def test_it_is_not_closed_before_the_answer_is_recorded(referred, people, client):
    before = (referred.deadline, referred.original_deadline)
    to_review(referred, people)
    with pytest.raises(Conflict, match=CLOSING):
        review(referred, people, passed=True)
    client.force_login(people["colleague"])
    sent = {"passed": "pass", "opinion": "合格", "version": referred.version}
    page = client.post(reverse("hazards:act", args=[referred.pk, "review"]), sent)
    assert page.status_code == 409 and CLOSING in page.content.decode() and "合格" in page.content.decode()
    review(referred, people, passed=False)
    to_review(referred, people)
    answer(referred, people["manager"])
    assert (referred.referred_on, (referred.deadline, referred.original_deadline)) == (None, before), "deadlines run on"
    review(referred, people, passed=True)
    assert referred.state == "closed" and list(breaks([Hazard])) == []


def test_it_is_not_closed_on_the_spot_nor_voided_either(people):
    row = stages.hazard(people, "registered")
    refer(row, people["manager"])
    with pytest.raises(Conflict, match=CLOSING):
        operations.close_on_spot(
            row, by=people["author"], at=timezone.now(), photos=[stages.waiting_photo(people["author"])]
        )
    operations.request_void(row, by=people["author"], at=timezone.now(), ground="error", reason="不在本企业")
    with pytest.raises(Refused, match=CLOSING):
        operations.decide_void(row, by=people["office"], at=timezone.now(), granted=True, opinion="属实")
    operations.decide_void(row, by=people["office"], at=timezone.now(), granted=False, opinion="先等答复")


def test_number_body_and_days_stand_beside_the_row_and_on_the_timeline(referred, people):
    one = referred.referrals.get()
    assert (one.unit, one.body, one.case_number, one.referred_on) == (
        people["manager"].unit, "市公安局", "移〔2026〕3号", referred.referred_on,
    )  # fmt: skip
    assert referred.events.last().changes == {
        "受移送机关": "市公安局", "移送文号": "移〔2026〕3号", "移送日期": referred.referred_on.isoformat(),
    }  # fmt: skip
    answer(referred, people["department"])
    one.refresh_from_db()
    assert (one.answer, one.answered_by, one.answered_on) == ("不予立案", people["department"], timezone.localdate())
    refer(referred, people["manager"], body="区人民法院")
    assert referred.referrals.count() == 2 and list(breaks([Hazard])) == []


def test_days_are_possible_ones(referred, people):
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    first = referred.referred_on
    for day, words in ((tomorrow, "不能晚于今天"), (first - timedelta(days=1), f"不能早于移送日期 {first}")):
        with pytest.raises(Refused, match=words):
            answer(referred, people["manager"], answered_on=day)
    answer(referred, people["manager"], answered_on=first)
    for day, words in ((tomorrow, "不能晚于今天"), (referred.found_on - timedelta(days=1), "不能早于排查日期")):
        with pytest.raises(Refused, match=words):
            refer(referred, people["manager"], referred_on=day)
    refer(referred, people["manager"], referred_on=today)
    for name, words in (("body", "受移送机关"), ("case_number", "移送文号"), ("reason", "移送事由")):
        fresh = stages.hazard(people, "registered")
        with pytest.raises(Refused, match=words):
            refer(fresh, people["manager"], **{name: ""})


def test_one_referral_waits_at_a_time(referred, people):
    with pytest.raises(Conflict, match="登记答复之后才能再次移送"):
        refer(referred, people["department"])
    answer(referred, people["manager"])
    with pytest.raises(Conflict, match="没有等待答复的移送"):
        answer(referred, people["manager"])


def test_a_unit_that_does_not_answer_for_it_neither_refers_nor_records(referred, people):
    receiver = people["receiver"]
    operations.offer_transfer(referred, by=people["department"], at=timezone.now(), to_unit=receiver.unit, reason="x")
    with pytest.raises(NotPermitted):
        answer(referred, receiver)
    operations.answer_transfer(referred, by=receiver, at=timezone.now(), accepted=True, holder=receiver)
    with pytest.raises(NotPermitted):
        answer(referred, people["department"])
    answer(referred, receiver)


def paper(by, name):
    """An uploaded document nobody has taken yet."""
    return store_document(SimpleUploadedFile(name, b"%PDF-1.4 " + name.encode()), by=by, at=timezone.now())


def test_papers_are_documents_of_the_row_sealed_with_their_referral(people, client):
    row = stages.hazard(people, "rectifying")
    sent, reply = paper(people["manager"], "移送书.pdf"), paper(people["manager"], "答复书.pdf")
    refer(row, people["manager"], documents=[sent])
    assert row.events.last().changes["附件"] == "移送书.pdf"
    answer(row, people["manager"], documents=[reply])
    assert set(row.documents.values_list("part", flat=True)) == {row.referrals.get().uid}
    assert list(breaks([Hazard])) == []
    with pytest.raises(Refused, match="已经用在别处"):
        refer(row, people["manager"], documents=[sent])
    client.force_login(people["manager"])
    assert client.get(row.get_absolute_url()).context["documents"] == [reply, sent]
    client.force_login(people["stranger"])
    assert client.get(reverse("evidence:document", args=[sent.pk])).status_code == 404


def test_it_stands_on_the_desks_of_those_who_answer_for_it_until_then(referred, people, client):
    def group(person):
        client.force_login(person)
        card = client.get(reverse("hazards:desk")).context["todos"]
        return {group["label"]: group["todos"] for group in card["groups"]}.get("移送待答复", [])

    for name in ("manager", "department", "other_department"):
        [todo] = group(people[name])
        assert todo["act"] == "登记移送答复" and "移送" in " · ".join(todo["facts"])
    assert group(people["office"]) == group(people["author"]) == []
    client.force_login(people["manager"])
    page = client.get(referred.get_absolute_url()).content.decode()
    assert "移送待答复" in page and "移〔2026〕3号" in page and "已移送，等待答复" in page
    answer(referred, people["manager"])
    assert group(people["manager"]) == []


def test_those_who_answer_for_it_are_told(referred, people):
    publish(at=timezone.now())
    titles = {one.title.partition(" · ")[0]: one for one in Notification.objects.all()}
    assert "已移送其他机关，登记答复之前不能销号" in titles
    Notification.objects.all().delete()
    answer(referred, people["manager"])
    publish(at=timezone.now())
    told = {one.recipient for one in Notification.objects.filter(title__startswith="移送已有答复")}
    assert people["department"] in told and people["enterprise"] not in told


def test_the_api_refers_and_records(people):
    row = stages.hazard(people, "rectifying")
    api = APIClient()
    api.force_authenticate(people["manager"])
    sent_with = paper(people["manager"], "移送书.pdf")
    sent = {
        "body": "市公安局",
        "case_number": "移〔2026〕3号",
        "referred_on": str(timezone.localdate()),
        "reason": "涉嫌犯罪",
    }
    told = api.post(reverse("api-hazard-refer", args=[row.pk]), sent | {"documents": [sent_with.pk]}).json()
    assert (told["referrals"][0]["case_number"], told["referrals"][0]["answer"]) == ("移〔2026〕3号", "")
    assert "pass_review" not in told["moves"] and "answer_referral" in told["moves"]
    sent = {"answered_on": str(timezone.localdate()), "answer": "不予立案"}
    told = api.post(reverse("api-hazard-answer-referral", args=[row.pk]), sent).json()
    assert told["referrals"][0]["answer"] == "不予立案"


@races
@pytest.mark.parametrize("rival", ["another answer", "a review"])
def test_of_two_at_once_one_happens(people, referred, rival):
    to_review(referred, people)
    first, second = (Hazard.objects.get(pk=referred.pk) for _ in range(2))
    deputy = UserFactory(role="manager", unit=people["manager"].unit)

    def interfere():
        answer(second, deputy) if rival == "another answer" else review(second, people, passed=False)

    said = at_once(lambda: answer(first, people["manager"]), interfere)
    assert sorted(said, key=str) == sorted([Conflict, "done"], key=str)
    row = Hazard.objects.get(pk=referred.pk)
    answered = rival == "another answer" or said[0] == "done"
    assert (row.referred_on is None, row.referrals.get().answered_at is not None) == (answered, answered)
    assert list(breaks([Hazard])) == []
    assert acts.named(Hazard, "review").moves
