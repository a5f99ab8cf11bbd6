"""The gate between states: what it compares before it sets, what it writes down, and that a refusal leaves nothing."""

from datetime import UTC, date, timedelta

import pytest
from django.db import IntegrityError, transaction

from evidence.operations import sealed
from hazards import operations
from hazards.models import Feedback, Hazard, HazardEvent, Reminder
from journal import gate
from journal.refusal import Conflict, NotPermitted
from tests.factories import NOON, EnterpriseFactory, HazardFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted(inspector, enterprise, clock):
    at = next(clock)
    return operations.draft(
        by=inspector, at=at, enterprise=enterprise, found_on=at.date(), description="通道堆放货物", requirement="清理"
    )


def redraft(hazard, by, at, location):
    return gate.move(hazard, "redraft", by=by, at=at, location=location)


def test_of_two_who_read_the_same_version_in_a_state_that_stays_the_second_is_refused(drafted, inspector, clock):
    """The state alone does not tell them apart: a corrected draft is a draft."""
    stale = Hazard.objects.get()
    redraft(drafted, inspector, next(clock), "一层")

    with pytest.raises(Conflict, match="刚刚被他人处理过"):
        redraft(stale, inspector, next(clock), "二层")

    row = Hazard.objects.get()
    assert (row.location, row.version, row.events.count()) == ("一层", 2, 2)
    assert (stale.location, stale.version) == ("", 1), "nor is the object changed"


def test_a_review_of_an_answer_that_was_sent_back_meanwhile_is_refused(
    pending, inspector, colleague, enterprise_user, clock, photo
):
    """Round two waits for review as round one did."""
    stale = Hazard.objects.get()
    operations.review(pending, by=inspector, at=next(clock), passed=False, opinion="未隔开")
    photos = [photo(enterprise_user)]
    operations.submit_feedback(pending, by=enterprise_user, at=next(clock), content="再改", photos=photos)
    assert stale.state == pending.state == "pending_review"

    with pytest.raises(Conflict, match="刚刚被他人处理过"):
        operations.review(stale, by=colleague, at=next(clock), passed=True, opinion="合格")

    assert Hazard.objects.get().state == "pending_review"


def test_what_was_answered_meanwhile_is_waited_for_no_more(pending):
    """The newest that waits, or who asks for it is told to look again."""
    answers = Feedback.objects.filter(hazard=pending)
    assert gate.waiting(answers, "反馈") == answers.get()
    with pytest.raises(Conflict, match=r"^反馈刚刚已经办理；请刷新页面看最新情况$"):
        gate.waiting(answers.none(), "反馈")


def test_a_row_beside_that_was_there_is_changed_with_the_record(pending, inspector, clock):
    """The one that was there already is written as the act left it, in the same moment."""
    [answer] = Feedback.objects.filter(hazard=pending)
    answer.content = "已隔开，复查时补充"
    gate.move(pending, "comment", by=inspector, at=next(clock), note="补充", beside=[answer])
    answer.refresh_from_db()
    assert answer.content == "已隔开，复查时补充"


def test_a_state_that_changed_without_a_version_is_refused_too(drafted, inspector, noon):
    """Somebody wrote behind the gate: the verifier will say so, and nothing is built on it."""
    Hazard.objects.update(state="discarded")

    with pytest.raises(Conflict):
        redraft(drafted, inspector, noon, "一层")


def test_only_the_row_itself_is_set(drafted, inspector, enterprise, noon):
    other = operations.draft(
        by=inspector, at=noon, enterprise=enterprise, found_on=noon.date(), description="另一条", requirement="清理"
    )
    redraft(drafted, inspector, noon, "一层")

    other.refresh_from_db()
    assert (other.location, other.version) == ("", 1)


