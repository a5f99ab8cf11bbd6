import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.factories import HazardFactory, InspectionFactory, UnitFactory

pytestmark = pytest.mark.django_db

ROW = {
    "unit", "name", "inspections", "found", "found_major", "closed", "rate_found", "rate_due", "on_time_rate",
    "original_on_time_rate", "overdue", "reopened", "avg_days", "flags", "score", "rank",
}  # fmt: skip


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府")


def ranked(capsys, *args):
    call_command("rank", *args)
    return capsys.readouterr().out


def test_json_is_the_published_object(city, enterprise, capsys):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9), level="major")
    InspectionFactory(enterprise=enterprise, inspected_on=date(2026, 11, 9))
    UnitFactory(code="411403001")

    table = json.loads(ranked(capsys, "--week", "2026-W46", "--json"))

    assert {name: value for name, value in table.items() if name != "rows"} == {
        "period": "2026-W46",
        "from": "2026-11-09",
        "to": "2026-11-15",
        "kind": "township",
        "division": "4114",
        "frozen": False,
        "revision": None,
        "formula": 2,
    }
    assert [set(row) for row in table["rows"]] == [ROW, ROW]
    first, second = table["rows"]
    assert first == {
        "unit": "411402001",
        "name": "双八镇人民政府",
        "inspections": 1,
        "found": 1,
        "found_major": 1,
        "closed": 0,
        "rate_found": 0.0,
        "rate_due": None,
        "on_time_rate": None,
        "original_on_time_rate": None,
        "overdue": 0,
        "reopened": 0,
        "avg_days": None,
        "flags": 0,
        "score": 55.6,
        "rank": 1,
    }
    assert (second["score"], second["rank"]) == (None, None)


@pytest.mark.parametrize(
    ("kind", "units"), [("department", ["411402-YJ"]), ("county", ["411402"]), ("township", ["411402001"])]
)
def test_kind_chooses_who_competes(city, township, capsys, kind, units):
    UnitFactory(code="411402")
    UnitFactory(code="411402-YJ")

    table = json.loads(ranked(capsys, "--week", "2026-W46", "--kind", kind, "--json"))

    assert (table["kind"], [row["unit"] for row in table["rows"]]) == (kind, units)


def test_month_gives_the_calendar_month(city, capsys):
    table = json.loads(ranked(capsys, "--month", "2026-11", "--json"))

    assert (table["period"], table["from"], table["to"]) == ("2026-11", "2026-11-01", "2026-11-30")


def test_without_json_a_table_in_words(city, enterprise, capsys):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))

    lines = ranked(capsys, "--week", "2026-W46").splitlines()

    assert lines[0] == "2026-W46  2026-11-09 至 2026-11-15  未冻结，公式第 2 版"
    assert lines[1].split() == [
        "名次",
        "单位",
        "得分",
        "检查家次",
        "发现",
        "重大",
        "销号",
        "整改率(发现)",
        "整改率(到期)",
        "按期率",
        "返潮",
        "逾期",
        "平均天数",
    ]
    counts = ["0", "1", "0", "0", "0.0%", "无数据", "无数据", "0", "0", "无数据"]
    assert lines[2].split() == ["—", "双八镇人民政府", "无数据", *counts], "no visit and nothing due"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--week", "2026-W60"], "没有第 60 周"),
        (["--week", "下周"], "写成"),
        (["--month", "2026-13"], "没有 13 月"),
        (["--week", "2026-W46", "--city", "9999"], "没有代码为“9999”"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(city, args, words):
    with pytest.raises(CommandError, match=words):
        call_command("rank", *args)


def test_city_must_be_named_when_there_are_several_and_there_must_be_one(db, capsys):
    with pytest.raises(CommandError, match="还没有任何地级市单位"):
        call_command("rank", "--week", "2026-W46")
    UnitFactory(code="4114")
    UnitFactory(code="4101")
    UnitFactory(code="410102001")
    with pytest.raises(CommandError, match="有多个市"):
        call_command("rank", "--week", "2026-W46")

    table = json.loads(ranked(capsys, "--week", "2026-W46", "--city", "4101", "--json"))

    assert [row["unit"] for row in table["rows"]] == ["410102001"]
