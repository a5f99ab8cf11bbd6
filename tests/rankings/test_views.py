import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import week_of

pytestmark = pytest.mark.django_db

PAGE = "/rankings/"


@pytest.fixture
def office(client, safety_office):
    client.force_login(safety_office)
    return client


def text(response):
    return response.content.decode()


def test_page_shows_the_last_complete_week_by_default(office, township):
    page = office.get(PAGE)

    assert page.status_code == 200
    assert page.context["period"] == week_of(timezone.localdate()).previous()
    assert "实时统计，未冻结" in text(page)
    assert "双八镇" in text(page)


def test_page_says_no_data_where_there_is_nothing_to_divide(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))

    [row] = office.get(PAGE, {"week": "2026-W46"}).context["rows"]

    assert row["shares"] == {"coverage": 0.0, "rate_found": 0.0, "rate_due": None, "on_time_rate": None}


def test_shares_are_shown_with_numerator_and_denominator(office, enterprise):
    HazardFactory.create_batch(3, enterprise=enterprise, found_on=date(2026, 11, 9))
    HazardFactory(enterprise=enterprise, closed=True, found_on=date(2026, 11, 9), closed_on=date(2026, 11, 9))

    page = text(office.get(PAGE, {"week": "2026-W46"}))

    assert "25.0%" in page
    assert 'found_from=2026-11-09&amp;found_to=2026-11-15&amp;closed_by=2026-11-15">1</a>' in page


def test_units_without_any_data_are_folded_below_the_table(office, enterprise):
    UnitFactory(code="411402002", level="township", short_name="空白镇")

    page = office.get(PAGE, {"week": "2026-W46"})

    assert [row["figures"].short_name for row in page.context["rows"]] == ["双八镇"]
    assert [row["figures"].short_name for row in page.context["idle"]] == ["空白镇"]
    assert "<summary>另有 1 个单位无数据</summary>" in text(page)
    assert "另有 1 个单位无数据，未排名：空白镇。" in text(page), "folded rows are printed too"


def test_a_score_without_results_says_so(office, enterprise):
    InspectionFactory(enterprise=enterprise, inspected_on=date(2026, 11, 10))

    page = office.get(PAGE, {"week": "2026-W46"})

    [row] = page.context["rows"]
    score = row["line"].score
    assert f"仅过程得分 {score.process}</span>" in text(page) and f"按 {score.weight} 分折算" in text(page)
    assert "您的管辖范围内只有这一个单位，不排名次" in text(page) and 'class="rank"' not in text(page)
    assert "查 1，应查 1" in text(page) and page.context["process_only"] == [], "a table of their own kind alone"


def test_units_with_points_for_the_process_alone_stand_apart_with_the_reason(office, enterprise, foreign_township):
    InspectionFactory(enterprise=EnterpriseFactory(township=foreign_township), inspected_on=date(2026, 11, 10))
    HazardFactory(enterprise=enterprise, rectifying=True, issued_on=date(2026, 11, 2), deadline=date(2026, 11, 12))

    page = office.get(PAGE, {"week": "2026-W46"})

    assert [row["figures"].short_name for row in page.context["rows"]] == ["双八镇"]
    assert [row["figures"].short_name for row in page.context["process_only"]] == ["郭村镇"]
    assert "仅有过程得分的 1 个单位：期内没有到期的隐患" in text(page)
    assert "名次统一排列；仅有过程得分的 1 个单位列在表末" in text(page), (
        "the table above may not begin with the first place"
    )


def test_a_city_looks_at_its_counties_first_and_a_county_at_its_townships(client, safety_office, township):
    county = UnitFactory(code="411402", short_name="梁园区")
    UnitFactory(code="411403")
    for reader, kinds, codes in (
        (safety_office, ["县区", "乡镇（街道）"], {"411402", "411403"}),
        (UserFactory(role="leader", unit=county), ["乡镇（街道）", "县区"], {"411402001"}),
    ):
        client.force_login(reader)
        page = client.get(PAGE)
        assert [tab["label"] for tab in page.context["tabs"]] == kinds
        assert {row["figures"].code for row in page.context["rows"]} == codes
        assert {row["unit"] for row in client.get(reverse("api-rankings")).json()["rows"]} == codes
    client.force_login(safety_office)
    narrowed = client.get(PAGE, {"county": "411402"})
    assert [row["figures"].code for row in narrowed.context["rows"]] == ["411402001"], (
        "a county chosen shows its townships"
    )


