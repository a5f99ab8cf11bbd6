from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards import words

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
        ("draft", 5, None, ("none", "未登记 —")),
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
