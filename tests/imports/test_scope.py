"""What an import may touch, learn and use up: townships side by side, numbers, departments."""

from datetime import date

import pytest

from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard, HazardEvent
from imports.reading import read_ledger
from imports.reporting import report_of
from inspections.models import Enterprise, Sector
from inspections.uscc import check_character
from journal.models import Offset
from journal.outbox import publish
from journal.refusal import Refused
from journal.series import Series
from notifications.models import Notification
from tests.factories import NOON, EnterpriseFactory, HazardFactory, SectorFactory, UnitFactory, UserFactory
from tests.imports.ledger_files import importable, take, workbook

CODE = "91410100MA3X1YFM2" + check_character("91410100MA3X1YFM2")
HEADINGS = ["隐患描述", "排查日期", "企业名称", "整改期限", "隐患状态"]
DAY, DUE = date(2026, 11, 2), date(2026, 11, 30)
ROW = ["灭火器过期", DAY, "便民超市", DUE, "整改中"]
NEUTRAL = "编号不属于本辖区台账，或已被使用；请删去编号后重新导入"


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


@pytest.fixture
def bureau(city):
    """An officer of the county's bureau for industry, and a sector that is not theirs."""
    unit = UnitFactory(code="411402-YJ", name="梁园区应急管理局")
    SectorFactory(code="ZZ1", name="甲行业", competent_function="YJ", supervising_function="YJ")
    SectorFactory(code="ZZ2", name="乙行业", competent_function="ZJ", supervising_function="ZJ")
    return UserFactory(role="inspector", unit=unit)


def errors(reading):
    return [line["message"] for sheet in report_of(reading, dry_run=False)["sheets"] for line in sheet["errors"]]


def counts(reading):
    return importable(reading), reading.sheets[0].unchanged, reading.error_rows


def test_shops_of_one_name_in_two_townships_are_two(city, township, foreign_township, manager, stranger, safety_office):
    for unit, by in ((township, manager), (foreign_township, stranger)):
        assert counts(take(workbook(HEADINGS, ROW), unit, by)) == (1, 0, 0)
        assert counts(take(workbook(HEADINGS, ROW), unit, by)) == (0, 1, 0)
    assert set(Hazard.objects.values_list("division_code", flat=True)) == {"411402001", "411403001"}
    both = workbook([*HEADINGS, "属地"], [*ROW, "双八镇"], [*ROW, "郭村镇"])
    assert counts(take(both, city, safety_office)) == (0, 2, 0)


def test_a_row_of_a_township_is_known_to_the_city_without_its_name(city, township, manager, safety_office):
    take(workbook(HEADINGS, ROW), township, manager)
    assert counts(take(workbook(HEADINGS, ROW), city, safety_office)) == (0, 1, 0)


def test_a_row_stays_known_when_its_enterprise_moves(city, township, safety_office):
    take(workbook(HEADINGS, ROW), city, safety_office)
    firm = Enterprise.objects.get()
    firm.township = township
    firm.save()
    assert counts(take(workbook(HEADINGS, ROW), city, safety_office)) == (0, 1, 0)


def numbered(number, *cells):
    return workbook(["编号", *HEADINGS], [number, *(cells or ROW)])


def test_a_number_of_elsewhere_and_one_never_given_are_told_alike(city, township, foreign_township, manager):
    theirs = HazardFactory(enterprise__township=foreign_township, number="YH-4114-2026-000003", description="别处")
    Series.objects.create(kind="YH", unit="4114", year=2026, last=5)
    told = [errors(take(numbered(n), township, manager)) for n in (theirs.number, "YH-4114-2026-9999998")]
    assert told == [[NEUTRAL], [NEUTRAL]]
    assert Series.objects.get().last == 5 and Hazard.objects.count() == 1


def test_rows_outside_the_unit_imported_into_are_not_compared_even_by_who_sees_them(
    township, foreign_township, safety_office
):
    HazardFactory(enterprise__township=foreign_township, number="YH-4114-2026-000003", description="别处")
    for by in (safety_office, None):
        file = numbered("YH-4114-2026-000003")
        assert errors(read_ledger(file, "x.xlsx", unit=township, today=NOON.date(), by=by)) == [NEUTRAL]


