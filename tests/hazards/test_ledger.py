from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def today():
    """The views read the clock themselves."""
    return timezone.localdate()


@pytest.fixture
def page(client, safety_office):
    """GET the ledger as the city's safety office, or as ``user``: ``page("level=major")``."""

    def get(query="", user=safety_office, status=200):
        client.force_login(user)
        response = client.get(f"{reverse('hazards:ledger')}?{query}")
        assert response.status_code == status
        return response

    return get


def tab_counts(response):
    return {tab["label"]: tab["count"] for tab in response.context["tabs"]}


def test_rows_show_number_enterprise_four_responsibilities_and_deadline(page, enterprise, today):
    county = UnitFactory(code="411402", short_name="梁园区")
    enterprise.township.parent = county
    enterprise.township.save()
    department = UnitFactory(code="411402-YJ", short_name="应急局")
    HazardFactory(
        enterprise=enterprise,
        rectifying=True,
        level="major",
        deadline=today - timedelta(days=2),
        description="<b>氨气</b>泄漏",
        enterprise_person="孟令山",
        supervising_unit=department,
        supervising_person="袁立新",
    )

    html = page().content.decode()

    words = ("YH-4114-2026-", enterprise.name, "梁园区双八镇", "应急局", "袁立新", "孟令山", "逾期 2 天", "is-overdue")
    assert [word for word in words if word not in html] == []
    assert "&lt;b&gt;氨气" in html and "<b>氨气" not in html


def test_each_tab_counts_exactly_the_rows_it_leads_to(page, enterprise, inspector, today):
    yesterday = today - timedelta(days=1)
    HazardFactory.create_batch(2, enterprise=enterprise)
    HazardFactory.create_batch(3, enterprise=enterprise, rectifying=True, deadline=yesterday)
    HazardFactory(enterprise=enterprise, pending=True, level="major")
    HazardFactory.create_batch(2, enterprise=enterprise, closed=True, level="major")
    HazardFactory(enterprise=enterprise, drafted=True, registered_by=inspector)

    drafts = (
        "state=draft",
        "view=all&state=draft",
        "view=open&state=draft&state=pending_review",
        "view=drafts&state=draft",
    )
    for query in ("", "level=major", "q=安全出口", "deadline=overdue", *drafts):
        seen = 0
        for tab in page(query, inspector).context["tabs"]:
            followed = page(tab["url"].removeprefix("?"), inspector).context
            if tab["count"] is not None:
                assert followed["total"] == len(followed["rows"]) == tab["count"], (query, tab)
                seen += tab["count"]
        assert seen
    assert tab_counts(page("", inspector)) == {
        "全部": 8,
        "在办": 6,
        "逾期未整改": 3,
        "重大在办": 1,
        "待复查": 1,
        "已销号": 2,
        "草稿": None,
    }
    assert page("view=drafts", inspector).context["total"] == 1


def test_head_of_a_tab_names_the_tab(page, inspector, rectifying):
    def head(query):
        return page(query, inspector).content.decode().split("<h1>隐患台账</h1>")[1].split("</span>")[0]

    assert "待复查 0 条" in head("view=pending_review") and "累计" not in head("view=pending_review")
    assert "在办 1 条 · 台账累计 1 条" in head("")


def test_a_bare_address_opens_on_what_is_worked_on_the_longest_overdue_first(page, enterprise, today):
    HazardFactory(enterprise=enterprise, closed=True)
    HazardFactory(enterprise=enterprise, description="not issued")
    for days in (3, -9, -2):
        due = today + timedelta(days=days)
        HazardFactory(enterprise=enterprise, rectifying=True, deadline=due, description=f"{days}")

    def rows(query=""):
        return [row["description"] for row in page(query).context["rows"]]

    assert rows() == rows("size=20") == rows("columns=level") == ["-9", "-2", "3", "not issued"]
    assert rows("view=overdue") == ["-9", "-2"]
    assert len(rows("level=general")) == len(rows("view=all")) == 5  # the link behind a figure shows what it counts
    context = page().context
    assert context["query"] == "?view=open" and [tab["label"] for tab in context["tabs"] if tab["current"]] == ["在办"]


