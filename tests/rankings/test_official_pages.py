"""The doors of official forms: the workbook as printed, who reads which, what is refused; and how the ranking's own workbook prints."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from rankings.official import quarterly
from tests.factories import (
    EnterpriseFactory,
    InspectionFactory,
    MeasureFactory,
    SectorFactory,
    UnitFactory,
    UserFactory,
)
from tests.rankings.official import (
    EXPORT,
    FIRST,
    LAST,
    LONG_AGO,
    PAGE,
    closed,
    row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show


def opened(client, **query):
    response = client.get(EXPORT, query)
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content)).active


def test_the_workbook_of_checks_is_the_printed_form(client, safety_office, city, township, enterprise):
    closed(enterprise, LAST)
    MeasureFactory(enterprise=enterprise, on=FIRST, amount=45000)
    client.force_login(safety_office)

    sheet = opened(client, month="2026-10", kind="township", unit="4114")

    assert sheet["A1"].value == "商丘市 2026 年 10 月安全生产检查和专项整治工作完成情况统计表"
    ranges = {str(one) for one in sheet.merged_cells.ranges}
    assert ranges >= {"A1:Q1", "A2:A5", "C2:M2", "F3:H3", "N2:Q2", "Q3:Q4"}
    assert [sheet.cell(5, column).value for column in range(3, 18)] == [
        "家", "家", "家次", "项", "项", "%", "项", "项", "%", "起", "起", "起", "起", "万元", "家",
    ]  # fmt: skip
    values = [cell.value for cell in sheet[6]]
    assert values == [
        1,
        f"梁园区{township.short_name}",
        1,
        None,
        0,
        1,
        1,
        100,
        0,
        0,
        "/",
        None,
        None,
        "1/　",
        None,
        "4.50/　",
        0,
    ]
    assert (sheet["N6"].data_type, sheet["N6"].number_format) == ("s", "@")
    assert sheet["H6"].number_format == "0.0"
    assert [cell.value for cell in sheet[7]][1:3] == ["合计", 1]
    assert "单位负责人（签字）" in sheet.cell(sheet.max_row, 1).value
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$5"


def test_the_workbook_of_a_quarter(client, safety_office, city, enterprise):
    client.force_login(safety_office)
    row(enterprise, found=LONG_AGO)

    sheet = opened(client, form="quarterly", quarter="2026-Q3")

    assert sheet["A1"].value == "商丘市 2026 年第 3 季度事故隐患排查治理情况统计分析表（季报）"
    assert "填报单位（章）" in sheet["A2"].value
    assert {str(one) for one in sheet.merged_cells.ranges} >= {"A1:O1", "A3:A7", "F3:O3", "I4:O4", "J5:N5"}
    named = {line[0].value: [cell.value for cell in line[1:]] for line in sheet.iter_rows(min_row=8)}
    assert named[enterprise.sector.name] == [0, 1, 0, 0, 0, 0, "/", 0, 0, 0, 0, 0, 0, 0]
    assert named["合计"][1] == 1
    assert sheet.print_title_rows == "$1:$7"


def test_page_and_workbook_say_the_same(client, safety_office, city, enterprise):
    closed(enterprise, LAST)
    client.force_login(safety_office)

    page = client.get(PAGE, {"month": "2026-10"})
    sheet = opened(client, month="2026-10")

    shown_rows = page.context["form"].rows
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=6, max_row=5 + len(shown_rows))] == [
        [float(value) if isinstance(value, Decimal) else value for value in values] for values in shown_rows
    ]
    assert "挂牌督办情况汇总表：系统还没有挂牌督办的记录" in page.content.decode()


def test_a_form_that_breaks_its_rules_is_not_issued(client, safety_office, city, monkeypatch):
    monkeypatch.setattr(quarterly, "checked", lambda rows: ["工贸：（8）多于（5－6），请核对"])
    client.force_login(safety_office)

    refused = client.get(EXPORT, {"form": "quarterly", "quarter": "2026-Q3"})

    assert refused.status_code == 409
    assert "工贸：（8）多于（5－6），请核对" in refused.content.decode()
    assert EXPORT not in client.get(PAGE, {"form": "quarterly"}).content.decode()


def test_by_itself_it_shows_what_ended_last_of_where_one_serves(client, manager, city, township):
    client.force_login(manager)

    page = client.get(PAGE)

    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    assert (page.context["unit"], page.context["period"].last) == (township, last)
    assert client.get(PAGE, {"form": "quarterly"}).context["period"].unit == "quarter"


def test_one_reads_the_forms_of_units_in_one_s_scope(client, manager, safety_office, city, township):
    foreign = UnitFactory(code="411403001")
    bureau, other = UnitFactory(code="411402-YJ"), UnitFactory(code="411402-JY")
    answers = {}
    readers = {"township": manager, "city": safety_office, "bureau": UserFactory(unit=bureau)}
    for name, reader in readers.items():
        client.force_login(reader)
        for unit in (township, foreign, city, bureau, other):
            page = client.get(PAGE, {"unit": unit.code})
            answers[name, unit.code] = page.status_code
            assert client.get(EXPORT, {"unit": unit.code}).status_code == page.status_code
            if page.status_code == 400:
                assert "没有这个单位，或不在您可查看的范围内" in page.content.decode()
                assert foreign.short_name not in page.content.decode() or unit == foreign
    allowed = {"township": {township}, "city": {township, foreign, city, bureau, other}, "bureau": {bureau}}
    assert answers == {
        (name, unit.code): 200 if unit in units else 400
        for name, units in allowed.items()
        for unit in (township, foreign, city, bureau, other)
    }


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"form": "x"}, "统计表应为 checks"),
        ({"unit": "999"}, "没有这个单位"),
        ({"quarter": "2026-Q5"}, "没有第 5 季度，季度为 Q1 至 Q4"),
        ({"quarter": "2026Q3"}, "季度应写成“2026-Q4”的样子"),
        ({"year": "26"}, "年份应写成“2026”的样子"),
        ({"year": "1999"}, "年份应在 2000 至 2099 之间"),
        ({"month": "2026-13"}, "没有 13 月"),
        ({"week": "2026-W60"}, "没有第 60 周"),
        ({"month": "2026-10", "year": "2026"}, "只能选一个"),
        ({"year": "2099"}, "2099 年全年还没有开始"),
        ({"kind": "sector"}, "分行应为"),
        ({"kind": "county", "unit": "411402"}, "梁园区的表不能按县区分行，可以按乡镇（街道）、部门分行"),
        ({"kind": "county", "form": "quarterly"}, "季报按行业领域分行"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(client, safety_office, city, query, sentence):
    client.force_login(safety_office)

    for address in (PAGE, EXPORT):
        response = client.get(address, query)
        assert response.status_code == 400
        assert sentence in response.content.decode()


def test_forms_cost_the_same_whatever_the_number_of_rows(client, safety_office, city, enterprise):
    client.force_login(safety_office)
    client.get(PAGE)

    def costs():
        found = []
        for query in (
            {"month": "2026-10", "kind": "township"},
            {"month": "2026-10", "kind": "department"},
            {"form": "quarterly"},
        ):
            with CaptureQueriesContext(connection) as queries:
                client.get(EXPORT, query)
            found.append(len(queries))
        return found

    before = costs()
    for number in range(3):
        other = EnterpriseFactory(township=UnitFactory(code=f"41140310{number}"), sector=SectorFactory())
        bureau = UnitFactory(code=f"411402-B{number}")
        row(other, competent_unit=bureau)
        InspectionFactory(enterprise=other, inspected_on=FIRST)
    assert costs() == before
    assert max(before) <= 14


def test_the_workbook_prints_on_two_sheets_side_by_side_with_the_unit_on_each(client, safety_office, enterprise):
    client.force_login(safety_office)
    answer = client.get(reverse("rankings:export"), {"week": "2026-W46"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.active

    head = [cell.value for cell in sheet[2]]
    assert (head[:3], len(head) > 40) == (["单位", "单位代码", "名次"], True)
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 8)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$A", "$1:$2")
    widths = sum(sheet.column_dimensions[column].width for column in ("A", "B", "C"))
    # A sheet of A3 takes some 200 characters of 11 points: what is twice that cannot be read.
    assert widths + 8 * (len(head) - 3) < 2 * 240
    longest = max(len(label) for label in head[2:])
    assert sheet.row_dimensions[2].height >= 14.5 * -(-2 * longest // 8), "the headings are shown whole"
