from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards import deadlines
from hazards.deadlines import LADDERS, after_days, current_steps, first_reminder_on, next_reminder_on

DUE = date(2026, 11, 20)


def steps_on(level, days_after):
    return {step.audience: step.code for step in current_steps(level, DUE, DUE + timedelta(days=days_after))}


@pytest.mark.parametrize(
    ("level", "days_after", "expected"),
    [
        ("general", -4, {}),
        ("general", -3, {"holder": "T-3"}),
        ("general", -2, {"holder": "T-3"}),
        ("general", 0, {"holder": "T0"}),
        ("general", 2, {"holder": "T+1"}),
        ("general", 3, {"holder": "T+3", "manager": "T+3"}),
        ("general", 7, {"holder": "T+6", "manager": "T+3"}),
        ("major", -8, {}),
        ("major", -7, {"holder": "T-7"}),
        ("major", 1, {"holder": "T+1", "manager": "T+1", "leader": "T+1"}),
        ("major", 40, {"holder": "T+40", "manager": "T+1", "leader": "T+1"}),
    ],
)
def test_the_ladder_stands_where_the_rules_say(level, days_after, expected):
    assert steps_on(level, days_after) == expected


def test_looking_days_follow_the_ladder():
    after, seen = DUE - timedelta(days=20), []
    for _ in range(7):
        after = next_reminder_on("general", DUE, after=after)
        seen.append((after - DUE).days)
    assert seen == [-3, -1, 0, 1, 3, 6, 9]


def test_a_near_deadline_is_looked_at_at_once_and_a_far_one_on_its_first_step():
    assert first_reminder_on("general", DUE, today=DUE - timedelta(days=2)) == DUE - timedelta(days=2)
    assert first_reminder_on("general", DUE, today=DUE - timedelta(days=9)) == DUE - timedelta(days=3)


def test_after_days_counts_whole_days_over_a_leap_day():
    assert after_days(date(2028, 2, 28), 2) == date(2028, 3, 1)


EVERY = [(cause, level) for cause, levels in LADDERS.items() for level in levels]


@given(st.sampled_from(EVERY), st.integers(-400, 400))
def test_no_ladder_ever_falls_silent_and_every_looking_day_has_a_step_of_its_own(ladder, days_after):
    cause, level = ladder
    today = DUE + timedelta(days=days_after)
    following = next_reminder_on(level, DUE, after=today, cause=cause)
    assert following is not None
    assert following > today
    before = current_steps(level, DUE, following - timedelta(days=1), cause)
    assert set(current_steps(level, DUE, following, cause)) - set(before)
    # Nothing new comes up on the days passed over.
    for days in range(1, (following - today).days):
        assert current_steps(level, DUE, today + timedelta(days=days), cause) == current_steps(level, DUE, today, cause)


def test_a_step_is_named_by_its_distance_from_the_deadline():
    assert [deadlines.Step(offset, "holder").code for offset in (-3, 0, 4)] == ["T-3", "T0", "T+4"]


# {level: {audience: the days after the deadline on which its ladder has a step, up to two weeks}}, written down a second time.
STEPS = {
    "general": {"holder": [-3, -1, 0, 1, 3, 6, 9, 12], "manager": [3]},
    "major": {"holder": [-7, -3, -1, *range(15)], "manager": [1], "leader": [1]},
}


@pytest.mark.parametrize("level", STEPS)
def test_every_day_stands_on_the_last_step_of_each_audience_and_looks_ahead_to_the_next_of_any(level):
    for days_after in range(-12, 12):
        today = DUE + timedelta(days=days_after)
        reached = {name: [one for one in steps if one <= days_after] for name, steps in STEPS[level].items()}
        ahead = min(one for steps in STEPS[level].values() for one in steps if one > days_after)

        standing = {(step.audience, step.offset) for step in deadlines.current_steps(level, DUE, today)}
        assert standing == {(name, steps[-1]) for name, steps in reached.items() if steps}, days_after

        following = DUE + timedelta(days=ahead)
        assert deadlines.next_reminder_on(level, DUE, after=today) == following
        first = today if standing else following
        assert deadlines.first_reminder_on(level, DUE, today=today) == first


def test_a_ladder_without_repeats_ends():
    ladder = deadlines.Ladder(offsets={"holder": (-1, 2), "manager": (1,)}, repeat={"manager": 0})
    assert [ladder.following(day) for day in (-3, -1, 0, 1, 2, 9)] == [-1, 1, 1, 2, None, None]
    assert [ladder.current("holder", day) for day in (-2, -1, 9)] == [
        None,
        deadlines.Step(-1, "holder"),
        deadlines.Step(2, "holder"),
    ]


# Who is told of what is owed besides the rectification, up to ten days after it, written down a second time.
OWED = {
    ("issue", "general"): {"orderer": [-1, 0, 1, 4, 7, 10], "superior": [3], "office": [7]},
    ("issue", "major"): {"orderer": [-1, *range(11)], "superior": [1], "office": [3, 10]},
    ("review", "general"): {
        "reviewer": [-3, -1, 0, 1, 4, 7, 10], "local": [-3, -1, 0, 1, 4, 7, 10], "over_registrar": [3], "office": [7],
    },
    ("accept", "major"): {
        "competent": [-3, -1, 0, 1, 4, 7, 10], "supervising": [-3, -1, 0, 1, 4, 7, 10], "office": [1, 8],
    },
    ("extension", "general"): {"issuer": [-1, 0, 1, 4, 7, 10], "over_issuer": [1], "office": [3, 10]},
    ("extension", "major"): {"issuer": [-1, 0, 1, 4, 7, 10], "office": [1, 8]},
    ("plan", "major"): {"holder": [-3, -1, 0, 1, 4, 7, 10], "manager": [1], "office": [3, 10]},
    ("progress", "major"): {"holder": [-7, -1, 0, 1, 4, 7, 10], "manager": [3], "office": [7]},
    ("report", "major"): {"registrar": [*range(11)], "finder": [1], "office": [1, 8]},
}  # fmt: skip


def test_every_duty_goes_from_its_holder_to_those_over_them_to_the_safety_office():
    assert {*OWED} == {one for one in EVERY if one[0] != "rectify"}
    for (cause, level), steps in OWED.items():
        for days_after in range(-12, 11):
            today = DUE + timedelta(days=days_after)
            reached = {name: [one for one in offsets if one <= days_after] for name, offsets in steps.items()}
            standing = {(one.audience, one.offset) for one in current_steps(level, DUE, today, cause)}
            assert standing == {(name, found[-1]) for name, found in reached.items() if found}, (cause, days_after)
