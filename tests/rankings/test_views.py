import io
import re
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rankings.models import Line, StandingHazard, Table
from rankings.operations import freeze, revise
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import parse_week, week_of

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
    assert "已结束，待冻结" in text(page)
    assert "双八镇" in text(page)


def test_page_says_no_data_where_there_is_nothing_to_divide(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))

    [row] = office.get(PAGE, {"week": "2026-W46"}).context["rows"]

    shares = {name: row[name] for name in ("coverage", "rate_found", "rate_due", "on_time_rate")}
    assert shares == {"coverage": 0.0, "rate_found": 0.0, "rate_due": None, "on_time_rate": None}


def test_shares_are_shown_with_numerator_and_denominator(office, enterprise):
    found = {"found_on": date(2026, 11, 2), "issued_on": date(2026, 11, 2), "deadline": date(2026, 11, 12)}
    HazardFactory.create_batch(3, enterprise=enterprise, rectifying=True, **found)
    HazardFactory(
        enterprise=enterprise, closed=True, **found, rectified_on=date(2026, 11, 9), closed_on=date(2026, 11, 9)
    )
    freeze("4114", parse_week("2026-W46"), at=timezone.now())

    page = text(office.get(PAGE, {"week": "2026-W46", "kind": "township"}))

    assert "25.0%" in page and "已冻结" in page
    assert re.search(r'/rectified_of_due/\?[^"]*">1</a>', page) and re.search(r'/due/\?[^"]*">4</a>', page)


def test_a_city_looks_at_its_counties_first_and_a_county_at_its_own_townships(
    client, safety_office, township, foreign_township
):
    for code in ("4114", "411403"):
        UnitFactory(code=code)
    county = UnitFactory(code="411402", short_name="梁园区")
    both = {"411402001", "411403001"}
    for reader, codes, everywhere in (
        (safety_office, {"411402", "411403"}, both),
        (UserFactory(role="leader", unit=county), {"411402001"}, both),
        (UserFactory(role="leader", unit=township), {"411402001"}, both),
    ):
        client.force_login(reader)
        page = client.get(PAGE)
        assert [tab["label"] for tab in page.context["tabs"]][:2] == ["县区", "乡镇（街道）"]
        assert {row["line"].code for row in page.context["rows"]} == codes
        assert {row["unit"] for row in client.get(reverse("api-rankings")).json()["rows"]} == codes
        whole = client.get(PAGE, {"county": "4114", "kind": "township"})
        assert {row["line"].code for row in whole.context["rows"]} == everywhere, "one table for all readers"
    client.force_login(safety_office)
    narrowed = client.get(PAGE, {"county": "411402"})
    assert [row["line"].code for row in narrowed.context["rows"]] == ["411402001"], (
        "a county chosen shows its townships"
    )


def test_every_reader_sees_the_same_numbers(client, safety_office, township, foreign_township):
    """The score of a unit is the same in the city, at home and for a neighbour; a filter narrows the view, never the score."""
    UnitFactory(code="4114")
    for place in (township, foreign_township):
        firm = EnterpriseFactory(township=place)
        HazardFactory(
            enterprise=firm,
            rectifying=True,
            found_on=date(2026, 11, 9),
            issued_on=date(2026, 11, 9),
            deadline=date(2026, 11, 12),
        )
        InspectionFactory(enterprise=firm, inspected_on=date(2026, 11, 9))
    freeze("4114", parse_week("2026-W46"), at=timezone.now())
    readers = [
        safety_office,
        UserFactory(role="leader", unit=foreign_township),
        UserFactory(role="inspector", unit=UnitFactory(code="411402-YJ")),
    ]
    answers = []
    for reader in readers:
        client.force_login(reader)
        answers.append(
            client.get(reverse("api-rankings"), {"week": "2026-W46", "kind": "township", "county": "4114"}).json()
        )
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["frozen"] is True and answers[0]["revision"] == 1 and len(answers[0]["rows"]) == 2


