"""The pages of the standards, the address that is asked while a hazard is registered, and the API."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from criteria import operations
from criteria.models import Criterion, Standard
from criteria.operations import Item
from criteria.views import ITEMS_SHOWN, OFFERED
from inspections.models import Sector
from tests.factories import NOON, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
OFFERED_AT = "/standards/offered/"


@pytest.fixture
def enter(safety_office):
    """Enters a standard with items ``(article, wording)``: ``enter("GB 1-2026", ("4.1", "甲"), effective_on=…)``."""

    def make(number, *items, **facts):
        made = operations.enter(by=safety_office, at=NOON, name=f"标准{number}", number=number, **facts)
        if items:
            rows = [Item(article, wording=wording) for article, wording in items]
            operations.load_items(made, by=safety_office, at=NOON, items=rows)
        return made

    return make


def offered(client, **asked):
    answer = client.get(OFFERED_AT, {"on": TODAY.isoformat()} | asked)
    return answer.json()


def headings(client, **asked):
    return [one["heading"] for one in offered(client, **asked)["items"]]


def test_only_what_was_in_force_on_the_day_of_finding_is_offered(client, inspector, enter):
    client.force_login(inspector)
    begins, ends = TODAY, TODAY + timedelta(days=2)
    enter("试1", ("4.1", "甲甲甲"), effective_on=begins, expires_on=ends)
    enter("试2", effective_on=begins, expires_on=ends)
    found = {days: headings(client, q="试", on=(TODAY + timedelta(days=days)).isoformat()) for days in (-1, 0, 1, 2)}
    assert found == {-1: [], 0: ["试1 4.1", "试2"], 1: ["试1 4.1", "试2"], 2: []}


def test_a_standard_as_a_whole_is_offered_only_without_items_and_asks_for_the_article(client, inspector, enter):
    client.force_login(inspector)
    standard = enter("试1")
    [whole] = offered(client, q="试1")["items"]
    assert (whole["basis"], whole["keeps"]) == ("标准试1（试1）", ["试1"])
    assert "写明所依据的条款" in whole["words"]
    operations.load_items(standard, by=_office(), at=NOON, items=[Item("4.1", wording="甲")])
    [item] = offered(client, q="试1")["items"]
    assert (item["basis"], item["keeps"]) == ("标准试1（试1）4.1：甲", ["试1", "4.1"])


def _office():
    return User.objects.get(role="safety_office")


def test_the_sector_of_the_enterprise_comes_first_then_what_is_for_all(client, inspector, enter):
    client.force_login(inspector)
    coal, fire = Sector.objects.get(code="KS"), Sector.objects.get(code="XF")
    enter("试1", ("1", "同词"), sector=fire)
    enter("试2", ("1", "同词"))
    enter("试3", ("1", "同词"), sector=coal)
    assert headings(client, q="同词", first="KS") == ["试3 1", "试2 1", "试1 1"]
    assert headings(client, q="同词") == ["试1 1", "试2 1", "试3 1"]
    assert headings(client, q="同词 消防") == ["试1 1"]  # the sector is searched too


def test_no_more_than_a_screenful_is_answered_and_the_answer_says_so(
    client, inspector, enter, django_assert_max_num_queries
):
    client.force_login(inspector)
    enter("试1", *[(str(number), "同词") for number in range(1, OFFERED + 1)])
    assert (len(offered(client, q="同词")["items"]), offered(client, q="同词")["more"]) == (OFFERED, False)
    enter("试2", ("1", "同词"))
    with django_assert_max_num_queries(5):
        answer = offered(client, q="同词", first="KS")
    assert (len(answer["items"]), answer["more"]) == (OFFERED, True)


def test_nothing_asked_finds_nothing_and_without_a_day_the_day_is_asked_for(client, inspector):
    client.force_login(inspector)
    answer = client.get(OFFERED_AT).json()
    assert (answer["items"], answer["more"]) == ([], False)
    own = Sector.objects.filter(standards__isnull=False).distinct()
    assert answer["sectors"] == list(own.values("code", "name")) != []
    for asked in ({"q": "液氨"}, {"q": "液氨", "on": "2026-02-30"}, {"sector": answer["sectors"][0]["code"]}):
        answer = client.get(OFFERED_AT, asked)
        assert (answer.status_code, answer.json()) == (400, {"error": "请先填好检查日期，再查找判定标准"})
    assert client.get(OFFERED_AT, {"q": "液氨", "on": TODAY, "first": "没有"}).status_code == 400


def test_a_sector_alone_lists_its_items_and_those_for_all_its_own_first(client, inspector, enter):
    client.force_login(inspector)
    one, other = Sector.objects.filter(standards=None)[:2]
    enter("试1", ("1", "通用的"))
    enter("试2", ("2", "专用的"), sector=one)
    enter("试3", ("3", "别家的"), sector=other)
    assert headings(client, q="试", sector=one.code, first=one.code) == ["试2 2", "试1 1"]
    assert headings(client, sector=one.code, first=one.code)[0] == "试2 2"
    assert headings(client, q="专用", sector=other.code) == []
    answer = client.get(OFFERED_AT, {"sector": "没有", "on": TODAY})
    assert answer.status_code == 400 and "行业领域" in answer.json()["error"]


def test_a_script_without_a_session_is_told_so(client):
    answer = client.get(OFFERED_AT, {"q": "液氨"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401 and answer.json()["error"]


# --- the pages ----------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_in_force_and_counts_newest_items(client, safety_office, enter):
    client.force_login(safety_office)
    standard = enter("试1", ("1", "甲"), ("2", "乙"), effective_on=TODAY + timedelta(days=900))
    operations.load_items(standard, by=safety_office, at=NOON, items=[Item("1", wording="甲甲")])
    page = client.get(reverse("criteria:standards"), {"q": "试1"})
    [row] = page.context["rows"]
    assert row.item_count == 2
    assert "尚未施行" in page.content.decode()
    assert reverse("criteria:standard_new", args=["enter"]) in page.content.decode()
    on = client.get(reverse("criteria:standards"), {"on": TODAY.isoformat()}).context["rows"]
    assert standard not in on and len(on) == Standard.objects.in_force_on(TODAY).count()


def test_a_page_of_a_standard_shows_so_many_items_and_leads_to_the_rest(client, inspector, enter):
    client.force_login(inspector)
    standard = enter("试1", *[(str(number), f"情形{number}号") for number in range(1, ITEMS_SHOWN + 1)])
    rest = f"{reverse('criteria:items')}?standard={standard.pk}"
    page = client.get(standard.get_absolute_url()).content.decode()
    assert f"情形{ITEMS_SHOWN}号" in page and rest not in page
    operations.load_items(standard, by=_office(), at=NOON, items=[Item("9999", wording="最后一条")])
    page = client.get(standard.get_absolute_url()).content.decode()
    assert "最后一条" not in page and rest in page
    assert reverse("criteria:standard_act", args=[standard.pk, "load_items"]) not in page
    found = client.get(rest + "&q=9999").context["rows"]
    assert [row.wording for row in found] == ["最后一条"]


def test_the_page_costs_the_same_however_many_items(client, inspector, enter, django_assert_max_num_queries):
    client.force_login(inspector)
    standard = Standard.objects.get(number="应急管理部令第10号")
    client.get(standard.get_absolute_url())
    with django_assert_max_num_queries(10):
        client.get(standard.get_absolute_url())


def test_the_office_enters_a_standard_on_its_page(client, safety_office):
    client.force_login(safety_office)
    page = reverse("criteria:standard_new", args=["enter"])
    sent = {"name": "某标准", "number": "试〔2026〕1号", "effective_on": "2026-12-01", "sector": ""}
    assert client.post(page, sent | {"expires_on": "2026-12-01"}).status_code == 400
    made = client.post(page, sent, follow=True)
    assert "已登记标准：某标准（试〔2026〕1号）" in made.content.decode()
    again = client.post(page, sent | {"number": "试[2026]1号"})
    assert again.status_code in (400, 409) and "已有这个文号" in again.content.decode()


# --- the API ------------------------------------------------------------------------------------------------------


def test_the_api_reads_standards_and_items_by_words_sector_and_day(client, inspector, enter):
    client.force_login(inspector)
    begins = TODAY + timedelta(days=1)
    enter("试1", ("1", "同词"), sector=Sector.objects.get(code="KS"), effective_on=begins)
    enter("试2", ("1", "同词"))

    def numbers(kind, **asked):
        return sorted(row["number"] for row in client.get(f"/api/v1/{kind}/", asked).json()["results"])

    assert numbers("standards", q="试") == ["试1", "试2"]
    assert numbers("standards", q="试", sector="XF") == ["试2"]
    assert numbers("standards", q="试", on=TODAY.isoformat()) == ["试2"]
    assert numbers("criteria", q="同词") == ["试1", "试2"]
    assert numbers("criteria", q="同词", sector="KS", on=begins.isoformat()) == ["试1", "试2"]
    assert numbers("criteria", q="同词", on=TODAY.isoformat()) == ["试2"]
    row = client.get("/api/v1/criteria/", {"q": "同词", "sector": "XF"}).json()["results"][0]
    assert (row["article"], row["wording"], row["basis"]) == ("1", "同词", "标准试2（试2）1：同词")


def test_a_superseded_item_is_read_by_its_id_alone(client, inspector, enter):
    client.force_login(inspector)
    standard = enter("试1", ("1", "旧词"))
    old = Criterion.objects.get(standard=standard, article="1")
    operations.load_items(standard, by=_office(), at=NOON, items=[Item("1", wording="新词")])
    listed = client.get("/api/v1/criteria/", {"standard": standard.pk}).json()["results"]
    assert sorted(row["wording"] for row in listed if row["article"]) == ["新词"]
    assert client.get(f"/api/v1/criteria/{old.pk}/").json()["wording"] == "旧词"
