"""What each figure counts, by rows made for it; the whole is recounted another way in test_recounted.py."""

from datetime import date, datetime, timedelta

import pytest

from flags.models import Flag
from hazards.models import Hazard
from rankings.figures import Span, conditions, relevant, scored
from rankings.formula import Constants
from rankings.kinds import KINDS, TOWNSHIP
from rankings.operations.ranking import live_source, ranked, version_for
from reporting.models import Report
from tests.factories import (
    ZONE,
    EnterpriseFactory,
    HazardFactory,
    InspectionFactory,
    MeasureFactory,
    SectorFactory,
    UnitFactory,
    UserFactory,
)
from tests.flagged import flag
from workdays.periods import parse_month, parse_week

pytestmark = pytest.mark.django_db

WEEK = parse_week("2026-W46")  # 2026-11-09 to 2026-11-15
MONDAY, SUNDAY = WEEK.first, WEEK.last
HOUSE = Constants()
LONG_AGO = date(2026, 8, 1)


def counted(kind="township", period=WEEK, span="single", code="411402001", today=None):
    """Figures of one unit, as if the ledger stood now as it did at the end of ``period``."""
    asked = {"source": live_source("4114"), "version": version_for("4114", period), "kinds": [KINDS[kind]]}
    found = ranked("4114", period, **asked, today=today)
    [line] = [line for table, lines in found for line in lines if table.division == "4114" and line.code == code]
    return line.figures[span]


def told(one, *names):
    return tuple(one[name] for name in names)


@pytest.fixture(autouse=True)
def city(township):
    UnitFactory(code="4114")
    UnitFactory(code="411402")


def row(enterprise, **facts):
    usual = {"registered_at": datetime(2026, 11, 1, 12, tzinfo=ZONE), "found_on": date(2026, 11, 1)}
    return HazardFactory(enterprise=enterprise, **usual | facts)


def order(day, **facts):
    return {"issued_on": facts.get("found_on", date(2026, 11, 1)), "deadline": day, "original_deadline": day, **facts}


def closed(enterprise, day, *, by, **facts):
    return row(enterprise, closed=True, **order(by, **facts), feedback_on=day, rectified_on=day, closed_on=day)


RATES = ("due", "rectified_of_due", "on_time")


@pytest.mark.parametrize(
    ("by", "answered", "expected"),
    [
        (SUNDAY, SUNDAY, (1, 1, 1)),
        (SUNDAY, SUNDAY + timedelta(days=1), (1, 1, 0)),
        (MONDAY, MONDAY, (1, 1, 1)),
        (MONDAY - timedelta(days=1), MONDAY, (0, 0, 0)),
        (SUNDAY + timedelta(days=1), SUNDAY, (0, 0, 0)),
    ],
)
def test_a_row_is_due_in_the_span_of_its_deadline(enterprise, by, answered, expected):
    closed(enterprise, answered, by=by)
    assert told(counted(), *RATES) == expected


@pytest.mark.parametrize(
    ("level", "found", "longer", "due"),
    [
        ("general", SUNDAY - timedelta(days=20), False, 1),
        ("general", SUNDAY - timedelta(days=19), False, 0),  # its limit lies after the week
        ("major", SUNDAY - timedelta(days=60), False, 1),
        ("major", SUNDAY - timedelta(days=59), False, 0),
        ("major", SUNDAY - timedelta(days=60), True, 0),  # the safety office approved more time
        ("general", SUNDAY - timedelta(days=27), False, 0),  # its limit lay before the week
    ],
)
def test_far_deadlines_count_at_the_limit(enterprise, level, found, longer, due):
    row(enterprise, rectifying=True, level=level, longer_approved=longer, **order(date(2027, 3, 1), found_on=found))
    assert told(counted(), *RATES) == (due, 0, 0)


def test_a_deadline_reset_by_a_failed_review_does_not_count(enterprise):
    row(enterprise, rectifying=True, **order(date(2026, 12, 1)), deadline_before_reset=SUNDAY)
    one = counted()
    assert told(one, "due", "rectified_of_due", "overdue") == (1, 0, 1), "overdue by what it was before"
    assert Hazard.objects.overdue(SUNDAY + timedelta(days=1)).count() == 0, "the ledger goes by what is in force"


