from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.templatetags import words

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("state", "days", "rectified", "expected"),
    [
        ("rectifying", -5, None, ("overdue", "逾期 5 天")),
        ("rectifying", 0, None, ("today", "今日到期")),
        ("rectifying", 1, None, ("soon", "剩 1 天")),
        ("rectifying", 3, None, ("soon", "剩 3 天")),
        ("rectifying", 4, None, ("plain", "剩 4 天")),
        ("closed", 0, 0, ("done", "按期完成")),
        ("closed", 0, -3, ("done", "按期完成")),
        ("closed", 0, 2, ("late", "逾期 2 天完成")),
        ("pending_review", -9, None, ("plain", "已反馈")),
        ("pending_review", -9, -9, ("done", "按期完成")),
        ("discarded", -9, None, ("none", "—")),
        ("draft", 5, None, ("none", "未下达 —")),
    ],
)
def test_deadline_words(state, days, rectified, expected):
    rectified_on = None if rectified is None else TODAY + timedelta(days=rectified)
    assert words.deadline_words(state, TODAY + timedelta(days=days), rectified_on, TODAY) == expected


@pytest.mark.parametrize(("days", "expected"), [(-11, ("late", "逾期 11 天反馈")), (0, ("done", "按期反馈"))])
def test_awaiting_review_compares_the_feedback_with_the_deadline(days, expected):
    assert words.deadline_words("pending_review", TODAY + timedelta(days=days), None, TODAY, TODAY) == expected


def test_deadline_words_without_a_deadline():
    assert words.deadline_words("registered", None, None, TODAY) == ("none", "未下达 —")
    assert words.deadline_words("closed", None, TODAY, TODAY) == ("done", "按期完成")
    assert words.deadline_words("closed", None, None, TODAY) == ("none", "—")


@given(st.dates(), st.dates())
def test_open_hazard_is_overdue_exactly_after_its_deadline(deadline, today):
    kind, _ = words.deadline_words("rectifying", deadline, None, today)
    assert (kind == "overdue") == (today > deadline)


def test_day_is_short_inside_the_year():
    assert words.day_words(date(2026, 1, 5), TODAY) == "01-05"
    assert words.day_words(date(2025, 12, 31), TODAY) == "2025-12-31"
    assert words.day_words(date(900, 1, 2), TODAY) == "0900-01-02"
    assert words.day_words(None, TODAY) == words.full_day_words(None) == "—"
    assert words.full_day_words(date(2026, 11, 15)) == "2026-11-15 星期日"


def test_moment_is_shown_in_local_time():
    late = datetime(2026, 11, 15, 17, 30, tzinfo=UTC)
    assert words.moment_words(late, TODAY) == "11-16 01:30"
    assert words.day_words(late, TODAY) == "11-16"
    assert words.moment_words(None, TODAY) == "—"


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [(186000, "18.60 万元"), (Decimal("50"), "0.01 万元"), (0, "0.00 万元"), (None, "无数据"), ("many", "无数据")],
)
def test_money_is_written_in_wan(given_value, expected):
    assert words.wan_words(given_value) == expected


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [(0.935, "93.5%"), (0, "0.0%"), (None, "无数据"), (float("nan"), "无数据"), (Decimal("0.9995"), "100.0%")],
)
def test_share_without_denominator_is_no_data(given_value, expected):
    assert words.percent_words(given_value) == expected


def test_thousands():
    assert [words.thousands_words(one) for one in (1236, 0, None, "12345.5")] == ["1,236", "0", "无数据", "12,345.5"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("梁园区应急局", "应急局"),
        ("睢县市场监管局", "市场监管局"),
        ("商丘市安委办", "安委办"),
        ("双八镇人民政府", "双八镇"),
        ("商丘豫盛冷链食品有限公司", "商丘豫盛冷链食品有限公司"),
        ("", ""),
    ],
)
def test_body_is_short_in_a_cell(name, expected):
    assert words.short_body(name) == expected
