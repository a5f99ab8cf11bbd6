from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import rules
from workdays.rules import Calendar

CALENDAR = Calendar({date(2026, 10, 1): False, date(2026, 10, 2): False, date(2026, 10, 10): True}, frozenset({2026}))


def local(*parts):
    return datetime(*parts, tzinfo=rules.ZONE)


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        (local(2026, 11, 20, 12, 0), local(2026, 11, 20, 12, 0)),
        (local(2026, 11, 20, 0, 15), local(2026, 11, 20, 9, 0)),
        (local(2026, 11, 20, 18, 0), local(2026, 11, 23, 9, 0)),  # Friday evening → Monday
        (local(2026, 11, 21, 10, 0), local(2026, 11, 23, 9, 0)),
        (local(2026, 10, 10, 7, 0), local(2026, 10, 10, 9, 0)),  # a Saturday worked
        (local(2026, 9, 30, 20, 0), local(2026, 10, 5, 9, 0)),
    ],
)
def test_a_reminder_leaves_in_working_hours(at, leaves):
    assert rules.reminder_moment(at, CALENDAR) == leaves


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)))
def test_a_reminder_never_leaves_before_it_was_written_nor_outside_working_hours(naive):
    at = naive.replace(tzinfo=rules.ZONE)
    leaves = rules.reminder_moment(at, CALENDAR)
    assert leaves >= at
    assert CALENDAR.is_working(leaves.date())
    assert rules.OPENS <= leaves.timetz().replace(tzinfo=None) < rules.CLOSES


def test_retries_grow_slower_and_stay_bounded(at):
    waits = [rules.retry_at(at, attempts) - at for attempts in range(1, 30)]
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)


@pytest.mark.parametrize(
    ("url", "internal"),
    [
        ("/hazards/7/", True),
        ("/hazards/?q=%E5%87%BA", True),
        ("", False),
        ("hazards/7/", False),
        ("//evil.example/", False),
        ("/\\evil.example/", False),
        ("https://evil.example/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_paths_of_this_site_are_internal(url, internal):
    assert rules.is_internal(url) is internal


@given(st.text(max_size=400))
def test_one_line_is_one_short_line(text):
    line = rules.one_line(text)
    assert len(line) <= rules.TITLE_LENGTH
    assert len(line.splitlines()) <= 1
