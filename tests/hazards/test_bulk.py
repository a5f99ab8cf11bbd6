"""Several rows of the ledger at once: what is ticked, what is done to it, what is left out and why."""

from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope_of
from hazards import operations
from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.views.bulk import HazardBulk
from hazards.views.ledger import JUDGED, Ledger
from journal import acts
from look.filters import MOST_PICKED
from tests.factories import HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
DISCARD = "/hazards/bulk/discard/"


@pytest.fixture
def drafts(enterprise, inspector):
    return HazardFactory.create_batch(3, enterprise=enterprise, drafted=True, registered_by=inspector)


@pytest.fixture
def page(client, inspector):
    client.force_login(inspector)
    return lambda address: client.get(address).content.decode()


def only(*rows, view="drafts"):
    return f"{DISCARD}?view={view}" + "".join(f"&only={row.pk}" for row in rows)


def sent(*rows, **given):
    return {"row": [f"{row.pk}:{row.version}" for row in rows], "reason": "重复登记", **given}


def bulks(response):
    return {bulk.name: bulk.keys for bulk in response.context["list"].bulks}


def test_the_bar_offers_what_can_be_done_to_rows_of_this_page_and_to_which(
    client, inspector, manager, enterprise, drafts
):
    row = HazardFactory(enterprise=enterprise)
    client.force_login(inspector)
    assert bulks(client.get("/hazards/?view=drafts"))["discard"] == {draft.pk for draft in drafts}
    both = client.get("/hazards/?view=all&state=draft&state=registered")
    assert bulks(both)["discard"] == {draft.pk for draft in drafts}
    assert bulks(both)["form"] == {row.pk, *(draft.pk for draft in drafts)}
    html = both.content.decode()
    assert f'value="{drafts[0].pk}" form="bulk" data-does="form print discard"' in html
    assert f'value="{row.pk}" form="bulk" data-does="form print"' in html
    assert "discard" not in bulks(client.get("/hazards/?view=open"))
    client.force_login(manager)
    assert "discard" not in bulks(client.get("/hazards/?view=all"))


def test_an_act_that_declares_itself_fit_for_many_appears_in_the_bar_by_itself(client, manager, enterprise):
    row = HazardFactory(enterprise=enterprise)
    HazardFactory(enterprise=enterprise, pending=True)
    client.force_login(manager)
    correct = replace(acts.named(Hazard, "correct"), bulk=True)
    with mock.patch.dict(acts._ACTS[Hazard], {"correct": correct}):
        response = client.get("/hazards/?view=open")
        assert row.pk in bulks(response)["correct"] and "/hazards/bulk/correct/" in response.content.decode()
        assert client.get(f"/hazards/bulk/correct/?only={row.pk}").status_code == 200
    assert client.get(f"/hazards/bulk/correct/?only={row.pk}").status_code == 404


def test_several_are_issued_with_one_deadline_each_with_its_own_requirement(client, manager, enterprise, today):
    rows = [
        HazardFactory(enterprise=enterprise, requirement=f"清理第 {n} 处", territorial_holder=manager) for n in (1, 2)
    ]
    silent = HazardFactory(enterprise=enterprise, requirement="")
    client.force_login(manager)
    page = client.get("/hazards/bulk/issue/?" + "&".join(f"only={row.pk}" for row in [*rows, silent]))
    assert "更换责任人" not in page.content.decode() and "办理 3 条" in page.content.decode()
    given = {"row": [f"{row.pk}:{row.version}" for row in [*rows, silent]], "due": "7", "requirement": ""}
    html = client.post("/hazards/bulk/issue/", given, follow=True).content.decode()
    assert "下达整改：已办理 2 条" in html and "没有办理 1 条" in html and "请填写整改措施与要求" in html
    assert [Hazard.objects.get(pk=row.pk).requirement for row in rows] == ["清理第 1 处", "清理第 2 处"]
    assert {Hazard.objects.get(pk=row.pk).territorial_holder for row in rows} == {manager}
    assert Hazard.objects.get(pk=silent.pk).state == State.REGISTERED


