"""Whole ledgers: the real ones, ours again, twice, at once and cut off."""

import os
import signal
import subprocess
import sys
import threading
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connections
from django.db.models import QuerySet

from evidence.models import Photo
from hazards import operations
from hazards.export import stream_ledger
from hazards.lifecycle import State
from hazards.models import Feedback, Hazard, HazardEvent
from imports.reading import commit
from imports.reporting import report_of
from inspections.models import Enterprise, EnterpriseEvent, Inspection
from inspections.uscc import check_character
from journal import chronicle
from journal.bulk import insert
from journal.refusal import Refused
from journal.series import Series
from tests.factories import NOON, EnterpriseFactory, HazardFactory, UnitFactory, UserFactory
from tests.imports.ledger_files import cells_of, importable, read, real_ledger, take, workbook

CODE = "91410100MA3X1YFM2"
HEADINGS = ["隐患描述", "排查日期", "企业名称", "整改期限", "隐患状态"]
DAY, DUE = date(2026, 11, 2), date(2026, 11, 30)


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


def erase(model):
    """Delete every row, events too, which refuse it otherwise."""
    QuerySet(model).delete()


def exported(rows=None):
    queryset = Hazard.objects.order_by("-found_on", "-pk") if rows is None else rows
    return b"".join(stream_ledger(queryset, title="隐患台账", at=NOON))


def forget_everything():
    erase(HazardEvent)
    Hazard.objects.all().delete()
    Series.objects.all().delete()
    erase(EnterpriseEvent)
    Enterprise.objects.all().delete()


@pytest.mark.parametrize(
    ("name", "count", "enterprises", "skipped"),
    [
        ("L2.xlsx", 38, 2, [42, 43, 44]),
        ("L3.xlsx", 98, 8, [102, 103, 104, 105]),
    ],
)
def test_real_ledgers_come_in_whole_and_only_once(name, count, enterprises, skipped, city, safety_office):
    path = real_ledger(name)
    for imported, unchanged in ((count, 0), (0, count)):
        with path.open("rb") as file:
            reading = take(file, city, safety_office, filename=name)
        report = report_of(reading, dry_run=False)
        sheet = report["sheets"][0]
        assert (sheet["rows"], sheet["imported"], sheet["unchanged"], sheet["errors"]) == (
            count,
            imported,
            unchanged,
            [],
        )
        assert [line["row"] for line in sheet["skipped"]] == skipped and all(
            line["reason"] for line in sheet["skipped"]
        )
        assert sheet["header_rows"] == [2, 3]
        assert {"heading": "隐患内容", "field": "description"}.items() <= sheet["columns"][1].items()
        assert Hazard.objects.count() == count
    assert Enterprise.objects.count() == enterprises
    assert set(Hazard.objects.values_list("state", flat=True)) == {State.CLOSED}
    assert not Hazard.objects.filter(closed_on=None).exists()
    assert HazardEvent.objects.count() == count


def test_blank_description_of_a_finished_row_is_told_and_marked(city, safety_office):
    with real_ledger("L3.xlsx").open("rb") as file:
        sheet = report_of(take(file, city, safety_office), dry_run=False)["sheets"][0]
    assert [line["row"] for line in sheet["notices"] if line["column"] == "B"] == [59, 60, 61, 62, 63]
    assert Hazard.objects.filter(description="（原台账未填写隐患描述）").count() == 5


def test_an_exported_ledger_imports_back_equal(city, safety_office):
    with real_ledger("L3.xlsx").open("rb") as file:
        take(file, city, safety_office)
    first = exported()
    forget_everything()
    reading = take(BytesIO(first), city, safety_office)
    assert reading.is_clean and importable(reading) == 98
    assert cells_of(exported()) == cells_of(first)


def test_every_state_and_field_survives_export_and_import(city, township, safety_office, pending, registered):
    department = UnitFactory(code="411402-YJ", name="梁园区应急管理局")
    full = {
        "location": "-1 层", "accident_type": "火灾", "basis": "=GB 50016", "requirement": "+加装\n防火门", "inspectors": "袁立新、贺春生",
        "competent_unit": department, "competent_person": "张三", "supervising_unit": department, "supervising_person": "李四",
        "territorial_person": "郑有田", "enterprise_person": "@孟令山",
    }  # fmt: skip
    named = EnterpriseFactory(township=township, uscc=f"{CODE}{check_character(CODE)}", name="同名企业")
    EnterpriseFactory(township=township, name="同名企业（二店）")
    HazardFactory(closed=True, enterprise=named, review_result="已改好", **full)
    HazardFactory(
        closed=True,
        enterprise__name="同名企业二",
        fixed_on_spot=True,
        issued_on=None,
        deadline=None,
        original_deadline=None,
    )
    HazardFactory(rectifying=True, enterprise=Enterprise.objects.get(name="同名企业（二店）"), **full)
    HazardFactory(proposed_deadline=date(2026, 12, 1), level="major", enterprise=named)
    first = exported()
    forget_everything_but_people()
    reading = take(BytesIO(first), city, safety_office)
    assert reading.is_clean, report_of(reading, dry_run=False)
    assert cells_of(exported()) == cells_of(first)


