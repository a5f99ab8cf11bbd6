"""The list engine through the one list with every feature, and through a small one of its own."""

from datetime import date

import pytest
from django.test import RequestFactory

from accounts.filters import PeopleFilter
from accounts.models import User
from hazards.ordering import DUE
from hazards.views.ledger import Ledger
from look import cells
from look.filters import as_query
from look.lists import Column, Empty, ListPage, Menu, Tab
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


class Names(ListPage):
    title, label, url_name = "名单", "名单", "accounts:people"
    columns = (Column("账号", cells.text("username"), "num"), Column("职务", cells.text("post")))
    filter_class, fields = PeopleFilter, ("q", "role")
    empty = Empty("没有人", "换一个条件。")

    def rows(self):
        return User.objects.all()


@pytest.fixture
def page(leader):
    """The names as ``leader`` reads them: ``page("q=a")``."""

    def get(query="", listing=Names, status=200):
        request = RequestFactory().get(f"/names/?{query}")
        request.user, request.resolver_match = leader, None
        response = listing.as_view()(request)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return get


def test_a_row_is_a_table_row_and_on_a_phone_a_block_with_headings(page):
    UserFactory(username="<b>x", post="")
    html = page()
    assert (
        '<td role="cell" class="num" data-label="账号">&lt;b&gt;x</td><td role="cell" data-label="职务">—</td>' in html
    )
    assert 'class="table compact' in html and "第 1 — 2 条 · 共 <b>2</b> 条" in html


def test_a_column_that_is_not_visible_is_neither_drawn_nor_fetched(page):
    class Fewer(Names):
        columns = (Column("账号", cells.text("username"), needs=("username",)),
                   Column("职务", cells.text("post"), needs=("post", "username"), visible=False))  # fmt: skip

    html = page(listing=Fewer)
    assert 'data-label="账号"' in html and "职务</th>" not in html and 'data-label="职务"' not in html
    assert Fewer().needs == ("username",)


def test_conditions_without_a_field_travel_along_and_are_said_by_chips(page):
    html = page("active=yes&role=leader")
    assert '<input type="hidden" name="active" value="yes">' in html and 'type="hidden" name="role"' not in html
    assert "状态：<b>已启用</b>" in html and "角色：<b>领导</b>" in html
    assert 'href="?role=leader"' in html and 'href="?active=yes"' in html  # without the one, without the other
    assert "（按条件）" in html and "（按条件）" not in page()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("role=king", "king"), ("cursor=a.newest.x", "翻页位置无法识别"), ("cursor=a.found.2026-01-01.1", "翻页")],
)
def test_what_cannot_be_meant_gives_400_a_sentence_and_a_way_out(page, query, sentence):
    html = page(f"q=li&{query}", status=400)
    assert sentence in html and 'role="alert"' in html and "没有人" in html
    assert 'value="li"' in html and "<td" not in html


def test_orders_sizes_and_columns_that_are_not_offered_are_refused(page):
    for query in ("order=secret", "size=3", "columns=secret"):
        for listing in (Names, Ledger):
            assert "<td" not in page(query, listing, status=400), (query, listing)


def test_a_list_offers_larger_pages_and_drops_the_parameter_for_the_usual_one(page):
    UserFactory.create_batch(25)
    usual, larger = page(), page("size=50")
    assert usual.count("<tr") == 1 + 20 and 'href="?size=50"' in usual
    assert larger.count("<tr") == 1 + 26 and 'href="?">20</a>' in larger


class Chosen(Names):
    columns = (Column("账号", cells.text("username"), needs=("username",)),
               Column("职务", cells.text("post"), needs=("post",), key="post"),
               Column("电话", cells.text("phone"), needs=("phone",), key="phone", visible=False))  # fmt: skip
    search = "姓名"


def test_columns_are_shown_as_chosen_and_the_choice_travels_with_every_link_and_form(page):
    assert [column.heading for column in Chosen().shown] == ["账号", "职务"]
    html = page("columns=phone&role=leader", Chosen)
    assert "电话</th>" in html and "职务</th>" not in html and "账号</th>" in html
    assert 'value="phone" checked' in html and 'value="post" checked' not in html
    assert '<input type="hidden" name="columns" value="phone">' in html
    assert (
        'href="?role=leader&amp;columns=usual">恢复默认' in html and 'href="?columns=phone"' in html
    )  # without the words
    assert 'value="post" checked' in page("", Chosen)


def test_on_a_phone_all_conditions_but_the_first_stand_behind_a_button_that_counts_them(page):
    assert 'for="more-conditions"' in page() and "筛选 1</label>" in page("role=leader&q=a")
    assert "筛选</label>" in page("q=a")


def test_a_printed_list_holds_every_row_numbered_under_a_title_with_conditions_and_a_line_to_sign(page):
    UserFactory.create_batch(30)
    html = page("print=1&role=leader", Names)
    assert html.count("<tr") == 1 + User.objects.filter(role="leader").count() and "角色 领导；共" in html
    html = page("print=1")
    assert html.count("<tr") == 1 + 31 and 'data-label="序号">31</td>' in html
    assert "条件：全部；共 31 条" in html and "审核：" in html and "不是全部" not in html
    assert "上一页" not in html and 'class="filterbar' not in html


