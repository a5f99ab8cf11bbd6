"""One firm is one enterprise, however its name or credit code is spelled, at every door and in the database."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.models import Hazard
from inspections import operations
from inspections.models import NAME_TAKEN, USCC_TAKEN, Enterprise, Sector
from inspections.uscc import check_character
from journal.refusal import Refused
from tests.factories import NOON, EnterpriseFactory, UserFactory
from tests.folding.spellings import spelled
from tests.imports.ledger_files import importable, read, take, workbook

pytestmark = pytest.mark.django_db

NAME = "商丘市华联（集团）有限公司"
SPELLINGS = [
    "商丘市华联(集团)有限公司",
    "商丘市华联 【集团】 有限公司",
    "商丘市华联（集团）\u200b有限公司",
    "商丘市华联［集团］有限公司　",
]
CODE = "91411400MA3X1YFM2" + check_character("91411400MA3X1YFM2")
OTHER = "91411400MA3X1YFM3" + check_character("91411400MA3X1YFM3")
CODES = [CODE.lower(), f" {CODE[:8]} {CODE[8:]}", "".join(chr(ord(sign) + 0xFEE0) for sign in CODE)]
HEADINGS = ["隐患描述", "排查日期", "企业名称", "整改期限", "隐患状态", "统一社会信用代码"]


@pytest.fixture
def firm(township):
    return EnterpriseFactory(township=township, name=NAME, uscc=CODE)


def typed(township, **changed):
    sector = Sector.objects.get(code="GMSM").pk
    blank = {"address": "", "phone": "", "risk_grade": "", "uscc": ""}
    return {
        **blank,
        "name": "另一家",
        "township": township.pk,
        "sector": sector,
        "principal": "佟建业",
        "status": "operating",
    } | changed


def rows(*cells):
    return workbook(
        HEADINGS,
        *([f"隐患{n}", "2026-11-02", name, "2026-11-30", "整改中", code] for n, (name, code) in enumerate(cells)),
    )


@pytest.mark.parametrize("name", SPELLINGS)
def test_the_form_refuses_another_spelling_and_keeps_what_was_typed(client, firm, inspector, township, name):
    client.force_login(inspector)
    answer = client.post(reverse("inspections:enterprise_create"), typed(township, name=name))
    assert answer.status_code in (400, 409) and NAME_TAKEN in answer.content.decode()
    assert name.strip() in answer.content.decode()
    assert Enterprise.objects.count() == 1


@pytest.mark.parametrize("code", CODES)
def test_the_form_and_the_api_know_a_credit_code_however_it_is_typed(client, firm, inspector, township, code):
    client.force_login(inspector)
    answer = client.post(reverse("inspections:enterprise_create"), typed(township, uscc=code))
    assert answer.status_code in (400, 409) and USCC_TAKEN in answer.content.decode()
    sent = {"name": "另一家", "township": township.code, "sector": "GMSM", "principal": "佟建业", "uscc": code}
    answer = client.post(reverse("api-enterprise-list"), json.dumps(sent), content_type="application/json")
    assert answer.status_code in (400, 409) and USCC_TAKEN in answer.content.decode()
    sent["uscc"] = OTHER.lower()
    assert (
        client.post(reverse("api-enterprise-list"), json.dumps(sent), content_type="application/json").status_code
        == 201
    )
    assert set(Enterprise.objects.values_list("uscc", flat=True)) == {CODE, OTHER}


@settings(max_examples=20)
@given(data=st.data())
def test_the_verbs_and_the_database_refuse_every_spelling(firm, township, data):
    by = firm.township.people.first() or UserFactory(role="inspector", unit=township)
    name = data.draw(spelled(NAME))
    with pytest.raises(Refused, match=NAME_TAKEN), transaction.atomic():
        operations.enlist(by=by, at=NOON, township=township, name=name, sector=None)
    other = EnterpriseFactory(township=township)
    with pytest.raises(Refused, match=NAME_TAKEN):
        operations.edit(other, by=by, at=NOON, name=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnterpriseFactory(township=township, name=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(pk=other.pk).update(name=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.bulk_create([EnterpriseFactory.build(township=township, name=name, sector=None)])


def test_one_name_in_two_townships_is_two_firms(firm, foreign_township, stranger):
    operations.enlist(by=stranger, at=NOON, township=foreign_township, name=NAME, sector=None)
    assert Enterprise.objects.count() == 2


def test_an_import_finds_the_firm_in_four_spellings(firm, township, manager):
    reading = take(rows(*((name, "") for name in SPELLINGS)), township, manager)
    assert (importable(reading), len(reading.new_enterprises)) == (4, 0)
    assert set(Hazard.objects.values_list("enterprise", flat=True)) == {firm.pk}


def test_an_import_makes_one_firm_of_four_spellings_and_gives_it_the_code(township, manager):
    take(rows(*((name, "") for name in SPELLINGS), (NAME, CODES[2])), township, manager)
    assert Enterprise.objects.values_list("name", "uscc").get() == (SPELLINGS[0], CODE)
    assert Hazard.objects.count() == 5


@pytest.mark.parametrize("here", [True, False])
def test_an_import_asks_when_one_name_has_two_codes(township, manager, here):
    if here:
        EnterpriseFactory(township=township, name=NAME, uscc=CODE)
    reading = read(rows((NAME, CODE), (SPELLINGS[0], OTHER)), township, by=manager)
    [(entry, _)] = reading.sheets[0].failed
    assert CODE in entry.problems[0].message and importable(reading) == 1


def test_the_same_row_in_another_spelling_is_the_same_row(township, manager):
    take(rows((NAME, "")), township, manager)
    again = workbook(HEADINGS, ["隐 患０", "2026-11-02", SPELLINGS[1], "2026-11-30", "整改中", ""])
    reading = read(again, township, by=manager)
    assert (importable(reading), reading.sheets[0].unchanged, reading.error_rows) == (0, 1, 0)