@pytest.mark.parametrize("url", ["inspections:list", "inspections:enterprises"])
def test_a_division_that_a_figure_leads_to_is_said_by_its_name(office, url):
    UnitFactory(code="411421", short_name="民权县", is_active=False)
    page = text(office.get(reverse(url), {"territory": "411421"}))
    assert "民权县" in page and ">411421" not in page
    assert office.get(reverse(url), {"territory": "411499"}).status_code == 200


def test_figures_link_to_their_rows(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9), level="major")

    page = text(office.get(PAGE, {"week": "2026-W46"}))

    assert f"{reverse('hazards:ledger')}?territory=411402001&amp;found_from=2026-11-09" in page
    assert f"{reverse('inspections:list')}?territory=411402001&amp;from=2026-11-09&amp;to=2026-11-15" in page


@pytest.mark.parametrize(("kind", "name"), [("department", "市应急局"), ("county", "梁园区"), ("township", "双八镇")])
def test_tabs_choose_who_competes(office, township, kind, name):
    UnitFactory(code="4114-YJ", short_name="市应急局")
    UnitFactory(code="411402", short_name="梁园区")

    page = office.get(PAGE, {"kind": kind})

    assert [row["figures"].short_name for row in page.context["rows"]] == [name]
    assert [(tab["count"], tab["current"]) for tab in page.context["tabs"] if tab["current"]] == [(1, True)]


def test_county_narrows_the_table(office, township, foreign_township):
    UnitFactory(code="411402")
    UnitFactory(code="411403")

    page = office.get(PAGE, {"county": "411403"})

    assert [row["figures"].code for row in page.context["rows"]] == ["411403001"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"week": "2026-W60"}, "没有第 60 周"),
        ({"week": "9" * 5000}, "写成"),
        ({"month": "2026-13"}, "没有 13 月"),
        ({"kind": "city"}, "排名对象应为"),
        ({"county": "410102"}, "不在您的管辖范围内"),
        ({"week": "2026-W46", "month": "2026-11"}, "只能选一个"),
    ],
)
def test_what_cannot_be_meant_is_said_in_words(office, township, query, words):
    for url in (PAGE, reverse("rankings:export")):
        page = office.get(url, query)
        assert page.status_code == 400
        assert words in text(page)


@pytest.mark.parametrize("query", ["week=%00", "week=%ED%A0%80", "kind=%F0%9F%92%A5", "county=" + "9" * 400])
def test_hostile_parameters_are_refused_quietly(office, township, query):
    assert office.get(f"{PAGE}?{query}").status_code == 400


def test_county_outside_the_jurisdiction_is_as_unknown_as_one_that_is_not_there(client, township):
    UnitFactory(code="411403")
    client.force_login(UserFactory(role="leader", unit=UnitFactory(code="411402")))

    foreign, unknown = (client.get(PAGE, {"county": code}) for code in ("411403", "411499"))

    assert foreign.context["sentences"] == unknown.context["sentences"]
    assert foreign.status_code == 400