@pytest.mark.parametrize(
    ("issued", "expected"),
    [(None, 1), (SUNDAY + timedelta(days=1), 1), (SUNDAY - timedelta(days=1), 1), (SUNDAY - timedelta(days=2), 0)],
)
def test_what_nobody_issues_is_due_on_the_day_it_should_have_been(enterprise, issued, expected):
    due = SUNDAY - timedelta(days=2)
    facts = (
        {}
        if issued is None
        else {"rectifying": True, **order(date(2026, 12, 20), found_on=date(2026, 12, 1)), "issued_on": issued}
    )
    row(enterprise, **facts | {"issue_due_on": due})
    assert counted()["unissued"] == expected
    Hazard.objects.update(reopened=1)
    assert counted()["unissued"] == 0, "a row taken up again was issued in its first life"


def test_issued_late_it_is_due_once_more_by_its_own_deadline(enterprise):
    row(enterprise, rectifying=True, issue_due_on=MONDAY, **order(SUNDAY) | {"issued_on": SUNDAY})
    assert told(counted(), "unissued", "due", "rectified_of_due") == (1, 1, 0)


@pytest.mark.parametrize(("waited", "kept"), [(0, 1), (10, 1), (11, 0)])
def test_feedback_that_waits_counts_for_ten_days(enterprise, waited, kept):
    fed = SUNDAY - timedelta(days=waited)
    row(enterprise, pending=True, **order(SUNDAY), feedback_on=fed)
    assert told(counted(), *RATES, "believed", "reviews_late") == (1, kept, kept, kept, 1 - kept)


def test_feedback_refused_later_counts_in_the_span_of_the_refusal(enterprise):
    row(enterprise, rectifying=True, **order(MONDAY - timedelta(days=3)), refused_on=MONDAY)
    row(enterprise, rectifying=True, **order(SUNDAY), refused_on=SUNDAY)
    assert told(counted(), "refused", "due") == (1, 1), "one due in this very span is no second time due"


@pytest.mark.parametrize(
    ("late", "closed", "expected"), [(1, False, (0, 0, 1)), (1, True, (0, 0, 0)), (0, False, (1, 1, 0))]
)
def test_what_was_refused_after_it_was_due_is_not_rectified_in_that_span(enterprise, late, closed, expected):
    """An empty answer before each cut-off, refused after it, would else be rectified at all of them."""
    refused, again = MONDAY + timedelta(days=late), MONDAY + timedelta(days=3)
    answered = (
        {"closed": True, "closed_on": again, "rectified_on": again}
        if closed
        else {"pending": True, "feedback_on": again}
    )
    row(enterprise, **answered, **order(MONDAY), refused_on=refused)
    assert told(counted(), "rectified_of_due", "believed", "owed_general") == expected


def test_at_once_is_in_neither_rate(enterprise):
    day = datetime(2026, 11, 10, 9, tzinfo=ZONE)
    closed(enterprise, day.date(), by=SUNDAY, registered_at=day)
    row(
        enterprise,
        closed=True,
        issued_on=None,
        deadline=None,
        original_deadline=None,
        fixed_on_spot=True,
        closed_on=MONDAY,
        rectified_on=MONDAY,
    )
    assert told(counted(), *RATES, "closed") == (0, 0, 0, 2)


def test_imported_rows_without_a_day_are_rectified_and_not_on_time_or_late(enterprise):
    row(enterprise, closed=True, **order(SUNDAY), rectified_on=None, closed_on=None)
    assert told(counted(), *RATES, "undated", "closed") == (1, 1, 0, 1, 0)


def test_on_time_by_the_original_deadline_stands_beside(enterprise):
    closed(enterprise, SUNDAY, by=SUNDAY)
    Hazard.objects.update(original_deadline=MONDAY)
    assert told(counted(), "on_time", "original_on_time") == (1, 0)


def test_overdue_is_the_state_at_the_end(enterprise):
    for level, by in (("general", SUNDAY), ("major", LONG_AGO), ("general", SUNDAY + timedelta(days=1))):
        row(enterprise, rectifying=True, level=level, **order(by, found_on=LONG_AGO))
    row(enterprise, pending=True, **order(LONG_AGO, found_on=LONG_AGO))
    row(enterprise)
    assert told(counted(), "overdue", "overdue_general", "overdue_major") == (2, 1, 1)


