"""What a whole ledger leaves out is asked once, and nobody becomes responsible by bringing a ledger in."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from hazards.models import Hazard
from imports.answers import Answers
from imports.models import ImportBatch
from inspections.models import Enterprise
from journal.refusal import Refused
from tests.factories import EnterpriseFactory, SectorFactory, UnitFactory, UserFactory
from tests.imports.ledger_files import importable, read, take, workbook

pytestmark = pytest.mark.django_db

DAY, DUE = date(2026, 11, 2), date(2026, 11, 30)
HEADINGS = ["隐患描述", "排查日期", "企业名称", "整改期限", "隐患状态"]
ROWS = [["灭火器过期", DAY, "便民超市", DUE, "整改中"], ["线路老化", DAY, "福顺宾馆", DUE, "整改中"]]


@pytest.fixture
def county(township):
    return UnitFactory(code="411402", name="梁园区人民政府", short_name="梁园区")


@pytest.fixture
def bureau(county):
    """An officer of the county's bureau, with a sector of its line and one that is not."""
    SectorFactory(code="ZZ1", name="甲行业", competent_function="YJ")
    SectorFactory(code="ZZ2", name="乙行业", competent_function="ZJ", supervising_function="ZJ")
    unit = UnitFactory(code="411402-YJ", name="梁园区应急管理局")
    return UserFactory(role="inspector", unit=unit, full_name="万局")


def ledger():
    return workbook(HEADINGS, *ROWS)


def uploaded(client, unit, file):
    sent = {"unit": unit.code, "file": SimpleUploadedFile("台账.xlsx", file.getvalue())}
    assert client.post(reverse("imports:upload"), sent).status_code == 302
    return ImportBatch.objects.get()


def test_a_department_is_asked_for_the_sector_once(client, bureau, township):
    client.force_login(bureau)
    batch = uploaded(client, township, ledger())
    page = reverse("imports:preview", args=[batch.pk])
    asked = client.get(page).content.decode()
    assert "甲行业" in asked and "乙行业" not in asked
    assert batch.report["sheets"][0]["error_rows"] == 2

    assert client.post(page, {"action": "answer", "sector": "ZZ2"}).status_code == 400
    assert client.post(page, {"action": "answer", "sector": "ZZ1"}).status_code == 302
    batch.refresh_from_db()
    assert (batch.report["sheets"][0]["imported"], batch.answers) == (2, {"sector": "ZZ1"})
    assert '<option value="ZZ1" selected>' in client.get(page).content.decode()

    client.post(page, {"action": "commit", "seen": client.get(page).context["seen"]})
    assert set(Enterprise.objects.values_list("sector__code", flat=True)) == {"ZZ1"}
    assert set(Hazard.objects.values_list("sector__code", "registered_by")) == {("ZZ1", bureau.pk)}


def test_the_sector_is_not_put_on_firms_that_have_one(township, manager):
    SectorFactory(code="ZZ1", name="甲行业")
    firm = EnterpriseFactory(name="便民超市", township=township)
    take(ledger(), township, manager, answers=Answers(sector="ZZ1"))
    sectors = dict(Hazard.objects.values_list("enterprise__name", "sector__code"))
    assert sectors == {"便民超市": firm.sector.code, "福顺宾馆": "ZZ1"}


def test_the_command_takes_the_answers(bureau, township, tmp_path):
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger().getvalue())
    with pytest.raises(CommandError):
        call_command("import_ledger", str(file), user=bureau.username, unit=township.code)
    with pytest.raises(CommandError, match="没有这个行业领域"):
        call_command("import_ledger", str(file), user=bureau.username, unit=township.code, sector="ZZ2")
    call_command("import_ledger", str(file), user=bureau.username, unit=township.code, sector="ZZ1")
    assert Hazard.objects.filter(sector__code="ZZ1").count() == 2


@pytest.mark.parametrize(("answers", "holder"), [(Answers(), None), (Answers(holds="1"), "郑有田")])
def test_who_imports_answers_for_nothing_unless_they_say_so(township, manager, answers, holder):
    reading = take(ledger(), township, manager, answers=answers)
    assert "holds" in reading.asks
    assert set(Hazard.objects.values_list("territorial_holder__full_name", "territorial_unit")) == {
        (holder, township.pk)
    }
    assert set(Hazard.objects.values_list("territorial_person", flat=True)) == {holder or ""}


def test_another_manager_than_who_imports_is_named_as_before(township, manager, inspector):
    reading = take(ledger(), township, inspector)
    assert "holds" not in reading.asks
    assert set(Hazard.objects.values_list("territorial_holder", flat=True)) == {manager.pk}


def test_who_imports_is_responsible_where_the_file_names_them(township, manager):
    take(workbook([*HEADINGS, "属地责任人"], [*ROWS[0], "郑有田"]), township, manager)
    assert Hazard.objects.get().territorial_holder == manager


def test_missing_day_firm_and_level_are_answered_for_every_row(township, manager):
    file = workbook(
        ["隐患描述", "隐患位置", "整改期限", "隐患状态"],
        ["灭火器过期", "库房", DUE, "整改中"],
        ["线路老化", "大厅", DUE, "整改中"],
    )
    without = read(file, township, by=manager)
    assert importable(without) == 0 and set(without.asks) >= {"enterprise", "found_on", "level", "sector"}
    file.seek(0)
    answers = Answers(enterprise="便民 超市", found_on="2026-11-02", level="major")
    take(file, township, manager, answers=answers)
    assert set(Hazard.objects.values_list("enterprise__name", "found_on", "level")) == {("便民 超市", DAY, "major")}
    file.seek(0)
    again = read(file, township, by=manager, answers=answers)
    assert (importable(again), again.sheets[0].unchanged) == (0, 2)


def test_an_answer_never_stands_for_a_column_that_is_there(township, manager):
    answers = Answers(enterprise="别家", found_on="2026-11-01")
    reading = take(ledger(), township, manager, answers=answers)
    assert set(Hazard.objects.values_list("enterprise__name", flat=True)) == {"便民超市", "福顺宾馆"}
    assert not {"enterprise", "found_on"} & set(reading.asks)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"found_on": "昨天"}, "排查日期"),
        ({"level": "特大"}, "隐患等级"),
        ({"sector": "没有"}, "行业领域"),
        ({"enterprise": "长" * 121}, "120 个字"),
        ({"holds": "2"}, "重新选择"),
    ],
)
def test_answers_that_cannot_be_are_refused(given, says):
    with pytest.raises(Refused, match=says):
        Answers.of(given)


def test_a_day_to_come_is_refused(township, manager):
    file = workbook(["隐患描述", "企业名称"], ["灭火器过期", "便民超市"])
    with pytest.raises(Refused, match="不能晚于今天"):
        read(file, township, by=manager, answers=Answers(found_on="2099-01-01"))
