"""Views of the ledger: saved, shared, opened, replaced, dropped, and how many."""

import sys

import pytest
from django.http import QueryDict

from hazards.models import SavedView
from hazards.operations.saved_views import MOST, save_view
from journal.refusal import Refused
from tests.factories import HazardFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
VIEWS = "/hazards/views/"


@pytest.fixture
def save(client, inspector):
    def post(query="level=major&order=deadline&columns=location", user=inspector, name="重大的", **given):
        client.force_login(user)
        return client.post(VIEWS, {"name": name, "query": query, **given})

    return post


def test_a_view_is_a_link_to_the_ledger_as_it_was_with_columns_and_order(client, save, enterprise, inspector):
    HazardFactory(enterprise=enterprise, level="major", location="二号冷库")
    HazardFactory(enterprise=enterprise)
    response = save("level=major&order=deadline&columns=location&cursor=a.deadline.-.1&print=1&only=7")
    view = SavedView.objects.get()
    assert response.url == view.get_absolute_url() == f"/hazards/?{view.query}"
    assert QueryDict(view.query).dict() == {"level": "major", "order": "deadline", "columns": "location", "view": "all"}
    html = client.get(response.url).content.decode()
    assert "二号冷库" in html and "视图“重大的”已保存" in html and html.count("<tr") == 2
    assert 'href="/hazards/?' in client.get(VIEWS).content.decode()


def test_the_form_holds_the_query_of_the_ledger_one_comes_from_remembered_columns_included(client, inspector):
    client.force_login(inspector)
    client.get("/hazards/?columns=location&columns=deadline")
    link = client.get("/hazards/?level=major").context["view_query"]
    assert QueryDict(link[1:]).getlist("columns") == ["deadline", "location"]
    html = client.get(VIEWS + link).content.decode()
    assert 'name="query" value="level=major&amp;view=all&amp;columns=deadline&amp;columns=location"' in html
    assert "现在的条件：</span>全部；隐患等级 重大" in html or "现在的条件：</span>全部；等级 重大" in html


def test_one_shared_is_seen_by_the_unit_alone_and_dropped_by_its_owner_alone(
    client, save, inspector, colleague, stranger
):
    save(share="on")
    save(name="自己的")
    client.get(VIEWS)  # reads what was said of saving
    shared = SavedView.objects.get(name="重大的")
    for user, seen in ((colleague, True), (stranger, False), (UserFactory(role="enterprise", unit=None), False)):
        client.force_login(user)
        html = client.get(VIEWS).content.decode()
        assert ("重大的" in html) is seen and "自己的" not in html
        assert client.post(f"{VIEWS}{shared.pk}/drop/").status_code == (302 if seen else 404)
    assert SavedView.objects.count() == 2
    client.force_login(inspector)
    client.post(f"{VIEWS}{shared.pk}/drop/")
    assert SavedView.objects.get().name == "自己的"


def test_who_moves_to_another_unit_no_longer_reads_what_the_old_one_shares(client, save, colleague, stranger):
    save(share="on")
    colleague.unit = stranger.unit
    colleague.save()
    assert not SavedView.objects.visible_to(colleague).exists()


@pytest.mark.parametrize("role", ["enterprise", "sysadmin", "secadmin", "auditor"])
def test_who_is_entered_in_the_unit_but_does_not_work_there_neither_reads_nor_shares(
    client, save, township, inspector, noon, role
):
    """An administrator has no part in the ledger; a firm's person keeps the unit the account was opened with."""
    save_view(by=inspector, at=noon, name="重大的", query="view=open", shared=True)
    other = UserFactory(role=role, unit=township)
    client.force_login(other)
    html = client.get(VIEWS).content.decode()
    assert "重大的" not in html and 'name="share"' not in html
    response = save(user=other, name="给别人看的", share="on")
    assert response.status_code == 409 and SavedView.objects.count() == 1
    assert save(user=other, name="自己的").status_code == 302


def test_ones_own_views_are_shown_however_many_others_share(client, inspector, colleague, noon, monkeypatch):
    monkeypatch.setattr(sys.modules["hazards.views.saved_views"], "SHOWN_MOST", 3)  # a view has the module's name
    for number in range(3):
        save_view(by=colleague, at=noon, name=f"a{number}", query="view=open", shared=True)
    save_view(by=inspector, at=noon, name="z", query="view=open", shared=False)
    client.force_login(inspector)
    context = client.get(VIEWS).context
    assert [view.name for view in context["own"]] == ["z"] and [view.name for view in context["shared"]] == ["a0", "a1"]


def test_the_same_name_replaces_and_says_nothing_of_others(save, inspector, colleague):
    save()
    save("level=general", share="on")
    save("state=closed", user=colleague)
    assert SavedView.objects.filter(owner=inspector).get().query == "level=general&view=all"
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"query": "level=secret"}, "secret"),
        ({"query": "weather=1"}, "条件无法识别"),
        ({"query": "order=secret"}, "条件无法识别"),
        ({"query": "columns=secret"}, "条件无法识别"),
        ({"query": "q=" + "a" * 1600}, "条件太多"),
        ({"name": ""}, "请填写视图名称"),
        ({"name": "名" * 31}, "名称不超过 30 个字"),
    ],
)
def test_what_the_ledger_would_refuse_is_not_saved_and_nothing_typed_is_lost(save, given, sentence):
    response = save(**{"name": "我的名称", **given})
    html = response.content.decode()
    assert response.status_code == 400 and sentence in html and not SavedView.objects.exists()
    assert "我的名称" in html or "name" in given


def test_there_is_a_limit_and_replacing_is_within_it(inspector, noon):
    for number in range(MOST):
        save_view(by=inspector, at=noon, name=str(number), query="view=open", shared=False)
    with pytest.raises(Refused, match=f"最多保存 {MOST} 个视图"):
        save_view(by=inspector, at=noon, name="more", query="view=open", shared=False)
    save_view(by=inspector, at=noon, name="0", query="view=closed", shared=False)
    assert SavedView.objects.count() == MOST


def test_without_a_unit_nothing_is_shared(save):
    response = save(user=UserFactory(role="enterprise", unit=None), share="on")
    assert (
        response.status_code == 409 and "没有所属单位" in response.content.decode() and not SavedView.objects.exists()
    )


def test_the_page_takes_as_many_queries_for_many_views_as_for_one(
    client, inspector, colleague, noon, django_assert_max_num_queries
):
    for number in range(10):
        for by in (inspector, colleague):
            save_view(by=by, at=noon, name=str(number), query="view=open", shared=True)
    client.force_login(inspector)
    client.get(VIEWS)
    with django_assert_max_num_queries(8):
        client.get(VIEWS)
