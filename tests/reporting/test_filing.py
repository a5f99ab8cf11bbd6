"""What is done to a report: filed, with figures nobody types; returned; chased; excused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from reporting import operations
from reporting.figures import figures_of, seal_of
from reporting.lifecycle import State
from reporting.models import Report
from tests.factories import HazardFactory, InspectionFactory
from tests.reporting.conftest import on

pytestmark = pytest.mark.django_db


def values(figures):
    return {
        (one["name"] if isinstance(one, dict) else one.name): (one["value"] if isinstance(one, dict) else one.value)
        for one in figures
    }


@pytest.fixture
def week(enterprise, inspector, township):
    """Of week 47 in the township: one visit, two hazards found, one of them major, one closed, an older one overdue."""
    visit = InspectionFactory(enterprise=enterprise, unit=township, inspected_on=on(18).date(), created_by=inspector)
    facts = {
        "enterprise": enterprise,
        "inspection": visit,
        "found_by_unit": township,
        "registered_by": inspector,
        "registered_at": on(18),
    }
    HazardFactory(state="registered", found_on=on(18).date(), level="major", **facts)
    days = {name: on(20).date() for name in ("deadline", "original_deadline", "reviewed_on", "closed_on")}
    days |= {name: on(18).date() for name in ("found_on", "issued_on", "rectified_on")}
    HazardFactory(closed=True, **days, **facts)
    days = {
        "found_on": on(2).date(),
        "issued_on": on(3).date(),
        "deadline": on(10).date(),
        "original_deadline": on(10).date(),
    }
    HazardFactory(rectifying=True, **days, **facts)


COUNTED = {"inspections": 1, "found": 2, "found_major": 1, "closed": 1, "due": 1, "overdue": 1}


def test_the_figures_are_the_ranking_s_own_and_sealed_when_it_is_filed(report, week, manager, inspector):
    assert values(figures_of(report, on(23, 10))) == COUNTED
    event = operations.file_report(
        report, by=manager, at=on(23, 10), words="检查一家企业", explanation="一条为上月遗留"
    )
    report.refresh_from_db()
    assert (report.state, report.filed_at, report.filed_by, report.is_late) == (State.FILED, on(23, 10), manager, False)
    assert values(report.figures) == COUNTED == values(event.facts["figures"])
    assert (report.words, report.explanation, event.note) == ("检查一家企业", "一条为上月遗留", "检查一家企业")
    assert event.changes["发现隐患（条）"] == "2" and "迟报" not in event.changes
    assert list(breaks([Report])) == []
    HazardFactory(
        enterprise=report.unit.enterprises.get(), found_on=on(19).date(), state="registered", registered_by=inspector
    )
    report.refresh_from_db()
    assert values(report.figures) == COUNTED


def test_other_figures_than_those_shown_are_not_confirmed(report, manager, week):
    with pytest.raises(Refused, match="台账的数据有了变化"):
        operations.file_report(report, by=manager, at=on(23, 10), seen="inspections=0")
    shown = seal_of(figures_of(report, on(23, 10)))
    assert operations.file_report(report, by=manager, at=on(23, 10), seen=shown).kind == "file"


def test_a_zero_report_is_one_of_zeros_alone(report, asked, manager, bureau, week):
    with pytest.raises(Refused, match="不全为零（检查（次） 1，发现隐患（条） 2"):
        operations.file_report(report, by=manager, at=on(23, 10), zero=True)
    assert report.state == State.PENDING
    other = Report.objects.get(unit=bureau.unit)
    assert operations.file_report(other, by=bureau, at=on(23, 10), zero=True).kind == "file_zero"
    other.refresh_from_db()
    assert other.is_zero and len(other.figures) == 6 and not any(values(other.figures).values())


def test_late_is_what_comes_after_the_moment(report, manager):
    assert not report.is_missing(on(23, 12)) and report.is_missing(on(23, 12, 1))
    event = operations.file_report(report, by=manager, at=on(25, 13))
    assert report.is_late and event.changes["迟报"] == "2 天"
    assert (Report.objects.late().count(), Report.objects.on_time().count()) == (1, 0)


def test_at_the_very_moment_it_is_in_time(report, manager):
    operations.file_report(report, by=manager, at=on(23, 12))
    assert not report.is_late and Report.objects.on_time().count() == 1


def test_a_return_makes_nobody_late_and_nobody_who_was_late_punctual(report, manager, safety_office):
    operations.file_report(report, by=manager, at=on(23, 11), zero=True)
    operations.return_report(report, by=safety_office, at=on(24, 9), reason="本周有检查，请核实")
    report.refresh_from_db()
    assert (report.state, report.due_at, report.due_on) == (State.RETURNED, on(25, 9), on(23).date())
    assert (report.filed_at, report.filed_by, report.is_zero) == (None, None, False)
    operations.file_report(report, by=manager, at=on(25, 10))
    assert report.is_late
    operations.return_report(report, by=safety_office, at=on(25, 11), reason="再核")
    operations.file_report(report, by=manager, at=on(25, 12))
    report.refresh_from_db()
    assert report.is_late and report.due_at == on(25, 9)
    assert list(breaks([Report])) == []


def test_nobody_files_for_another_body(
    report, asked, manager, bureau, inspector, safety_office, stranger, monthly, enterprise_user
):
    for person in (inspector, safety_office, bureau, stranger, enterprise_user):
        with pytest.raises(NotPermitted):
            operations.file_report(report, by=person, at=on(23, 10))
    with pytest.raises(NotPermitted):
        operations.file_report(monthly, by=manager, at=on(3))
    assert operations.file_report(monthly, by=enterprise_user, at=on(3), zero=True).kind == "file_zero"
    assert operations.return_report(monthly, by=manager, at=on(4), reason="请补自查情况").to_state == State.RETURNED
    assert operations.file_report(report, by=manager, at=on(23, 10)).kind == "file"
    for person in (bureau, inspector, stranger):
        with pytest.raises(NotPermitted):
            operations.return_report(report, by=person, at=on(23, 11), reason="不对")
    with pytest.raises(Conflict):
        operations.file_report(report, by=manager, at=on(23, 11))


def test_a_firm_s_month_is_counted_from_its_own_inspections(monthly, enterprise_user, enterprise, inspector, township):
    own = InspectionFactory(
        kind="self", enterprise=enterprise, unit=township, inspected_on=date(2026, 10, 12), created_by=inspector
    )
    InspectionFactory(
        kind="self", enterprise=enterprise, unit=township, inspected_on=date(2026, 11, 1), created_by=inspector
    )
    InspectionFactory(kind="self", unit=township, inspected_on=date(2026, 10, 12), created_by=inspector)
    facts = {"enterprise": enterprise, "registered_by": inspector, "found_by_unit": township}
    HazardFactory(inspection=own, state="registered", found_on=date(2026, 10, 12), **facts)
    HazardFactory(state="registered", found_on=date(2026, 10, 13), **facts)
    HazardFactory(
        state="rectifying",
        found_on=date(2026, 9, 13),
        issued_on=date(2026, 9, 14),
        original_deadline=date(2026, 10, 30),
        deadline=date(2026, 10, 30),
        **facts,
    )
    counted = {"self_inspections": 1, "self_found": 1, "found": 2, "closed": 0, "overdue": 1}
    assert values(figures_of(monthly, on(3))) == counted
    operations.file_report(monthly, by=enterprise_user, at=on(3))
    assert values(monthly.figures) == counted


def test_a_chase_reaches_who_owes_it_once_a_day(report, asked, manager, bureau, safety_office):
    event = operations.chase(report, by=safety_office, at=on(23, 14), words="请今天报")
    assert event.changes == {"送达": "郑有田"} and event.to_state == State.PENDING
    assert operations.chased_that_day(asked, by=safety_office, at=on(23, 20)).keys() == {report.pk}
    with pytest.raises(Refused, match="今天已经催报过"):
        operations.chase(report, by=safety_office, at=on(23, 23), words="请今天报")
    operations.chase(report, by=safety_office, at=on(24, 9), words="请今天报")
    publish(at=on(24, 9))
    told = Notification.objects.filter(title__startswith="催报")
    assert set(told.values_list("recipient", flat=True)) == {manager.pk} and told.count() == 2
    assert all("请今天报" in body for body in told.values_list("body", flat=True))
    User.objects.filter(pk=manager.pk).update(is_active=False, state="stopped")
    assert "没有在用的账号" in operations.chase(report, by=safety_office, at=on(25), words="请报").changes["送达"]


def test_who_owes_a_report_is_told_that_it_was_asked_for_and_returned(
    report, asked, manager, bureau, inspector, safety_office
):
    publish(at=on(23))
    asked_for = Notification.objects.filter(title__startswith="请报送2026 年第 47 周周报，11-23 12:00 前")
    assert set(asked_for.values_list("recipient", flat=True)) == {manager.pk, bureau.pk}
    operations.file_report(report, by=manager, at=on(23, 10))
    operations.return_report(report, by=safety_office, at=on(23, 11), reason="请核实")
    publish(at=on(23, 11))
    [told] = Notification.objects.filter(title__startswith="退回重报：2026 年第 47 周周报，11-24 11:00 前")
    assert told.recipient == manager and "请核实" in told.body


def test_what_is_excused_is_owed_no_more(report, safety_office, manager):
    operations.excuse(report, by=safety_office, at=on(23, 10), reason="机构撤并")
    assert not Report.objects.open().filter(pk=report.pk).exists()
    with pytest.raises(Conflict):
        operations.file_report(report, by=manager, at=on(23, 11))


def test_the_database_holds_a_report_to_its_body_and_its_filing(report, enterprise, manager):
    for wrong in (
        {"enterprise": enterprise}, {"unit": None}, {"kind": "monthly"}, {"state": "filed"}, {"filed_at": on(23)}, {"is_zero": True},
        {"state": "late"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**wrong)
