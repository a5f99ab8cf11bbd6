"""隐患排查治理统计分析表: each column against rows made for it, and the rules that a form is checked by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from hazards import operations as hazards
from rankings.kinds import SECTOR
from rankings.official import quarterly
from rankings.operations import freeze
from rankings.shown import shown
from reporting import operations as reporting
from reporting.models import Report
from reporting.terms import Kind
from tests import reports
from tests.factories import (
    EnterpriseFactory,
    InspectionFactory,
    SectorFactory,
    UnitFactory,
    UserFactory,
)
from tests.rankings.official import (
    AT,
    END,
    GENERAL,
    LONG_AGO,
    MAJOR,
    QUARTER,
    TODAY,
    basis,
    by_name,
    closed,
    noon,
    of_quarterly,
    planned,
    row,
    sector_row,
    told,
)
from tests.rankings.test_links import fill
from workdays.periods import parse_month, parse_quarter, parse_week

pytestmark = pytest.mark.django_db


def test_a_quarter_is_cumulated_since_january(city, enterprise):
    closed(enterprise, date(2026, 3, 9), found=LONG_AGO)
    row(enterprise, found=END)
    row(enterprise, found=END + timedelta(days=1))
    row(enterprise, found=date(2025, 12, 31))

    form = quarterly.filled(basis(QUARTER, cumulated=True), city)
    assert told(by_name(form)[enterprise.sector.name], *GENERAL) == (2, 1, Decimal("50.0"))
    assert form.title == "商丘市 2026 年第 3 季度事故隐患排查治理情况统计分析表（季报）"
    assert "截止到 2026 年 9 月 30 日" in form.lead
    assert "2026-01-01 至 2026-09-30" in form.stamp


def test_majors_of_years_before_are_carried_over_while_they_are_open_or_were_closed_since(city, enterprise):
    before = date(2025, 11, 3)
    row(enterprise, found=before, level="major")
    closed(enterprise, LONG_AGO, found=before, level="major")
    closed(enterprise, date(2025, 12, 31), found=before, level="major")
    row(enterprise, found=before, level="major", closed=True, closed_on=None, rectified_on=None, reviewed_on=None)
    closed(enterprise, END + timedelta(days=1), found=LONG_AGO, level="major")

    form = quarterly.filled(basis(QUARTER, cumulated=True), city)

    assert told(by_name(form)[enterprise.sector.name], *MAJOR) == (3, 1, Decimal("33.3"))
    assert form.notes[0] == "重大隐患数（5）含以前发现、本期初尚未销号的 2 项。"


def test_plans_count_those_open_with_each_assurance_and_their_money(city, enterprise):
    first, second, done = (row(enterprise, found=LONG_AGO, level="major") for _ in range(3))
    type(done).objects.filter(pk=done.pk).update(state="closed", closed_on=END, rectified_on=END, feedback_on=END)
    planned(first, noon(END), money=Decimal("100000.40"))
    planned(second, noon(END), number=1, money=990000)
    planned(second, noon(END), number=2, money=20000, funds_settled=False)  # in force is the newest one
    planned(second, noon(END), number=3, money=1, approved=False)
    planned(done, noon(END))

    one = sector_row(city, enterprise.sector)

    assert told(one, "major", "major_closed", "planned", "money") == (3, 1, 2, Decimal("12.00"))
    assert told(one, "measures", "funds", "responsibility", "time", "emergency") == (2, 1, 2, 2, 2)


@pytest.mark.parametrize(
    ("decided", "approved", "expected"),
    [(END, True, 1), (END + timedelta(days=1), True, 0), (END, False, 0), (END, None, 0)],
)
def test_a_plan_counts_that_was_approved_by_the_last_day(city, enterprise, decided, approved, expected):
    planned(row(enterprise, found=LONG_AGO, level="major"), noon(decided), approved=approved)

    assert sector_row(city, enterprise.sector)["planned"] == expected


def test_an_order_given_anew_ends_the_plan_of_before(city, enterprise, safety_office, photo):
    hazard = closed(enterprise, date(2026, 4, 1), found=LONG_AGO, level="major")
    planned(hazard, noon(LONG_AGO))
    hazard.refresh_from_db()
    hazards.reopen(
        hazard, by=safety_office, at=noon(date(2026, 5, 6)), reason="隐患反弹", photos=[photo(safety_office)], days=20
    )

    assert sector_row(city, enterprise.sector)["planned"] == 0
    planned(hazard, noon(date(2026, 5, 8)), number=2)
    assert sector_row(city, enterprise.sector)["planned"] == 1


def test_firms_are_those_visited_or_reporting_once_each(city, township):
    own = SectorFactory()
    visited, both, reporting_one, _idle = (EnterpriseFactory(township=township, sector=own) for _ in range(4))
    for firm, kind in ((visited, "routine"), (visited, "self"), (both, "self")):
        InspectionFactory(enterprise=firm, inspected_on=date(2026, 11, 2), kind=kind)
    for firm in (both, reporting_one):
        member = UserFactory(role="enterprise", unit=None)
        firm.members.add(member)
    reports.ask_for(Kind.MONTHLY, at=AT)
    for report in Report.objects.filter(enterprise__in=(both, reporting_one)):
        by = report.enterprise.members.get()
        reporting.file_report(report, by=by, at=noon(date(2026, 11, 3)), words="自查两次")

    assert sector_row(city, own, parse_quarter("2026-Q4"))["firms"] == 3
    assert sector_row(city, own, QUARTER)["firms"] == 0


def test_what_has_no_sector_stands_in_a_row_of_its_own_and_in_the_total(city, enterprise):
    assert quarterly.NO_SECTOR not in of_quarterly(city, QUARTER)
    row(enterprise, found=LONG_AGO, sector=None)
    row(enterprise, found=LONG_AGO)

    found = of_quarterly(city, QUARTER)

    assert [found[name]["general"] for name in (quarterly.NO_SECTOR, enterprise.sector.name, "合计")] == [1, 1, 2]


@pytest.mark.parametrize("code", ["2026-W46", "2026-10"])
def test_sectors_of_a_frozen_period_say_what_their_table_says(code):
    period = parse_week(code) if "W" in code else parse_month(code)
    fill(period.last, period.first - timedelta(days=30))
    freeze("4114", period, at=timezone.now())

    found = of_quarterly(UnitFactory(code="4114"), period)

    lines = {line.name: line.figures["single"] for line in shown("4114", SECTOR, period, today=TODAY, at=AT).lines}
    form = quarterly.filled(basis(period, cumulated=True), UnitFactory(code="4114"))
    assert sum(one["found"] for one in lines.values()) > 5
    for name, line in lines.items():
        one = found[name]
        carried = one["major"] - line["found_major"]
        assert carried >= 0
        assert one["general"] == line["found"] - line["found_major"]
    assert not form.wrong


def test_the_rules_of_the_form_are_checked():
    fine = dict.fromkeys(quarterly.SUMMED, 0) | {
        "name": "工贸",
        "major": 2,
        "major_closed": 1,
        "planned": 1,
        "funds": 1,
    }

    assert quarterly.checked([fine]) == []
    assert quarterly.checked([fine | {"planned": 2}]) == [
        "工贸：列入治理计划的重大隐患（8）多于未销号的重大隐患（5－6），请核对台账后再报"
    ]
    assert quarterly.checked([fine | {"funds": 2}]) == [
        "工贸：落实治理经费物资（10）多于列入治理计划的重大隐患（8），请核对台账后再报"
    ]