def forget_everything_but_people():
    for model in (Photo, Feedback):
        model.objects.all().delete()
    erase(HazardEvent)
    Hazard.objects.all().delete()
    for visit in Inspection.objects.all():
        visit.inspectors.clear()
        visit.delete()
    forget_everything()


def test_exporting_and_importing_into_the_same_ledger_changes_nothing(city, safety_office, pending):
    HazardFactory(closed=True, enterprise=pending.enterprise)
    reading = take(BytesIO(exported()), city, safety_office)
    assert (importable(reading), reading.error_rows, reading.sheets[0].unchanged) == (0, 0, 2)


def test_numbers_of_an_imported_ledger_are_never_given_again(city, safety_office, enterprise):
    row = ["YH-4114-2026-000041", "甲", DAY, "甲厂", DUE, "整改中"]
    take(workbook(["编号", *HEADINGS], row, ["", "乙", DAY, "甲厂", DUE, "整改中"]), city, safety_office)
    assert list(Hazard.objects.order_by("pk").values_list("number", flat=True)) == [
        "YH-4114-2026-000041",
        "YH-4114-2026-000042",
    ]


def test_a_known_row_with_other_content_is_refused(city, safety_office):
    take(workbook(HEADINGS, ["甲", DAY, "甲厂", DUE, "整改中"]), city, safety_office)
    reading = take(workbook(HEADINGS, ["甲", DAY, "甲厂", date(2026, 12, 9), "整改中"]), city, safety_office)
    [error] = report_of(reading, dry_run=False)["sheets"][0]["errors"]
    assert (error["row"], error["column"], error["value"]) == (2, "D", "2026-12-09")
    assert "不同" in error["message"] and Hazard.objects.get().deadline == DUE


@pytest.mark.parametrize("number", ["", "YH-4114-2026-000041"])
def test_a_row_dealt_with_since_is_known_whatever_the_file_says(number, city, safety_office, photo):
    file = workbook(["编号", *HEADINGS], [number, "甲", DAY, "甲厂", DUE, "整改中"])
    take(file, city, safety_office)
    rectifier = UserFactory(role="enterprise", unit=None)
    Enterprise.objects.get().members.add(rectifier)
    operations.submit_feedback(Hazard.objects.get(), by=rectifier, at=NOON, content="已改", photos=[photo(rectifier)])
    reading = take(file, city, safety_office)
    assert (reading.sheets[0].unchanged, reading.error_rows) == (1, 0)


def numbered(number, firm, code=""):
    headings = ["编号", *HEADINGS, "统一社会信用代码"]
    return workbook(headings, [number, "甲", DAY, firm, DUE, "整改中", code])


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("stored", ["registered here", "imported"])
def test_a_number_of_another_enterprises_row_is_refused(stored, version, city, township, safety_office):
    known, other = (EnterpriseFactory(township=township, name=name) for name in ("甲厂", "乙厂"))
    marked = EnterpriseFactory(township=township, name="丙厂", uscc=f"{CODE}{check_character(CODE)}")
    number = "YH-4114-2026-000001"
    if stored == "imported":
        take(numbered(number, known.name), city, safety_office)
    else:
        HazardFactory(enterprise=known, number=number, description="甲", found_on=DAY, rectifying=True, deadline=DUE)
    Hazard.objects.update(version=version)
    for firm, code in ((other.name, ""), (known.name, marked.uscc)):
        reading = read(numbered(number, firm, code), city, by=safety_office)
        [error] = report_of(reading, dry_run=True)["sheets"][0]["errors"]
        assert (error["heading"], error["value"]) == ("企业名称", firm) and "不同" in error["message"]
    assert read(numbered(number, known.name), city, by=safety_office).sheets[0].unchanged == 1