def test_a_ledger_begun_takes_back_its_own_numbers_only(city, safety_office):
    assert importable(take(numbered("YH-4114-2026-000041"), city, safety_office)) == 1
    assert importable(take(numbered("YH-4114-2026-000040", "乙", *ROW[1:]), city, safety_office)) == 1
    assert errors(take(numbered("YH-4114-2026-000042", "丙", *ROW[1:]), city, safety_office)) == [NEUTRAL]
    assert Series.objects.get().last == 41


def test_an_empty_ledger_is_restored_up_to_six_digits(city, safety_office):
    assert errors(take(numbered("YH-4114-2026-1000000"), city, safety_office)) == [NEUTRAL]
    assert take(numbered("YH-4114-2026-999999"), city, safety_office).is_clean


def test_adopting_refuses_a_number_beyond_the_last(inspector, enterprise):
    row = {"enterprise": enterprise, "description": "旧", "found_on": DAY, "state": State.REGISTERED, "import_key": "a"}
    operations.adopt([row], by=inspector, at=NOON, source="x")
    with pytest.raises(Refused, match="编号不属于"):
        beyond = row | {"number": "YH-4114-2026-000009", "import_key": "b"}
        operations.adopt([beyond], by=inspector, at=NOON, source="x")
    assert Series.objects.get().last == 1 and Hazard.objects.count() == 1


def test_restoring_more_than_one_chunk(inspector, enterprise, monkeypatch):
    monkeypatch.setattr("hazards.operations.adoption.CHUNK", 1)
    row = {"enterprise": enterprise, "description": "旧", "found_on": DAY, "state": State.REGISTERED}
    rows = [row | {"number": f"YH-4114-2026-{n:06d}", "import_key": str(n)} for n in (1, 2, 3)]
    assert operations.adopt(rows, by=inspector, at=NOON, source="x") == 3


def test_nobody_is_told_of_imported_rows(city, safety_office):
    take(workbook(HEADINGS, ROW), city, safety_office)
    publish(at=NOON)
    assert (
        HazardEvent.objects.get().position
        == Offset.objects.get(consumer="tell_people", stream="hazards_hazardevent").last
        == 1
    )
    assert not Notification.objects.exists()


def test_a_department_enters_only_what_it_sees(city, township, bureau):
    mine, other = Sector.objects.get(code="ZZ1"), Sector.objects.get(code="ZZ2")
    EnterpriseFactory(township=township, name="甲厂", sector=mine)
    EnterpriseFactory(township=township, name="乙厂", sector=other)
    EnterpriseFactory(township=township, name="丙厂", sector=other, uscc=CODE)
    headings = [*HEADINGS, "统一社会信用代码", "行业领域"]
    for firm, code, sector, says in (
        ("甲厂", "", "", None),
        ("乙厂", "", "", "不在您的管辖范围内"),
        ("丙厂", CODE, "", "不在您的管辖范围内"),
        ("丁厂", "", "", "新企业请填写"),
        ("丁厂", "", "乙行业", "新企业请填写"),
        ("丁厂", "", "甲行业", None),
    ):
        row = [ROW[0], DAY, firm, DUE, "整改中", code, sector]
        told = errors(take(workbook(headings, row), township, bureau))
        assert (says in told[0]) if says else told == [], (firm, sector, told)
    assert set(Hazard.objects.values_list("enterprise__name", flat=True)) == {"甲厂", "丁厂"}


def test_a_row_entered_out_of_sight_is_not_compared(city, township, manager, bureau):
    EnterpriseFactory(township=township, name="便民超市", sector=Sector.objects.get(code="ZZ1"))
    take(workbook(HEADINGS, ROW), township, manager)
    Hazard.objects.update(competent_unit=None, supervising_unit=None)
    changed = [*ROW[:3], date(2026, 12, 9), ROW[4]]
    reading = read_ledger(workbook(HEADINGS, changed), "x.xlsx", unit=township, today=NOON.date(), by=bureau)
    assert errors(reading) == ["这条隐患已由其他单位录入台账，请从文件中删去"]