def test_the_page_says_what_is_done_to_which_rows_and_why_not_to_others(page, drafts, enterprise, colleague):
    registered = HazardFactory(enterprise=enterprise, description="已经登记的")
    foreign = HazardFactory(enterprise=enterprise, drafted=True, registered_by=colleague, description="别人的草稿")
    html = page(
        f"{DISCARD}?view=all&state=draft&state=registered&only={drafts[0].pk}&only={drafts[1].pk}&only={registered.pk}&only={foreign.pk}"
    )
    assert "办理 2 条" in html and f'name="row" value="{drafts[0].pk}:{drafts[0].version}"' in html
    assert "不办理的 1 条" in html and "已经登记的" in html and "别人的草稿" not in html
    assert str(acts.named(Hazard, "discard").refusal(drafts[0].registered_by, registered)) in html
    assert f'value="{registered.pk}:' not in html


def test_each_row_is_done_and_one_that_changed_meanwhile_is_left_with_its_reason(client, inspector, drafts):
    client.force_login(inspector)
    drafts[1].version += 7
    response = client.post(only(*drafts), sent(*drafts), follow=True)
    states = list(Hazard.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.DISCARDED, State.DRAFT, State.DISCARDED]
    assert [event.note for event in drafts[0].events.filter(kind="discard")] == ["重复登记"]
    html = response.content.decode()
    assert "放弃草稿：已办理 2 条" in html and "没有办理 1 条" in html


def test_one_that_left_the_scope_meanwhile_is_said_too(client, inspector, colleague, drafts):
    client.force_login(inspector)
    Hazard.objects.filter(pk=drafts[1].pk).update(registered_by=colleague)
    html = client.post(only(*drafts), sent(*drafts), follow=True).content.decode()
    assert "放弃草稿：已办理 2 条" in html and "没有办理 1 条" in html and "1 条已不在您的管辖范围内" in html
    assert Hazard.objects.get(pk=drafts[1].pk).state == State.DRAFT


def test_more_rows_than_may_be_picked_are_refused_and_none_is_done(client, inspector, drafts):
    client.force_login(inspector)
    rows = [f"{drafts[0].pk}:{drafts[0].version}", *(f"{pk}:1" for pk in range(10**6, 10**6 + MOST_PICKED))]
    html = client.post(DISCARD, {"row": rows, "reason": "重复登记"}, follow=True).content.decode()
    assert f"一次最多办理 {MOST_PICKED} 条" in html and "已办理" not in html
    html = client.post(DISCARD, {"row": rows[:MOST_PICKED], "reason": "重复登记"}, follow=True).content.decode()
    assert "已办理 1 条" in html


def test_all_of_a_filter_are_taken_at_once_whatever_page_they_are_on(client, manager, enterprise):
    rows = HazardFactory.create_batch(25, enterprise=enterprise, level="major")
    other = HazardFactory(enterprise=enterprise)
    client.force_login(manager)
    html = client.get("/hazards/?view=open&level=major&size=20").content.decode()
    assert "符合条件的全部 25 条" in html and 'value="all"' in html
    assert 'value="all"' not in client.get("/hazards/?view=open&level=major").content.decode(), (
        "one page: tick them all"
    )
    page = client.get(f"/hazards/bulk/issue/?view=open&level=major&only={rows[0].pk}&only=all").content.decode()
    assert "办理 25 条" in page and page.count('name="row"') == 25 and f'value="{other.pk}:' not in page
    printed = client.get("/hazards/?view=open&level=major&only=all&print=1").content.decode()
    assert "选定" not in printed and printed.count("<tr") == 1 + 25
    given = {"row": [f"{row.pk}:{row.version}" for row in rows], "due": "7", "requirement": "限期整改"}
    assert "已办理 25 条" in client.post("/hazards/bulk/issue/", given, follow=True).content.decode()


