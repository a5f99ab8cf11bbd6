"""What one row of a ledger becomes, and what is said when it cannot become one."""

from datetime import date
from io import BytesIO

import pytest

from hazards.lifecycle import State
from hazards.models import Hazard
from imports.reporting import error_workbook, report_of
from inspections.models import Enterprise
from inspections.uscc import check_character
from journal.refusal import NotPermitted, Refused
from tests.factories import TODAY, EnterpriseFactory, UnitFactory, UserFactory
from tests.imports.ledger_files import importable, read, take, workbook
from workbooks.reading import Unreadable, open_workbook

pytestmark = pytest.mark.once  # pages, forms and words: no database decides them
CODE = "91410100MA3X1YFM2" + check_character("91410100MA3X1YFM2")
DAY, DUE, DONE, SEEN = date(2026, 11, 2), date(2026, 11, 10), date(2026, 11, 8), date(2026, 11, 9)
BASE = {"隐患描述": "灭火器过期", "排查日期": DAY, "企业名称": "甲厂"}


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


@pytest.fixture
def entered(city, safety_office):
    """Enter one row given as {heading: cell}; the Hazard it became."""

    def enter(**cells):
        row = BASE | cells
        reading = take(workbook(list(row), list(row.values())), city, safety_office)
        assert reading.is_clean, report_of(reading, dry_run=False)["sheets"][0]["errors"]
        return Hazard.objects.get()

    return enter


@pytest.fixture
def errors(city):
    """The errors of one row given as {heading: cell}: [(heading, message), …]."""

    def judge(**cells):
        row = BASE | cells
        report = report_of(read(workbook(list(row), list(row.values())), city), dry_run=True)
        assert report["sheets"][0]["imported"] + report["sheets"][0]["error_rows"] == 1
        return [(line["heading"], line["message"]) for line in report["sheets"][0]["errors"]]

    return judge


def test_an_open_row_without_deadline_waits_to_be_issued(entered):
    hazard = entered(隐患状态="待整改")
    assert (hazard.state, hazard.deadline, hazard.issued_on) == (State.REGISTERED, None, None)


def test_an_open_row_with_a_past_deadline_is_overdue_and_reminded_at_once(entered):
    hazard = entered(隐患状态="逾期未整改", 整改期限=DUE)
    assert (hazard.state, hazard.deadline, hazard.original_deadline, hazard.issued_on) == (
        State.RECTIFYING,
        DUE,
        DUE,
        DAY,
    )
    assert hazard.is_overdue(TODAY) and hazard.reminders.get().next_on == TODAY


def test_done_and_not_reviewed_waits_for_review(entered):
    hazard = entered(隐患状态="已整改", 整改期限=DUE, 整改完成日期=DONE)
    assert (hazard.state, hazard.feedback_on, hazard.rectified_on) == (State.PENDING_REVIEW, DONE, None)
    assert hazard.review_due_on == date(2026, 11, 18)


def test_done_and_reviewed_is_closed(entered):
    hazard = entered(是否整改="是", 整改期限=DUE, 复查日期=SEEN, 复查人="张 三")
    assert (hazard.state, hazard.closed_on, hazard.reviewed_on, hazard.reviewer_name) == (
        State.CLOSED,
        SEEN,
        SEEN,
        "张三",
    )
    assert hazard.rectified_on <= hazard.deadline


def test_yes_under_closed_or_not_is_closed(entered):
    hazard = entered(是否销号="是", 整改期限=DUE, 整改完成日期=DONE)
    assert (hazard.state, hazard.rectified_on, hazard.feedback_on) == (State.CLOSED, DONE, None)


def test_yes_under_rectified_or_not_waits_for_review(entered):
    assert entered(是否整改="是", 整改期限=DUE, 整改完成日期=DONE).state == State.PENDING_REVIEW


def test_fixed_on_the_spot_is_closed_the_same_day(entered):
    hazard = entered(处理状态="当场纠正")
    assert (hazard.state, hazard.fixed_on_spot, hazard.rectified_on, hazard.closed_on) == (State.CLOSED, True, DAY, DAY)


def test_a_word_in_a_date_cell_says_the_state(entered):
    hazard = entered(整改期限=DUE, 实际整改完成时间="已整改")
    assert (hazard.state, hazard.feedback_on) == (State.PENDING_REVIEW, TODAY)


def test_an_empty_cell_of_a_given_column_stays_empty(entered):
    hazard = entered(隐患状态="已销号", 整改期限=DUE, 复查日期=SEEN, 整改完成日期="", 销号日期="", 下达日期="")
    assert (hazard.state, hazard.rectified_on, hazard.closed_on, hazard.issued_on) == (State.CLOSED, None, None, None)


def test_at_once_means_the_day_it_was_found(entered):
    assert entered(整改期限="立即整改", 隐患状态="整改中").deadline == DAY