def test_points_are_taken_off_for_all_that_is_owed(enterprise):
    """Overdue by the limit, answered and looked at by nobody, never issued: three ways not to be overdue."""
    row(enterprise, rectifying=True, **order(date(2027, 3, 1), found_on=SUNDAY - timedelta(days=20)))
    row(enterprise, pending=True, **order(MONDAY), feedback_on=SUNDAY - timedelta(days=11))
    row(enterprise, pending=True, **order(MONDAY), feedback_on=SUNDAY - timedelta(days=10))
    row(enterprise, issue_due_on=SUNDAY, level="major")
    row(enterprise, rectifying=True, **order(SUNDAY))
    assert told(counted(), "owed_general", "owed_major", "overdue") == (3, 1, 1)


def test_written_down_and_closed_within_a_day_is_no_finding(enterprise):
    at = datetime(2026, 11, 10, 9, tzinfo=ZONE)
    visit = InspectionFactory(enterprise=enterprise, inspected_on=at.date())
    facts = order(SUNDAY, found_on=at.date()) | {"inspection": visit, "registered_at": at, "rectified_on": at.date()}
    row(enterprise, closed=True, **facts, closed_on=at.date())
    assert told(counted(), "own_found", "finders") == (0, 0)
    row(enterprise, closed=True, **facts, closed_on=SUNDAY)
    assert told(counted(), "own_found", "finders") == (1, 1)


@pytest.mark.parametrize(
    ("higher_says", "unit_said", "missed"), [("消防", "用电", 1), ("消防", "消防", 0), ("", "用电", 0), ("消防", "", 0)]
)
def test_something_else_written_down_at_the_firm_is_no_excuse(enterprise, higher_says, unit_said, missed):
    InspectionFactory(enterprise=enterprise, inspected_on=SUNDAY - timedelta(days=5))
    row(enterprise, found_on=SUNDAY - timedelta(days=5), accident_type=unit_said)
    row(enterprise, found_on=SUNDAY, found_by_unit=UnitFactory(code="411402-YJ"), accident_type=higher_says)
    assert counted()["missed"] == missed


def test_a_running_period_counts_only_what_is_due_so_far(enterprise):
    today = WEEK.first + timedelta(days=3)
    for by in (today - timedelta(days=1), today, today + timedelta(days=1)):
        row(enterprise, rectifying=True, **order(by))
    assert told(counted(today=today), "due", "overdue") == (1, 1), "today is not over"
    assert told(counted(), "due", "overdue") == (3, 3)


def test_found_closed_returned_and_average_days(enterprise):
    row(enterprise, found_on=MONDAY, level="major")
    closed(enterprise, SUNDAY, by=SUNDAY, found_on=MONDAY)
    closed(enterprise, SUNDAY, by=SUNDAY, found_on=SUNDAY - timedelta(days=9))
    row(enterprise, rectifying=True, **order(date(2026, 12, 1)), reopened=1, reopened_on=SUNDAY)
    one = counted()
    assert told(one, "found", "found_major", "closed_of_found", "closed", "returned") == (2, 1, 1, 2, 1)
    assert one["avg_days"] == 7.5
    assert counted(period=parse_week("2026-W40"))["avg_days"] is None


def test_own_findings_are_those_of_own_visits(enterprise, foreign_township):
    own = InspectionFactory(enterprise=enterprise, inspected_on=MONDAY)
    of_self = InspectionFactory(enterprise=enterprise, inspected_on=MONDAY, kind="self")
    higher = InspectionFactory(enterprise=enterprise, inspected_on=MONDAY, unit=UnitFactory(code="411402-YJ"))
    row(enterprise, inspection=own, found_on=MONDAY)
    row(enterprise, inspection=own, found_on=MONDAY, fixed_on_spot=True, closed=True)
    row(enterprise, inspection=of_self, found_on=MONDAY)
    row(enterprise, inspection=higher, found_on=SUNDAY, found_by_unit=higher.unit)
    row(enterprise, found_on=MONDAY)
    assert told(counted(), "own_found", "spot", "finders", "inspections", "inspected") == (2, 1, 1, 1, 1)


