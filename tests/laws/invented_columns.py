"""Run by test_columns.py in a process of its own: what the ledger does with columns that only a line in hazards/columns.py
defines. The model has the fields, no column of the ledger uses them.
"""

import re
import sys
from dataclasses import replace
from datetime import date
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

import hazards

DEFINED = """
    column("supervising_phone", "监管电话号码", heading="监管电话", visible=True),
    column("counted_from", heading="起算日期", asked=Asked("counted"), visible=True),
    column("deadline_unpublished", heading="未公布", asked=Asked("unpublished"), visible=True),
    column("working_days", heading="工作日数", visible=True),
    column("origin", asked=Asked("origin"), visible=True),
    column("enterprise_phone", heading="企业电话"),
"""
END = ")  # fmt: skip\n\nBY_FIELD"


def define(lines):
    """Load hazards/columns.py as if ``lines`` stood at the end of its table."""
    assert "hazards.columns" not in sys.modules, "too late: others have read the table"
    path = Path(settings.BASE_DIR) / "hazards" / "columns.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(END) == 1
    module = module_from_spec(ModuleSpec("hazards.columns", None))
    sys.modules["hazards.columns"] = hazards.columns = module
    exec(compile(text.replace(END, lines + END), path, "exec"), module.__dict__)


define(DEFINED)

from hazards.models import Hazard  # noqa: E402
from hazards.views.ledger import Ledger  # noqa: E402
from imports.reporting import report_of  # noqa: E402
from tests.factories import HazardFactory, UnitFactory  # noqa: E402
from tests.imports.ledger_files import cells_of, importable, read, take, workbook  # noqa: E402
from tests.imports.test_ledgers import exported, forget_everything_but_people  # noqa: E402

VALUES = {
    "supervising_phone": "0370-12345", "counted_from": date(2026, 10, 1), "deadline_unpublished": True, "working_days": 7,
    "origin": "api", "enterprise_phone": "=1+1",
}  # fmt: skip
TOLD = {
    "监管电话": "0370-12345", "起算日期": date(2026, 10, 1), "未公布": "是", "工作日数": 7, "来源": "接口报送", "企业电话": "=1+1",
}  # fmt: skip
OTHERS = {
    "监管电话": "1", "起算日期": date(2026, 10, 2), "未公布": "否", "工作日数": 0, "来源": "台账导入", "企业电话": "2",
}  # fmt: skip


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


@pytest.fixture
def rows(city, enterprise):
    """One row with a value in every invented column and one without any."""
    full = HazardFactory(closed=True, enterprise=enterprise, description="满", **VALUES)
    return full, HazardFactory(closed=True, enterprise=enterprise, description="空", origin="inspection")


def table():
    """The exported ledger as ``(headings, [{heading: cell}, …])``."""
    header, *found = cells_of(exported())
    return header, [dict(zip(header, row, strict=True)) for row in found]


def test_they_survive_export_and_import_into_an_empty_ledger(rows, city, safety_office):
    first = exported()
    header, found = table()
    told = next(row for row in found if row["隐患描述"] == "满")
    assert {heading: told[heading] for heading in TOLD} == TOLD and list(TOLD) == header[-len(TOLD) :]
    forget_everything_but_people()
    reading = take(BytesIO(first), city, safety_office)
    assert reading.is_clean and importable(reading) == 2, report_of(reading, dry_run=False)
    assert cells_of(exported()) == cells_of(first)
    assert Hazard.objects.values(*VALUES).get(description="满") == VALUES
    assert Hazard.objects.values_list(*VALUES).get(description="空") == ("", None, False, None, "inspection", "")


def test_the_same_file_again_changes_nothing_and_a_changed_or_emptied_cell_is_noticed(rows, city, safety_office):
    assert take(BytesIO(exported()), city, safety_office).sheets[0].unchanged == 2
    header, found = table()
    told = next(row for row in found if row["隐患描述"] == "满")
    for heading, other in [*OTHERS.items(), *((heading, "") for heading in TOLD if heading != "来源")]:
        changed = told | {heading: other}
        reading = read(workbook(header, list(changed.values())), city, by=safety_office)
        [error] = report_of(reading, dry_run=False)["sheets"][0]["errors"]
        assert error["heading"] == heading and "不同" in error["message"]


