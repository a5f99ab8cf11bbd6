"""What trying a draft says, and what it cannot."""

from datetime import date

import pytest
from django.core.cache import cache

from rankings import trial
from rankings.formula import Constants
from rankings.kinds import COUNTY, TOWNSHIP
from rankings.models import Formula, Freeze, Staff
from rankings.operations import freeze, revise
from rankings.operations.freezing import end_of
from rankings.trial import Month, Move, last_months, months_of, tricks_of, tried
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import parse_month, week_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
OCTOBER = parse_month("2026-10")


@pytest.fixture(autouse=True)
def city(township):
    cache.clear()
    HazardFactory(enterprise=EnterpriseFactory(township=township), found_on=date(2026, 10, 9))
    return UnitFactory(code="4114")


def draft(**numbers):
    return Formula(city_code="4114", state="draft", numbers=Constants(**numbers).as_dict())


def frozen(period=OCTOBER):
    return freeze("4114", period, at=end_of(period))


@pytest.mark.parametrize(
    ("numbers", "reaches"),
    [
        ({}, True),
        ({"window_months": 2}, True),
        ({"window_months": 2, "missed_days": 60}, True),  # 60 days before September are later than 30 before August
        ({"window_months": 4}, False),
        ({"missed_days": 31}, False),
        ({"repeat_days": 40}, False),
        ({"window_weeks": 12}, True),  # of weeks alone
    ],
)
def test_what_looks_further_back_than_was_copied_is_not_tried(numbers, reaches):
    one = tried(frozen(), draft(**numbers), TOWNSHIP)
    assert bool(one.moves) == reaches
    assert bool(one.unreachable) != reaches
    if not reaches:
        assert "2026 年 10 月冻结的记录从 2026-07-02 起" in one.unreachable


def test_the_last_three_frozen_months_of_the_city_are_tried_newest_first(foreign_township):
    UnitFactory(code="4105")
    for code in ("2026-06", "2026-07", "2026-08", "2026-09"):
        frozen(parse_month(code))
    frozen(week_of(date(2026, 10, 9)))
    freeze("4105", OCTOBER, at=end_of(OCTOBER))
    first = frozen(parse_month("2026-10"))
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    second = revise(first, by=office, at=end_of(OCTOBER), reason="有误")
    assert [one.period for one in last_months("4114")] == ["2026-10", "2026-09", "2026-08"]
    assert last_months("4114")[0] == second, "of a revised month the one in force"
    assert [month.code for month in months_of("4114", draft(), COUNTY)] == ["2026-10", "2026-09", "2026-08"]


def test_staff_approved_since_are_said_apart_from_what_the_formula_does(township):
    """Three of 151 firms were visited: of 98 that were to be, or of the 66 that one person can do in thirteen weeks."""
    EnterpriseFactory.create_batch(147, township=township, registered_on=date(2026, 1, 1))
    for firm in EnterpriseFactory.create_batch(3, township=township, registered_on=date(2026, 1, 1)):
        InspectionFactory(enterprise=firm, inspected_on=date(2026, 10, 9))
    one = frozen()
    assert tried(one, draft(), TOWNSHIP).drifted == 0
    Staff.objects.create(unit=township, inspectors=1, since=date(2026, 8, 1), reason="编制", state="approved")
    again = tried(one, draft(), TOWNSHIP)
    assert again.drifted == 1
    [move] = again.moves.values()
    assert move.points > 0 and move.places == 0


def test_nothing_is_written():
    one = frozen()
    before = (Freeze.objects.count(), one.tables.count(), one.figures_digest)
    tried(one, draft(coverage=30, finding=15), TOWNSHIP)
    one.refresh_from_db()
    assert (Freeze.objects.count(), one.tables.count(), one.figures_digest) == before


def test_what_was_tried_is_kept_and_another_draft_is_tried_afresh(monkeypatch):
    frozen()
    made, real = [], trial.tried
    monkeypatch.setattr(trial, "tried", lambda *given: made.append(given) or real(*given))
    for version in (draft(), draft(), draft(base=60)):
        months_of("4114", version, TOWNSHIP)
    months_of("4114", draft(), COUNTY)
    assert len(made) == 3


def test_tricks_are_played_on_the_city_of_the_simulation_once(monkeypatch):
    played = []
    monkeypatch.setattr(trial, "try_out", lambda constants, seed: played.append((constants, seed)) or {"tricks": []})
    for constants in (Constants(), Constants(), Constants(base=60)):
        tricks_of(constants)
    assert played == [(Constants(), 20261128), (Constants(base=60), 20261128)]


def test_a_move_is_won_places_and_none_where_one_side_has_no_place():
    won, lost = Move(9, 4, 60.1, 72.3), Move(4, 9, 60.0, None)
    assert (won.places, won.points, won.distance) == (5, 12.2, 5)
    assert (lost.places, lost.points, lost.distance) == (-5, None, 5)
    gone = Move(3, None, 50.0, None)
    assert (gone.places, gone.distance) == (None, 0)
    month = Month("十月", "2026-10", "第 2 版", {"a": won, "b": lost, "c": gone}, {})
    assert (month.changed, month.mean_places, month.medians) == (3, 5, (60.0, 72.3))
    assert Month("十月", "2026-10", "第 2 版", {}, {}).mean_places is None
