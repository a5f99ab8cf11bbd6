"""Who is asked for which report, when, and until when."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import Enterprise
from journal.audit import breaks
from reporting.lifecycle import State
from reporting.models import Opening, Reminder, Report
from reporting.operations import open_reports
from reporting.terms import Kind, cut_off, due_moment
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory
from tests.reporting.conftest import on
from workdays.periods import parse_month, parse_week
from workdays.rules import Calendar

pytestmark = pytest.mark.django_db


def owed(kind=Kind.WEEKLY):
    return set(Report.objects.filter(kind=kind).values_list("period", "unit__code", "enterprise__name"))


def test_townships_and_departments_that_somebody_serves_owe_a_report_of_the_week(
    manager, bureau, safety_office, leader
):
    UserFactory(role="manager", unit=UnitFactory(code="411402"))  # a county receives reports
    UserFactory(role="manager", unit=UnitFactory(code="411402002"), is_active=False)
    UserFactory(role="sysadmin", unit=UnitFactory(code="411402003"))
    UserFactory(role="manager", unit=UnitFactory(code="411402-XF", is_active=False))
    UserFactory(role="inspector", unit=UnitFactory(code="411402004"))
    assert open_reports(at=on(23)) == 3
    assert owed() == {("2026-W47", code, None) for code in ("411402001", "411402-YJ", "411402004")}
    report = Report.objects.get(unit=manager.unit)
    assert (report.due_at, report.due_on, report.state) == (on(23, 12), on(23).date(), State.PENDING)
    assert list(breaks([Report])) == []


def test_a_period_is_asked_for_once_and_not_before_its_cut_off(manager):
    assert open_reports(at=on(23, 8, 59)) == 0
    assert open_reports(at=on(23)) == 1
    UserFactory(role="manager", unit=UnitFactory(code="411402002"))
    assert [open_reports(at=on(23, 9, 5)), open_reports(at=on(29, 23))] == [0, 0]
    assert open_reports(at=on(30)) == 2


def test_what_a_stopped_house_missed_is_made_up_with_time_to_file(manager):
    open_reports(at=on(23))
    assert open_reports(at=on(45, 15)) == 3  # Tuesday, 15 December
    late = Report.objects.filter(period__in=["2026-W48", "2026-W49", "2026-W50"])
    assert set(late.values_list("due_at", flat=True)) == {on(45, 18)}
    assert open_reports(at=on(45, 16)) == 0


def test_a_new_house_does_not_begin_in_the_middle_of_a_period(manager):
    assert open_reports(at=on(25)) == 0
    assert open_reports(at=on(30)) == 1
    assert [one.period for one in Opening.objects.filter(kind=Kind.WEEKLY)] == ["2026-W48"]


def test_firms_with_an_account_owe_a_report_of_the_month(enterprise_user, enterprise, township):
    closed, alone = EnterpriseFactory(township=township, status=Enterprise.Status.CLOSED), EnterpriseFactory()
    closed.members.add(UserFactory(role="enterprise", unit=None))
    alone.members.add(UserFactory(role="enterprise", unit=None, is_active=False))
    assert open_reports(at=on(31)) == 1
    assert owed(Kind.MONTHLY) == {("2026-11", None, enterprise.name)}
    report = Report.objects.get()
    # 5 December 2026 is a Saturday.
    assert (report.due_at, report.division_code) == (on(37, 12), township.division_code)


def test_a_holiday_moves_the_moment_to_the_first_working_day():
    calendar = Calendar(exceptions={on(23).date(): False})
    assert due_moment(parse_week("2026-W47"), calendar) == on(24, 12)
    assert due_moment(parse_week("2026-W48"), calendar) == on(30, 12)


def test_the_house_says_when(settings):
    settings.REPORT_CUT_OFF_HOUR, settings.REPORT_WEEKDAY, settings.REPORT_HOUR, settings.REPORT_MONTH_DAY = (
        8,
        3,
        17,
        31,
    )
    calendar = Calendar()
    assert cut_off(parse_week("2026-W47")) == on(23, 8)
    assert due_moment(parse_week("2026-W47"), calendar) == on(25, 17)
    assert due_moment(parse_month("2026-10"), calendar) == on(30, 17)  # November has no 31st
    settings.REPORT_HOUR, settings.REPORT_WEEKDAY = 7, 1
    assert due_moment(parse_week("2026-W47"), calendar) == on(23, 8)  # never before it can be filed


def test_many_units_are_asked_with_a_few_statements(manager):
    counts = []
    for week in (23, 30):
        with CaptureQueriesContext(connection) as queries:
            open_reports(at=on(week))
        counts.append(len(queries))
        for number in range(20):
            UserFactory(role="manager", unit=UnitFactory(code=f"4114020{10 + number}"))
    assert Report.objects.filter(period="2026-W48").count() == 21 == Reminder.objects.count() - 1
    assert counts[1] <= counts[0] + 1
