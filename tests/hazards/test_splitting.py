"""拆分: one row becomes several, each with its number; nothing is lost, nothing counted twice."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from criteria.models import Criterion
from hazards import operations
from hazards.models import Hazard, Reminder
from hazards.operations.splitting import INHERITED
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from tests import stages
from tests.at_once import at_once, races
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TWO = [{"description": "通道堆放货物"}, {"description": "应急灯损坏", "location": "二楼"}]


@pytest.fixture
def row(people):
    return stages.hazard(people, "registered")


def split(row, by, at=None, parts=TWO):
    return operations.split(row, by=by, at=at or timezone.now(), parts=parts, reason="两处隐患")


def order(row, by):
    operations.issue(row, by=by, at=timezone.now(), days=7)


def test_each_part_has_a_number_of_its_own_and_whatever_it_does_not_say_from_the_row(row, people):
    operations.correct(row, by=people["manager"], at=timezone.now(), reason="补充", location="一楼")
    split(row, people["manager"])
    first, second = row.parts.order_by("pk")
    assert [one.number for one in (row, first, second)] == [
        f"YH-4114-{timezone.localdate().year}-00000{n}" for n in (1, 2, 3)
    ]
    assert [(one.state, one.description, one.location) for one in (first, second)] == [
        ("registered", "通道堆放货物", "一楼"),
        ("registered", "应急灯损坏", "二楼"),
    ]
    same = set(INHERITED) - {"location"}
    assert all(getattr(part, name) == getattr(row, name) for part in (first, second) for name in same)
    assert (row.state, row.voided_on, row.duplicate_of) == ("voided", timezone.localdate(), None)
    assert row.events.last().changes == {"拆分为": f"{first}、{second}"}
    assert first.events.get().changes == {"编号": first.number, "拆分自": row.number}
    assert (first.split_from, first.registered_by, first.events.get().actor) == (
        row,
        people["author"],
        people["manager"],
    )
    assert list(breaks([Hazard])) == []


def test_it_counts_as_what_it_became(row, people):
    before = Hazard.objects.ledger_of(people["manager"]).count()
    split(row, people["manager"], parts=[{"description": f"第 {n} 处"} for n in range(10)])
    assert Hazard.objects.ledger_of(people["manager"]).count() == before - 1 + 10
    order(row.parts.first(), people["manager"])


def test_the_registrar_may_on_the_day_and_a_manager_also_later(row, people):
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(Refused, match="只能在登记当天拆分"):
        split(row, people["author"], tomorrow)
    with pytest.raises(NotPermitted):
        split(row, people["colleague"])
    with pytest.raises(NotPermitted):
        split(row, people["enterprise"])
    split(row, people["author"])
    other = stages.hazard(people, "registered")
    split(other, people["department"], tomorrow)


def test_the_parts_of_an_order_are_ordered_alike_and_only_a_manager_makes_them(people):
    row = stages.hazard(people, "rectifying")
    with pytest.raises(NotPermitted):
        split(row, people["author"])
    split(row, people["manager"])
    order = ("state", "issued_on", "issued_by_unit", "original_deadline", "deadline", "extensions", "enterprise_holder")
    for part in Hazard.objects.filter(split_from=row):
        assert [getattr(part, name) for name in order] == ["rectifying", *(getattr(row, name) for name in order[1:])]
        assert Reminder.objects.filter(hazard=part).exists() and list(breaks([Hazard])) == []
    assert not Reminder.objects.filter(hazard=row).exists()


@pytest.mark.parametrize(
    "stage", ["rectifying+asked", "rectifying+filed+major", "rectifying+approved+major", "failed", "reopened"]
)
def test_an_order_to_which_something_was_filed_is_not_split(people, stage):
    row = stages.hazard(people, {"failed": "pending_review", "reopened": "closed"}.get(stage, stage))
    at, by = timezone.now(), people["manager"]
    if stage == "failed":
        operations.review(row, by=by, at=at, passed=False, opinion="仍堆放")
    if stage == "reopened":
        operations.reopen(row, by=by, at=at, reason="又堆上了", photos=[stages.waiting_photo(by)], days=7)
    with pytest.raises(Conflict, match="不能再拆分"):
        split(row, by)


def test_what_waits_for_an_answer_is_not_split(people):
    pending = stages.hazard(people, "pending_review")
    with pytest.raises(Conflict, match="不能拆分"):
        split(pending, people["manager"])
    doings = (
        lambda row: operations.request_void(row, by=people["author"], at=timezone.now(), ground="error", reason="x"),
        lambda row: operations.refer(
            row,
            by=people["manager"],
            at=timezone.now(),
            body="x",
            case_number="x",
            referred_on=row.found_on,
            reason="x",
        ),
        lambda row: operations.instruct(row, by=people["leader"], at=timezone.now(), body="territorial", text="x"),
        lambda row: operations.offer_transfer(
            row, by=people["department"], at=timezone.now(), to_unit=people["receiver"].unit, reason="x"
        ),
    )
    for do in doings:
        row = stages.hazard(people, "registered")
        do(row)
        with pytest.raises(Conflict, match="请办结之后再拆分"):
            split(row, people["manager"])


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (TWO[:1], "2 到 10 条"),
        ([{"description": "x"}] * 11, "2 到 10 条"),
        ([TWO[0], {"description": "  "}], "第 2 条的隐患描述"),
        ([TWO[0], TWO[1] | {"level": "major"}], "第 2 条"),  # the row names no criterion
    ],
)
def test_what_cannot_be_is_refused_and_no_number_is_used_up(row, people, parts, words):
    with pytest.raises(Refused, match=words):
        split(row, people["manager"], parts=parts)
    row.refresh_from_db()
    assert row.state == "registered" and not row.parts.exists()
    split(row, people["manager"])
    assert row.parts.order_by("pk").first().number.endswith("000002"), "gapless"
    assert list(breaks([Hazard])) == []


def test_a_part_of_a_major_one_is_major_unless_the_office_says_otherwise(people):
    row = stages.hazard(people, "registered+major")
    light = [TWO[0], TWO[1] | {"level": "general"}]
    with pytest.raises(Refused, match="重大隐患拆出的仍为重大隐患"):
        split(row, people["manager"], parts=light)
    split(row, people["office"], parts=light)
    assert list(row.parts.order_by("pk").values_list("level", flat=True)) == ["major", "general"]


def test_each_major_part_is_to_be_reported_and_the_row_no_more(people):
    row, criterion = stages.hazard(people, "registered+major"), Criterion.objects.order_by("pk").first()
    Hazard.objects.update(criterion=criterion)
    row.refresh_from_db()
    assert row.report_owed_on is not None
    split(row, people["office"], parts=[TWO[0], TWO[1] | {"level": "general"}])
    row.refresh_from_db()
    assert (row.report_owed_on, row.receipts_since) == (None, None)
    assert list(row.parts.order_by("pk").values_list("report_owed_on", "criterion")) == [
        (timezone.localdate(), criterion and criterion.pk),
        (None, None),
    ]


def test_the_parts_are_closed_on_the_spot_no_later_than_the_row_was(people):
    at = timezone.now() - timedelta(days=3)
    row = stages.hazard(people, "registered")
    Hazard.objects.update(found_on=timezone.localdate(at), registered_at=at)
    row.refresh_from_db()
    split(row, people["manager"])
    photos = [stages.waiting_photo(people["manager"])]
    with pytest.raises(Refused, match="只能在排查或登记的当天"):
        operations.close_on_spot(row.parts.first(), by=people["manager"], at=timezone.now(), photos=photos)


def test_pages_lead_both_ways_and_to_the_photos(row, people, client):
    client.force_login(people["manager"])
    act = reverse("hazards:act", args=[row.pk, "split"])
    assert client.get(act).status_code == 200
    gap = {"description_1": "甲", "description_2": "乙", "location_4": "三楼", "reason": "两处", "version": row.version}
    wrong = client.post(act, gap)
    assert wrong.status_code == 400 and "请填写第 4 条的隐患描述" in wrong.content.decode()
    page = client.post(act, gap | {"description_4": "丙", "level_4": "general"}, follow=True)
    parts = list(row.parts.order_by("pk"))
    text = page.content.decode()
    assert [part.description for part in parts] == ["甲", "乙", "丙"]
    assert all(part.get_absolute_url() in text for part in parts) and "拆分为" in text and "不再计入统计" in text
    text = client.get(parts[2].get_absolute_url()).content.decode()
    assert row.get_absolute_url() in text and "照片见" in text
    there = UserFactory(role="manager", unit=stages.UnitFactory(code="411403002"))
    operations.offer_transfer(parts[0], by=people["manager"], at=timezone.now(), to_unit=there.unit, reason="x")
    client.force_login(there)
    text = client.get(parts[0].get_absolute_url()).content.decode()
    assert f'href="{row.get_absolute_url()}"' not in text, "what the reader may not see is not led to"


def test_those_concerned_are_told_of_the_row_and_of_each_part(row, people):
    publish(at=timezone.now())
    Notification.objects.all().delete()
    split(row, people["office"])
    publish(at=timezone.now())
    titles = [one.title.partition(" · ")[0] for one in Notification.objects.filter(recipient=people["department"])]
    numbers = "、".join(row.parts.order_by("pk").values_list("number", flat=True))
    assert f"已拆分，请按新编号办理：{numbers}" in titles
    assert Notification.objects.filter(title__startswith="拆分登记一般隐患").exists()


def test_of_many_parts_the_first_and_the_last_number_are_told(row, people):
    split(row, people["office"], parts=TWO * 5)
    publish(at=timezone.now())
    year = timezone.localdate().year
    words = f"YH-4114-{year}-000002 至 YH-4114-{year}-000011，共 10 条"
    assert Notification.objects.filter(
        recipient=people["department"], title__contains=f"{words} · {row.number}"
    ).exists()


def test_the_api_splits_and_tells_both_ways(row, people):
    api = APIClient()
    api.force_authenticate(people["manager"])
    address = reverse("api-hazard-split", args=[row.pk])
    assert api.post(address, {"parts": TWO[:1], "reason": "x"}).status_code == 409
    assert api.post(address, {"parts": [{"descriptoin": "x"}] * 2, "reason": "x"}).status_code == 400
    told = api.post(address, {"parts": TWO, "reason": "两处隐患"}).json()
    assert (told["state"], len(told["parts"])) == ("voided", 2)
    part = Hazard.objects.get(number=told["parts"][1])
    assert api.get(reverse("api-hazard-detail", args=[part.pk])).json()["split_from"] == row.number


@races
@pytest.mark.parametrize("rival", ["another split", "an order"])
def test_of_two_at_once_one_happens_and_numbers_stay_gapless(row, people, rival):
    first, second = (Hazard.objects.get(pk=row.pk) for _ in range(2))

    def interfere():
        split(second, people["department"]) if rival == "another split" else order(second, people["department"])

    said = at_once(lambda: split(first, people["manager"]), interfere)
    assert sorted(said, key=str) == sorted([Conflict, "done"], key=str)
    parts = Hazard.objects.filter(split_from=row)
    assert parts.count() == (0 if said[0] is Conflict and rival == "an order" else 2)
    split(stages.hazard(people, "registered"), people["manager"])
    numbers = sorted(
        int(number[-6:]) for number in Hazard.objects.exclude(number=None).values_list("number", flat=True)
    )
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(breaks([Hazard])) == []