def test_an_event_says_who_of_which_unit_did_what_when_and_follows_the_one_before(drafted, inspector, clock):
    first, at = drafted.events.get(), next(clock)
    event = gate.move(
        drafted, "redraft", by=inspector, at=at, note="看错了", changes={"隐患位置": "一层"}, location="一层"
    )

    assert (event.kind, event.sequence, event.note, event.changes) == ("redraft", 2, "看错了", {"隐患位置": "一层"})
    assert (event.actor, event.actor_name, event.at) == (inspector, "袁立新", at)
    assert (event.unit_code, event.unit_name) == ("411402001", "双八镇人民政府")
    assert (event.from_state, event.to_state, event.facts) == ("draft", "draft", {"location": "一层"})
    assert (first.previous, event.previous) == ("", first.digest)
    assert (drafted.version, drafted.last_digest, drafted.location) == (2, event.digest, "一层")


def test_the_system_signs_with_a_name_of_its_own_and_of_no_unit(registered, manager, noon):
    operations.issue(registered, by=manager, at=noon, working_days=3)
    event = gate.move(registered, "recount", by=None, at=noon, deadline=date(2026, 12, 1))

    assert (event.actor, event.actor_name, event.unit_code, event.unit_name) == (None, "系统", "", "")
    assert (event.from_state, event.to_state) == ("rectifying", "rectifying")


def test_a_long_name_is_cut_to_what_an_event_holds(drafted, inspector, noon):
    inspector.full_name = "长" * 60

    assert redraft(drafted, inspector, noon, "一层").actor_name == "长" * 40


def test_a_move_leads_where_its_row_says_or_nowhere(drafted, inspector, noon):
    with pytest.raises(ValueError, match="redraft does not lead to 'closed'"):
        gate.move(drafted, "redraft", by=inspector, at=noon, to="closed")
    assert HazardEvent.objects.count() == 1


def unborn(enterprise, person, at, **values):
    """A row of another ledger, to be taken over."""
    days = dict.fromkeys(("found_on", "issued_on", "deadline", "original_deadline"), at.date())
    return Hazard(
        enterprise=enterprise, division_code=enterprise.division_code, sector=enterprise.sector, description="旧",
        territorial_unit=enterprise.township, found_by_unit=person.unit, registered_by=person, registered_at=at,
        number="YH-4114-2026-000001", **days, **values,
    )  # fmt: skip


@pytest.mark.parametrize("state", Hazard.lifecycle.moves["adopt"].target)
def test_what_is_brought_into_being_stands_in_the_state_that_was_said(state, inspector, enterprise, noon):
    changes, evidence = {"来源": "旧台账"}, (["0" * 64, "before"],)
    given = {"to": state, "note": "旧台账.xlsx", "changes": changes, "evidence": evidence}
    row = unborn(enterprise, inspector, noon)
    answer = Feedback(hazard=row, round=1, content="已隔开", deadline=NOON.date(), by=inspector, at=noon)
    assert gate.create(row, "adopt", by=inspector, at=noon, beside=[answer], **given) is row

    [event] = HazardEvent.objects.all()
    assert (row.state, row.version, row.last_digest) == (state, 1, event.digest)
    assert (event.to_state, event.digest, event.from_state) == (state, event.compute_digest(), "")
    assert (event.actor, event.at, event.note, event.changes) == (inspector, noon, "旧台账.xlsx", changes)
    assert (event.facts["description"], event.evidence) == ("旧", list(evidence))
    assert event.beside.keys() == {str(answer.uid)} and Feedback.objects.get().hazard == row
    assert Hazard.objects.get().state == state
    assert Reminder.objects.exists() == (state == "rectifying"), "what follows from a record is written with it"


def test_a_move_of_several_targets_takes_the_first_unless_told(inspector, enterprise, noon):
    assert gate.create(unborn(enterprise, inspector, noon), "adopt", by=inspector, at=noon).state == "registered"


def test_who_could_not_read_it_brings_nothing_into_being(stranger, inspector, enterprise, noon):
    with pytest.raises(NotPermitted, match="这样的隐患不在您的管辖范围内，没有写入"):
        gate.create(unborn(enterprise, inspector, noon), "adopt", by=stranger, at=noon)
    assert not Hazard.objects.exists() and not HazardEvent.objects.exists()