def test_another_name_for_it_is_known(city, safety_office):
    take(
        workbook(["隐患描述", "排查日期", "企业名称", "监管电话号码"], ["甲", date(2026, 11, 2), "甲厂", "110"]),
        city,
        safety_office,
    )
    assert Hazard.objects.get().supervising_phone == "110"


@pytest.mark.parametrize(
    ("heading", "cell"), [("工作日数", "七"), ("工作日数", 10**19), ("工作日数", -1), ("工作日数", 1.5), ("起算日期", "昨天"),
                          ("未公布", "也许"), ("来源", "月球"), ("监管电话", "1" * 21)],
)  # fmt: skip
def test_what_they_cannot_hold_is_refused_in_chinese(city, heading, cell):
    reading = read(
        workbook(["隐患描述", "排查日期", "企业名称", heading], ["甲", date(2026, 11, 2), "甲厂", cell]), city
    )
    [error] = report_of(reading, dry_run=True)["sheets"][0]["errors"]
    assert error["heading"] == heading and any("\u4e00" <= sign <= "\u9fff" for sign in error["message"])


def test_the_api_lists_them(rows, client, safety_office):
    client.force_login(safety_office)
    found = client.get(reverse("api-hazard-list")).json()["results"]
    told = next(row for row in found if row["description"] == "满")
    assert {name: told[name] for name in VALUES} == {**VALUES, "counted_from": "2026-10-01"}


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("counted_from=2026-10-01&counted_to=2026-10-01", "起算日期"),
        ("origin=api", "来源"),
        ("unpublished=1", "未公布"),
    ],
)
def test_page_api_and_export_ask_by_those_that_bring_a_condition(rows, client, safety_office, query, label):
    client.force_login(safety_office)
    page = client.get(f"{reverse('hazards:ledger')}?{query}")
    assert [row["description"] for row in page.context["rows"]] == ["满"]
    assert [chip["label"] for chip in page.context["chips"]] == [label]
    html = page.content.decode()
    assert 'name="counted_from"' in html and 'name="origin"' in html and 'name="unpublished"' in html
    found = client.get(f"{reverse('api-hazard-list')}?{query}").json()["results"]
    assert [row["description"] for row in found] == ["满"]
    answer = client.get(f"{reverse('hazards:export')}?{query}")
    assert len(cells_of(b"".join(answer.streaming_content))) == 2
    for wrong in ("origin=moon", "unpublished=maybe"):
        assert client.get(f"{reverse('hazards:ledger')}?{wrong}").status_code == 400


def test_a_flag_may_be_asked_for_by_its_absence(rows, client, safety_office):
    client.force_login(safety_office)
    found = client.get(f"{reverse('api-hazard-list')}?unpublished=0").json()["results"]
    assert [row["description"] for row in found] == ["空"]


def test_the_page_of_a_hazard_tells_those_that_have_something_to_say(rows, client, safety_office):
    client.force_login(safety_office)
    full, empty = (client.get(row.get_absolute_url()).content.decode() for row in rows)
    for heading in TOLD:
        assert f"<dt>{heading}</dt>" in full
    assert "<dt>监管电话</dt>" not in empty and "<dt>未公布</dt>" not in empty and "<dt>来源</dt>" in empty


def cells_under(html, label):
    """The words of the cells of the page under ``label``."""
    return {re.sub("<.*?>", "", rest.split("</td>")[0]) for rest in html.split(f' data-label="{label}">')[1:]}


def test_the_ledger_page_shows_those_that_are_visible(rows, client, safety_office):
    client.force_login(safety_office)
    html = client.get(reverse("hazards:ledger") + "?view=all").content.decode()
    assert {label: cells_under(html, label) for label in TOLD} == {
        "监管电话": {"0370-12345", "—"},
        "起算日期": {"2026-10-01", "—"},
        "未公布": {"是", "—"},
        "工作日数": {"7", "—"},
        "来源": {"接口报送", "检查登记"},
        "企业电话": set(),
    }
    assert ">监管电话</th>" in html and ">企业电话</th>" not in html
    assert "working_days" in Ledger().needs and "enterprise_phone" not in Ledger().needs


def test_one_that_is_hidden_can_be_shown(rows, client, safety_office, monkeypatch):
    monkeypatch.setattr(Ledger, "columns", tuple(replace(one, visible=True) for one in Ledger.columns))
    client.force_login(safety_office)
    html = client.get(reverse("hazards:ledger") + "?view=all").content.decode()
    assert cells_under(html, "企业电话") == {"=1+1", "—"}
