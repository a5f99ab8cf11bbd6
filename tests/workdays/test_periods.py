from datetime import date, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from workdays.periods import (
    UnknownPeriod,
    month_of,
    parse,
    parse_month,
    parse_quarter,
    parse_week,
    parse_year,
    quarter_of,
    week_of,
    year_of,
)

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-W46", date(2026, 11, 9), date(2026, 11, 15)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
    ],
)
def test_week_runs_from_monday_to_sunday_also_across_new_year(code, first, last):
    week = parse_week(code)

    assert (week.first, week.last, week.code, week.days) == (first, last, code, 7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-W60", "2026 年没有第 60 周，该年为第 1 至 53 周"),
        ("2025-W53", "第 1 至 52 周"),
        ("2026-W00", "没有第 0 周"),
        ("1999-W01", "2000 至 2099"),
        ("9999-W01", "2000 至 2099"),
        ("2026-46", "写成“2026-W46”"),
        ("2026-W461", "写成"),
        ("2026-W46\n", "写成"),
        ("2026-W46\x00", "写成"),
        ("２０２６-W46", "写成"),
        ("9" * 5000 + "-W01", "写成"),
        ("\ud800", "写成"),
        ("", "写成"),
    ],
)
def test_week_that_cannot_be_meant_is_refused_in_words(text, words):
    with pytest.raises(UnknownPeriod, match=words):
        parse_week(text)


@pytest.mark.parametrize(
    ("text", "words"), [("2026-13", "没有 13 月"), ("2026-00", "没有 0 月"), ("2026-1", "写成"), ("2100-01", "年份")]
)
def test_month_that_cannot_be_meant_is_refused_in_words(text, words):
    with pytest.raises(UnknownPeriod, match=words):
        parse_month(text)


def test_month_is_the_calendar_month():
    assert (parse_month("2028-02").first, parse_month("2028-02").last) == (date(2028, 2, 1), date(2028, 2, 29))


@given(DAYS)
def test_periods_tile_the_calendar(day):
    for period in (week_of(day), month_of(day)):
        assert period.first <= day <= period.last
        assert period.following().first == period.last + timedelta(days=1)
        assert period.previous().last == period.first - timedelta(days=1)
        assert period.following().previous() == period
    assert parse_week(week_of(day).code) == week_of(day)
    assert parse_month(month_of(day).code) == month_of(day)


def test_trail_ends_with_the_period_itself_oldest_first():
    assert [week.code for week in parse_week("2027-W02").trail(4)] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


def test_period_is_over_the_day_after_its_last():
    week = parse_week("2026-W46")

    assert not week.is_over(date(2026, 11, 15))
    assert week.is_over(date(2026, 11, 16))


@pytest.mark.parametrize(
    ("code", "first", "last", "words"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026 年第 1 季度"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026 年第 4 季度"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024 年全年"),
    ],
)
def test_a_quarter_is_three_months_and_a_year_twelve(code, first, last, words):
    period = (parse_quarter if "Q" in code else parse_year)(code)

    assert (period.first, period.last, period.code, period.full_words) == (first, last, code, words)


def test_quarters_and_years_follow_the_month_of_the_house(settings):
    settings.MONTH_ENDS_ON = 25

    assert (parse_quarter("2026-Q1").first, parse_quarter("2026-Q1").last) == (date(2025, 12, 26), date(2026, 3, 25))
    assert (year_of(date(2025, 12, 26)).code, quarter_of(date(2026, 3, 26)).code) == ("2026", "2026-Q2")


@pytest.mark.parametrize("ends", [0, 25, 28])
@pytest.mark.parametrize("of", [quarter_of, year_of])
@given(DAYS)
def test_quarters_and_years_tile_the_calendar(of, ends, day):
    with override_settings(MONTH_ENDS_ON=ends):
        period = of(day)
        assert period.first <= day <= period.last
        assert of(period.first) == of(period.last) == period
        assert period.following().first == period.last + timedelta(days=1)
        assert period.following().previous() == period == period.previous().following()
        assert (parse_quarter if of is quarter_of else parse_year)(period.code) == period


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (parse_quarter, "2026-Q0", "没有第 0 季度"),
        (parse_quarter, "2026-Q5", "没有第 5 季度"),
        (parse_quarter, "2026-Q44", "季度应写成“2026-Q4”的样子"),
        (parse_quarter, "1999-Q1", "2000 至 2099"),
        (parse_quarter, "２０２６-Q1", "季度应写成"),
        (parse_year, "2100", "2000 至 2099"),
        (parse_year, "202", "年份应写成“2026”的样子"),
        (parse_year, "2026\n", "年份应写成"),
    ],
)
def test_what_names_no_quarter_or_year_is_refused(parse, text, words):
    with pytest.raises(UnknownPeriod, match=words):
        parse(text)


def test_beside_a_month_frozen_before_its_last_day_was_changed_stand_others(settings):
    """Else it would be its own predecessor, and whoever stood at the end once would stand there twice running."""
    frozen = parse("2026-11", first=date(2026, 11, 1), last=date(2026, 11, 30))
    settings.MONTH_ENDS_ON = 25
    assert [period.code for period in frozen.trail(3)] == ["2026-09", "2026-10", "2026-11"]
    assert frozen.following().code == "2026-12"
