"""manage.py import_ledger and export_ledger."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from hazards.models import Hazard
from tests.factories import HazardFactory, UnitFactory
from tests.imports.ledger_files import cells_of, real_ledger, workbook

pytestmark = pytest.mark.django_db
HEADINGS = ["隐患描述", "排查日期", "企业名称", "整改期限", "隐患状态"]
GOOD = ["灭火器过期", date(2025, 11, 2), "甲厂", date(2025, 11, 30), "整改中"]
BAD = ["配电箱无门", "昨天", "甲厂", "", ""]


@pytest.fixture
def city(db):
    UnitFactory(code="4114-AWB", name="商丘市安委办")
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


@pytest.fixture
def ledger(tmp_path):
    """Writes rows to a file and returns its path."""

    def write(*rows, headings=HEADINGS):
        path = tmp_path / "台账.xlsx"
        path.write_bytes(workbook(headings, *rows).getvalue())
        return path

    return write


def test_report_of_a_real_ledger(city, tmp_path, capsys):
    path, report = real_ledger("L3.xlsx"), tmp_path / "report.json"
    call_command("import_ledger", path, report=str(report))
    [sheet, empty] = json.loads(report.read_text())["sheets"]
    keys = ("name", "header_rows", "columns", "rows", "imported", "unchanged", "skipped", "errors")
    assert set(keys) <= set(sheet) and {"heading", "field"} <= set(sheet["columns"][0])
    assert (sheet["rows"], sheet["imported"], sheet["unchanged"], sheet["errors"]) == (98, 98, 0, [])
    assert sheet["skipped"][0] == {"row": 102, "reason": "空行（只有序号）"} and empty["note"] == "工作表是空的"
    call_command("import_ledger", path, report=str(report))
    sheet = json.loads(report.read_text())["sheets"][0]
    assert (sheet["imported"], sheet["unchanged"]) == (0, 98) and Hazard.objects.count() == 98
    assert "导入 98" in capsys.readouterr().out


def test_rows_with_errors_fail_the_command_but_not_the_others(city, ledger, tmp_path, capsys):
    report = tmp_path / "report.json"
    with pytest.raises(CommandError, match="有 1 行没有导入"):
        call_command("import_ledger", ledger(GOOD, BAD), report=str(report))
    [error] = json.loads(report.read_text())["sheets"][0]["errors"]
    assert (error["row"], error["column"], error["value"]) == (3, "B", "昨天") and "日期" in error["message"]
    assert "第 3 行 B 列排查日期" in capsys.readouterr().out
    assert Hazard.objects.get().description == "灭火器过期"


def test_a_report_that_cannot_be_written_is_said_before_a_row_is(city, ledger, tmp_path):
    for target in (tmp_path / "no such place" / "report.json", tmp_path):
        with pytest.raises(CommandError, match="写不了报告文件"):
            call_command("import_ledger", ledger(GOOD), report=str(target))
    assert not Hazard.objects.exists()


def test_a_report_that_can_no_longer_be_written_does_not_hide_what_was_entered(city, ledger, tmp_path, capsys):
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    with pytest.raises(CommandError, match="已经导入，但写不了报告文件"):
        call_command("import_ledger", ledger(GOOD), report=str(full))
    assert Hazard.objects.count() == 1 and "导入 1" in capsys.readouterr().out


def test_dry_run_writes_nothing(city, ledger):
    users = User.objects.count()
    call_command("import_ledger", ledger(GOOD), dry_run=True)
    assert not Hazard.objects.exists() and User.objects.count() == users


def test_without_any_account_one_that_cannot_sign_in_imports(city, ledger):
    call_command("import_ledger", ledger(GOOD))
    by = Hazard.objects.get().registered_by
    assert (by.username, by.unit.code, by.has_usable_password()) == ("import-4114", "4114-AWB", False)
    call_command("import_ledger", ledger([*GOOD[:2], "乙厂", *GOOD[3:]]))
    assert User.objects.count() == 1


def test_who_imports(city, ledger, township, manager, safety_office, stranger):
    call_command("import_ledger", ledger(GOOD), unit=township.code)
    assert Hazard.objects.get().registered_by == safety_office and Hazard.objects.get().division_code == township.code
    call_command("import_ledger", ledger(["乙", *GOOD[1:]]), user=manager.username)
    assert Hazard.objects.get(description="乙").registered_by == manager
    with pytest.raises(CommandError, match="管辖范围"):
        call_command("import_ledger", ledger(GOOD), user=stranger.username, unit=township.code)


@pytest.mark.parametrize("options", [{"unit": "999999"}, {"user": "nobody"}, {"user": "leader"}])
def test_what_cannot_be_is_said(options, city, leader, ledger):
    User.objects.filter(pk=leader.pk).update(username="leader")
    with pytest.raises(CommandError):
        call_command("import_ledger", ledger(GOOD), **options)
    assert not Hazard.objects.exists()


def test_two_cities_need_a_unit(city, ledger):
    UnitFactory(code="4101", name="郑州市人民政府")
    with pytest.raises(CommandError, match="--unit"):
        call_command("import_ledger", ledger(GOOD))


def test_files_that_cannot_be_read(city, tmp_path):
    with pytest.raises(CommandError, match="打不开"):
        call_command("import_ledger", tmp_path / "nothing.xlsx")
    pdf, report = tmp_path / "x.xlsx", tmp_path / "report.json"
    with pytest.raises(CommandError, match="打不开"):
        call_command("import_ledger", tmp_path / "nothing.xlsx", report=str(report))
    assert "打不开" in json.loads(report.read_text())["refused"]
    pdf.write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError, match="PDF"):
        call_command("import_ledger", pdf, report=str(report))
    assert "PDF" in json.loads(report.read_text())["refused"]


def test_export_takes_the_ledger_s_conditions(tmp_path, manager, stranger):
    HazardFactory(level="major", description="甲")
    HazardFactory(description="乙")
    HazardFactory(drafted=True, description="丙")
    out = tmp_path / "out.xlsx"
    for options, expected in (
        ({}, {"甲", "乙"}),
        ({"query": "level=major"}, {"甲"}),
        ({"query": "?level=general"}, {"乙"}),
        ({"query": "?level=general&order=deadline&size=12&cursor=a.deadline.-.1&q="}, {"乙"}),
        ({"user": manager.username}, {"甲", "乙"}),
        ({"user": stranger.username}, set()),
    ):
        call_command("export_ledger", out, **options)
        assert {row[2] for row in cells_of(out.read_bytes())[1:]} == expected
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("level=nope", "没有“nope”"), ("found_from=gestern", "有效日期"), ("view=drafts", "--user"), ("state=draft", "--user"),
        ("state=closed&state=discarded", "--user"),
        ("enterprise=99999999999999999999", "企业不存在"), ("levle=major", "没有“levle”这个条件"),
        ("view=open&overdeu=1", "没有“overdeu”这个条件"),
    ],
)  # fmt: skip
def test_export_refuses_conditions_that_cannot_be(query, says, tmp_path, db):
    with pytest.raises(CommandError, match=says):
        call_command("export_ledger", tmp_path / "out.xlsx", query=query)
    assert not list(tmp_path.iterdir())


def test_export_by_enterprise_needs_no_account(tmp_path, enterprise):
    HazardFactory(enterprise=enterprise, description="甲")
    HazardFactory(description="乙")
    call_command("export_ledger", tmp_path / "out.xlsx", query=f"enterprise={enterprise.pk}")
    assert [row[2] for row in cells_of((tmp_path / "out.xlsx").read_bytes())[1:]] == ["甲"]