def test_a_birth_overwrites_no_row_that_is_there(inspector, enterprise, noon):
    """Not even one without a chain, where no event of the same place stands in the way."""
    there = HazardFactory(enterprise=enterprise, drafted=True, description="通道堆放货物")
    with pytest.raises(IntegrityError), transaction.atomic():
        gate.create(unborn(enterprise, inspector, noon, pk=there.pk), "adopt", by=inspector, at=noon)
    assert Hazard.objects.get().description == "通道堆放货物"


def test_what_a_move_brings_along_is_sealed_and_written_with_it(rectifying, enterprise_user, clock, photo):
    assert Reminder.objects.exists()
    picture, at = photo(enterprise_user), next(clock)
    answer = Feedback(hazard=rectifying, round=1, content="已隔开", deadline=NOON.date(), by=enterprise_user, at=at)
    event = gate.move(
        rectifying, "submit_feedback", by=enterprise_user, at=at, beside=[answer], evidence=sealed([picture], "after"), rounds=1
    )  # fmt: skip

    assert [line[:2] for line in event.evidence] == [[picture.kept_sha256, "after"]]
    assert event.beside.keys() == {str(answer.uid)} and event.beside[str(answer.uid)]["content"] == "已隔开"
    assert Feedback.objects.get().hazard == rectifying
    assert not Reminder.objects.exists(), "what follows from a record follows from its new state"


def test_members_that_a_move_sets_are_sealed_in_order(enterprise, enterprise_user, inspector, manager, noon):
    people = sorted([enterprise_user.pk, UserFactory(role="enterprise", unit=None).pk])
    event = gate.move(enterprise, "join_member", by=manager, at=noon, sets={"members": people[::-1]})

    assert event.facts == {"members": people}
    assert sorted(enterprise.members.values_list("pk", flat=True)) == people


def test_a_refused_birth_says_why(leader):
    with pytest.raises(NotPermitted, match="登记隐患须由"):
        gate.check_birth(Hazard, "draft", by=leader)


def test_the_page_that_shows_the_newest_version_may_act_and_any_other_may_not(drafted, inspector, noon):
    redraft(drafted, inspector, noon, "一层")
    gate.expect(drafted, None)
    gate.expect(drafted, 2)
    for version in (1, 3, 0):
        with pytest.raises(Conflict, match="又有了新的办理记录"):
            gate.expect(drafted, version)


def test_who_does_not_see_a_row_learns_nothing_of_its_state(drafted, stranger, noon):
    HazardFactory(enterprise=EnterpriseFactory(township=stranger.unit))
    assert Hazard.objects.visible_to(stranger).exists(), "rows of their own open no other"
    for act in (lambda: gate.see(drafted, by=stranger), lambda: gate.check(drafted, "issue", by=stranger)):
        with pytest.raises(NotPermitted, match="不存在，或不在您的管辖范围内"):
            act()
    gate.see(drafted, by=None)


def test_changes_that_say_nothing_are_left_out():
    said = {"整改期限": date(2026, 12, 1), "照片": 2, "投入": 0, "放假安排": "", "计算方式": None, "加急": False}
    assert gate.said(said) == {"整改期限": "2026-12-01", "照片": "2", "投入": "0", "加急": "False"}
    assert gate.said(None) == gate.said({}) == {}


def test_differences_name_what_changed_in_words(drafted, colleague):
    changed, words = gate.differences(
        drafted,
        {
            "location": "一层",
            "level": "major",
            "description": drafted.description,
            "basis": "",
            "enterprise_holder": colleague,
        },
    )

    assert changed == {"location": "一层", "level": "major", "enterprise_holder": colleague}
    assert words["隐患位置"] == "无 → 一层"
    assert words["隐患等级"] == "一般 → 重大"
    assert len(words) == 3 and "无 → 贺春生" in words.values()


def test_a_day_is_the_day_in_shanghai(noon):
    evening = noon.replace(hour=23, minute=59)
    assert gate.day_of(evening) == noon.date()
    assert gate.day_of(evening + timedelta(minutes=1)) == noon.date() + timedelta(days=1)
    assert gate.day_of(evening.astimezone(UTC)) == noon.date()