@pytest.mark.parametrize(("days_before", "hour", "finders"), [(15, 12, 0), (16, 12, 1), (0, 9, 0), (0, 15, 1)])
def test_what_another_body_had_found_at_the_firm_is_no_finding(enterprise, days_before, hour, finders):
    other = UnitFactory(code="411402-YJ")
    visit = InspectionFactory(enterprise=enterprise, inspected_on=SUNDAY)
    then = SUNDAY - timedelta(days=days_before)
    row(
        enterprise,
        found_on=then,
        found_by_unit=other,
        registered_at=datetime.combine(then, datetime.min.time(), ZONE).replace(hour=hour),
    )
    row(enterprise, inspection=visit, found_on=SUNDAY, registered_at=datetime(2026, 11, 15, 12, tzinfo=ZONE))
    assert counted()["finders"] == finders


@pytest.mark.parametrize(
    ("visited", "noted", "missed"),
    [(1, None, 1), (30, None, 1), (31, None, 0), (0, None, 0), (5, 5, 0), (5, 31, 1)],
)
def test_missed_is_what_a_higher_body_finds_where_the_unit_had_been(enterprise, visited, noted, missed):
    higher = UnitFactory(code="411402-YJ")
    InspectionFactory(enterprise=enterprise, inspected_on=SUNDAY - timedelta(days=visited), nothing_found=True)
    if noted is not None:
        row(enterprise, found_on=SUNDAY - timedelta(days=noted))
    row(enterprise, found_on=SUNDAY, found_by_unit=higher)
    row(enterprise, found_on=SUNDAY, found_by_unit=higher)
    assert counted()["missed"] == missed, "each firm once"
    assert counted(kind="county", code="411402")["missed"] == 0, "of a county only what the city finds"


def test_what_a_firm_found_in_itself_is_no_visit_that_missed_anything(enterprise):
    InspectionFactory(enterprise=enterprise, inspected_on=SUNDAY - timedelta(days=5), kind="self")
    row(enterprise, found_on=SUNDAY, found_by_unit=UnitFactory(code="411402-YJ"))
    assert counted()["missed"] == 0


def test_measures_extensions_and_firms(enterprise):
    other = EnterpriseFactory(township=enterprise.township)
    for kind, on, state in (
        ("order", MONDAY, "made"), ("order", SUNDAY, "lifted"), ("penalty", SUNDAY, "made"), ("suspension", MONDAY, "made"),
        ("closure", SUNDAY, "made"), ("penalty", SUNDAY + timedelta(days=1), "made"),
    ):  # fmt: skip
        lifted = {"lifted_on": SUNDAY} if state == "lifted" else {}
        MeasureFactory(enterprise=enterprise, kind=kind, on=on, state=state, **lifted)
    MeasureFactory(enterprise=other, on=MONDAY, state="withdrawn", withdrawn_on=SUNDAY)
    MeasureFactory(enterprise=other, on=MONDAY, state="withdrawn", withdrawn_on=SUNDAY + timedelta(days=1))
    one = counted()
    assert told(one, "orders", "penalties", "suspensions", "closures", "punished") == (2, 2, 1, 1, 2)
    assert one["amount"] == "20000.00"


def test_the_register_is_its_mean_over_the_days(enterprise):
    EnterpriseFactory(township=enterprise.township, registered_on=SUNDAY)
    EnterpriseFactory(township=enterprise.township, status="closed", closed_on=MONDAY)
    EnterpriseFactory(township=enterprise.township, status="closed", closed_on=MONDAY - timedelta(days=1))
    assert counted()["register_days"] == 7 + 1 + 1


def test_a_department_answers_for_its_line_in_its_place(township):
    department = UnitFactory(code="411402-YJ")
    line = SectorFactory(competent_function="YJ")
    inside = EnterpriseFactory(township=township, sector=line)
    EnterpriseFactory(township=township, sector=SectorFactory(competent_function="XF"))
    EnterpriseFactory(township=township, sector=None)
    EnterpriseFactory(township=UnitFactory(code="411403001"), sector=line)
    row(inside, found_on=MONDAY, competent_unit=department)
    row(inside, found_on=MONDAY)
    one = counted(kind="department", code=department.code)
    assert told(one, "found", "register_days") == (1, 7)