def test_more_than_may_be_done_at_once_is_said_before_and_refused(client, manager, enterprise, monkeypatch):
    monkeypatch.setattr(HazardBulk, "most", 21)
    monkeypatch.setattr(Ledger, "bulk_most", 21)
    rows = HazardFactory.create_batch(22, enterprise=enterprise)
    client.force_login(manager)
    html = client.get("/hazards/?view=open&size=20").content.decode()
    assert "符合条件的有 22 条" in html and "请先增加筛选条件" in html and 'value="all"' not in html
    said = client.get("/hazards/bulk/issue/?view=open&only=all", follow=True).content.decode()
    assert "一次最多办理" in said and 'name="row"' not in said
    Hazard.objects.filter(pk=rows[0].pk).update(level="major")
    assert "办理 21 条" in client.get("/hazards/bulk/issue/?view=open&level=general&only=all").content.decode()


def test_a_form_that_lacks_something_does_nothing_and_keeps_what_was_typed(client, inspector, drafts):
    client.force_login(inspector)
    response = client.post(only(*drafts), sent(*drafts, reason=""))
    assert response.status_code == 400 and "请填写放弃理由" in response.content.decode()
    assert Hazard.objects.filter(state=State.DRAFT).count() == 3


def test_rows_of_others_are_out_of_reach_whatever_is_sent(client, colleague, drafts, enterprise, stranger):
    for user in (colleague, stranger):
        client.force_login(user)
        assert drafts[0].description not in client.get(only(*drafts)).content.decode()
        client.post(only(*drafts), sent(*drafts))
    assert Hazard.objects.filter(state=State.DRAFT).count() == 3
    client.force_login(colleague)
    row = HazardFactory(enterprise=enterprise)
    html = client.post(
        DISCARD, {"row": [f"{row.pk}:{row.version}", "x", "1:", ":1", "9" * 30 + ":1"], "reason": "x"}, follow=True
    )
    assert "没有办理 1 条" in html.content.decode()
    row.refresh_from_db()
    assert row.state == State.REGISTERED


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("only=x", 400),
        ("only=1&level=secret", 400),
        ("&".join(f"only={n}" for n in range(MOST_PICKED + 1)), 400),
    ],
)
def test_a_pick_that_cannot_be_meant_shows_the_ledger_with_the_sentence(client, inspector, query, status):
    client.force_login(inspector)
    response = client.get(f"{DISCARD}?{query}")
    assert response.status_code == status and "hazards/ledger.html" in [one.name for one in response.templates]


def test_picked_rows_are_a_condition_like_any_other(client, inspector, enterprise):
    rows = HazardFactory.create_batch(3, enterprise=enterprise)
    client.force_login(inspector)
    response = client.get(f"/hazards/?view=open&only={rows[0].pk}&only={rows[2].pk}")
    assert response.context["total"] == 2 and "选定：<b>2 条</b>" in response.content.decode()
    assert client.get(reverse("hazards:export_form") + f"?only={rows[0].pk}").status_code == 200
    printed = client.get(f"/hazards/?view=open&only={rows[0].pk}&print=1").content.decode()
    assert rows[0].number in printed and rows[1].number not in printed and 'form="bulk"' not in printed


@pytest.mark.parametrize("reader", ["inspector", "safety_office"])
def test_ticking_costs_no_query_a_row(
    request, client, reader, inspector, drafts, enterprise, django_assert_max_num_queries
):
    HazardFactory.create_batch(3, enterprise=enterprise, rectifying=True, deadline=drafts[0].found_on + timedelta(9))
    user = request.getfixturevalue(reader)
    HazardFactory.create_batch(3, enterprise=enterprise, drafted=True, registered_by=user)
    client.force_login(user)
    for view in ("open", "drafts"):
        client.get(f"/hazards/?view={view}")
        with django_assert_max_num_queries(11):  # one of them: what was chased today
            client.get(f"/hazards/?view={view}")


def test_rules_read_no_more_of_a_hazard_than_a_page_does(manager, registered, django_assert_num_queries):
    scope_of(manager)
    row = Hazard.objects.only("pk", *JUDGED).get(pk=registered.pk)
    with django_assert_num_queries(0):
        for act in acts.acts_of(Hazard):
            for state in {state for move in act.moves for state in move.sources}:
                row.state = state
                act.refusal(manager, row)


