from datetime import date, timedelta

import pytest

from hazards.models import Hazard
from rankings import operations, statistics
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import parse_month, parse_week

pytestmark = pytest.mark.django_db

WEEK = parse_week("2026-W46")  # 2026-11-09 to 2026-11-15
MONDAY, SUNDAY = WEEK.first, WEEK.last
SATURDAY = SUNDAY - timedelta(days=1)
TODAY = date(2026, 11, 20)


def rows(user, kind="township", period=WEEK, today=TODAY):
    table = operations.rank(statistics.ground_of(user), kind=statistics.KINDS[kind], period=period, today=today)
    return {row["unit"]: row for row in table.as_json()["rows"]}


def counted(user, kind="township", period=WEEK, today=TODAY):
    found = statistics.figures(statistics.ground_of(user), statistics.KINDS[kind], period, today)
    return {one.code: one for one in found}


def closed(enterprise, **dates):
    return HazardFactory(enterprise=enterprise, closed=True, **dates)


def test_both_rates_have_their_own_denominator(safety_office, enterprise):
    # Found in the week: four, one closed in it and one after it. Due in the week: two, one of them rectified by then.
    closed(enterprise, found_on=MONDAY, deadline=date(2026, 12, 1), rectified_on=SUNDAY, closed_on=SUNDAY)
    closed(
        enterprise,
        found_on=SUNDAY,
        deadline=date(2026, 12, 1),
        rectified_on=SUNDAY,
        closed_on=SUNDAY + timedelta(days=1),
    )
    HazardFactory.create_batch(2, enterprise=enterprise, found_on=SUNDAY)
    closed(enterprise, found_on=date(2026, 10, 1), deadline=SUNDAY, rectified_on=MONDAY, closed_on=MONDAY)
    closed(enterprise, found_on=date(2026, 10, 1), deadline=MONDAY, rectified_on=TODAY, closed_on=TODAY)

    row = rows(safety_office)["411402001"]

    assert (row["found"], row["rate_found"], row["rate_due"], row["on_time_rate"]) == (4, 0.25, 0.5, 0.5)
    assert row["closed"] == 2


def test_zero_denominators_are_null(safety_office, township):
    row = rows(safety_office)["411402001"]

    assert [row[name] for name in ("rate_found", "rate_due", "on_time_rate", "avg_days", "score", "rank")] == [None] * 6
    assert [row[name] for name in ("inspections", "found", "found_major", "closed", "overdue")] == [0] * 5


@pytest.mark.parametrize(
    ("day", "inside"), [(MONDAY - timedelta(days=1), 0), (MONDAY, 1), (SUNDAY, 1), (SUNDAY + timedelta(days=1), 0)]
)
def test_week_counts_its_first_and_last_day_and_no_other(safety_office, enterprise, day, inside):
    HazardFactory(enterprise=enterprise, found_on=day, level="major")
    InspectionFactory(enterprise=enterprise, inspected_on=day)
    closed(enterprise, found_on=date(2026, 10, 1), deadline=day, rectified_on=day, closed_on=day)

    one = counted(safety_office)["411402001"]

    assert (one.found, one.found_major, one.inspections, one.closed, one.due, one.on_time) == (inside,) * 6


@pytest.mark.parametrize(("code", "day"), [("2026-W53", date(2027, 1, 3)), ("2025-W01", date(2024, 12, 30))])
def test_week_across_new_year_counts_days_of_the_other_year(safety_office, enterprise, code, day):
    HazardFactory(enterprise=enterprise, found_on=day)

    assert rows(safety_office, period=parse_week(code))["411402001"]["found"] == 1


def test_overdue_of_a_past_week_is_as_it_stood_then(safety_office, enterprise):
    issued = {"issued_on": date(2026, 11, 2), "deadline": SUNDAY}
    HazardFactory(enterprise=enterprise, rectifying=True, **issued)
    closed(enterprise, rectified_on=SUNDAY + timedelta(days=1), closed_on=TODAY, **issued)  # answered a day late
    closed(enterprise, rectified_on=SUNDAY, closed_on=TODAY, **issued)  # answered in time, reviewed after the week
    HazardFactory(enterprise=enterprise, pending=True, feedback_on=TODAY, **issued)
    HazardFactory(enterprise=enterprise, rectifying=True, level="major", issued_on=date(2026, 11, 2), deadline=MONDAY)
    HazardFactory(
        enterprise=enterprise, rectifying=True, issued_on=date(2026, 11, 2), deadline=SUNDAY + timedelta(days=1)
    )

    one = counted(safety_office)["411402001"]

    assert (one.overdue, one.overdue_general, one.overdue_major) == (4, 3, 1)


