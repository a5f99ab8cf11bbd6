from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from look import words

TODAY = date(2026, 11, 20)


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
    [(0.935, "93.5%"), (0, "0.0%"), (None, "无数据"), (float("nan"), "无数据"), (Decimal("0.9995"), "100.0%")],
)
def test_share_without_denominator_is_no_data(given_value, expected):
    assert words.percent_words(given_value) == expected


def test_thousands():
    assert [words.thousands_words(one) for one in (1236, 0, None, "12345.5")] == ["1,236", "0", "无数据", "12,345.5"]
