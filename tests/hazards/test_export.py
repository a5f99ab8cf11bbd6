"""The exported ledger: official columns, safe text, one query, flat memory; and the form to be signed."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from hazards.columns import HEADINGS
from hazards.export import FORM, progress, stream_form, stream_ledger
from hazards.models import Hazard
from inspections.models import Sector
from tests.factories import NOON, EnterpriseFactory, HazardFactory, UnitFactory
from tests.imports.ledger_files import cells_of

pytestmark = pytest.mark.django_db

OFFICIAL = [
    "编号", "隐患等级", "隐患描述", "隐患类型", "隐患位置", "企业名称", "统一社会信用代码", "行业领域",
    "属地", "检查单位", "检查人", "排查日期", "判定依据", "整改措施与要求", "属地责任人", "行业主管部门",
    "主管责任人", "监管部门", "监管责任人", "企业责任人", "下达日期", "整改期限", "原定期限", "整改完成日期",
    "复查结果", "复查日期", "复查人", "隐患状态", "销号日期",
]  # fmt: skip


def exported(rows):
    return b"".join(stream_ledger(rows, title="双八镇安全隐患台账", at=NOON))


def test_the_official_columns_in_their_order():
    assert list(HEADINGS[: len(OFFICIAL)]) == OFFICIAL


def test_a_row_under_its_headings(township):
    county = UnitFactory(code="411402", name="梁园区人民政府", short_name="梁园区")
    department = UnitFactory(code="411402-YJ", name="梁园区应急管理局")
    HazardFactory(
        closed=True,
        number="YH-4114-2026-000001",
        level="major",
        enterprise__name="甲厂",
        enterprise__township=township,
        competent_unit=department,
        found_by_unit=county,
    )
    header, row = cells_of(exported(Hazard.objects.all()))
    told = dict(zip(header, row, strict=True))
    assert told["编号"] == "YH-4114-2026-000001" and told["隐患等级"] == "重大" and told["隐患状态"] == "已销号"
    assert told["企业名称"] == "甲厂" and told["行业领域"] == Sector.objects.get(code="GMSM").name
    assert told["属地"] == "梁园区双八镇" and told["检查单位"] == "梁园区人民政府"
    assert told["行业主管部门"] == "梁园区应急管理局" and told["整改期限"] == date(2026, 11, 27)


def test_text_like_a_formula_stays_text():
    HazardFactory(description="=cmd|'/c calc'!A1", location="+1 层")
    content = exported(Hazard.objects.all())
    _, row = cells_of(content)
    assert row[2] == "=cmd|'/c calc'!A1" and row[4] == "+1 层"
    assert b"<f>" not in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_the_same_queries_for_one_row_and_many(django_assert_num_queries):
    firm = EnterpriseFactory()
    for count in (1, 30):
        HazardFactory.create_batch(count, enterprise=firm)
        with django_assert_num_queries(4):
            exported(Hazard.objects.all())


def test_an_empty_ledger_has_its_headings():
    assert cells_of(exported(Hazard.objects.none())) == [list(HEADINGS)]


class EndlessRows:
    """Stands in for a queryset: rows without end, counted as they are taken."""

    def __init__(self):
        self.taken = 0

    def values_list(self, *paths):
        self.paths = paths
        return self

    def iterator(self, chunk_size):
        while True:
            self.taken += 1
            yield tuple(date(2026, 11, 2) if path.endswith("_on") else f"{path} {self.taken}" for path in self.paths)


def test_pieces_leave_while_the_rows_are_read(db):
    rows = EndlessRows()
    pieces = stream_ledger(rows, title="台账", at=NOON)
    for _ in range(3):
        taken = rows.taken
        assert 0 < len(next(pieces)) < 2**20 and rows.taken - taken < 5_000


def formed(rows, count=2):
    pieces = stream_form(rows, title="商丘市安全隐患台账", conditions="在办；等级 重大", count=count, at=NOON)
    return load_workbook(BytesIO(b"".join(pieces))).active


def test_the_official_form_fits_a_page_and_says_what_it_holds(township):
    office = UnitFactory(code="411402-YJ", name="梁园区应急管理局")
    HazardFactory(
        rectifying=True, level="major", enterprise__name="甲厂", enterprise__township=township, description="氨气泄漏",
        location="冷库", territorial_unit=township, territorial_person="郑有田", supervising_unit=office, supervising_person="袁立新",
        enterprise_person="孟令山", deadline=date(2026, 11, 1),
    )  # fmt: skip
    HazardFactory(enterprise__name="乙厂")
    sheet = formed(Hazard.objects.order_by("pk"))
    assert sheet["A1"].value == "商丘市安全隐患台账"
    assert re.fullmatch(r"条件：在办；等级 重大；共 2 条；制表时间：2026-11-\d\d \d\d:\d\d", sheet["A2"].value)
    assert [cell.value for cell in sheet[3]] == list(FORM)
    told = dict(zip(FORM, (cell.value for cell in sheet[4]), strict=True))
    assert (told["序号"], told["企业名称"], told["隐患描述"], told["等级"]) == (1, "甲厂", "氨气泄漏（冷库）", "重大")
    assert told["属地责任"].endswith("\n郑有田") and told["监管责任"] == "梁园区应急管理局\n袁立新"
    assert (
        told["企业责任"] == "孟令山"
        and told["整改情况"].startswith("逾期 ")
        and told["整改期限"].date() == date(2026, 11, 1)
    )
    assert sheet["A5"].value == 2 and "审核：" in sheet["A6"].value
    # A4 landscape is 277 mm between the margins, a character 1.85 mm: it must not shrink below four fifths.
    assert sum(FORM.values()) * 1.85 < 277 / 0.8 and sheet.page_setup.fitToWidth == 1


def test_the_form_takes_the_same_queries_for_one_row_and_many(django_assert_num_queries):
    firm = EnterpriseFactory()
    for count in (1, 30):
        HazardFactory.create_batch(count, enterprise=firm)
        with django_assert_num_queries(2):
            formed(Hazard.objects.all())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"state": "registered", "deadline": None}, "未下达整改"),
        ({"state": "registered", "deadline": None, "issue_due_on": date(2026, 11, 23)}, "未下达整改，11-23 前下达"),
        ({"state": "registered", "deadline": None, "issue_due_on": date(2026, 11, 18)}, "逾期 2 天未下达整改"),
        ({"state": "rectifying", "deadline": date(2026, 11, 18)}, "逾期 2 天未整改"),
        ({"state": "rectifying", "deadline": date(2026, 11, 20)}, "整改中，今日到期"),
        ({"state": "rectifying", "deadline": date(2026, 11, 23)}, "整改中，剩 3 天"),
        ({"state": "pending_review", "deadline": date(2026, 11, 18), "feedback_on": date(2026, 11, 19)}, "逾期 1 天反馈，待复查"),
        ({"state": "pending_review", "level": "major", "deadline": date(2026, 11, 18), "feedback_on": date(2026, 11, 19)}, "逾期 1 天反馈，待验收"),
        (
            {"state": "closed", "level": "major", "deadline": date(2026, 11, 18), "rectified_on": date(2026, 11, 17),
             "reviewed_on": date(2026, 11, 19)},
            "2026-11-17 整改（按期完成）；2026-11-19 验收",
        ),
        (
            {"state": "closed", "deadline": date(2026, 11, 18), "rectified_on": date(2026, 11, 17),
             "reviewed_on": date(2026, 11, 19), "review_result": "已隔开"},
            "2026-11-17 整改（按期完成）；2026-11-19 复查；已隔开",
        ),
        ({"state": "closed", "deadline": None, "fixed_on_spot": True, "review_result": "已清理"}, "当场整改销号；已清理"),
        ({"state": "closed", "deadline": None}, "已销号"),
        ({"state": "draft", "deadline": None}, ""),
    ],
)  # fmt: skip
def test_progress_is_said_for_every_state(row, words):
    nothing = dict.fromkeys(("rectified_on", "feedback_on", "reviewed_on", "issue_due_on")) | {
        "level": "general",
        "review_result": "",
        "fixed_on_spot": False,
    }
    assert progress(nothing | row, date(2026, 11, 20)) == words