def test_overdue_of_the_running_week_is_what_the_ledger_calls_overdue_now(safety_office, enterprise):
    HazardFactory(enterprise=enterprise, rectifying=True, deadline=TODAY)  # due today: not overdue before 24:00
    HazardFactory(enterprise=enterprise, rectifying=True, deadline=TODAY - timedelta(days=1))

    found = counted(safety_office, period=parse_week("2026-W47"))["411402001"]

    assert found.overdue == Hazard.objects.overdue(TODAY).count() == 1


def test_average_days_run_from_finding_to_close_out(safety_office, enterprise):
    closed(enterprise, found_on=date(2026, 10, 31), deadline=TODAY, rectified_on=MONDAY, closed_on=MONDAY)
    closed(enterprise, found_on=SUNDAY, deadline=TODAY, rectified_on=SUNDAY, closed_on=SUNDAY)

    assert counted(safety_office)["411402001"].avg_days == 4.5

    closed(enterprise, found_on=SUNDAY, deadline=TODAY, rectified_on=SUNDAY, closed_on=SUNDAY)
    closed(enterprise, found_on=SATURDAY, deadline=TODAY, rectified_on=SUNDAY, closed_on=SUNDAY)
    closed(enterprise, found_on=SATURDAY, deadline=TODAY, rectified_on=SUNDAY, closed_on=SUNDAY)
    assert counted(safety_office)["411402001"].avg_days == 2.2, "11 days of five rows"

    closed(enterprise, found_on=SUNDAY, deadline=TODAY, rectified_on=SUNDAY, closed_on=SUNDAY)
    assert counted(safety_office)["411402001"].avg_days == 1.8, "to a tenth of a day"


def test_drafts_and_discarded_rows_are_never_counted(safety_office, enterprise):
    HazardFactory(enterprise=enterprise, drafted=True, found_on=MONDAY)
    HazardFactory(enterprise=enterprise, drafted=True, state="discarded", found_on=MONDAY)

    assert rows(safety_office)["411402001"]["found"] == 0


def test_units_without_activity_are_listed_and_closed_units_are_not(safety_office, township):
    UnitFactory(code="411402002")
    UnitFactory(code="411402003", is_active=False)

    assert list(rows(safety_office)) == ["411402001", "411402002"]


def test_townships_compete_with_townships_alone(safety_office, township):
    for code in ("411402001-AWB", "411402001-NJ", "411402", "411402-AWB", "411402-YJ"):
        UnitFactory(code=code)

    assert list(counted(safety_office)) == ["411402001"]
    assert list(counted(safety_office, "county")) == ["411402"]
    assert list(counted(safety_office, "department")) == ["411402-YJ", "411402001-NJ"]


def test_visits_belong_to_the_unit_that_paid_them(safety_office, enterprise):
    """A county department's visit is its own and its county's, not the township's it went to."""
    department = UnitFactory(code="411402-YJ")
    UnitFactory(code="411402")
    office = UnitFactory(code="411402001-AWB")
    InspectionFactory(enterprise=enterprise, unit=department, inspected_on=MONDAY)
    InspectionFactory(enterprise=enterprise, unit=office, inspected_on=MONDAY)
    InspectionFactory(enterprise=enterprise, inspected_on=SUNDAY)

    assert rows(safety_office)["411402001"]["inspections"] == 2
    assert rows(safety_office, "department")["411402-YJ"]["inspections"] == 1
    assert rows(safety_office, "county")["411402"]["inspections"] == 3
    assert counted(safety_office)["411402001"].inspected == 1


def test_departments_answer_for_what_they_are_competent_for(safety_office, enterprise):
    county, city = UnitFactory(code="411402-YJ"), UnitFactory(code="4114-YJ")
    enterprise.sector.competent_function = "YJ"
    enterprise.sector.save()
    EnterpriseFactory(township=UnitFactory(code="411403001"), sector=enterprise.sector)
    HazardFactory(enterprise=enterprise, found_on=MONDAY, competent_unit=county)

    found = counted(safety_office, "department")

    assert (found[county.code].found, found[city.code].found) == (1, 0)
    assert (found[county.code].register, found[city.code].register) == (1, 2)


def test_a_department_without_a_line_answers_for_no_enterprise_of_no_line(safety_office, enterprise):
    idle = UnitFactory(code="411402-ZZ", function="")
    enterprise.sector.competent_function = ""
    enterprise.sector.save()
    EnterpriseFactory(township=enterprise.township, sector=None)

    assert counted(safety_office, "department")[idle.code].register == 0


def test_reader_ranks_the_units_of_their_own_jurisdiction_only(township, foreign_township):
    UnitFactory(code="411402002")
    leader = UserFactory(role="leader", unit=UnitFactory(code="411402"))

    assert list(rows(leader)) == ["411402001", "411402002"]
    assert list(rows(leader, "county")) == ["411402"]


