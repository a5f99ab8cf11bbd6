from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hazards.views import weeks

TODAY = date(2026, 11, 20)  # a Friday
DAYS = st.dictionaries(st.integers(0, 11 * 7 + 4), st.integers(0, 3000), max_size=60)


@given(st.integers(0, 10**7))
def test_the_ceiling_holds_every_value_and_halves_into_a_whole_number(value):
    top = weeks.ceiling(value)
    assert top >= max(value, 1) and top % 2 == 0
    assert value <= 2 or top < 2.5 * value


@given(DAYS, DAYS)
def test_twelve_weeks_hold_every_day_once_and_stay_in_the_drawing(found, closed):
    days = (
        {TODAY - timedelta(days=back): (number, 0) for back, number in found.items()},
        {TODAY - timedelta(days=back): number for back, number in closed.items()},
    )
    drawn = weeks.trend(days, TODAY)
    assert len(drawn["weeks"]) == 12
    assert sum(week["found"] for week in drawn["weeks"]) == sum(found.values())
    assert sum(week["closed"] for week in drawn["weeks"]) == sum(closed.values())
    bars = [bar for week in drawn["weeks"] for bar in week["bars"]]
    assert all(0 <= bar["y"] <= weeks.BASE and weeks.LEFT <= bar["x"] <= weeks.WIDTH - weeks.BAR for bar in bars)
    assert all(abs(bar["y"] + bar["height"] - weeks.BASE) < 0.11 for bar in bars)
    assert drawn["weeks"][-1]["is_named"] and drawn["weeks"][-1]["number"] == 47


def test_weeks_around_new_year_have_the_number_of_their_monday():
    drawn = weeks.trend(({}, {}), date(2027, 1, 8))
    assert [week["number"] for week in drawn["weeks"]][-3:] == [52, 53, 1]
    assert drawn["weeks"][-1]["found_url"].endswith("found_from=2027-01-04&found_to=2027-01-08")
