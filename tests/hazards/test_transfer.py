"""移交: who offers, who answers, who reads what meanwhile and afterwards, and what ends an offer that nobody answered."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard, Transfer
from journal import acts
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from tests import stages
from tests.at_once import at_once, races
from tests.factories import NOON, UnitFactory, UserFactory
from tests.hazards.passing import accept, assign, give_back, offer, owns, sees, whole
from tests.told import elsewhere

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=7)


@pytest.fixture
def row(people):
    """Under rectification, falls to the first department."""
    return stages.hazard(people, "rectifying")


@pytest.fixture
def offered(people):
    """The same, offered to the second one."""
    return stages.hazard(people, "rectifying+offered")


def told():
    publish(at=NOON)
    found = {}
    for one in Notification.objects.all():
        found.setdefault(one.title.partition(" · ")[0], set()).add(one.recipient)
    Notification.objects.all().delete()
    return found


def test_until_it_is_accepted_nothing_changes_then_the_other_unit_answers(row, people):
    giver, receiver = people["department"], people["receiver"]
    before = (row.deadline, row.original_deadline, row.issued_on)
    offer(row, giver)
    assert (row.competent_unit, row.competent_holder) == (giver.unit, giver)
    assert sees(receiver, row) and not owns(receiver, row) and owns(giver, row)
    accept(row, receiver)
    whole(row)
    assert (row.competent_unit, row.competent_holder, row.handed_over) == (receiver.unit, receiver, 1)
    assert (row.competent_person, row.competent_phone) == (str(receiver), receiver.phone)
    assert (row.deadline, row.original_deadline, row.issued_on) == before, "deadlines stay"
    assert row.reminders.get(cause="rectify").deadline == row.deadline
    assert owns(receiver, row) and sees(giver, row) and not owns(giver, row)
    event = row.events.last()
    words = event.changes["行业主管"]
    assert str(giver) in words and str(receiver) in words, "who answered before stays on the timeline"
    one = row.transfers.get()
    assert (one.outcome, one.answered_by, one.answered_on) == ("accepted", receiver, timezone.localdate())


def test_it_is_answered_within_three_working_days(registered, manager, settings):
    """2026-11-20 is a Friday."""
    UnitFactory(code="411402002")
    offer(registered, manager, NOON, to_unit=UnitFactory(code="411402002"))
    assert registered.transfer_due_on == date(2026, 11, 25)
    settings.TRANSFER_WORKING_DAYS = 5
    offer(registered, manager, NOON, to_unit=UnitFactory(code="411402003"))
    assert registered.transfer_due_on == date(2026, 11, 27)
    whole(registered)


def test_lateness_is_kept_with_the_row_beside(registered, manager):
    there = UserFactory(role="manager", unit=UnitFactory(code="411402002"))
    offer(registered, manager, NOON, to_unit=there.unit)
    [waits] = registered.transfers.all()
    assert (waits.asked_on, waits.due_on, waits.answered_on) == (NOON.date(), date(2026, 11, 25), None)
    assert [waits.late(date(2026, 11, day)) for day in (24, 25, 26, 30)] == [0, 0, 1, 5]
    accept(registered, there, LATER)
    [one] = registered.transfers.all()
    assert (one.answered_on, one.late(date(2027, 1, 1))) == (date(2026, 11, 27), 2)
    assert registered.events.last().changes["逾期（天）"] == "2"


def test_it_is_given_back_with_a_reason_and_the_giver_goes_on(offered, people):
    with pytest.raises(Refused, match="退回移交须写明理由"):
        give_back(offered, people["receiver"], opinion="")
    give_back(offered, people["receiver"])
    whole(offered)
    assert (offered.competent_unit, offered.handed_over) == (people["department"].unit, 0)
    assert not sees(people["receiver"], offered), "and there is nothing more to see"
    with pytest.raises(NotPermitted):
        operations.comment(offered, by=people["receiver"], at=timezone.now(), text="x")


def test_who_accepts_names_somebody_of_the_own_unit(offered, people):
    with pytest.raises(Refused, match="须确定本单位的责任人"):
        operations.answer_transfer(offered, by=people["receiver"], at=timezone.now(), accepted=True)
    left = UserFactory(role="inspector", unit=people["receiver"].unit, is_active=False)
    for holder in (people["department"], people["sysadmin"], left):
        with pytest.raises(Refused, match="须是该单位的在职人员"):
            accept(offered, people["receiver"], holder=holder)
    whole(offered)
    inspector = UserFactory(role="inspector", unit=people["receiver"].unit)
    accept(offered, people["receiver"], holder=inspector)
    assert offered.competent_holder == inspector


@pytest.mark.parametrize("giver", ["manager", "department"])
def test_a_township_offers_to_townships_and_a_department_to_departments_of_the_place(row, people, giver):
    far = UnitFactory(code="411502001")
    retired = UnitFactory(code="411402009", is_active=False)
    refused = [
        far,
        retired,
        people[giver].unit,
        people["office"].unit,
        UnitFactory(code="411403-XF"),
        UnitFactory(code="4115-XF"),
    ]
    refused += [UnitFactory(code="411402-XF" if giver == "manager" else "411402002"), UnitFactory(code="411402")]
    for unit in refused:
        with pytest.raises(Refused, match="请从名单中选择"):
            offer(row, people[giver], to_unit=unit)
    offer(row, people[giver], to_unit=UnitFactory(code="411403001" if giver == "manager" else "4114-XF"))
    whole(row)


def test_a_unit_hands_over_all_it_answers_for_and_who_decides_on_more_time_moves_along(people):
    row = stages.hazard(people, "registered")
    giver, receiver = people["department"], people["receiver"]
    Hazard.objects.update(supervising_unit=giver.unit, supervising_holder=None, supervising_person="")
    row.refresh_from_db()
    operations.issue(row, by=giver, at=timezone.now(), days=20)
    operations.request_extension(
        row,
        by=people["enterprise"],
        at=timezone.now(),
        **stages.now(stages.TOLD["request_extension"][0], people["enterprise"]),
    )
    offer(row, giver)
    accept(row, receiver)
    assert (row.competent_unit, row.supervising_unit, row.issued_by_unit) == (receiver.unit,) * 3
    assert set(row.events.last().changes) >= {"行业主管", "监管责任"}
    operations.decide_extension(row, by=receiver, at=timezone.now(), granted=True, opinion="同意")
    with pytest.raises(NotPermitted):
        operations.correct(row, by=giver, at=timezone.now(), reason="x", description="y")
    assert list(breaks([Hazard])) == []


def test_with_the_place_the_row_moves_and_the_old_township_still_reads_it(row, people):
    there = UserFactory(role="manager", unit=UnitFactory(code="411403002"))
    offer(row, people["manager"], to_unit=there.unit)
    assert sees(there, row) and not owns(there, row)
    accept(row, there)
    whole(row)
    assert (row.territorial_unit, row.division_code) == (there.unit, "411403002")
    for name in ("author", "colleague", "manager"):
        assert sees(people[name], row) and not owns(people[name], row), name
        assert acts.named(Hazard, "review").refusal(people[name], row) is not None
    assert owns(there, row) and not sees(people["stranger"], row)
    next_one = UserFactory(role="manager", unit=UnitFactory(code="411402002"))
    offer(row, there, to_unit=next_one.unit)
    accept(row, next_one)
    assert all(sees(person, row) for person in (people["manager"], there, next_one)), "all who had it"
    offer(row, next_one, to_unit=people["manager"].unit)
    accept(row, people["manager"])
    assert owns(people["manager"], row) and not row.is_guest(people["manager"])
    whole(row)


def test_another_offer_of_the_same_unit_ends_the_first(offered, people):
    first = offered.transfers.get()
    with pytest.raises(Refused, match="不用重复移交"):
        offer(offered, people["department"], to_unit=first.to_unit)
    offer(offered, people["department"])
    whole(offered)
    first.refresh_from_db()
    assert (first.outcome, first.answered_on) == ("lapsed", None)
    assert "因改移其他单位结束" in offered.events.last().changes["移交"]
    assert not sees(people["receiver"], offered)
    with pytest.raises(NotPermitted, match="只能由提出移交的单位改移"):
        offer(offered, people["manager"])


def close(row, people):
    operations.submit_feedback(
        row,
        by=people["enterprise"],
        at=timezone.now(),
        content="好了",
        photos=[stages.waiting_photo(people["enterprise"])],
    )
    assert row.offered_unit_id is not None, "feedback leaves it open: who answers is not settled by it"
    operations.review(row, by=people["colleague"], at=timezone.now(), passed=True, opinion="合格")


def void(row, people):
    operations.request_void(row, by=people["author"], at=timezone.now(), ground="error", reason="不在本企业")
    operations.decide_void(row, by=people["office"], at=timezone.now(), granted=True, opinion="属实")


def move_firm(row, people):
    there = UnitFactory(code="411402002")
    firm = stages.EnterpriseFactory(township=there, sector=None)
    operations.correct(row, by=people["office"], at=timezone.now(), reason="企业填错", enterprise=firm)


@pytest.mark.parametrize(("end", "cause"), [(close, "销号"), (void, "作废"), (move_firm, "更正企业")])
def test_what_ends_the_matter_ends_an_offer_and_says_so(offered, people, end, cause):
    end(offered, people)
    whole(offered)
    one = offered.transfers.get()
    assert (one.outcome, one.answered_on, one.answered_by) == ("lapsed", None, None) and one.ended_at is not None
    assert cause in offered.events.last().changes["移交"]
    assert not sees(people["receiver"], offered)
    client = APIClient()
    client.force_authenticate(people["office"])
    told = client.get(reverse("api-hazard-detail", args=[offered.pk])).json()["transfers"]
    assert [one["outcome"] for one in told] == ["lapsed"]


def test_closing_on_the_spot_ends_an_offer(people):
    row = stages.hazard(people, "registered")
    offer(row, people["department"])
    photos = [stages.waiting_photo(people["author"])]
    operations.close_on_spot(row, by=people["author"], at=timezone.now(), photos=photos, note="当场清理")
    whole(row)
    assert row.transfers.get().outcome == "lapsed" and "因销号结束" in row.events.last().changes["移交"]


def test_feedback_and_a_failed_review_leave_it_open(offered, people):
    photos = [stages.waiting_photo(people["enterprise"])]
    operations.submit_feedback(offered, by=people["enterprise"], at=timezone.now(), content="好了", photos=photos)
    operations.review(offered, by=people["colleague"], at=timezone.now(), passed=False, opinion="未隔开")
    whole(offered)
    assert offered.transfers.get().outcome == "", "it still waits"
    accept(offered, people["receiver"])
    whole(offered)
    assert (offered.transfers.get().outcome, offered.competent_unit) == ("accepted", people["receiver"].unit)


@pytest.mark.parametrize("side", ["receiver", "department"])
def test_the_office_assigns_to_either_side(offered, people, side):
    holder = UserFactory(role="inspector", unit=people[side].unit)
    with pytest.raises(Refused, match="移出单位和接收单位中指定"):
        assign(offered, people["office"], people["manager"].unit, people["manager"])
    with pytest.raises(Refused, match="须是该单位的在职人员"):
        assign(offered, people["office"], people[side].unit, people["manager"])
    assign(offered, people["office"], people[side].unit, holder)
    whole(offered)
    assert (offered.competent_unit, offered.competent_holder) == (people[side].unit, holder)
    assert offered.handed_over == int(side == "receiver")
    assert offered.transfers.get().outcome == ("assigned" if side == "receiver" else "kept")
    assert offered.events.last().changes["指定负责单位"] == str(people[side].unit)
    assert sees(people["department"], offered) and sees(people["receiver"], offered) is (side == "receiver")


def test_the_right_people_are_told(row, people):
    deputy, mate = (UserFactory(role=role, unit=people["receiver"].unit) for role in ("manager", "inspector"))
    told()
    offer(row, people["department"])
    due = row.transfer_due_on
    assert told() == {f"移交给贵单位，请于 {due} 前答复": {people["receiver"], deputy}}
    give_back(row, people["receiver"])
    assert told() == {"移交被退回，仍由原单位负责": {people["department"]}}
    offer(row, people["department"])
    told()
    accept(row, deputy, holder=mate)
    found = told()["移交已被接收，责任单位已变更"]
    assert found >= {people["department"], people["receiver"], mate, people["manager"]}


def test_where_the_receiver_has_nobody_the_offices_are_told(row, people):
    told()
    offer(row, people["department"], to_unit=UnitFactory(code="411402-JT"))
    assert set().union(*told().values()) == {people["office"]}


@races
@pytest.mark.parametrize("rival", ["another answerer", "the office", "feedback", "another offer"])
def test_of_two_at_once_one_happens_and_the_row_tells_which(people, offered, rival):
    at, first, second = timezone.now(), *(Hazard.objects.get(pk=offered.pk) for _ in range(2))
    deputy = UserFactory(role="manager", unit=people["receiver"].unit)
    other, photos = elsewhere(people["department"]), [stages.waiting_photo(people["enterprise"])]

    def interfere():
        if rival == "another answerer":
            give_back(second, deputy, at)
        elif rival == "the office":
            assign(second, people["office"], people["department"].unit, people["department"], at)
        elif rival == "feedback":
            operations.submit_feedback(second, by=people["enterprise"], at=at, content="好了", photos=photos)
        else:
            operations.offer_transfer(second, by=people["department"], at=at, to_unit=other, reason="改移")

    said = at_once(lambda: accept(first, people["receiver"], at), interfere)
    assert said.count("done") == 1 and set(said) <= {"done", Conflict, NotPermitted}, said
    whole(offered)
    accepted = said[0] == "done"
    assert offered.competent_unit == people["receiver" if accepted else "department"].unit
    outcomes = {
        "another answerer": ["returned"],
        "the office": ["kept"],
        "feedback": [""],
        "another offer": ["lapsed", ""],
    }
    found = [one.outcome for one in Transfer.objects.order_by("pk")]
    assert found == (["accepted"] if accepted else outcomes[rival])