@pytest.mark.parametrize("role", ["enterprise", "sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("name", ["rankings:index", "rankings:export", "api-rankings"])
def test_only_readers_of_rankings_may_look(client, township, role, name):
    client.force_login(UserFactory(role=role, unit=None if role == "enterprise" else township))

    page = client.get(reverse(name))

    assert page.status_code == 403
    assert "统计排名供检查人员、安全负责人、安委办和领导查看" in text(page)


@pytest.mark.parametrize("role", ["inspector", "manager", "safety_office", "leader"])
def test_readers_of_rankings_may_look(client, township, role):
    client.force_login(UserFactory(role=role, unit=township))

    assert client.get(PAGE).status_code == 200


def test_month_view_leads_back_to_weeks(office, township):
    page = office.get(PAGE, {"month": "2026-10"})

    assert page.context["week_code"] == "2026-W44"
    assert "月统计与排名" in text(page)
    assert "?month=2026-09" in text(page)


def test_next_period_is_closed_until_it_begins(office, township):
    this_week = week_of(timezone.localdate())

    assert office.get(PAGE, {"week": this_week.code}).context["following"] is None
    assert office.get(PAGE, {"week": this_week.previous().code}).context["following"] == this_week


def test_page_costs_the_same_queries_for_one_and_three_units(office):
    office.get(PAGE)  # the first page of a session writes it

    def used(units):
        for code in units:
            enterprise = EnterpriseFactory(township=UnitFactory(code=code))
            HazardFactory(
                enterprise=enterprise, rectifying=True, found_on=date(2026, 11, 9), deadline=date(2026, 11, 12)
            )
            InspectionFactory(enterprise=enterprise, inspected_on=date(2026, 11, 9))
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE, {"week": "2026-W46"}).status_code == 200
        return len(queries)

    one = used(["411402001"])
    assert used(["411402002", "411402003"]) == one
    assert one <= 20


def test_charts_carry_the_figures_of_the_table(office, enterprise):
    HazardFactory(enterprise=enterprise, rectifying=True, issued_on=date(2026, 11, 2), deadline=date(2026, 11, 12))

    context = office.get(PAGE, {"week": "2026-W46"}).context

    assert context["worst"] == {"labels": ["双八镇"], "values": [1]}
    assert context["trend_rows"][-1] == ("46", 0, 0, 1)


def test_export_holds_the_table_of_the_page(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))
    UnitFactory(code="411402002", name="=HYPERLINK(1)")

    answer = office.get(reverse("rankings:export"), {"week": "2026-W46"})
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    for words in ("双八镇人民政府", "整改率（期内到期，%）", "无数据", "2026 年第 46 周", "=HYPERLINK(1)"):
        assert words in sheet
    assert "<f>" not in sheet


def test_title_names_the_government_the_reader_serves_by_its_name_when_it_has_no_short_one(office, safety_office):
    government = UnitFactory(code="4114", name="商丘市人民政府", short_name="")
    safety_office.unit.parent = government
    safety_office.unit.save()
    assert "商丘市人民政府安全生产隐患排查整治周统计与排名" in text(office.get(PAGE))


def test_api_gives_the_same_table(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))

    table = office.get(reverse("api-rankings"), {"week": "2026-W46", "kind": "township"}).json()

    assert (table["period"], table["from"], table["to"]) == ("2026-W46", "2026-11-09", "2026-11-15")
    assert [(row["unit"], row["found"], row["rate_due"]) for row in table["rows"]] == [("411402001", 1, None)]


@pytest.mark.parametrize("query", ["mouth=2026-10", "week=2026-W46&countty=411402"])
def test_api_does_not_take_a_misspelt_condition_for_none(office, query):
    answer = office.get(f"{reverse('api-rankings')}?{query}")
    assert answer.status_code == 400 and "这个条件" in answer.json()["detail"]
    assert office.get(f"{reverse('api-rankings')}?week=2026-W46&format=json").status_code == 200


def test_api_refuses_with_problem_details(office, client):
    answer = office.get(reverse("api-rankings"), {"week": "2026-W60"})

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "没有第 60 周" in answer.json()["detail"]


def test_nobody_in_particular_is_sent_to_sign_in(client):
    assert client.get(PAGE).status_code == 302
    assert client.get(reverse("api-rankings")).status_code == 401


def test_running_week_says_so(office, township):
    today = timezone.localdate()

    assert "本期尚未结束" in text(office.get(PAGE, {"week": week_of(today).code}))
    assert "本期尚未结束" not in text(office.get(PAGE, {"week": week_of(today - timedelta(days=7)).code}))


def test_the_workbook_gives_no_places_where_the_page_gives_none(office, enterprise):
    """A township that is alone in the table."""
    InspectionFactory(enterprise=enterprise, inspected_on=date(2026, 11, 10))
    asked = {"week": "2026-W46"}
    page = office.get(PAGE, asked)
    assert page.context["ranking"].unplaced == "您的管辖范围内只有这一个单位，不排名次"
    answer = office.get(reverse("rankings:export"), asked)
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows[2:]] == ["—"] and "不排名次" in rows[0][0]