@pytest.mark.parametrize("query", ["view=open", "view=overdue", "view=major", "view=all&order=deadline", "view=closed"])
def test_every_tab_is_turned_to_its_end_and_back_without_gap_or_double(page, enterprise, today, query):
    for n in range(45):
        kind = ({"closed": True}, {"pending": True}, {}, {"rectifying": True, "deadline": today - timedelta(n % 4)})[
            n % 4
        ]
        HazardFactory(enterprise=enterprise, level="major", found_on=today - timedelta(n % 3), **kind)
    HazardFactory.create_batch(20, enterprise=enterprise, rectifying=True, level="major", deadline=today - timedelta(2))
    context = page(f"{query}&size=20").context
    pages, total = [context["rows"]], context["total"]
    while context["next_url"]:
        context = page(context["next_url"].removeprefix("?")).context
        pages.append(context["rows"])
    numbers = [row["number"] for rows in pages for row in rows]
    assert len(numbers) == len(set(numbers)) == total
    for rows in reversed(pages[:-1]):
        context = page(context["previous_url"].removeprefix("?")).context
        assert context["rows"] == rows


def test_inside_a_county_its_name_is_not_read_in_every_row(page, enterprise, manager, safety_office):
    county = UnitFactory(code="411402", short_name="梁园区")
    enterprise.township.parent = county
    enterprise.township.save()
    HazardFactory(enterprise=enterprise, supervising_unit=UnitFactory(code="411402-XF", short_name="梁园区消防大队"))
    for user, place in ((safety_office, "梁园区双八镇"), (manager, "双八镇")):
        html = page("", user).content.decode()
        assert f'<span class="meta">{place}' in html, user
        assert '<span class="body">消防大队</span>' in html


def test_columns_are_chosen_and_an_empty_choice_is_none(page, enterprise):
    HazardFactory(enterprise=enterprise, location="二号冷库", level="major")
    html = page("columns=location&columns=deadline").content.decode()
    assert "隐患位置</th>" in html and "二号冷库" in html and "ledger-more" in html
    assert "四方责任</th>" not in html and 'class="duties"' not in html and "隐患描述</th>" in html
    assert "没有“weather”这一列" in page("columns=weather", status=400).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("found_from=2025-02-30", "有效日期"),
        ("view=everything", "everything"),
        ("enterprise=99999999999999999999", "企业不存在"),
        ("sector=%3Cscript%3E", "&lt;script&gt;"),
        ("cursor=a.found.2026-02-30.1", "从第一页重新打开"),
        ("cursor=b.deadline.2026-02-20.1", "从第一页重新打开"),
        ("order=secret", "排序方式"),
        ("size=1000000", "每页条数"),
        ("territory=41%EF%BC%91", "属地不存在"),
    ],
)
def test_condition_that_cannot_be_meant_gives_400_a_sentence_and_the_form_as_it_was(page, enterprise, query, words):
    HazardFactory(enterprise=enterprise)
    response = page(f"q=%E5%86%B7%E9%93%BE&level=major&{query}", status=400)

    html = " ".join(response.content.decode().split())
    assert words in html and "<script>" not in html
    assert 'value="冷链"' in html and 'value="major" checked' in html
    assert response.context["rows"] == []


def test_nul_in_the_query_is_refused(client, safety_office):
    client.force_login(safety_office)
    assert client.get(reverse("hazards:ledger") + "?q=a%00b").status_code == 400


def test_pages_follow_one_another_without_gap_and_back(page, enterprise, today):
    for n in range(50):
        HazardFactory(enterprise=enterprise, found_on=today - timedelta(days=n % 3))
    first = page("size=20&view=all")
    assert "第 1 — 20 条" in first.content.decode()
    second = page(first.context["next_url"].removeprefix("?"))
    assert "本页 20 条" in second.content.decode()
    third = page(second.context["next_url"].removeprefix("?"))
    assert "第 41 — 50 条" in third.content.decode() and not third.context["next_url"]

    urls = [row["url"] for response in (first, second, third) for row in response.context["rows"]]
    assert len(set(urls)) == 50
    again = page(third.context["previous_url"].removeprefix("?"))
    assert again.context["rows"] == second.context["rows"]


def test_order_by_deadline_puts_the_earliest_first_and_rows_without_one_last(page, enterprise, today):
    HazardFactory(enterprise=enterprise, description="none")
    for days in (3, 1, 2):
        due = today + timedelta(days=days)
        HazardFactory(enterprise=enterprise, rectifying=True, deadline=due, description=f"in {days}")

    rows = page("order=deadline").context["rows"]

    assert [row["description"] for row in rows] == ["in 1", "in 2", "in 3", "none"]


