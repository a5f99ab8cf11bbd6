"""安全生产检查和专项整治统计表: each cell against rows made for it, the grid against the printed form, sums against the tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from rankings.kinds import COUNTY, DEPARTMENT, TOWNSHIP
from rankings.official import checks, quarterly
from rankings.official.layout import NOTHING_TO_DIVIDE, cells_of, columns_of, percent, ten_thousands
from rankings.operations import freeze
from rankings.shown import shown
from tests.factories import (
    EnterpriseFactory,
    InspectionFactory,
    MeasureFactory,
    SectorFactory,
    UnitFactory,
)
from tests.rankings.official import (
    AT,
    FIRST,
    GENERAL,
    LAST,
    LONG_AGO,
    MAJOR,
    MONTH,
    TODAY,
    basis,
    by_name,
    closed,
    merged,
    of_checks,
    pending,
    row,
    told,
)
from tests.rankings.test_links import fill
from workdays.periods import parse_month, parse_quarter, parse_week, parse_year

pytestmark = pytest.mark.django_db


# --- the grid


def test_the_form_of_checks_is_merged_as_printed():
    assert len(columns_of(checks.HEADS)) == 17
    assert merged(checks.HEADS, 2) == {
        "A2:A5", "B2:B5", "C2:M2", "C3:C4", "D3:D4", "E3:E4", "F3:H3", "I3:K3", "L3:L4", "M3:M4", "N2:Q2", "Q3:Q4",
    }  # fmt: skip


def test_the_quarterly_form_has_its_fifteen_columns_under_five_rows():
    assert len(columns_of(quarterly.HEADS)) == 15
    assert len(cells_of(quarterly.HEADS)) == 5
    assert merged(quarterly.HEADS, 1) == {
        "A1:A5", "B2:B4", "C1:E1", "C2:C4", "D2:D4", "E2:E4", "F1:O1", "F2:H2", "F3:F4", "G3:G4", "H3:H4", "I2:O2", "I3:I4",
        "J3:N3", "O3:O4",
    }  # fmt: skip
    units = [cell.label for cell in cells_of(quarterly.HEADS)[-1]]
    assert [label[label.index("（") :] for label in units] == [f"（{number}）" for number in range(1, 15)]


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(51, 63, "81.0"), (1, 2, "50.0"), (1, 16, "6.3"), (0, 3, "0.0"), (0, 0, NOTHING_TO_DIVIDE)],
)
def test_a_rate_has_one_decimal_and_nothing_is_divided_by_nothing(part, whole, expected):
    assert str(percent(part, whole)) == expected


def test_money_is_told_in_ten_thousands_with_two_decimals():
    assert [str(ten_thousands(yuan)) for yuan in (Decimal("45000"), Decimal("50"), Decimal("149.99"), 0)] == [
        "4.50", "0.01", "0.01", "0.00",
    ]  # fmt: skip


# --- the form of checks


def test_hazards_are_those_found_in_the_period_and_put_right_by_its_end(city, township, enterprise):
    closed(enterprise, LAST)
    row(enterprise, LAST)
    row(enterprise, LAST + timedelta(days=1))
    closed(enterprise, FIRST, found=FIRST - timedelta(days=1))
    closed(enterprise, LAST, level="major")
    pending(enterprise, LAST, level="major")
    row(enterprise, drafted=True, state="draft", issued_on=None, deadline=None)

    one = of_checks(city)[township.short_name]

    assert told(one, *GENERAL) == (2, 1, Decimal("50.0"))
    assert told(one, *MAJOR) == (2, 1, Decimal("50.0"))


@pytest.mark.parametrize(
    ("answered", "reviewed", "rectified"),
    [
        (LAST, None, 1),
        (LAST - timedelta(days=10), None, 1),
        (LAST - timedelta(days=11), None, 0),  # nobody has looked at it for longer than an answer is believed
        (LAST + timedelta(days=1), None, 0),
        (LAST, LAST + timedelta(days=3), 1),  # waited for review at the end of the period
        (LAST - timedelta(days=11), LAST + timedelta(days=1), 0),
        (LAST + timedelta(days=1), LAST + timedelta(days=3), 0),  # put right after the period
        (LAST - timedelta(days=11), LAST, 1),
    ],
)
def test_an_answer_counts_as_it_stood_at_the_end(city, township, enterprise, answered, reviewed, rectified):
    if reviewed is None:
        pending(enterprise, answered)
    else:
        row(enterprise, closed=True, feedback_on=answered, rectified_on=answered, closed_on=reviewed)

    assert of_checks(city)[township.short_name]["general_rectified"] == rectified


def test_what_was_closed_elsewhere_without_a_day_counts_as_closed(city, township, enterprise):
    row(enterprise, closed=True, feedback_on=None, rectified_on=None, reviewed_on=None, closed_on=None)

    assert told(of_checks(city)[township.short_name], *GENERAL) == (1, 1, Decimal("100.0"))


def test_visits_are_counted_and_not_firms_and_none_of_a_firm_to_itself(city, township, enterprise):
    for day in (FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)):
        InspectionFactory(enterprise=enterprise, inspected_on=day)
    InspectionFactory(enterprise=enterprise, inspected_on=FIRST, kind="self")

    assert of_checks(city)[township.short_name]["inspections"] == 2


def test_the_register_is_that_of_the_last_day(city, township):
    EnterpriseFactory(township=township, registered_on=LAST)
    EnterpriseFactory(township=township, registered_on=LAST + timedelta(days=1))
    EnterpriseFactory(township=township, closed_on=LAST)
    EnterpriseFactory(township=township, closed_on=LAST + timedelta(days=1))

    assert of_checks(city)[township.short_name]["firms"] == 2


def test_penalties_stand_before_the_slash_and_their_amount_in_ten_thousands(city, township, enterprise):
    MeasureFactory(enterprise=enterprise, on=FIRST, amount=45000)
    MeasureFactory(enterprise=enterprise, on=LAST, amount=Decimal("200.50"))
    MeasureFactory(enterprise=enterprise, on=LAST + timedelta(days=1))
    MeasureFactory(enterprise=enterprise, on=FIRST, state="withdrawn", withdrawn_on=LAST)
    MeasureFactory(enterprise=enterprise, on=FIRST, kind="order")
    for _ in range(2):
        MeasureFactory(enterprise=enterprise, on=FIRST, kind="transfer")

    one = of_checks(city)[township.short_name]

    assert told(one, "penalties", "amount", "transferred") == ("2/　", "4.52/　", 1)


def test_what_no_book_says_is_left_to_be_written_in(city, township, enterprise):
    one = of_checks(city)[township.short_name]

    assert told(one, "检查企业目标", "打击非法违法行为", "整治违规违章行为", "（违法/事故）") == (None,) * 4


def test_a_total_is_the_sum_of_its_rows_and_its_rate_total_by_total(city, township, enterprise):
    other = EnterpriseFactory(township=UnitFactory(code="411402002"))
    closed(enterprise, LAST)
    for _ in range(3):
        row(other)
    InspectionFactory(enterprise=other, inspected_on=FIRST)
    MeasureFactory(enterprise=enterprise, on=FIRST, amount=10000)

    total = of_checks(city)["合计"]

    assert told(total, "firms", "inspections", "penalties", "amount") == (2, 1, "1/　", "1.00/　")
    assert told(total, *GENERAL) == (4, 1, Decimal("25.0"))
    assert told(total, *MAJOR) == (0, 0, NOTHING_TO_DIVIDE)


def test_what_lies_in_no_row_is_told_under_the_table(city, township, enterprise):
    bureau = UnitFactory(code="411402-YJ")
    InspectionFactory(enterprise=enterprise, unit=bureau, inspected_on=FIRST)
    row(enterprise)
    county = checks.filled(basis(), UnitFactory(code="411402"), TOWNSHIP, {})
    bodies = checks.filled(basis(), city, DEPARTMENT, {})

    assert county.notes[0] == "未落到表内任何乡镇、不在合计内的：检查 1 家次。"
    assert bodies.notes[0] == "未落到表内任何部门、不在合计内的：一般隐患 1 项。"
    assert checks.filled(basis(), city, COUNTY, {}).notes[0].startswith("“已整治”")


def test_departments_answer_for_their_line_of_work_and_a_firm_stands_once_in_the_total(city, township):
    sector = SectorFactory(competent_function="YJ")
    EnterpriseFactory(township=township, sector=sector)
    EnterpriseFactory(township=UnitFactory(code="411403001"), sector=sector)
    EnterpriseFactory(township=township, sector=SectorFactory(competent_function="JY"))
    for code, name in (("4114-YJ", "市应急局"), ("411402-YJ", "区应急局"), ("411402-WL", "区文旅局")):
        UnitFactory(code=code, short_name=name)

    found = of_checks(city, DEPARTMENT)

    assert {name: one["firms"] for name, one in found.items()} == {
        "市应急局": 2,
        "区应急局": 1,
        "区文旅局": 0,
        "合计": 2,
    }


def test_a_department_s_own_form_has_one_row_with_what_is_its_own(city, township, enterprise):
    bureau = UnitFactory(code="411402-YJ", short_name="区应急局")
    UnitFactory(code="4114-YJ", short_name="市应急局")
    row(enterprise, competent_unit=bureau)
    row(enterprise)
    InspectionFactory(enterprise=enterprise, unit=bureau, inspected_on=FIRST)
    InspectionFactory(enterprise=enterprise, inspected_on=FIRST)

    found = of_checks(bureau, DEPARTMENT)

    assert found.keys() == {"区应急局", "合计"}
    assert told(found["区应急局"], "general", "inspections") == (1, 1)


# --- sums and freezes


@pytest.mark.parametrize("kind", [TOWNSHIP, COUNTY, DEPARTMENT], ids=lambda kind: kind.code)
@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_week_s_form_says_what_its_table_says(kind, is_frozen, settings):
    week = parse_week("2026-W46")
    fill(week.last, week.first - timedelta(days=60))
    city = UnitFactory(code="4114")
    if is_frozen:
        freeze("4114", week, at=timezone.now())

    form = checks.filled(basis(week), city, kind, {})

    table = shown("4114", kind, week, today=TODAY, at=AT)
    lines = {line.name: line.figures["single"] for line in table.lines}
    names = [
        row["name"]
        for row in sorted(
            ({"name": line.short_name, "code": line.code} for line in table.lines), key=lambda one: one["code"]
        )
    ]
    assert [values[1] for values in form.rows] == names
    assert sum(one["found"] for one in lines.values()) > 5
    for values in form.rows:
        one = dict(zip([head.key for head in form.columns], values, strict=True))
        told = lines[one["name"]]
        assert (one["inspections"], one["general"] + one["major"], one["major"]) == (
            told["inspections"], told["found"], told["found_major"],
        )  # fmt: skip
        assert one["penalties"] == f"{told['penalties']}/　"
        closed_ones = told["closed_of_found"]
        assert (
            closed_ones
            <= one["general_rectified"] + one["major_closed"]
            <= closed_ones + told["believed"] + told["found"]
        )


def test_a_frozen_month_stands_whatever_happens_since(city, township, enterprise, inspector):
    open_one, kept = row(enterprise), closed(enterprise, LAST)
    freeze("4114", MONTH, at=timezone.now())
    before = checks.filled(basis(), city, TOWNSHIP, {})

    type(open_one).objects.filter(pk=open_one.pk).update(
        state="closed", closed_on=LAST, rectified_on=LAST, feedback_on=LAST
    )
    type(kept).objects.filter(pk=kept.pk).update(state="voided", closed_on=None, voided_on=LAST)
    row(enterprise)

    after = checks.filled(basis(), city, TOWNSHIP, {})
    assert (after.rows, after.total) == (before.rows, before.total)
    assert told(by_name(after)[township.short_name], *GENERAL) == (2, 1, Decimal("50.0"))
    assert "已冻结" in after.stamp


def test_quarter_and_year_are_counted_from_the_ledger_and_say_so(city, township, enterprise):
    freeze("4114", MONTH, at=timezone.now())
    row(enterprise)
    row(enterprise, found=LONG_AGO)

    quarter = checks.filled(basis(parse_quarter("2026-Q4")), city, TOWNSHIP, {})
    year = checks.filled(basis(parse_year("2026")), city, TOWNSHIP, {})

    assert [by_name(form)[township.short_name]["general"] for form in (quarter, year)] == [1, 2]
    assert (
        quarter.stamp
        == "统计时段 2026-10-01 至 2026-11-20，实时统计，截至 2026-11-20 12:00 台账中的记录；2026-11-20 以后的整改不计"
    )


def test_a_quarter_is_counted_from_the_freeze_of_the_month_it_ends_with(city, township, enterprise):
    """Put right, voided and found since: the quarter stands. The year, which no freeze reaches back for, is of the ledger."""
    day = date(2026, 7, 6)
    rows = [row(enterprise, day), row(enterprise, date(2026, 9, 30)), closed(enterprise, date(2026, 8, 1), found=day)]
    row(enterprise, date(2026, 6, 30))
    freeze("4114", parse_month("2026-09"), at=AT)
    row(enterprise, day)
    type(rows[0]).objects.filter(pk=rows[0].pk).update(state="voided", voided_on=TODAY)
    type(rows[1]).objects.filter(pk=rows[1].pk).update(
        state="closed", closed_on=date(2026, 9, 30), rectified_on=date(2026, 9, 30)
    )

    third = checks.filled(basis(parse_quarter("2026-Q3")), city, TOWNSHIP, {})
    own = by_name(third)[township.short_name]
    assert (own["general"], own["general_rectified"]) == (3, 1)
    assert "2026 年 9 月的冻结记录" in third.stamp and "2026-07-01 至 2026-09-30" in third.stamp
    for form in (
        quarterly.filled(basis(parse_quarter("2026-Q3"), cumulated=True), city), checks.filled(basis(parse_year("2026")), city, TOWNSHIP, {})
    ):  # fmt: skip
        assert "实时统计" in form.stamp