def test_more_rows_than_can_be_printed_are_counted_not_cut(page, monkeypatch):
    monkeypatch.setattr("look.lists.PRINTED", 10)
    UserFactory.create_batch(9)
    assert page("print=1").count("<tr") == 1 + 10
    UserFactory()
    html = page("print=1")
    assert "<tr" not in html and "符合条件的 11 条，一次打印不完" in html and "一次最多打印 10 条" in html


def test_a_page_of_a_longer_list_says_on_paper_that_it_is_not_all(page):
    assert "不是全部" not in page()
    UserFactory.create_batch(20)
    assert "本页只有第 1 — 20 条，共 21 条，不是全部。" in page() and 'href="?print=1"' in page()


def test_an_empty_list_says_why(page):
    html = page("q=nobody")
    assert "没有人" in html and "<table" not in html and "上一页" not in html


def test_only_a_heading_with_an_order_sorts_and_says_in_which_direction():
    def heads(query):
        return {head["heading"]: (head["sort"], head["url"]) for head in Ledger().heads(as_query(query))}

    found = heads({"view": "closed"})
    assert found["期限"] == ("", "?view=closed&order=deadline")
    assert found["编号"] == ("descending", "?view=closed&order=found_on"), "once sorted by it, the other way round"
    assert [url for heading, (_, url) in found.items() if heading not in ("期限", "编号")] == [""] * 5
    by_due = heads({"view": "closed", "order": DUE.name, "level": "major"})
    assert by_due["期限"] == ("ascending", "?view=closed&level=major&order=-deadline")
    assert by_due["编号"] == ("", "?view=closed&level=major")
    # Where the deadline is the usual order, it is the other one that must be said.
    assert heads({"view": "open"})["编号"] == ("", "?view=open&order=-found_on")
    assert heads({"view": "open"})["期限"] == ("ascending", "?view=open&order=-deadline")
    assert heads({"view": "open", "order": "-deadline"})["期限"] == ("descending", "?view=open")


def test_the_menu_of_orders_has_a_line_for_each_day_both_ways_and_marks_the_one_in_force():
    data = as_query({"view": "open", "order": "-closed_on", "cursor": "x"})
    lines = {line["label"]: line["ways"] for line in Ledger().sorts(data)}
    assert [way["current"] for way in lines["销号日期"]] == [True, False]
    assert [(way["words"], way["url"]) for way in lines["整改期限"]] == [
        ("最近在前", "?view=open&order=-deadline"),
        ("最早在前", "?view=open"),  # the usual one of the tab needs no name
    ]


def test_a_tab_sets_its_query_beside_the_conditions_and_starts_at_the_first_page():
    data = as_query({"level": "major", "cursor": "x", "view": "open"})
    first, due = Tab("全部", {"view": "all"}, default=True), Tab("将到期", {"view": "open", "deadline": "soon"})
    assert first.url(data) == "?level=major" and due.url(data) == "?level=major&view=open&deadline=soon"
    assert not due.holds(data) and due.holds(as_query(due.query)) and first.holds(as_query({"view": "all"}))


def test_a_menu_ticks_what_is_asked():
    places = [("1", "一镇"), ("2", "二镇")]
    several = Menu("place", "属地", places).drawn(as_query({"place": ["1", "2"]}))
    assert [option["checked"] for option in several["options"]] == [True, True]
    none = Menu("place", "属地", places).drawn(as_query({}))
    assert [(option["label"], option["checked"]) for option in none["options"]] == [("一镇", False), ("二镇", False)]


def test_cells_walk_a_path_escape_and_say_nothing_as_a_dash():
    row = {"pk": 7, "unit": {"name": "<镇>"}, "none": None, "on": date(900, 1, 2)}
    assert cells.text("unit.name")(row) == "<镇>" and cells.text("none.name")(row) == "—"
    assert cells.day("on")(row) == "0900-01-02" and cells.day("none")(row) == "—"
    link = '<a href="/hazards/7/">&lt;镇&gt;</a>'
    assert cells.link("unit.name", "hazards:detail")(row) == link
    both = cells.with_meta(cells.link("unit.name", "hazards:detail"), "unit.name")
    assert both(row) == f'{link}<span class="meta">&lt;镇&gt;</span>'
    assert cells.with_meta(cells.text("pk"), "none")(row) == 7


def test_rows_that_arrive_between_two_pages_move_nothing(page):
    UserFactory.create_batch(30)
    last = User.objects.order_by("-pk")[19].pk
    assert f"cursor=a.newest.{last}" in page()
    UserFactory(username="late")
    second = page(f"cursor=a.newest.{last}")
    assert "late" not in second and second.count("<tr") == 1 + 11 and "第 21 — 31 条" not in second