def test_department_counts_only_its_own_line(enterprise):
    department = UnitFactory(code="411402-JY")
    reader = UserFactory(role="manager", unit=department)
    HazardFactory(enterprise=enterprise, found_on=MONDAY)
    HazardFactory(enterprise=enterprise, found_on=MONDAY, competent_unit=department)

    assert rows(reader)["411402001"]["found"] == 1


def test_one_statement_whatever_the_number_of_units(safety_office, django_assert_num_queries):
    ground = statistics.ground_of(safety_office)
    for kind in statistics.KINDS:
        for units in (1, 3):
            for place in range(units):
                HazardFactory(enterprise__township=UnitFactory(code=f"41140200{place + 1}"), found_on=MONDAY)
            with django_assert_num_queries(1):
                operations.rank(ground, kind=statistics.KINDS[kind], period=WEEK, today=TODAY)


def test_movement_and_scores_of_eight_weeks_cost_seven_statements(safety_office, django_assert_num_queries):
    first, second = (EnterpriseFactory(township=UnitFactory(code=code)) for code in ("411402001", "411402002"))
    InspectionFactory(enterprise=second, inspected_on=MONDAY - timedelta(days=7))
    InspectionFactory(enterprise=first, inspected_on=MONDAY)
    ground = statistics.ground_of(safety_office)
    table = operations.rank(ground, kind=statistics.KINDS["township"], period=WEEK, today=TODAY)

    with django_assert_num_queries(7):
        moves, scores = operations.history(table, ground, today=TODAY)

    assert [line.figures.code for line in table.lines] == ["411402001", "411402002"]
    assert moves == {"411402001": 1, "411402002": -1}
    assert scores["411402001"] == [0.0] * 7 + [100.0]
    assert scores["411402002"] == [0.0] * 6 + [100.0, 0.0]


def test_trend_counts_every_week_once_in_three_statements(safety_office, enterprise, django_assert_num_queries):
    HazardFactory(enterprise=enterprise, found_on=MONDAY - timedelta(days=1))
    closed(enterprise, found_on=SUNDAY, issued_on=SUNDAY, deadline=TODAY, rectified_on=SUNDAY, closed_on=SUNDAY)
    HazardFactory(enterprise=enterprise, rectifying=True, found_on=MONDAY, issued_on=MONDAY, deadline=SUNDAY)

    with django_assert_num_queries(3):
        found = operations.trend(statistics.ground_of(safety_office), WEEK, today=TODAY)

    assert found["labels"][-2:] == ["45", "46"]
    assert (len(found["found"]), found["found"][-2:]) == (12, [1, 2])
    assert found["closed"][-2:] == [0, 1]
    assert found["overdue"][-2:] == [0, 1]


def test_a_trend_begins_with_its_first_week_and_ends_with_its_last(safety_office, enterprise):
    """Twelve weeks; each has a number of its own, and what lies before or after them stands nowhere."""
    first = MONDAY - timedelta(days=7 * 11)
    for day, number in ((first - timedelta(days=1), 5), (first, 2), (first + timedelta(days=7), 4), (SUNDAY, 1)):
        HazardFactory.create_batch(number, enterprise=enterprise, found_on=day)
    HazardFactory(enterprise=enterprise, found_on=SUNDAY + timedelta(days=1))
    for week, number in ((0, 1), (1, 2), (11, 3)):
        due = first + timedelta(days=7 * week)
        HazardFactory.create_batch(
            number,
            enterprise=enterprise,
            rectifying=True,
            found_on=first - timedelta(days=3),
            issued_on=due,
            deadline=due,
        )

    found = operations.trend(statistics.ground_of(safety_office), WEEK, today=TODAY)

    assert found["found"] == [2, 4, *[0] * 9, 1]
    assert found["overdue"] == [1, *[3] * 10, 6]


def test_trend_of_one_county_leaves_the_others_out(safety_office, enterprise, foreign_township):
    HazardFactory(enterprise=enterprise, found_on=MONDAY)
    HazardFactory(enterprise__township=foreign_township, found_on=MONDAY)
    ground = statistics.ground_of(safety_office)

    assert operations.trend(ground, WEEK, today=TODAY)["found"][-1] == 2
    assert operations.trend(ground.narrowed_to("411403"), WEEK, today=TODAY)["found"][-1] == 1


def test_month_counts_its_weeks_together(safety_office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 1))
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 30))
    HazardFactory(enterprise=enterprise, found_on=date(2026, 12, 1))

    assert rows(safety_office, period=parse_month("2026-11"))["411402001"]["found"] == 2
