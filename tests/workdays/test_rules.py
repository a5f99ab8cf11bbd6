"""Facts from the notices for 2018–2026, and laws of counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdays import rules
from workdays.operations import committed_years
from workdays.rules import BadNotice, Calendar, Deadline, ExceptionDay, OutOfRange

COMMITTED = list(committed_years())
CALENDAR = Calendar(
    {day.date: day.is_working for _, _, _, days in COMMITTED for day in days},
    frozenset(year for year, *_ in COMMITTED),
)
BARE = Calendar()

days = st.dates(date(2003, 1, 1), date(2032, 12, 31))
counts = st.integers(1, 120)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 2), False),  # 元旦
        (date(2026, 1, 4), True),  # Sunday worked for it
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # Saturday before 春节
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # Saturday worked
        (date(2026, 5, 9), True),
        (date(2026, 6, 20), False),  # a Saturday inside 端午
        (date(2026, 9, 20), True),
        (date(2026, 9, 25), False),  # 中秋
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2018, 12, 29), True),  # worked by the notice for 2019
        (date(2018, 12, 31), False),
        (date(2020, 1, 31), False),  # 春节 extended in 2020
        (date(2015, 9, 3), False),
    ],
)
def test_day_works_as_the_notice_says(day, works):
    assert CALENDAR.is_working(day) is works


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 20), 5, date(2026, 2, 28)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 11, 22), 5, date(2026, 11, 27)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_counting_skips_holidays_and_uses_worked_weekends(start, n, end):
    assert CALENDAR.add_working_days(start, n) == Deadline(end, published=True)


def test_a_deadline_in_a_year_not_published_counts_monday_to_friday_and_says_so():
    assert CALENDAR.add_working_days(date(2026, 12, 25), 5) == Deadline(date(2027, 1, 1), published=False)
    assert CALENDAR.add_working_days(date(2031, 10, 1), 2) == Deadline(date(2031, 10, 3), published=False)


def test_the_last_days_of_december_wait_for_the_next_notice():
    assert CALENDAR.is_published(date(2026, 12, 28))
    assert not CALENDAR.is_published(date(2026, 12, 29))
    assert CALENDAR.is_published(date(2025, 12, 31))


@pytest.mark.parametrize("n", [2501, -2501, 10**30])
def test_an_absurd_count_is_refused_with_a_sentence(n):
    with pytest.raises(OutOfRange, match="工作日数不能超过"):
        CALENDAR.add_working_days(date(2026, 1, 1), n)


def test_the_ends_of_the_calendar_are_refused_with_a_sentence():
    with pytest.raises(OutOfRange, match="9999"):
        BARE.add_working_days(date.max, 1)
    with pytest.raises(OutOfRange, match="9999"):
        BARE.add_working_days(date.min, -1)
    with pytest.raises(OutOfRange, match="相隔太远"):
        BARE.working_days_between(date.min, date.max)


@given(days, counts)
def test_the_end_is_a_working_day_after_the_start_and_n_working_days_away(start, n):
    end = CALENDAR.add_working_days(start, n).date
    assert end > start
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(start, end) == n
    assert CALENDAR.working_days_between(end, start) == -n


@given(days, counts, counts)
def test_counting_on_is_counting_once(start, m, n):
    middle = CALENDAR.add_working_days(start, m).date
    assert CALENDAR.add_working_days(middle, n).date == CALENDAR.add_working_days(start, m + n).date


@given(days, counts)
def test_counting_back_returns_to_a_working_start(start, n):
    start = CALENDAR.first_working_day(start)
    there = CALENDAR.add_working_days(start, n).date
    assert CALENDAR.add_working_days(there, -n).date == start


@given(days, counts)
def test_without_notices_five_working_days_make_a_week(start, n):
    monday = start - timedelta(days=start.weekday())
    assert BARE.add_working_days(monday, 5 * n) == Deadline(monday + timedelta(weeks=n), published=False)


def test_the_committed_days_are_all_exceptions_and_complete():
    assert [year for year, *_ in COMMITTED] == list(range(2004, 2027))
    for year, notice, _, listed in COMMITTED:
        assert rules.check_notice(year, listed) == listed
        assert notice
    weekdays_off = {year: sum(not day.is_working for day in listed) for year, _, _, listed in COMMITTED}
    worked = {year: sum(day.is_working for day in listed) for year, _, _, listed in COMMITTED}
    assert (weekdays_off[2026], worked[2026]) == (19, 6)
    assert (weekdays_off[2019], worked[2019]) == (18, 7)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["日期,名称", "2026-10-01,国庆节"], "表头缺少：类型"),
        ([], "表头缺少"),
        (["日期,类型,名称", "2026/10/1,放假,国庆节"], "第 2 行：日期"),
        (["日期,类型,名称", "2026-10-01,休,国庆节"], "第 2 行：类型"),
        (["日期,类型,名称", "2026-10-01,放假,"], "第 2 行：名称"),
        (["日期,类型,名称", "2026-10-01,放假"], "第 2 行：名称"),
        (["日期,类型,名称", "2026-10-01,放假,国\x00庆"], "第 2 行：名称"),
        (["年份,日期,类型,名称", "二六,2026-10-01,放假,国庆节"], "第 2 行：年份"),
        (["日期,类型,名称", '2026-10-01,放假,"国庆'], "CSV"),
    ],
)
def test_a_malformed_file_is_refused_naming_the_line(lines, sentence):
    with pytest.raises(BadNotice, match=sentence):
        rules.read_exceptions(lines)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_read_or_refused(lines):
    try:
        rules.read_exceptions(["日期,类型,名称", *lines])
    except BadNotice as refusal:
        assert str(refusal)


OFF = ExceptionDay(date(2027, 1, 1), False, "元旦")


@pytest.mark.parametrize(
    ("year", "listed", "sentence"),
    [
        (1999, [OFF], "年份应在"),
        (10**40, [OFF], "年份应在"),
        (2027, [], "不像是一份完整"),
        (2027, [OFF, OFF], "重复出现"),
        (2027, [OFF, ExceptionDay(date(2028, 5, 1), False, "劳动节")], "不属于 2027 年"),
        (2027, [OFF, ExceptionDay(date(2027, 1, 4), True, "元旦")], "本来就上班"),
    ],
)
def test_an_impossible_notice_is_refused(year, listed, sentence):
    with pytest.raises(BadNotice, match=sentence):
        rules.check_notice(year, listed)
