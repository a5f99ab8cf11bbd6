from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import formula

SHARES = st.one_of(st.none(), st.fractions(0, 1, max_denominator=50))
VALUES = st.fixed_dictionaries(dict.fromkeys(formula.WEIGHTS, SHARES))
ONE = Fraction(1)


def test_weights_are_those_published():
    assert formula.WEIGHTS == {
        "rate_due": 30,
        "on_time": 20,
        "coverage": 15,
        "finding": 15,
        "enforcement": 10,
        "reporting": 10,
    }
    assert sum(formula.WEIGHTS.values()) == 100
    assert (formula.VERSION, formula.IN_FORCE_SINCE) == (1, "2026-11-01"), "other weights are another version"


def test_all_parts_full_is_a_hundred_and_each_gives_its_weight():
    assert formula.score(dict.fromkeys(formula.WEIGHTS, ONE), 0).total == 100.0
    half = dict.fromkeys(formula.WEIGHTS, ONE) | {"rate_due": Fraction(1, 2)}
    assert formula.score(half, 0).points["rate_due"] == 15.0
    assert formula.score(half, 0).total == 85.0


def test_parts_with_nothing_to_divide_are_left_out_and_the_rest_rescaled():
    values = dict.fromkeys(formula.WEIGHTS) | {"coverage": Fraction(1, 2), "finding": ONE}

    found = formula.score(values, 2)

    assert (found.total, found.weight) == (73.0, 30)
    assert (found.points["coverage"], found.points["finding"], found.points["rate_due"]) == (25.0, 50.0, None)


def test_no_part_at_all_gives_no_score_even_when_something_is_overdue():
    nothing = dict.fromkeys(formula.WEIGHTS)
    assert formula.score(nothing, 40) == formula.Score(None, nothing, 0.0, 0.0, 40, 0)


def test_result_and_process_are_told_apart_and_add_up_as_shown():
    values = dict.fromkeys(formula.WEIGHTS) | {"rate_due": ONE, "on_time": Fraction(1, 3), "coverage": Fraction(1, 2)}
    found = formula.score(values, 7)
    assert (found.total, found.result, found.process, found.deduction, found.weight) == (60.9, 56.4, 11.5, 7, 65)

    process_alone = formula.score(dict.fromkeys(formula.WEIGHTS) | {"coverage": ONE, "finding": ONE}, 0)
    assert (process_alone.total, process_alone.result, process_alone.process) == (100.0, 0.0, 100.0)


def test_what_is_taken_off_leaves_nothing_and_not_less():
    nothing_done = dict.fromkeys(formula.WEIGHTS) | {"coverage": Fraction(0)}
    assert formula.score(nothing_done, 40).total == 0.0
    assert formula.score(nothing_done, 0).total == 0.0


@given(VALUES)
def test_result_and_process_add_up_to_the_score_before_deductions(values):
    found = formula.score(values, 0)
    if found.total is not None:
        assert round(10 * found.result) + round(10 * found.process) == round(10 * found.total)


@given(VALUES, st.integers(0, 40))
def test_score_stays_between_0_and_100_and_never_rises_with_deductions(values, minus):
    total, less = formula.score(values, 0).total, formula.score(values, minus).total
    if total is None:
        assert less is None
    else:
        assert 0 <= less <= total <= 100


@given(VALUES, st.sampled_from(sorted(formula.WEIGHTS)))
def test_a_better_part_never_lowers_the_score(values, name):
    if values[name] is not None:
        assert formula.score(values | {name: ONE}, 0).total >= formula.score(values, 0).total


@pytest.mark.parametrize(
    ("general", "major", "minus"), [(0, 0, 0), (3, 0, 6), (10, 0, 20), (11, 0, 20), (0, 1, 5), (0, 9, 20), (50, 50, 40)]
)
def test_deductions_are_limited_by_kind(general, major, minus):
    assert formula.deduction(general, major) == minus


@pytest.mark.parametrize(
    ("register", "days", "target"), [(0, 7, 0), (1, 7, 1), (20, 7, 1), (21, 7, 2), (100, 7, 5), (100, 30, 22)]
)
def test_coverage_target_is_a_twentieth_of_the_register_a_week_one_at_least(register, days, target):
    assert formula.coverage_target(register, days) == target


def test_peers_median_is_taken_over_those_with_something_to_divide():
    values = [Fraction(1), Fraction(3), None, Fraction(4)]

    assert formula.against_peers(values) == [Fraction(1, 3), ONE, None, ONE]
    assert formula.against_peers([Fraction(0), Fraction(0), Fraction(5)]) == [None, None, None]
    assert formula.against_peers([None]) == [None]
    assert formula.against_peers([]) == []


def test_share_of_nothing_is_no_data():
    assert formula.share(0, 0) is None
    assert formula.share(1, 4) == Fraction(1, 4)


def test_equal_scores_share_a_rank_and_the_next_is_skipped():
    rows = [(80.0, 1, "c"), (None, 0, "a"), (95.0, 0, "d"), (80.0, 0, "e"), (70.0, 0, "b")]

    order, ranks = formula.places(rows)

    assert [rows[index][2] for index in order] == ["d", "e", "c", "b", "a"]
    assert ranks == [2, None, 1, 2, 4]


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 5).map(float)), st.integers(0, 3), st.text(max_size=2))))
def test_rank_is_one_more_than_the_number_of_better_units(rows):
    order, ranks = formula.places(rows)

    assert sorted(order) == list(range(len(rows)))
    for (total, _, _), rank in zip(rows, ranks, strict=True):
        better = sum(other is not None and total is not None and other > total for other, _, _ in rows)
        assert rank == (None if total is None else better + 1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(1, 20), 0.1), (Fraction(1, 21), 0.0), (Fraction(9995, 100), 100.0), (Fraction(0), 0.0)],
)
def test_rounding_is_half_up(value, shown):
    assert formula.one_decimal(value) == shown