@pytest.mark.parametrize(
    ("cells", "heading", "says"),
    [
        ({"隐患描述": ""}, "隐患描述", "请填写隐患描述"),
        ({"排查日期": ""}, "排查日期", "请填写排查日期"),
        ({"排查日期": date(2026, 11, 21)}, "排查日期", "不能晚于今天"),
        ({"排查日期": "2026-02-30"}, "排查日期", "不存在"),
        ({"企业名称": ""}, "企业名称", "请填写企业名称"),
        ({"隐患等级": ""}, "隐患等级", "一般或重大"),
        ({"隐患等级": "特大"}, "隐患等级", "无法识别"),
        ({"隐患状态": "草稿"}, "隐患状态", "不在台账内"),
        ({"隐患状态": "待复查"}, "整改期限", "须有整改期限"),
        ({"隐患状态": "整改中", "整改期限": date(2026, 11, 1)}, "整改期限", "早于排查日期"),
        ({"隐患状态": "整改中", "整改期限": DUE, "销号日期": SEEN}, "销号日期", "却填有销号日期"),
        ({"隐患状态": "已销号", "复查日期": date(2026, 12, 1)}, "复查日期", "不能晚于今天"),
        ({"统一社会信用代码": "123"}, "统一社会信用代码", "18 位"),
        ({"统一社会信用代码": CODE, "企业名称": ""}, "企业名称", "还没有登记过"),
        ({"行业领域": "占星"}, "行业领域", "不在行业表中"),
        ({"属地": "月球镇"}, "属地", "不在单位表中"),
        ({"行业主管部门": "不存在的局"}, "行业主管部门", "不在单位表中"),
        ({"隐患位置": "长" * 101}, "隐患位置", "最多 100 个字"),
        ({"编号": "YH-4114-2031-000001"}, "编号", "不是本系统给出过的编号"),
    ],
)
def test_errors_name_the_column_and_what_to_do(cells, heading, says, errors):
    [(column, message)] = errors(**cells)
    assert column == heading and says in message


def test_all_errors_of_a_row_are_told_at_once(errors):
    assert {heading for heading, _ in errors(隐患等级="特大", 排查日期="昨天", 企业名称="")} == {
        "隐患等级",
        "排查日期",
        "企业名称",
    }


def test_text_like_a_formula_and_odd_characters(entered):
    hazard = entered(隐患描述="=HYPERLINK(1)\x0b\ud800 \u200b", 隐患位置="@1")
    assert (hazard.description, hazard.location) == ("=HYPERLINK(1)", "@1")


@pytest.mark.parametrize(
    ("cells", "dropped"),
    [
        ({"隐患状态": "整改中", "整改期限": DUE, "整改完成日期": DONE}, ["整改完成日期"]),
        ({"隐患状态": "整改中", "整改期限": DUE, "整改完成日期": "已整改"}, ["整改完成日期"]),
        ({"隐患状态": "未整改", "下达日期": DAY, "反馈日期": DONE}, ["下达日期", "反馈日期"]),
        ({"隐患状态": "已登记", "整改期限": DUE, "建议期限": DONE, "原期限": DUE}, ["整改期限", "原期限"]),
        ({"隐患状态": "待复查", "整改期限": DUE, "整改完成日期": DONE, "反馈日期": SEEN}, ["整改完成日期"]),
        ({"隐患状态": "待复查", "整改期限": DUE, "整改完成日期": "已整改", "销号日期": "已销号"}, ["销号日期"]),
        ({"隐患状态": "已销号", "整改期限": DUE, "整改完成日期": "未整改"}, ["整改完成日期"]),
        ({"检查单位": "某监理公司", "检查人": "张" * 100}, ["检查人"]),
        ({"编号": "SQ-2026-17"}, ["编号"]),
        ({"隐患状态": "待复查", "整改期限": DUE, "整改完成日期": DONE}, []),
        ({"隐患状态": "待复查", "整改期限": DUE, "整改完成日期": DONE, "反馈日期": DONE}, []),
        ({"隐患状态": "已登记", "整改期限": DUE}, []),
        ({"隐患状态": "整改中", "整改期限": DUE, "复查日期": SEEN, "销号日期": "未销号"}, []),
        ({"隐患状态": "已销号", "整改期限": DUE, "整改完成日期": "已整改", "复查日期": SEEN, "销号日期": ""}, []),
        ({"处理状态": "当场纠正", "整改完成日期": "已整改", "整改期限": "立即整改"}, []),
    ],
)
def test_what_a_row_has_no_place_for_is_told(cells, dropped, city, safety_office):
    row = BASE | cells
    reading = take(workbook(list(row), list(row.values())), city, safety_office)
    report = report_of(reading, dry_run=False)["sheets"][0]
    assert (report["imported"], report["errors"]) == (1, [])
    assert [line["heading"] for line in report["notices"]] == dropped
    for line in report["notices"]:
        assert line["value"] and line["column"] and line["message"].count("导入")


def test_an_unknown_inspecting_body_is_kept_with_the_inspectors(entered):
    assert entered(检查单位="某监理公司", 检查人="张三").inspectors == "某监理公司 张三"