@pytest.mark.parametrize("url", ["inspections:list", "inspections:enterprises"])
def test_a_division_that_a_figure_leads_to_is_said_by_its_name(office, url):
    UnitFactory(code="411421", short_name="民权县", is_active=False)
    page = text(office.get(reverse(url), {"territory": "411421"}))
    assert "民权县" in page and ">411421" not in page
    assert office.get(reverse(url), {"territory": "411499"}).status_code == 200


def test_figures_link_to_their_rows(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9), level="major")
    freeze("4114", parse_week("2026-W46"), at=timezone.now())

    page = text(office.get(PAGE, {"week": "2026-W46", "kind": "township"}))

    assert f"{reverse('rankings:rows', args=['township', '411402001', 'found'])}?week=2026-W46" in page


@pytest.mark.parametrize(("kind", "name"), [("department", "市应急局"), ("county", "梁园区"), ("township", "双八镇")])
def test_tabs_choose_who_competes(office, township, kind, name):
    UnitFactory(code="4114-YJ", short_name="市应急局")
    UnitFactory(code="411402", short_name="梁园区")

    page = office.get(PAGE, {"kind": kind})

    assert [row["line"].short_name for row in page.context["rows"]] == [name]
    assert [(tab["count"], tab["current"]) for tab in page.context["tabs"] if tab["current"]] == [(1, True)]


def test_county_narrows_the_table(office, township, foreign_township):
    UnitFactory(code="411402")
    UnitFactory(code="411403")

    page = office.get(PAGE, {"county": "411403"})

    assert [row["line"].code for row in page.context["rows"]] == ["411403001"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"week": "2026-W60"}, "没有第 60 周"),
        ({"week": "9" * 5000}, "写成"),
        ({"month": "2026-13"}, "没有 13 月"),
        ({"kind": "city"}, "排名对象应为"),
        ({"county": "410102"}, "不在您可查看的范围内"),
        ({"span": "year"}, "口径应为"),
        ({"revision": "0"}, "1 以上的整数"),
        ({"page": "x"}, "页码应为"),
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
        cache.clear()  # as the first who asks
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE, {"week": "2026-W46"}).status_code == 200
        return len(queries)

    one = used(["411402001"])
    assert used(["411402002", "411402003"]) == one
    assert one <= 50, "copied, counted and put back: the week is over and not frozen"


def test_charts_carry_the_figures_of_the_table(office, enterprise):
    HazardFactory(enterprise=enterprise, rectifying=True, issued_on=date(2026, 11, 2), deadline=date(2026, 11, 12))

    context = office.get(PAGE, {"week": "2026-W46"}).context

    assert context["worst"] == {"labels": ["双八镇"], "values": [1]}
    assert context["trend_rows"][-1] == ("46", 0, 0, 1), "the period itself"


def test_export_holds_the_table_of_the_page(office, enterprise):
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))
    UnitFactory(code="411402002", name="=HYPERLINK(1)")

    answer = office.get(reverse("rankings:export"), {"week": "2026-W46"})
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    for words in ("双八镇人民政府", "整改率（到期，%）", "无数据", "2026 年第 46 周", "=HYPERLINK(1)"):
        assert words in sheet
    assert "<f>" not in sheet


def test_title_names_the_government_whose_table_it_is(office, township):
    UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")
    UnitFactory(code="411402", short_name="梁园区")
    assert "商丘市安全生产隐患排查整治周统计与排名" in text(office.get(PAGE))
    assert "梁园区安全生产隐患排查整治周统计与排名" in text(office.get(PAGE, {"county": "411402"}))


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
    assert page.context["one"].unplaced == "只有这一个单位，不排名次"
    answer = office.get(reverse("rankings:export"), asked)
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[2] for row in rows[2:]] == ["—", None] and "不排名次" in rows[0][0]


