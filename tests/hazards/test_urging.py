from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hazards import deadlines, urging

DUE = date(2026, 11, 20)


def coming(level, days_after):
    return urging.coming(level, DUE, DUE + timedelta(days=days_after))


def test_what_comes_next_is_said_with_its_day_and_whom_it_reaches():
    assert coming("general", -10) == (DUE - timedelta(days=3), "提醒责任人")
    assert coming("general", 1) == (DUE + timedelta(days=3), "提醒责任人、请上级负责人督促")
    assert coming("general", 3) == (DUE + timedelta(days=6), "提醒责任人")
    assert coming("major", 0) == (DUE + timedelta(days=1), "提醒责任人、请上级负责人督促、报分管领导")
    assert coming("major", 30) == (DUE + timedelta(days=31), "提醒责任人")


@given(st.sampled_from(["general", "major"]), st.integers(-400, 400))
def test_it_is_what_the_sweep_will_do_on_that_day(level, days_after):
    day, words = coming(level, days_after)
    assert day > DUE + timedelta(days=days_after)
    steps = [step for step in deadlines.current_steps(level, DUE, day) if step.offset == (day - DUE).days]
    assert words == "、".join(urging.AUDIENCES[step.audience] for step in steps) != ""
    for between in range(days_after + 1, (day - DUE).days):  # and nothing new begins before
        assert all(step.offset < between for step in deadlines.current_steps(level, DUE, DUE + timedelta(days=between)))


def test_more_people_than_a_line_holds_are_counted():
    assert urging.Reminded(1, None, ("甲", "乙", "丙", "丁")).names == "甲、乙、丙、丁"
    assert urging.Reminded(1, None, ("甲", "乙", "丙", "丁", "戊")).names == "甲、乙、丙、丁等 5 人"
