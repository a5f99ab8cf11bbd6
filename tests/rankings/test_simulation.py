"""What a trick wins, on a small made-up city of fixed seed; and that each guard of the formula is what keeps it from winning."""

import json

import pytest

from rankings.formula import Constants
from rankings.simulation.noise import kendall
from rankings.simulation.report import Size, report, try_out
from rankings.simulation.tricks import HARD, TRICKS

SEED = 20261128
# The published bounds are places of 199.
CITY, SMALL = 199, Size(townships=60, months=8, tried=3)
FEW = Size(townships=40, months=7, tried=2)
MOST, MOST_HARD = 5, 15
NAMES = [trick.name for trick in TRICKS]


def of_a_city(places, size):
    return places * CITY / size.townships


def gain_of(name, size=FEW, **constants):
    """Mean places of 199 that the trick wins under changed constants."""
    trick = next(trick for trick in TRICKS if trick.name == name)
    found = report(Constants(**constants), seed=SEED, size=size, tricks=[trick])
    return of_a_city(found["tricks"][0]["gain"], size)


@pytest.fixture(scope="module")
def tried():
    return report(Constants(), seed=SEED, size=SMALL)


@pytest.mark.parametrize("name", NAMES)
def test_no_trick_pays(tried, name):
    found = next(one for one in tried["tricks"] if one["trick"] == name)

    assert of_a_city(found["gain"], SMALL) <= (MOST_HARD if name in HARD else MOST)


def test_what_replaces_work_costs_dearly(tried):
    gains = {one["trick"]: one["gain"] for one in tried["tricks"]}

    for name in ("never_issues", "one_visit", "self_inspections", "reports_only", "on_the_spot", "on_paper"):
        assert of_a_city(gains[name], SMALL) < -20, name


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("far_deadlines", {"limit_days_general": 999, "limit_days_major": 999}),
        ("parked_feedback", {"review_days": 999}),
        ("on_the_spot", {"spot_percent": 100}),
        ("invented_rows", {"believed_percent": 1000}),
        ("penalty_spam", {"enforcement": 15, "finding": 10, "enforcement_percent": 500}),
    ],
)
def test_without_its_guard_the_trick_pays(name, without):
    guarded, unguarded = gain_of(name), gain_of(name, **without)

    assert unguarded > MOST
    assert unguarded > guarded + MOST


def test_the_score_orders_honest_townships_by_their_diligence(tried):
    noise = tried["noise"]

    assert noise["tau_all"] > 0.6
    assert noise["tau_honest"] > 0.5
    # Lots drawn move a place by 57/199 of the table (standard deviation) and by 66/199 from month to month.
    assert noise["place_sd"] < 60 * 0.15
    assert noise["place_move"] < 60 * 0.15
    assert abs(noise["size_correlation"]) < 0.25
    assert noise["last_truly_weak"] > 0.6


def test_a_seed_gives_the_same_city_again_and_another_seed_another():
    size, some = Size(townships=20, months=4, tried=1), TRICKS[:3]

    first, again, other = (report(Constants(), seed=seed, size=size, tricks=some) for seed in (1, 1, 2))

    assert first == again
    assert first["noise"] != other["noise"]


def test_a_preview_tries_every_trick_and_is_plain_data():
    found = try_out(Constants(), seed=SEED)

    assert json.loads(json.dumps(found)) == found
    assert [one["trick"] for one in found["tricks"]] == NAMES
    assert found["tried"] == {"low": 1, "middle": 1, "high": 1, "lazy": 1}
    assert found["constants"]["limit_days_general"] == 20


def test_a_window_longer_than_the_city_makes_the_city_live_longer():
    found = report(Constants(window_months=6), seed=SEED, size=Size(townships=20, months=4, tried=1), tricks=TRICKS[:1])

    assert (found["months"], found["rankings"]) == (7, 1)


def test_a_city_too_small_for_groups_is_refused():
    with pytest.raises(ValueError, match="townships=5"):
        Size(townships=5, months=8, tried=1)


def test_kendall_is_that_of_the_books():
    assert kendall([1, 2, 3, 4], [1, 2, 3, 4]) == 1
    assert kendall([1, 2, 3, 4], [4, 3, 2, 1]) == -1
    # 5 of 6 pairs compared agree, one is tied on the right: 4 ÷ √(6 × 5).
    assert kendall([1, 2, 3, 4], [1, 3, 2, 3]) == pytest.approx((4 - 1) / (6 * 5) ** 0.5)
    assert kendall([1, 1], [1, 2]) == 0
