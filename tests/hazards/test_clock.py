from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hazards import clock

ISSUED = date(2026, 11, 2)


def on(day):
    return date(2026, 11, day)


def draw(original, deadline, today, *answer, **said):
    return clock.clock_stretches(ISSUED, original, deadline, today, "{:%m-%d}".format, *answer, **said)


def test_running_deadline_shows_used_and_left():
    used, left = draw(on(26), on(26), on(14))
    assert (used.look, used.share, used.head, used.words) == ("", 50, "今日 11-14", "已用 12 天")
    assert (left.look, left.share, left.head, left.words) == ("left", 50, "期限 11-26", "剩 12 天")


def test_extension_and_overdue_follow_the_original_deadline():
    assert said(draw(on(10), on(15), on(20))) == [
        ("", "原期限 11-10", "8 天"),
        ("ext", "现期限 11-15", "延期 5 天"),
        ("over", "今日 11-20", "逾期 5 天"),
    ]


def said(parts):
    return [(part.look, part.head, part.words) for part in parts]


def test_a_late_answer_ends_the_red_stretch():
    given, over = draw(on(10), on(10), on(10), on(21), "反馈")
    assert (over.look, over.head, over.words) == ("over", "11-21 反馈", "逾期 11 天")
    assert over.share > given.share


def test_just_issued_fills_nothing():
    (left,) = draw(on(12), on(12), ISSUED)
    assert (left.look, left.share, left.words) == ("left", 100, "已用 0 天，剩 10 天")


def test_an_early_answer_ends_the_filled_stretch():
    assert said(draw(on(24), on(24), on(24), on(22), "完成")) == [
        ("", "11-22 完成", "提前 2 天"),
        ("left", "期限 11-24", ""),
    ]
    assert said(draw(on(4), on(4), on(4), ISSUED, "完成")) == [("left", "期限 11-04", "11-02 完成，提前 2 天")]


def test_an_answer_within_the_extension_is_said_in_its_stretch():
    assert said(draw(on(10), on(15), on(15), on(13), "完成"))[-1] == (
        "ext",
        "现期限 11-15",
        "延期 5 天，11-13 完成，提前 2 天",
    )
    assert said(draw(on(10), on(10), on(10), on(10), "完成")) == [("", "期限 11-10", "8 天，11-10 完成")]


def test_a_bar_that_is_over_ends_at_completion():
    def closed(original, deadline, day, **said_of):
        return said(draw(on(original), on(deadline), on(deadline), on(day), "完成", is_over=True, **said_of))

    assert closed(24, 24, 22) == [("", "11-22 完成", "提前 2 天，期限 11-24")]
    assert closed(24, 24, 24) == [("", "11-24 完成", "期限 11-24")]
    assert closed(10, 15, 8) == [("", "11-08 完成", "提前 7 天，期限 11-15")]
    assert closed(10, 15, 13) == [
        ("", "原期限 11-10", "8 天"),
        ("ext", "11-13 完成", "提前 2 天，现期限 11-15，延期 5 天"),
    ]
    assert closed(10, 10, 12) == [("", "期限 11-10", "8 天"), ("over", "11-12 完成", "逾期 2 天")]


def test_a_deadline_set_by_something_else_is_named_for_what_it_is_and_drawn_as_no_extension():
    assert said(draw(on(10), on(15), on(20), cause="退回重定期限")) == [
        ("", "原期限 11-10", "8 天"),
        ("again", "现期限 11-15", "退回重定期限，加 5 天"),
        ("over", "今日 11-20", "逾期 5 天"),
    ]
    assert said(draw(on(20), on(15), on(16), cause="退回重定期限")) == [
        ("", "期限 11-15", "13 天，退回重定期限，提前 5 天"),
        ("over", "今日 11-16", "逾期 1 天"),
    ]


def test_nothing_is_drawn_before_issue():
    assert clock.clock_stretches(None, None, None, on(20), str) == []


@given(st.integers(0, 900), st.integers(-900, 900), st.integers(0, 3000), st.integers(0, 3000), st.booleans())
def test_shares_are_whole_and_fill_the_strip(given_days, extra, elapsed, answered, is_over):
    original = ISSUED + timedelta(days=given_days)
    deadline = max(original + timedelta(days=extra), ISSUED)
    today, answered_on = ISSUED + timedelta(days=elapsed), ISSUED + timedelta(days=answered) if is_over else None
    parts = draw(original, deadline, today, answered_on, is_over=is_over)
    assert not (is_over and any(part.look == "left" for part in parts))
    assert ("over" in [part.look for part in parts]) == ((answered_on or today) > deadline)
    assert sum(part.share for part in parts) == 100
    assert min(part.share for part in parts) >= clock.NARROWEST
