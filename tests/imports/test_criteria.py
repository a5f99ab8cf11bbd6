"""判定标准 as a column: written, chosen on the page, told by the API, and read back with what judging would keep."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from criteria.models import SHORT, Criterion, cell_words
from hazards.models import Hazard
from tests.factories import HazardFactory, UnitFactory
from tests.imports.ledger_files import cells_of, take, workbook
from tests.imports.test_ledgers import exported, forget_everything_but_people

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
HEADINGS = ["隐患描述", "隐患等级", "排查日期", "企业名称", "判定依据", "判定标准"]


@pytest.fixture
def city(db):
    return UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")


@pytest.fixture
def item(db):
    items = Criterion.objects.items().newest().select_related("standard").filter(standard__expires_on=None)
    return next(one for one in items if one.standard.is_in_force_on(DAY))


def cell(item):
    return cell_words(item.standard.number, item.article, item.item, item.wording)


def test_a_cell_holds_number_place_and_the_wording_cut_short():
    assert cell_words("GB 1", "4.1", "（二）", "短") == "GB 1 4.1（二）：短"
    assert cell_words("GB 1", "", "", "按标准原文判定") == "GB 1：按标准原文判定"
    assert cell_words("GB 1", "4", "", "长" * 100) == f"GB 1 4：{'长' * (SHORT - 1)}…"


def test_workbook_page_and_api_say_by_what_a_hazard_was_judged(client, safety_office, enterprise, item):
    HazardFactory(
        enterprise=enterprise, level="major", criterion=item, basis=item.citation, number="YH-4114-2026-000001"
    )
    HazardFactory(enterprise=enterprise, number="YH-4114-2026-000002")
    headings, *rows = cells_of(exported(Hazard.objects.order_by("pk")))
    assert [row[headings.index("判定标准")] for row in rows] == [cell(item), ""]
    client.force_login(safety_office)
    html = client.get(reverse("hazards:ledger"), {"view": "all", "columns": ["criterion"]}).content.decode()
    assert "判定标准</th>" in html and item.wording[:20] in html and item.standard.number in html
    assert "判定标准</th>" not in client.get(reverse("hazards:ledger"), {"columns": "usual"}).content.decode()
    api = APIClient()
    api.force_authenticate(safety_office)
    none, told = api.get("/api/v1/hazards/").json()["results"]
    assert (told["criterion"], told["criterion_standard"], told["criterion_article"], told["criterion_item"], told["criterion_wording"]) == (
        item.pk, item.standard.number, item.article, item.item, item.wording,
    )  # fmt: skip
    assert none["criterion"] is none["criterion_standard"] is none["criterion_wording"] is None


def test_an_exported_criterion_is_read_back(city, safety_office, enterprise, item):
    HazardFactory(enterprise=enterprise, level="major", criterion=item, basis=item.citation, found_on=DAY)
    first = exported()
    forget_everything_but_people()
    reading = take(BytesIO(first), city, safety_office)
    assert reading.is_clean
    assert Hazard.objects.get().criterion == item and cells_of(exported()) == cells_of(first)
    again = take(BytesIO(first), city, safety_office)
    assert again.is_clean and Hazard.objects.count() == 1


@pytest.mark.parametrize("form", ["whole", "place", "typed"])
def test_a_criterion_is_known_however_it_is_typed(city, safety_office, enterprise, item, form):
    said = {"whole": cell(item), "place": cell(item).partition("：")[0], "typed": f" {cell(item)} ".replace("（", "(")}[
        form
    ]
    take(workbook(HEADINGS, ["x", "重大", DAY, enterprise.name, item.citation, said]), city, safety_office)
    assert Hazard.objects.get().criterion == item


def test_without_a_column_for_the_basis_it_is_the_citation(city, safety_office, enterprise, item):
    headings = [one for one in HEADINGS if one != "判定依据"]
    take(workbook(headings, ["x", "重大", DAY, enterprise.name, cell(item)]), city, safety_office)
    row = Hazard.objects.get()
    assert (row.criterion, row.basis) == (item, item.citation)


@pytest.mark.parametrize("case", ["unknown", "general", "early", "another"])
def test_what_judging_would_not_keep_is_left_out_with_a_word(city, safety_office, enterprise, item, case):
    said, level, basis, words = cell(item), "重大", item.citation, ""
    if case == "unknown":
        said, words = "某标准 第九条", "没有这个判定条目"
    elif case == "general":
        level, words = "一般", "只用于重大隐患"
    elif case == "early":
        item.standard.effective_on, words = DAY + timedelta(days=1), "没有施行或已废止"
        item.standard.save()
    else:
        basis, words = "AQ 7015-2018 第 5.1 条", "没有写这个判定条目"
    reading = take(workbook(HEADINGS, ["x", level, DAY, enterprise.name, basis, said]), city, safety_office)
    [sheet] = reading.sheets
    [notice] = [one for entry in sheet.new for one in entry.notices if one.field == "criterion"]
    assert words in notice.message and "判定标准没有导入" in notice.message and notice.value == said
    row = Hazard.objects.get()
    assert (row.criterion, row.basis) == (None, basis)
