"""What records said at an earlier moment, told by their events: whole lives, with what happened on the very moment and after it."""

from datetime import timedelta

import pytest

from hazards import operations
from hazards.models import Hazard
from journal import past
from journal.past import stood, touched_since

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
COLUMNS = ["state", "location", "level", "requirement"]


@pytest.fixture
def lives(inspector, manager, enterprise, noon):
    """Three rows drafted on successive days, the first two registered and issued on the two days after; ``[first, second, third]``."""
    rows = []
    for number in range(3):
        at = noon + number * DAY
        rows.append(
            operations.draft(
                by=inspector, at=at, enterprise=enterprise, found_on=noon.date(), description=f"通道堆放货物 {number}",
                requirement="清理", location=f"{number} 层",
            )
        )  # fmt: skip
    for number, row in enumerate(rows[:2]):
        operations.register(row, by=inspector, at=noon + (number + 1) * DAY)
        operations.issue(row, by=manager, at=noon + (number + 2) * DAY, days=10, requirement="三日内清理")
    return rows


def states(rows, at, **given):
    return {pk: said["state"] for pk, said in stood(Hazard, [row.pk for row in rows], ["state"], at, **given)}


@pytest.mark.parametrize("chunk", [1, 2, 3, 2000])
def test_each_stands_as_its_events_had_left_it(lives, noon, monkeypatch, chunk):
    """What happened at the moment itself had not happened before it; what was not there yet is not there."""
    monkeypatch.setattr(past, "CHUNK", chunk)
    first, second, third = (row.pk for row in lives)
    assert states(lives, noon) == {}
    assert states(lives, noon + DAY) == {first: "draft"}
    assert states(lives, noon + 2 * DAY) == {first: "registered", second: "draft"}
    after = noon + 2 * DAY + timedelta(microseconds=1)
    assert states(lives, after) == {first: "rectifying", second: "registered", third: "draft"}
    assert states(lives, noon + 9 * DAY) == {first: "rectifying", second: "rectifying", third: "draft"}


def test_only_those_asked_about_are_told_of(lives, noon):
    assert states(lives[1:2], noon + 9 * DAY) == {lives[1].pk: "rectifying"}
    assert states([], noon + 9 * DAY) == {}


def test_columns_are_what_events_had_set_and_nothing_else(lives, noon):
    first = lives[0]
    [(pk, said)] = stood(Hazard, [first.pk], COLUMNS, noon + 2 * DAY)
    assert pk == first.pk
    assert said == {"state": "registered", "location": "0 层", "level": "general", "requirement": "清理"}
    [(_, said)] = stood(Hazard, [first.pk], COLUMNS, noon + 3 * DAY)
    assert said["requirement"] == "三日内清理"
    [(_, said)] = stood(Hazard, [first.pk], ["enterprise"], noon + 3 * DAY)
    assert said["enterprise"] == first.enterprise_id


def test_what_a_correction_says_was_true_already_but_the_state_was_not(lives, manager, noon):
    """And a record that was born since is not there by being corrected."""
    first, second, third = lives
    for row in (first, second):
        operations.correct(row, by=manager, at=noon + 5 * DAY, location="东侧通道", reason="位置写错")
    at = noon + 2 * DAY
    told = dict(stood(Hazard, [first.pk, second.pk, third.pk], ["state", "location"], at, corrections=("correct",)))
    assert told == {
        first.pk: {"state": "registered", "location": "东侧通道"},
        second.pk: {"state": "draft", "location": "东侧通道"},
    }
    assert dict(stood(Hazard, [first.pk], ["location"], at)) == {first.pk: {"location": "0 层"} | state_of(first, at)}
    later = dict(stood(Hazard, [second.pk], ["state", "location"], noon + DAY, corrections=("correct",)))
    assert later == {}, "it was drafted at that moment, not before it"


def state_of(row, at):
    return {"state": states([row], at)[row.pk]}


def test_at_the_moment_itself_a_correction_brings_neither_a_state_nor_a_row_that_was_not_there(lives, manager, noon):
    """Issued and corrected at one moment, before which it was registered; drafted, registered and corrected at one moment."""
    first, at = lives[0], noon + 2 * DAY
    operations.correct(first, by=manager, at=at, location="东侧通道", reason="位置写错")
    assert dict(stood(Hazard, [first.pk], ["state", "location"], at, corrections=("correct",))) == {
        first.pk: {"state": "registered", "location": "东侧通道"}
    }
    assert dict(stood(Hazard, [first.pk], ["state"], noon, corrections=("correct", "draft"))) == {}


def test_one_that_was_not_there_yet_hides_no_other(inspector, manager, enterprise, noon):
    """Though it was written first, and is read first."""
    late, early = (
        operations.draft(
            by=inspector, at=noon + days * DAY, enterprise=enterprise, found_on=noon.date(), description="通道堆放货物", location="一层",
        )
        for days in (4, 0)
    )  # fmt: skip
    operations.register(late, by=inspector, at=noon + 5 * DAY)
    operations.correct(late, by=manager, at=noon + 6 * DAY, location="东侧通道", reason="位置写错")
    told = dict(stood(Hazard, [late.pk, early.pk], ["location"], noon + 2 * DAY, corrections=("correct",)))
    assert late.pk < early.pk and told.keys() == {early.pk}


def test_a_row_in_error_was_in_error_then_too(lives, inspector, manager, safety_office, noon):
    first, second, _ = lives
    operations.request_void(
        first, by=manager, at=noon + 5 * DAY, reason="重复登记", ground="duplicate", duplicate_of=second
    )
    operations.decide_void(first, by=safety_office, at=noon + 6 * DAY, granted=True, opinion="同意")
    at = noon + 2 * DAY
    assert states([first], at, endings=("void",)) == {first.pk: "voided"}
    assert states([first], at) == {first.pk: "registered"}
    assert states([first], noon, endings=("void",)) == {}
    assert states([first, second], at, corrections=("request_void",), endings=()) == {
        first.pk: "registered",
        second.pk: "draft",
    }


def test_touched_since_are_those_whose_last_event_is_no_older(lives, noon):
    """Each by its own last event."""
    first, second, third = (row.pk for row in lives)

    def touched(at):
        return set(touched_since(Hazard, at).values_list("pk", flat=True))

    assert touched(noon) == {first, second, third}
    assert touched(noon + 2 * DAY) == {first, second, third}
    assert touched(noon + 2 * DAY + timedelta(seconds=1)) == {second}
    assert touched(noon + 3 * DAY) == {second}
    assert touched(noon + 3 * DAY + timedelta(seconds=1)) == set()