@pytest.mark.parametrize("query", ["", "level=general&view=open&q=号&found_from=2020-01-01", "order=deadline&size=20"])
def test_page_takes_at_most_eleven_queries_the_same_for_one_row_and_three(client, safety_office, query):
    city = UnitFactory(code="4114")
    safety_office.unit.parent = city
    safety_office.unit.save()
    client.force_login(safety_office)

    def counted():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(f"{reverse('hazards:ledger')}?{query}").context["rows"]
        return len(rows), len(queries)

    HazardFactory(location="一号", supervising_unit=UnitFactory(code="411402-YJ"))
    counted()  # the first visit of a minute also moves the end of the session
    rows, one = counted()
    assert rows == 1
    for n in range(2):
        HazardFactory(enterprise=EnterpriseFactory(township=UnitFactory(code=f"41140300{n}")), location="二号")
    rows, three = counted()

    assert rows == 3
    assert one == three <= 11


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor", "inspector", "leader", "enterprise"])
def test_person_without_a_scope_sees_an_empty_ledger(page, enterprise, role):
    HazardFactory(enterprise=enterprise)
    response = page("", UserFactory(role=role, unit=None))
    assert response.context["total"] == 0
    assert "登记隐患" not in response.content.decode()


def test_rows_outside_the_territory_are_not_listed(page, enterprise, stranger, enterprise_user):
    HazardFactory(enterprise=enterprise)
    assert page("", stranger).context["total"] == 0
    assert page("", enterprise_user).context["total"] == 1


def test_empty_list_says_whether_the_conditions_are_why(page, inspector):
    assert "登记一次检查" in page("", inspector).content.decode()
    assert "没有符合条件的隐患" in page("level=major", inspector).content.decode()


def test_words_found_only_in_other_tabs_are_said_to_be_there(page, enterprise):
    HazardFactory(enterprise=enterprise, closed=True, description="冷库")
    html = page("view=open&q=冷库").content.decode()
    assert "“在办”里没有符合条件的隐患" in html and "全部隐患中有 1 条" in html
    assert len(page("view=all&q=冷库").context["rows"]) == 1
    assert "没有符合条件的隐患" in page("view=all&q=暖库").content.decode()


def test_printed_title_names_the_place_the_conditions_and_the_day(page, enterprise, today):
    UnitFactory(code="411402", short_name="梁园区")
    HazardFactory(enterprise=enterprise)
    html = page("view=open&territory=411402").content.decode()
    assert "安全隐患台账</p>" in html and "条件：在办；属地 " in html
    assert f"制表时间：{today} " in html


def test_a_city_comes_to_a_township_by_way_of_its_county(page, township, foreign_township):
    UnitFactory(code="411402", short_name="梁园区")
    UnitFactory(code="411402002", short_name="王楼乡")
    UnitFactory(code="411403", short_name="睢阳区")

    def places(query):
        menus = page(query).context["menus"]
        [menu] = [menu for menu in menus if menu["name"] == "territory"]
        return [(option["heading"] or option["label"], option.get("checked")) for option in menu["options"]]

    assert places("") == [("梁园区", False), ("睢阳区", False)]
    townships, others = ("梁园区的乡镇（街道）", None), [("其他县（区）", None), ("睢阳区", False)]
    reached = [townships, ("双八镇", False), ("王楼乡", False), *others]
    assert places("territory=411402") == [("梁园区", True), *reached]
    reached[1] = ("双八镇", True)
    assert places(f"territory={township.code}") == [("梁园区", False), *reached]
    both = places(f"territory={township.code}&territory=411403")
    assert both == [
        ("梁园区", False),
        *reached[:3],
        ("睢阳区", True),
        ("睢阳区的乡镇（街道）", None),
        ("郭村镇", False),
    ]


def test_export_streams_a_workbook_named_in_chinese(client, inspector, enterprise, today):
    HazardFactory(enterprise=enterprise)
    client.force_login(inspector)
    response = client.get(reverse("hazards:export") + "?level=general")

    assert response.status_code == 200 and response.streaming
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''%E9%9A%90%E6%82%A3%E5%8F%B0%E8%B4%A6-{today:%Y%m%d}.xlsx"
    )
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_export_with_a_bad_condition_is_refused_with_the_sentence(client, inspector):
    client.force_login(inspector)
    response = client.get(reverse("hazards:export") + "?found_from=2025-02-30")
    assert response.status_code == 400
    assert "有效日期" in response.content.decode()


def test_menus_remember_what_is_ticked_and_carry_the_rest_along(page, enterprise):
    response = page(f"level=major&enterprise={enterprise.pk}&view=open&found_from={date(2026, 1, 2)}")
    html = " ".join(response.content.decode().split())
    assert 'name="level" value="major" checked' in html
    assert f'<input type="hidden" name="enterprise" value="{enterprise.pk}">' in html
    assert 'name="found_from" value="2026-01-02"' in html