def test_open_rows_without_the_columns_get_the_bodies_and_people_of_the_matrix(
    city, township, manager, enterprise, safety_office
):
    department = UnitFactory(code="411402-GX", name="梁园区工信局")
    head = UserFactory(unit=department, full_name="高工", phone="13800000000")
    take(workbook(list(BASE), ["甲", DAY, enterprise.name]), city, safety_office)
    hazard = Hazard.objects.get()
    assert (hazard.territorial_unit, hazard.territorial_holder) == (township, manager)
    assert (hazard.competent_unit, hazard.competent_holder, hazard.competent_phone) == (department, head, "13800000000")
    assert (hazard.enterprise_person, hazard.enterprise_phone) == (enterprise.principal, enterprise.phone)


def test_a_person_the_file_names_becomes_the_holder_only_when_it_is_clear_who(
    city, township, manager, enterprise, safety_office
):
    rows = [["甲", DAY, enterprise.name, "郑有田"], ["乙", DAY, enterprise.name, "郑有天"]]
    take(workbook([*BASE, "属地责任人"], *rows), city, safety_office)
    assert dict(Hazard.objects.values_list("territorial_person", "territorial_holder")) == {
        "郑有田": manager.pk,
        "郑有天": None,
    }


class TestEnterprises:
    def entered_for(self, city, by, **cells):
        row = BASE | cells
        return take(workbook(list(row), list(row.values())), city, by)

    def test_matched_by_credit_code_whatever_the_name(self, city, township, safety_office):
        known = EnterpriseFactory(township=township, uscc=CODE)
        self.entered_for(city, safety_office, 统一社会信用代码=CODE.lower(), 企业名称="甲厂（老名字）")
        assert Hazard.objects.get().enterprise == known

    def test_matched_by_name_in_its_township(self, city, township, foreign_township, safety_office):
        here = EnterpriseFactory(township=township, name="甲厂")
        EnterpriseFactory(township=foreign_township, name="甲厂")
        self.entered_for(city, safety_office, 属地="双八镇")
        assert Hazard.objects.get().enterprise == here

    def test_asks_when_the_name_is_there_in_two_townships(self, city, township, foreign_township, safety_office):
        EnterpriseFactory(township=township, name="甲厂")
        EnterpriseFactory(township=foreign_township, name="甲厂")
        reading = self.entered_for(city, safety_office)
        assert not Hazard.objects.exists() and "属地" in reading.sheets[0].failed[0][0].problems[0].message

    def test_new_ones_lie_where_the_file_says_or_where_it_is_imported(self, city, township, safety_office):
        reading = read(workbook([*BASE, "属地"], ["甲", DAY, "甲厂", "双八镇"], ["乙", DAY, "乙厂", ""]), city)
        assert [firm.division_code for firm in reading.new_enterprises] == ["411402001", "4114"]

    def test_never_reaches_outside_the_unit(self, township, foreign_township, manager):
        EnterpriseFactory(township=foreign_township, uscc=CODE)
        for cells in ({"统一社会信用代码": CODE}, {"属地": "郭村镇"}):
            reading = self.entered_for(township, manager, **cells)
            assert "范围内" in reading.sheets[0].failed[0][0].problems[0].message
        assert not Hazard.objects.exists() and Enterprise.objects.count() == 1


def test_the_workbook_of_errors_imports_once_corrected(city, safety_office):
    headings = ["序号", "隐患内容", "检查\n时间", "责任单位"]
    reading = take(
        workbook(headings, [1, "甲", DAY, "甲厂"], [2, "乙", "昨天", "甲厂"], title="台账"), city, safety_office
    )
    with open_workbook(BytesIO(b"".join(error_workbook(reading))), "x.xlsx") as opened:
        header, row = opened.sheets[0].rows()
    assert header == ["错误说明", "序号", "隐患描述", "排查日期", "企业名称"]
    assert row[0].startswith("第 4 行：C 列") and row[1:] == [2.0, "乙", "昨天", "甲厂"]
    row[3] = DAY
    assert importable(take(workbook(header, row), city, safety_office)) == 1
    assert set(Hazard.objects.values_list("description", flat=True)) == {"甲", "乙"}


def test_sheets_that_are_no_ledger(city):
    with pytest.raises(Refused, match="数量"):
        read(workbook(["检查日期", "企业名称", "一般隐患数", "重大隐患数"], [DAY, "甲厂", 3, 0]), city)
    with pytest.raises(Refused, match="找不到表头"):
        read(workbook(["甲", "乙"], ["丙", "丁"]), city)
    with pytest.raises(Unreadable):
        read(BytesIO(b"%PDF-1.4"), city)


def test_too_many_rows_are_refused(city, monkeypatch):
    monkeypatch.setattr("imports.reading.MAX_ROWS", 2)
    rows = [[f"隐患{n}", DAY, "甲厂"] for n in range(3)]
    assert importable(read(workbook(list(BASE), *rows[:2]), city)) == 2
    with pytest.raises(Refused, match="最多导入"):
        read(workbook(list(BASE), *rows), city)


def test_only_officers_import(city, leader):
    with pytest.raises(NotPermitted):
        take(workbook(list(BASE), list(BASE.values())), city, leader)
    assert not Hazard.objects.exists() and not Enterprise.objects.exists()