def test_what_falls_to_nobody_stands_in_a_line_of_its_own(enterprise):
    county = EnterpriseFactory(township=UnitFactory(code="411403"))
    row(county, found_on=MONDAY)
    row(enterprise, found_on=MONDAY)
    [(table, lines)] = [
        one for one in ranked("4114", WEEK, source=live_source("4114"), version=version_for("4114", WEEK), kinds=[TOWNSHIP]) if one[0].division == "4114"
    ]  # fmt: skip
    assert table.rest["single"]["found"] == 1
    assert table.totals["single"]["found"] == 2 == sum(line.figures["single"]["found"] for line in lines) + 1


def test_drafts_void_and_discarded_rows_count_nowhere(enterprise):
    HazardFactory(enterprise=enterprise, drafted=True, found_on=MONDAY)
    HazardFactory(enterprise=enterprise, state="discarded", number=None, found_on=MONDAY)
    HazardFactory(enterprise=enterprise, state="voided", voided_on=SUNDAY, found_on=MONDAY)
    one = counted()
    assert not any(value for name, value in one.items() if name not in ("register_days", "amount", "avg_days"))


def test_what_indexes_leave_out_no_figure_counts(enterprise):
    """`relevant` spares the database rows; it may spare no figure one."""
    author, dice = UserFactory(unit=enterprise.township), iter(range(10**6))
    span = Span(MONDAY, SUNDAY)
    days = [LONG_AGO, MONDAY - timedelta(days=1), MONDAY, SUNDAY, SUNDAY + timedelta(days=9)]
    for found in days[:4]:
        for by in days:
            for reset in (None, *days[1:4]):
                next(dice)
                facts = order(max(found, by), found_on=found) | {
                    "deadline_before_reset": reset,
                    "registered_by": author,
                }
                row(enterprise, rectifying=True, **facts)
                for done in days[1:4]:
                    if done >= found:
                        row(enterprise, closed=True, **facts, rectified_on=done, closed_on=done)
    rows = scored(Hazard.objects.all(), HOUSE)
    for name, wanted in conditions(span, HOUSE).items():
        assert rows.filter(wanted).count() == rows.filter(wanted).filter(relevant(span)).count(), name


def test_the_window_of_a_month_is_three_and_that_of_a_week_four(enterprise):
    row(enterprise, found_on=date(2026, 9, 1))
    row(enterprise, found_on=date(2026, 8, 31))
    assert counted(period=parse_month("2026-11"), span="window")["found"] == 1
    row(enterprise, found_on=SUNDAY - timedelta(days=27))
    row(enterprise, found_on=SUNDAY - timedelta(days=28))
    assert counted(span="window")["found"] == 1
    assert counted(span="single")["found"] == 0


def test_what_was_shown_to_have_arisen_later_is_not_missed(enterprise, manager, safety_office):
    InspectionFactory(enterprise=enterprise, inspected_on=SUNDAY - timedelta(days=5))
    found = row(enterprise, found_on=SUNDAY, found_by_unit=UnitFactory(code="411402-YJ"))
    assert counted()["missed"] == 1
    one = flag(
        enterprise.township, manager=manager, office=safety_office, stage="dismissed", hazards=[found], kind="missed"
    )
    Flag.objects.filter(pk=one.pk).update(dismissed_on=SUNDAY + timedelta(days=1))
    assert counted()["missed"] == 1, "dismissed since"
    Flag.objects.filter(pk=one.pk).update(dismissed_on=SUNDAY)
    assert counted()["missed"] == 0


def test_reports_and_flags_stand_beside(enterprise, manager, safety_office):
    UnitFactory(code="411402-YJ")
    assert told(counted(), "reports_due", "reports_on_time", "flags") == (0, 0, 0)
    one = flag(enterprise.township, manager=manager, office=safety_office)
    Flag.objects.filter(pk=one.pk).update(raised_on=SUNDAY)
    report = Report.objects.create(
        unit=enterprise.township, kind="weekly", period="2026-W45", due_on=MONDAY, due_at=datetime(2026, 11, 9, 12, tzinfo=ZONE), state="filed", filed_by=manager,
        filed_at=datetime(2026, 11, 9, 11, tzinfo=ZONE),
    )  # fmt: skip
    assert told(counted(), "reports_due", "reports_on_time", "flags") == (1, 1, 1)
    Report.objects.filter(pk=report.pk).update(filed_at=datetime(2026, 11, 9, 13, tzinfo=ZONE))
    assert told(counted(), "reports_due", "reports_on_time") == (1, 0)
    assert counted(kind="sector", code="GMSM").get("reports_due") is None, "a sector files nothing"
