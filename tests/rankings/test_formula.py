"""The arithmetic of the published formula, by hand and by property."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import formula
from rankings.formula import Constants, Inputs, Pool

HOUSE = Constants()
# Everybody the same: pooled rates of a half, one due row per firm, half the firms with a finding, a fifth punished.
POOL = Pool(Fraction(1, 2), Fraction(1, 2), Fraction(1), Fraction(1, 2), Fraction(1, 5), reporting=True, register=True)
FULL = Inputs(
    due=20, unrectified=0, late=0, own_found=20, spot=0, inspected=20, finders=10, punished=4, register=Fraction(100),
    reports_due=4, reports_on_time=4,
)  # fmt: skip


def scored(common=POOL, constants=HOUSE, days=28, **changed):
    return formula.score(FULL._replace(**changed), common, constants, days)


def test_the_house_version_is_as_published():
    """Whoever changes one of these changes version 2, which is published: draft another version instead."""
    assert HOUSE.weights == {
        "rectified": 25, "on_time": 15, "coverage": 25, "finding": 20, "enforcement": 5, "reporting": 10,
    }  # fmt: skip
    assert [HOUSE.each_and_most(name) for name, _ in formula.DEDUCTIONS] == [(2, 10), (5, 10), (1, 5), (2, 10)]
    limits = (HOUSE.limit_days_general, HOUSE.limit_days_major, HOUSE.review_days, HOUSE.spot_percent, HOUSE.base)
    assert limits == (20, 60, 10, 40, 50)
    assert (HOUSE.window_months, HOUSE.window_weeks, HOUSE.shrinkage, HOUSE.believed_least, HOUSE.believed_percent) == (
        3,
        4,
        5,
        5,
        125,
    )
    assert (HOUSE.coverage_percent, HOUSE.firms_per_inspector) == (5, 5)
    assert (HOUSE.repeat_days, HOUSE.enforcement_percent, HOUSE.missed_days) == (15, 50, 30)


def test_a_unit_that_does_everything_gets_a_hundred_but_what_shrinkage_keeps():
    found = scored()
    # (20 + 5 × ½) ÷ 25 = 0.9 of the two rates; all else is full.
    assert found.points == {
        "rectified": 22.5, "on_time": 13.5, "coverage": 25.0, "finding": 20.0, "enforcement": 5.0, "reporting": 10.0,
    }  # fmt: skip
    assert (found.total, found.weight, found.believed) == (96.0, 100, 20)


@pytest.mark.parametrize(
    ("changed", "part", "points"),
    [
        ({"unrectified": 5}, "rectified", 17.5),  # (15 + 2.5) ÷ 25
        ({"late": 10}, "on_time", 7.5),  # (10 + 2.5) ÷ 25
        ({"undated": 10}, "on_time", 12.5),  # of ten rows whose day is known: (10 + 2.5) ÷ 15
        ({"inspected": 10, "finders": 5}, "coverage", 12.5),  # of 5 % a week in four weeks, twenty firms
        ({"finders": 5}, "finding", 10.0),  # a quarter against a median of a half
        ({"finders": 20}, "finding", 20.0),
        ({"inspected": 0, "finders": 0}, "coverage", 0.0),
        ({"inspected": 0}, "finding", 0.0),
        ({"inspected": 0}, "enforcement", 0.0),
        ({"finders": 0}, "enforcement", 0.0),
        ({"punished": 0}, "enforcement", 3.3),  # (0 + 5 × ⅕) ÷ 15 of half the pooled fifth
        ({"punished": 10}, "enforcement", 5.0),
        ({"reports_on_time": 3}, "reporting", 7.5),
    ],
)
def test_each_part_by_hand(changed, part, points):
    assert scored(**changed).points[part] == points


def test_with_no_median_who_finds_anything_has_it_all():
    common = POOL._replace(finding=Fraction(0))
    assert scored(common).points["finding"] == 20.0
    assert scored(common, finders=0).points["finding"] == 0.0


@pytest.mark.parametrize(
    ("inspectors", "target"), [(None, 20), (100, 20), (1, 20), (0, 10)]
)  # one inspector could see five firms a week, which is all of the target; none at all still owes half
def test_the_target_is_what_the_approved_people_can_do_but_never_under_half(inspectors, target):
    assert scored(inspectors=inspectors).target == target
    assert scored(inspectors=inspectors, register=Fraction(400)).target == {None: 80, 100: 80, 1: 40, 0: 40}[inspectors]


@pytest.mark.parametrize(("days", "target"), [(28, 60), (14, 30), (7, 15)])
def test_three_inspectors_of_a_large_register_can_see_five_firms_a_week_each(days, target):
    assert scored(inspectors=3, register=Fraction(400), days=days).target == target


def test_what_nobody_says_of_a_unit_is_none_of_its_doing():
    """But that it has no register of inspectors: then what they can do does not limit the target."""
    assert formula.Inputs._field_defaults == dict.fromkeys(formula.Inputs._field_defaults, 0) | {"inspectors": None}


@pytest.mark.parametrize(
    ("name", "count", "register", "points"),
    [
        ("overdue_general", 1, 100, 2.0), ("overdue_general", 3, 100, 6.0), ("overdue_general", 9, 100, 10.0),
        ("overdue_general", 1, 200, 1.0), ("overdue_general", 1, 50, 4.0), ("overdue_general", 1, 20, 4.0),
        ("overdue_major", 1, 100, 5.0), ("overdue_major", 3, 100, 10.0), ("reopened", 2, 100, 2.0), ("reopened", 9, 100, 5.0),
        ("missed", 1, 100, 2.0), ("missed", 6, 100, 10.0),
    ],
)  # fmt: skip
def test_what_is_taken_off_for_each_hundred_firms_and_at_most(name, count, register, points):
    found = scored(**{name: count, "register": Fraction(register)})
    assert found.minus == dict.fromkeys((other for other, _ in formula.DEDUCTIONS), 0.0) | {name: points}
    without = scored(register=Fraction(register))
    assert found.total == pytest.approx(without.total - points, abs=0.051)


def test_nothing_is_ever_below_zero():
    worst = Inputs(
        due=9, unrectified=9, late=9, overdue_general=50, overdue_major=9, reopened=9, missed=9, register=Fraction(10)
    )
    assert formula.score(worst, POOL, HOUSE, 28).total == 0.0


def test_rows_closed_on_the_spot_beyond_the_limit_are_due_and_not_rectified():
    assert formula.rows_of(FULL._replace(own_found=10, spot=4), HOUSE) == (20, 0, 0, 0)
    assert formula.rows_of(FULL._replace(own_found=10, spot=10), HOUSE) == (26, 6, 6, 0)


def test_rows_that_no_visits_explain_do_not_dilute():
    """n' = 1.25 × firms inspected × the table's rows per firm: two hundred invented rows beside ten that are open are not ten in two hundred."""
    honest = scored(due=20, unrectified=10)
    padded = scored(due=220, unrectified=10)
    assert padded.believed == 25
    assert padded.values["rectified"] < Fraction(7, 10)
    assert scored(due=4, inspected=0).believed == 4
    assert scored(due=40, inspected=0).believed == 5
    assert honest.believed == 20


def test_a_part_nobody_can_have_is_left_out_for_everybody_and_the_rest_rescaled():
    common = POOL._replace(reporting=False, enforcement=None)
    found = scored(common)
    assert (found.points["reporting"], found.points["enforcement"], found.weight) == (None, None, 85)
    assert found.points["coverage"] == 29.4  # 25 of 85
    nothing = Pool(None, None, None, None, None, reporting=False, register=False)
    assert formula.score(Inputs(), nothing, HOUSE, 28).total is None


def test_who_paid_no_visit_and_had_nothing_due_is_unranked():
    assert scored(due=0, inspected=0).total is None
    assert scored(due=1, inspected=0).total is not None
    assert scored(due=0, inspected=1).total is not None


def test_the_pool_is_that_of_the_whole_table():
    table = [
        Inputs(due=10, unrectified=5, late=6, inspected=4, finders=1, punished=1, register=Fraction(3)),
        Inputs(due=2, unrectified=0, late=0, undated=1, inspected=2, finders=2),
        Inputs(),
    ]
    assert formula.pool(table, HOUSE) == Pool(
        Fraction(7, 12), Fraction(5, 11), Fraction(2), Fraction(5, 8), Fraction(1, 3), reporting=False, register=True
    )
    assert formula.pool([], HOUSE) == Pool(None, None, None, None, None, reporting=False, register=False)
    assert formula.pool([Inputs(inspected=1, finders=1)], HOUSE).enforcement is None, "not one order in the table"


COUNTS = st.integers(0, 60)


@st.composite
def units(draw):
    due, inspected = draw(COUNTS), draw(COUNTS)
    own, finders = draw(COUNTS), draw(st.integers(0, inspected))
    unrectified = draw(st.integers(0, due))
    return Inputs(
        due=due, unrectified=unrectified, late=draw(st.integers(unrectified, due)), own_found=own, spot=draw(st.integers(0, own)),
        inspected=inspected, finders=finders, punished=draw(st.integers(0, finders)), register=Fraction(draw(st.integers(0, 400))),
        inspectors=draw(st.none() | st.integers(1, 20)), reports_due=(reports := draw(st.integers(0, 12))),
        reports_on_time=draw(st.integers(0, reports)), overdue_general=draw(COUNTS), overdue_major=draw(st.integers(0, 5)),
        reopened=draw(st.integers(0, 5)), missed=draw(st.integers(0, 5)),
    )  # fmt: skip


@given(st.lists(units(), min_size=1, max_size=8))
def test_every_score_is_between_nothing_and_a_hundred_and_better_is_never_worse(table):
    common = formula.pool(table, HOUSE)
    for one in table:
        found = formula.score(one, common, HOUSE, 91)
        assert found.total is None or 0 <= found.total <= 100
        assert all(value is None or 0 <= value <= 1 for value in found.values.values())
        if one.unrectified and found.total is not None:
            better = formula.score(one._replace(unrectified=one.unrectified - 1), common, HOUSE, 91)
            assert better.total >= found.total
        if one.overdue_general and found.total is not None:
            assert formula.score(one._replace(overdue_general=0), common, HOUSE, 91).total >= found.total


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_rounding_is_half_up_to_one_decimal(part, whole):
    rounded = formula.one_decimal(Fraction(part, whole))
    assert abs(Fraction(str(rounded)) - Fraction(part, whole)) <= Fraction(1, 20) or rounded > 10**6
    assert formula.one_decimal(Fraction(1, 20)) == 0.1


@pytest.mark.parametrize("change", [{"rectified": 30}, {"base": 51}])
def test_constants_survive_being_stored(change):
    version = replace(HOUSE, **change)
    assert Constants.of_dict(version.as_dict()) == version
    older = {name: value for name, value in version.as_dict().items() if name != "missed_days"} | {"unknown": 1}
    assert Constants.of_dict(older) == version, "a number younger than the version has its default"


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    rows = [(80.0, 1, "b"), (90.0, 5, "c"), (None, 0, "a"), (80.0, 0, "d"), (70.0, 0, "e"), (0.0, 0, "f")]
    order, ranks = formula.places(rows)
    assert [rows[index][2] for index in order] == ["c", "d", "b", "e", "f", "a"]
    assert ranks == [2, 1, None, 2, 4, 5]
