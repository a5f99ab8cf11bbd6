"""Who reads and who is told; what the pages show of a bulletin, and to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bulletins import operations
from bulletins.models import Bulletin, BulletinEvent, Receipt
from bulletins.panels import for_leaders
from notifications.consumers import tell_people
from notifications.models import Notification
from rankings.operations import revise

pytestmark = pytest.mark.once  # pages, forms and words: no database decides them
BODIES = {"manager", "inspector", "neighbour", "stranger", "department", "county_office", "county_leader"}
PEOPLE = BODIES | {"writer", "head", "leader", "enterprise", "sysadmin"}


def seers(places, bulletin):
    return {who for who in PEOPLE if Bulletin.objects.visible_to(places[who]).filter(pk=bulletin.pk).exists()}


def test_a_draft_is_the_offices_a_pending_one_also_the_leaders_an_issued_one_everybodys(places, draft, noon):
    assert seers(places, draft) == {"writer", "head"}
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    assert seers(places, draft) == {"writer", "head", "leader"}
    operations.issue_bulletin(draft, by=places["head"], at=noon)
    assert seers(places, draft) == BODIES | {"writer", "head", "leader"}


def test_a_draft_given_back_by_a_leader_is_out_of_sight_and_not_not_found(client, places, draft, noon):
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    client.force_login(places["leader"])
    address = f"/api/v1/bulletins/{draft.pk}/return_bulletin/"
    assert client.post(address, {"reason": "改"}, "application/json").status_code == 204
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_countys_is_read_in_the_county_and_above(places, week, noon):
    one = operations.draft_bulletin(by=places["county_office"], at=noon, freeze=week)
    operations.submit_bulletin(one, by=places["county_office"], at=noon)
    operations.issue_bulletin(one, by=places["county_leader"], at=noon)
    assert seers(places, one) == PEOPLE - {"stranger", "enterprise", "sysadmin"}
    assert "411403001" not in one.addressees.values_list("unit__code", flat=True)


def told(places, move, noon):
    tell_people(list(BulletinEvent.objects.filter(kind=move).select_related("record")), at=noon)
    return {who for who in PEOPLE if Notification.objects.filter(recipient=places[who]).exists()}


def test_who_is_told_to_sign_and_of_what_was_issued(places, draft, noon):
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    assert told(places, "submit_bulletin", noon) == {"head", "leader"}
    Notification.objects.all().delete()
    operations.issue_bulletin(draft, by=places["head"], at=noon)
    assert told(places, "issue_bulletin", noon) == BODIES | {"leader"}


def test_only_those_of_bodies_that_have_not_read_it_are_urged(places, issued, noon):
    operations.note_reading(issued, by=places["inspector"], at=noon)
    operations.urge_readers(issued, by=places["writer"], at=noon)
    assert told(places, "urge_readers", noon) == (BODIES - {"manager", "inspector"}) | {"leader"}


def test_opening_the_page_leaves_a_receipt_and_shows_it_to_the_office_alone(client, places, issued):
    client.force_login(places["manager"])
    page = client.get(issued.get_absolute_url())
    assert Receipt.objects.get().person == places["manager"]
    assert "已读回执" not in page.content.decode()
    assert issued.number not in client.get(reverse("bulletins:receipts")).content.decode()
    client.force_login(places["writer"])
    page = client.get(issued.get_absolute_url())
    assert (page.context["readings"].read, page.context["readings"].total) == (1, 7)
    assert Receipt.objects.count() == 1
    unread = client.get(reverse("bulletins:receipts"), {"bulletin": issued.pk, "read": "no"})
    assert "周集镇" in unread.content.decode()
    assert "双八镇" not in unread.content.decode()


def test_how_it_was_written_is_not_told_to_readers(client, places, draft, hazard, noon):
    operations.choose_cases(draft, by=places["writer"], at=noon, cases={hazard.pk: False})
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    operations.issue_bulletin(draft, by=places["head"], at=noon)
    client.force_login(places["neighbour"])
    for address in (draft.get_absolute_url(), reverse("api-bulletin-detail", args=[draft.pk])):
        body = client.get(address).content.decode()
        assert "该企业通道堆放货物" in body
        assert "豫盛" not in body
        assert hazard.number not in body


def test_leaders_write_on_it_and_every_body_reads_that(client, places, issued, noon):
    operations.instruct_readers(issued, by=places["leader"], at=noon, text="分管领导到现场督办")
    client.force_login(places["stranger"])
    assert "分管领导到现场督办" in client.get(issued.get_absolute_url()).content.decode()
    client.force_login(places["county_leader"])
    assert client.get(reverse("bulletins:bulletin_act", args=[issued.pk, "instruct_readers"])).status_code == 403


def test_numbers_somebody_typed_are_shown_to_who_signs(client, places, draft, noon):
    text = draft.overall.replace("逾期未整改1条", "逾期未整改77条")
    operations.edit_bulletin(draft, by=places["writer"], at=noon, overall=text)
    operations.submit_bulletin(draft, by=places["writer"], at=noon)
    client.force_login(places["head"])
    page = client.get(reverse("bulletins:bulletin_act", args=[draft.pk, "issue_bulletin"]))
    assert page.context["typed"] == [("总体情况", ["77"])]
    assert "手工填写的数字" in page.content.decode()


def test_a_revision_is_said_on_the_page_with_what_to_do(client, places, issued, noon):
    revise(issued.freeze, by=places["head"], at=noon, reason="登记有误")
    client.force_login(places["writer"])
    page = client.get(issued.get_absolute_url()).content.decode()
    assert "内容不变" in page
    assert f"?corrects={issued.pk}" in page
    assert (
        client.get(reverse("bulletins:bulletin_new", args=["draft_bulletin"]), {"corrects": issued.pk}).status_code
        == 200
    )


def test_the_desk_names_what_waits_to_be_signed_and_what_was_not_read(client, places, pending, noon):
    client.force_login(places["head"])
    assert "待签发" in client.get("/").content.decode()
    client.force_login(places["writer"])
    assert pending.title not in client.get("/").content.decode()
    operations.issue_bulletin(pending, by=places["head"], at=noon)
    client.force_login(places["manager"])
    assert "未读通报" in client.get("/").content.decode()
    client.get(pending.get_absolute_url())
    assert "未读通报" not in client.get("/").content.decode()


def test_receipts_cost_the_same_for_one_reader_and_for_many(client, places, issued, noon, django_assert_num_queries):
    client.force_login(places["writer"])
    address = f"{reverse('bulletins:receipts')}?bulletin={issued.pk}"
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for who in BODIES:
        operations.note_reading(issued, by=places[who], at=noon)
    with django_assert_num_queries(len(before)):
        page = client.get(address)
    assert "，共 2 人读过" in page.content.decode()


@pytest.mark.parametrize("who", ["stranger", "enterprise", "sysadmin"])
def test_a_draft_does_not_exist_for_others(client, places, draft, who):
    client.force_login(places[who])
    for name, more in (("bulletin", []), ("word", []), ("bulletin_act", ["edit_bulletin"])):
        assert client.get(reverse(f"bulletins:{name}", args=[draft.pk, *more])).status_code == 404


def test_the_page_of_an_issued_one_counts_nothing(client, places, issued, django_assert_max_num_queries):
    client.force_login(places["manager"])
    client.get(issued.get_absolute_url())
    with django_assert_max_num_queries(16):  # session, user, unit and bell among them
        client.get(issued.get_absolute_url())


def test_the_api_drafts_chooses_and_issues(client, places, week, hazard):
    client.force_login(places["writer"])
    made = client.post(reverse("api-bulletin-list"), {"freeze": week.pk}, content_type="application/json")
    assert made.status_code == 201
    pk = made.json()["id"]

    def act(name, body=None):
        return client.post(reverse(f"api-bulletin-{name}", args=[pk]), body or {}, content_type="application/json")

    assert (
        act("choose-cases", {"cases": [{"hazard": hazard.pk, "named": True}]})
        .json()["cases"]
        .startswith("梁园区商丘豫盛")
    )
    assert act("submit-bulletin").json()["state"] == "pending"
    assert act("issue-bulletin").status_code == 403
    client.force_login(places["leader"])
    assert act("issue-bulletin").json()["number"] == "商丘安委办通〔2026〕1号"


def test_a_leader_s_page_begins_with_what_waits_for_a_signature_then_with_what_is_unread(
    places, week, issued, rf, noon, django_assert_num_queries
):
    second = operations.draft_bulletin(by=places["writer"], at=noon, freeze=week, corrects=issued)
    operations.submit_bulletin(second, by=places["writer"], at=noon)
    request = rf.get("/")
    request.user = places["leader"]
    with django_assert_num_queries(1):
        rows = for_leaders(request)
    assert [(row["button"], row["url"]) for row in rows] == [
        ("签发", second.get_absolute_url()), ("阅看", issued.get_absolute_url()),
    ]  # fmt: skip