def picked(act, *rows):
    return f"/hazards/bulk/{act}/?" + "&".join(f"only={row.pk}" for row in rows)


def test_what_was_chased_today_is_left_out_beforehand_in_bar_and_page(client, manager, enterprise, noon):
    """Not only once the words are written."""
    rows = HazardFactory.create_batch(3, enterprise=enterprise, rectifying=True, territorial_unit=manager.unit)
    operations.chase(rows[0], by=manager, at=timezone.now() - timedelta(days=1), words="昨天")
    operations.chase(rows[1], by=manager, at=timezone.now(), words="今天")
    client.force_login(manager)
    assert bulks(client.get("/hazards/?view=open"))["chase"] == {rows[0].pk, rows[2].pk}
    html = client.get(picked("chase", *rows)).content.decode()
    assert "办理 2 条" in html and "不办理的 1 条" in html and f"今天已经催办过（{manager}）" in html
    assert client.get(picked("chase", rows[1])).context["does"] == []


def test_rows_without_a_requirement_are_named_before_they_are_left_out(client, manager, enterprise):
    full, silent = (HazardFactory(enterprise=enterprise, requirement=words) for words in ("清理", ""))
    client.force_login(manager)
    html = client.get(picked("issue", full, silent)).content.decode()
    assert f"其中 1 条（{silent}）登记时没有写" in html
    assert "登记时没有写" not in client.get(picked("issue", full)).content.decode()


def test_what_became_of_each_row_is_said_of_every_one(client, manager, enterprise):
    rows = [HazardFactory(enterprise=enterprise, requirement="清理" if place == 0 else "") for place in range(8)]
    client.force_login(manager)
    given = {"row": [f"{row.pk}:{row.version}" for row in rows], "due": "7", "requirement": ""}
    html = client.post("/hazards/bulk/issue/", given).content.decode()
    assert "没有办理 7 条" in html and "其余 2 条" in html and html.count("请填写整改措施与要求") == 7
    assert all(str(row) in html for row in rows)


def test_one_responsibility_of_several_is_given_to_another(client, manager, township, enterprise):
    rows = HazardFactory.create_batch(2, enterprise=enterprise, rectifying=True, territorial_unit=township)
    other = HazardFactory(rectifying=True, territorial_unit=UnitFactory(code="411402002"))
    deputy, member = UserFactory(role="inspector", unit=township), UserFactory(role="enterprise", unit=None)
    enterprise.members.add(member)
    client.force_login(UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")))
    page = client.get(picked("reassign", *rows, other))
    groups = dict(page.context["form"].fields["holder"].choices[1:])
    assert f"属地责任 · {township.short_name}（办理 2 条，不办理 1 条）" in groups
    assert [(f"enterprise:{member.pk}", str(member))] in groups.values()
    given = {"row": [f"{row.pk}:{row.version}" for row in (*rows, other)], "reason": "分工调整"}
    assert client.post("/hazards/bulk/reassign/", given | {"holder": f"territorial:{member.pk}"}).status_code == 400
    html = client.post("/hazards/bulk/reassign/", given | {"holder": f"territorial:{deputy.pk}"}).content.decode()
    assert (
        "改派责任人：已办理 2 条" in html and "没有办理 1 条" in html and "属地责任的责任人须是该单位的在职人员" in html
    )
    assert set(Hazard.objects.filter(territorial_holder=deputy).values_list("pk", flat=True)) == {
        row.pk for row in rows
    }
    rows[0].refresh_from_db()
    again = {"row": f"{rows[0].pk}:{rows[0].version}", "holder": f"territorial:{deputy.pk}", "reason": "再来"}
    assert acts.UNCHANGED in client.post("/hazards/bulk/reassign/", again).content.decode()


def test_people_to_choose_from_cost_no_query_a_row(client, manager, township, django_assert_max_num_queries):
    rows = [HazardFactory(rectifying=True, territorial_unit=township, enterprise__township=township) for _ in range(9)]
    client.force_login(manager)
    client.get(picked("reassign", *rows))
    with django_assert_max_num_queries(12):
        client.get(picked("reassign", *rows))