def test_a_number_stays_known_when_its_enterprise_was_renamed_or_moved(city, township, foreign_township, safety_office):
    firm = EnterpriseFactory(township=township, name="甲厂", uscc=f"{CODE}{check_character(CODE)}")
    take(numbered("YH-4114-2026-000001", "甲厂"), city, safety_office)
    for name, where in (("甲公司", township), ("甲公司", foreign_township), ("甲厂", foreign_township)):
        Enterprise.objects.update(name=name, township=where, division_code=where.division_code)
        for code in ("", firm.uscc):
            reading = read(numbered("YH-4114-2026-000001", "甲厂", code), city, by=safety_office)
            assert (reading.sheets[0].unchanged, reading.error_rows) == (1, 0)


def test_rows_alike_are_as_many_as_the_file_has(city, safety_office):
    row = ["甲", DAY, "甲厂", DUE, "整改中"]
    for new in (2, 0):
        assert importable(take(workbook(HEADINGS, row, row), city, safety_office)) == new
    assert importable(take(workbook(HEADINGS, row, row, row), city, safety_office)) == 1
    assert Hazard.objects.count() == 3


def test_reading_costs_the_same_queries_for_many_rows(city, safety_office, django_assert_max_num_queries):
    rows = [[f"隐患{n}", DAY, f"企业{n % 7}", DUE, "整改中"] for n in range(400)]
    for count in (3, 400):
        with django_assert_max_num_queries(8):
            assert importable(read(workbook(HEADINGS, *rows[:count]), city)) == count
    reading = read(workbook(HEADINGS, *rows), city)
    # Django puts at most 999 parameters into one statement on SQLite.
    with django_assert_max_num_queries(60):
        commit(reading, by=safety_office, at=NOON)


def test_nothing_is_left_of_an_import_that_fails_midway(city, safety_office, monkeypatch):
    rows = [[f"隐患{n}", DAY, "甲厂", DUE, "整改中"] for n in range(2500)]
    reading = read(workbook(HEADINGS, *rows), city)
    calls = []

    def fail_the_third_time(model, rows):
        calls.extend([model] if model is HazardEvent else [])
        if len(calls) == 3:
            raise MemoryError
        insert(model, rows)

    monkeypatch.setattr(chronicle, "insert", fail_the_third_time)
    with pytest.raises(MemoryError):
        commit(reading, by=safety_office, at=NOON)
    assert len(calls) == 3
    assert not Hazard.objects.exists() and not Enterprise.objects.exists() and not Series.objects.exists()


def test_the_same_rows_entered_meanwhile_are_refused_politely(city, safety_office):
    file = workbook(HEADINGS, ["甲", DAY, "甲厂", DUE, "整改中"])
    late = read(file, city)
    take(file, city, safety_office)
    with pytest.raises(Refused, match="重新识别"):
        commit(late, by=safety_office, at=NOON)
    assert Hazard.objects.count() == 1 and Enterprise.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_imports_of_one_file_at_once_make_no_row_twice(city, safety_office):
    rows = [[f"隐患{n}", DAY, f"企业{n % 5}", DUE, "整改中"] for n in range(300)]
    readings = [read(workbook(HEADINGS, *rows), city) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def run(reading):
        start.wait()
        try:
            outcomes.append(commit(reading, by=safety_office, at=NOON))
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(reading,)) for reading in readings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["300", "refused"]
    assert (Hazard.objects.count(), Enterprise.objects.count()) == (300, 5)


KILLED = """
import django, os, signal, sys
django.setup()
from django.core.management import call_command
from hazards.models import HazardEvent
from journal import chronicle
real = chronicle.insert
def die_after_writing(model, rows):
    real(model, rows)
    if model is HazardEvent:
        os.kill(os.getpid(), signal.SIGKILL)
chronicle.insert = die_after_writing
call_command("import_ledger", sys.argv[1])
"""


def test_a_killed_command_leaves_nothing(tmp_path):
    """A process of its own on its own database file, killed after the first rows were written."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DATABASE_URL", "PYTEST_VERSION", "PYTEST_CURRENT_TEST")
    } | {"VAR_DIR": str(tmp_path / "var"), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "safetyledger.settings"}
    file = tmp_path / "ledger.xlsx"
    file.write_bytes(workbook(HEADINGS, ["甲", DAY, "甲厂", DUE, "整改中"]).getvalue())

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
        )

    for arguments in (("migrate", "-v0"), ("init_city", "4114")):
        done = run("manage.py", *arguments)
        assert done.returncode == 0, done.stderr
    assert run("-c", KILLED, str(file)).returncode == -signal.SIGKILL
    count = "from hazards.models import *; from inspections.models import *; print('rows', Hazard.objects.count() + Enterprise.objects.count())"
    assert "rows 0" in run("manage.py", "shell", "-c", count).stdout
    again = run("manage.py", "import_ledger", str(file))
    assert again.returncode == 0, again.stderr
    assert "rows 2" in run("manage.py", "shell", "-c", count).stdout
