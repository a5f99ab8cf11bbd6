"""The ladder of reports: who is reminded when, once and for all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Notification
from reporting import operations
from reporting.ladder import next_at, steps_at
from reporting.models import Reminder, Report
from reporting.reminders import send_reminders
from reporting.terms import Kind
from tests.factories import UnitFactory, UserFactory
from tests.reporting.conftest import on
from tests.reports import ask_for

pytestmark = pytest.mark.django_db


def sweep(*moments):
    """What is written at each moment: ``[{(recipient, title), …}, …]``."""
    found, seen = [], set(Notification.objects.values_list("pk", flat=True))
    for at in moments:
        send_reminders(at=at)
        new = Notification.objects.exclude(pk__in=seen)
        found.append(set(new.values_list("recipient__full_name", "title")))
        seen |= set(new.values_list("pk", flat=True))
    return found


def test_the_filer_is_reminded_before_at_and_after_the_moment_until_it_is_filed(
    report, manager, bureau, safety_office, township
):
    operations.file_report(Report.objects.get(unit=bureau.unit), by=bureau, at=on(23, 10))
    name, said = "请报送2026 年第 47 周周报", manager.full_name
    early, ahead, again, due, day = sweep(on(23, 10, 30), on(23, 11), on(23, 11, 30), on(23, 12), on(24, 12))
    assert (early, ahead, again) == (set(), {(said, f"{name}：11-23 12:00 前")}, set())
    assert due == {(said, f"{name}：已到期限")}
    assert day == {(said, f"{name}：逾期 1 天")}
    operations.file_report(report, by=manager, at=on(24, 15))
    assert sweep(on(25, 12), on(40)) == [set(), set()]
    assert not Reminder.objects.exists()


def test_only_the_step_reached_is_told_after_a_stop_and_nothing_twice(report, manager, asked, bureau):
    [late] = sweep(on(25, 15))
    assert {title for name, title in late if name == manager.full_name} == {"请报送2026 年第 47 周周报：逾期 2 天"}
    Reminder.objects.update(next_at=on(25, 15))
    assert sweep(on(25, 16)) == [set()]
    assert set(Reminder.objects.values_list("next_at", flat=True)) == {on(26, 12)}


def test_an_office_hears_once_of_all_that_is_missing_in_its_territory(report, manager, bureau, safety_office, leader):
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"), full_name="梁园安委办")
    UserFactory(role="safety_office", unit=UnitFactory(code="411403-AWB"), full_name="睢阳安委办")
    heard = sweep(on(25, 11, 59), on(25, 12))[1]
    said = "2026 年第 47 周周报：逾期 2 天，还有 2 个单位未报"
    assert {one for one in heard if one[0] not in (manager.full_name, bureau.full_name)} == {
        (safety_office.full_name, said), (county.full_name, said),
    }  # fmt: skip
    message = Notification.objects.get(recipient=county)
    assert message.url == "/reports/?period=2026-W47&state=missing"


def test_after_a_week_it_goes_on_weekly(report):
    due = on(23, 12)
    assert [next_at(Kind.WEEKLY, due, after=due + timedelta(days=days)) for days in (6, 7, 8, 20)] == [
        due + timedelta(days=days) for days in (7, 9, 9, 21)
    ]  # the offices' weeks begin two days after the moment
    assert [step.code for step in steps_at(Kind.WEEKLY, due, due + timedelta(days=15, hours=3))] == ["T+336", "T+216"]


def test_a_returned_report_climbs_a_new_ladder(report, manager, safety_office):
    operations.file_report(report, by=manager, at=on(23, 11, 30))
    operations.return_report(report, by=safety_office, at=on(24, 10), reason="请核实")
    assert [{title for name, title in found if name == manager.full_name} for found in sweep(on(24, 12), on(25, 9), on(25, 10))] == [
        set(), {"请报送2026 年第 47 周周报：11-25 10:00 前"}, {"请报送2026 年第 47 周周报：已到期限"},
    ]  # fmt: skip


def test_what_waits_to_be_mailed_is_mailed_no_more_once_it_is_filed(report, manager):
    send_reminders(at=on(23, 11))
    assert Notification.objects.filter(recipient=manager, next_try_at__isnull=False).count() == 1
    operations.file_report(report, by=manager, at=on(23, 11, 1))
    assert not Notification.objects.filter(recipient=manager, next_try_at__isnull=False).exists()


def test_a_firm_is_reminded_the_day_before(monthly, enterprise_user):
    # 5 November 2026 is a Thursday.
    assert sweep(on(4, 11), on(4, 12)) == [
        set(),
        {(enterprise_user.full_name, "请报送2026 年 10 月自查月报：11-05 12:00 前")},
    ]


def test_the_sweep_costs_the_same_for_many(report, asked):
    costs = []
    for week in (23, 30):
        if week == 30:
            for number in range(20):
                UserFactory(role="manager", unit=UnitFactory(code=f"4114020{10 + number}"))
            Report.objects.all()
            ask_for(Kind.WEEKLY, at=on(30))
            Reminder.objects.filter(due_at=on(23, 12)).update(next_at=on(39))
        with CaptureQueriesContext(connection) as queries:
            send_reminders(at=on(week, 12))
        costs.append(len(queries))
    assert Notification.objects.filter(title__contains="48 周").count() >= 20
    assert costs[0] == costs[1]