def test_a_frozen_page_counts_nothing(office, township, foreign_township):
    """At most eight queries, session and reader among them, whatever stands behind it; no aggregation."""
    for code in ("4114", "411402", "411403"):
        UnitFactory(code=code)
    for place in (township, foreign_township):
        HazardFactory.create_batch(3, enterprise=EnterpriseFactory(township=place), found_on=date(2026, 11, 9))
    freeze("4114", parse_week("2026-W46"), at=timezone.now())
    office.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        assert office.get(PAGE, {"week": "2026-W46", "kind": "township"}).status_code == 200
    told = [
        query["sql"]
        for query in queries
        if "rankings_" in query["sql"] or "hazards_" in query["sql"] or "inspections_" in query["sql"]
    ]
    assert not any("GROUP BY" in sql or "COUNT(" in sql for sql in told if "rankings_" in sql)
    assert not any("hazards_hazard" in sql for sql in told), "the ledger is not asked"
    assert len(queries) <= 8, [query["sql"][:90] for query in queries]


def test_a_revision_shows_why_and_what_changed(office, safety_office, enterprise):
    UnitFactory(code="4114")
    HazardFactory(enterprise=enterprise, found_on=date(2026, 11, 9))
    one = freeze("4114", parse_week("2026-W46"), at=timezone.now())
    StandingHazard.objects.filter(freeze=one).update(level="major")
    Line.objects.filter(table__freeze=one, table__kind="township").update(score="12.5")
    office_person = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    revise(one, by=office_person, at=timezone.now(), reason="上周的分数录错")

    page = text(office.get(PAGE, {"week": "2026-W46", "kind": "township"}))

    assert "已冻结 · 第 2 次" in page and "上周的分数录错" in page and "12.5" in page
    old = text(office.get(PAGE, {"week": "2026-W46", "kind": "township", "revision": 1}))
    assert "第 2 次" in old and "12.5" in old and "上周的分数录错" not in old
    assert office.get(PAGE, {"week": "2026-W46", "revision": 3}).status_code == 404


def test_a_city_of_many_townships_is_shown_page_by_page(office, township):
    for number in range(2, 120):
        UnitFactory(code=f"411402{number:03d}")
    page = office.get(PAGE, {"week": "2026-W46", "kind": "township"})
    assert (len(page.context["rows"]), page.context["pages"]["count"]) == (50, 3)
    last = office.get(PAGE, {"week": "2026-W46", "kind": "township", "page": 3})
    assert len(last.context["rows"]) == 19
    assert len(office.get(PAGE, {"week": "2026-W46", "kind": "township", "page": 9}).context["rows"]) == 19


def test_thirds_bands_and_the_end_of_a_table(office, township):
    for number in range(1, 41):
        firm = EnterpriseFactory(township=UnitFactory(code=f"411402{number:03d}"))
        InspectionFactory(enterprise=firm, inspected_on=date(2026, 11, 10))
        HazardFactory.create_batch(number % 7, enterprise=firm, rectifying=True, found_on=date(2026, 11, 2), issued_on=date(2026, 11, 2), deadline=date(2026, 11, 12))  # fmt: skip
    page = office.get(PAGE, {"week": "2026-W46", "kind": "township"})
    one, rows = page.context["one"], page.context["rows"]
    assert rows[0]["third"] == "前" and {row["third"] for row in rows} >= {"前", "中"}
    assert one.band == 9, "42 of 199 places, for forty units"
    last = rows[-1]["line"].rank
    assert rows[0]["band"] == (1, 10) and rows[-1]["band"] == (last - 9, min(40, last + 9))
    assert [row["is_last"] for row in rows] == [False] * 38 + [True] * 2
    assert not any(row["is_proposed"] for row in rows), "once is no reason"
    freeze("4114", parse_week("2026-W45"), at=timezone.now())
    ends = {row["line"].code for row in rows if row["is_last"]}
    table = Table.objects.get(freeze__period="2026-W45", kind="township", division="4114")
    for place, line in enumerate(sorted(table.lines.all(), key=lambda line: line.code in ends), start=101):
        Line.objects.filter(pk=line.pk).update(place=place, rank=place)
    again = office.get(PAGE, {"week": "2026-W46", "kind": "township"})
    assert {row["line"].code for row in again.context["rows"] if row["is_proposed"]} == ends
    assert "末位，拟约谈" in text(again)
    assert "名次上下浮动 9 位以内（40 个单位）属正常波动" in text(page)
