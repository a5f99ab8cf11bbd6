"""The plan of the weeks, before anything is written."""

import random
from datetime import date
from types import SimpleNamespace

import pytest

from demo.tempers import DENSE_WEEKS, LIVELY, TEMPERS, plan_weeks, tempers_of, weeks_until
from demo.texts import draw_text, read_rows, texts_for

TODAY = date(2026, 11, 28)
TOWNSHIPS = [SimpleNamespace(division_code=f"4114{n:05d}") for n in range(199)]


def planned(scale, today=TODAY):
    tempers = tempers_of(TOWNSHIPS, TOWNSHIPS[3], 1)
    return tempers, plan_weeks(tempers, weeks_until(today), today, scale, random.Random(1))


@pytest.mark.parametrize("scale", [1, 2, 37, 2500, LIVELY, 50_000])
def test_exactly_as_many_hazards_as_asked_for_and_none_without_a_visit(scale):
    cells = [cell for _, cells in planned(scale)[1] for cell in cells]
    assert sum(cell.hazards for cell in cells) == scale
    assert all(cell.visits > 0 for cell in cells)


@pytest.mark.parametrize("today", [TODAY, date(2026, 11, 23), date(2026, 11, 29), date(2026, 1, 1)])
def test_no_week_lies_ahead_and_the_dense_ones_leave_nobody_out(today):
    tempers, weeks = planned(LIVELY, today)
    assert all(monday < today for monday, _ in weeks)
    for _, cells in weeks[-DENSE_WEEKS:]:
        assert {code for code, temper in tempers.items() if not temper.idle} <= {cell.township for cell in cells}


def test_every_temper_has_its_share():
    found = list(tempers_of(TOWNSHIPS, TOWNSHIPS[3], 1).values())
    assert len(found) == 199
    for temper in TEMPERS:
        assert abs(found.count(temper) / 199 - temper.share / 100) < 0.02


@pytest.mark.parametrize("trade", read_rows("trades.csv"), ids=lambda row: row["tails"])
def test_every_trade_has_hazards_of_its_own(trade):
    general = texts_for(trade["groups"], "general")
    assert len(general) >= 4
    assert {row["group"] for row in general} <= set(trade["groups"].split())
    text = draw_text(trade["groups"], "major", random.Random(3))
    assert (text["level"] == "major") == bool(text["basis"])
    assert "{" not in "".join(text.values())


def test_a_text_of_every_group_is_used_by_a_trade():
    used = {group for trade in read_rows("trades.csv") for group in trade["groups"].split()}
    assert used == {row["group"] for row in read_rows("texts.csv")}
