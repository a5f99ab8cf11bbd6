"""The pages of the formula: its versions, one of them, the form, the draft tried, and its publishing by a second person."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from rankings import trial
from rankings.formula import Constants
from rankings.models import Formula
from rankings.numbers import GROUPS, WORDS, changed
from rankings.operations import freeze, propose_formula, publish_formula
from rankings.simulation.report import Size, report
from rankings.simulation.tricks import TRICKS
from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import month_of, week_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show
TINY = Size(townships=20, months=4, tried=1)


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def office(township):
    UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")
    return UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"), full_name="冯晓岚")


@pytest.fixture
def second(office):
    return UserFactory(role="safety_office", unit=office.unit, full_name="贾德亮")


@pytest.fixture
def draft(office):
    return propose_formula(by=office, at=timezone.now(), reason="加大覆盖", coverage=30, finding=15)


def page(client, person, address, **query):
    client.force_login(person)
    return client.get(address, query)


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_number_of_the_formula_stands_under_one_heading():
    names = [name for _, _, group in GROUPS for name in group]
    assert sorted(names) == sorted(Constants().as_dict()) == sorted(WORDS)


def test_a_number_younger_than_a_version_is_compared_by_its_default():
    old = Constants().as_dict()
    del old["missed_days"]
    assert changed(old, Constants(missed_days=20).as_dict()) == {"missed_days": (30, 20)}
    assert changed(old, Constants().as_dict()) == {}


def test_every_reader_reads_the_published_versions_and_the_office_its_drafts(client, office, draft, manager):
    mine, theirs = (page(client, person, reverse("rankings:formulas")) for person in (office, manager))
    assert f"草稿 {draft.pk}" in text(mine) and "草拟新公式" in text(mine)
    assert "覆盖 分值 25 → 30；发现 分值 20 → 15" in text(mine)
    assert "第 2 版" in text(theirs) and "现行" in text(theirs)
    assert "草稿" not in text(theirs) and "草拟新公式" not in text(theirs)
    for reader in (manager, UserFactory(role="leader", unit=UnitFactory(code="411403"))):
        assert page(client, reader, Formula.objects.get(number=2).get_absolute_url()).status_code == 200
        assert page(client, reader, draft.get_absolute_url()).status_code == 404
    other_city = UserFactory(role="safety_office", unit=UnitFactory(code="4105-AWB"))
    assert page(client, other_city, draft.get_absolute_url()).status_code == 404
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    assert page(client, county, draft.get_absolute_url()).status_code == 404


def test_how_each_version_stands_follows_the_day(client, office, second):
    now, today = timezone.now(), timezone.localdate()
    for since, coverage in ((today, 26), (today + timedelta(days=40), 27)):
        one = propose_formula(by=office, at=now, reason="调整", coverage=coverage, finding=45 - coverage)
        publish_formula(one, by=second, at=now, since=since)
    rows = page(client, office, reverse("rankings:formulas")).context["rows"]
    assert [(str(row["formula"]), row["standing"]) for row in rows] == [
        ("第 4 版", "待施行"), ("第 3 版", "现行"), ("第 2 版", "已被替代"),
    ]  # fmt: skip
    assert [row["changes"] for row in rows] == [
        "覆盖 分值 26 → 27；发现 分值 19 → 18", "覆盖 分值 25 → 26；发现 分值 20 → 19", "",
    ]  # fmt: skip


def test_the_page_of_a_version_marks_what_it_changes(client, office, draft):
    shown = page(client, office, draft.get_absolute_url())
    lines = {line["label"]: line for group in shown.context["groups"] for line in group["lines"]}
    assert {label: (line["old"], line["value"]) for label, line in lines.items() if line["old"] is not None} == {
        "覆盖 分值": (25, 30), "发现 分值": (20, 15),
    }  # fmt: skip
    assert "与 第 2 版 相比，改动 2 处" in text(shown)
    assert shown.content.decode().count("is-changed") == 2


def test_a_published_version_is_compared_with_the_one_before_it_and_says_from_when_it_counts(
    client, office, second, draft
):
    since = month_of(timezone.localdate()).following().first
    publish_formula(draft, by=second, at=timezone.now(), since=since)
    third = propose_formula(by=office, at=timezone.now(), reason="再调", base=60)
    shown = page(client, office, draft.get_absolute_url())
    assert shown.context["before"].number == 2
    assert f"自{month_of(since).full_words}的月排名、{week_of(since).full_words}的周统计起" in text(shown)
    assert "适用时段" not in text(page(client, office, Formula.objects.get(number=2).get_absolute_url()))
    # What is in force today is still the second version; the third draft begins with it.
    assert page(client, office, third.get_absolute_url()).context["before"].number == 2


def posted(**changes):
    return {name: str(value) for name, value in (Constants().as_dict() | changes).items()} | {"reason": "加大覆盖"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"coverage": 30}, "六部分分值合计应为 100，现在是 105，多出 5 分，请调整后再保存"),
        ({"coverage": 20}, "六部分分值合计应为 100，现在是 95，还差 5 分，请调整后再保存"),
        ({"shrinkage": ""}, "请填写“平滑条数”"),
        ({"window_months": 13}, "12"),
        ({"base": "五十"}, "整数"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words_and_what_was_typed_stays(client, office, changes, sentence):
    client.force_login(office)
    answer = client.post(reverse("rankings:formula_new", args=["propose_formula"]), posted(**changes))
    assert answer.status_code in (400, 409)
    assert sentence in text(answer) and "加大覆盖" in text(answer)
    assert not Formula.objects.filter(state="draft").exists()


def test_the_sum_of_the_weights_stands_in_the_form_without_a_script(client, office):
    form = page(client, office, reverse("rankings:formula_new", args=["propose_formula"]))
    assert "合计 100 分" in text(form) and text(form).count("data-weight") == 6
    client.force_login(office)
    typed = client.post(form.request["PATH_INFO"], posted(coverage=30, reporting="甲"))
    assert "合计 95 分" in text(typed), "what is no number counts as nothing"


def _month_with_two_townships(period):
    """One inspects and finds, one has an order it never fulfilled."""
    good, bad = (UnitFactory(code=code, name=name, short_name=name) for code, name in (("411402001", "双八镇"), ("411402002", "孙福集乡")))  # fmt: skip
    UnitFactory(code="411402", name="梁园区人民政府", short_name="梁园区")
    found = {"found_on": period.first, "issued_on": period.first, "deadline": period.first + timedelta(days=5)}
    for _ in range(4):
        firm = EnterpriseFactory(township=good, registered_on=date(2026, 1, 1))
        InspectionFactory(enterprise=firm, inspected_on=period.first)
        HazardFactory(
            enterprise=EnterpriseFactory(township=bad, registered_on=date(2026, 1, 1)), rectifying=True, **found
        )
    HazardFactory(enterprise=firm, closed=True, rectified_on=period.first, closed_on=period.first + timedelta(days=3), **found)  # fmt: skip
    return freeze("4114", period, at=timezone.now())


def test_the_draft_is_tried_on_the_frozen_months_when_asked(client, office, draft):
    period = month_of(timezone.localdate()).previous()
    _month_with_two_townships(period)
    unasked = page(client, office, draft.get_absolute_url())
    assert "moves" not in unasked.context and "?kind=township#trial" in text(unasked)

    tried = page(client, office, draft.get_absolute_url(), kind="township")

    assert f"{period.full_words}</b>（第 2 版）：2 个单位" in text(tried)
    moves = {row["name"]: row["moves"][0] for row in tried.context["moves"]}
    assert set(moves) == {"梁园区双八镇", "梁园区孙福集乡"}
    [first, _] = tried.context["moves"]
    assert abs(first["moves"][0].points) == max(abs(move.points) for move in moves.values()), "the biggest in front"
    assert any(move.points for move in moves.values())
    county = page(client, office, draft.get_absolute_url(), kind="county")
    assert [row["name"] for row in county.context["moves"]] == ["梁园区"]


def test_without_a_frozen_month_the_page_says_so(client, office, draft):
    assert "还没有冻结的月份" in text(page(client, office, draft.get_absolute_url(), kind="township"))


def test_a_window_longer_than_what_was_copied_is_said_not_guessed(client, office):
    _month_with_two_townships(month_of(timezone.localdate()).previous())
    longer = propose_formula(by=office, at=timezone.now(), reason="半年", window_months=6)
    shown = page(client, office, longer.get_absolute_url(), kind="township")
    assert "试算不了" in text(shown) and not shown.context["moves"]


def test_many_units_come_page_by_page(client, office, draft):
    for number in range(3, 50):
        UnitFactory(code=f"411402{number:03d}")
    _month_with_two_townships(month_of(timezone.localdate()).previous())
    first, last = (page(client, office, draft.get_absolute_url(), kind="township", page=number) for number in (1, 9))
    assert (len(first.context["moves"]), len(last.context["moves"])) == (20, 9)
    assert "上一页" in text(first) and "第 3 页，共 3 页，49 个单位" in text(last)


@pytest.mark.parametrize("query", [{"kind": "sector"}, {"kind": "x"}, {"page": "0"}, {"tricks": "2"}])
def test_a_question_that_cannot_be_meant_is_answered_in_words(client, office, draft, query):
    answer = page(client, office, draft.get_absolute_url(), **query)
    assert answer.status_code == 400
    assert re.search("排名对象应为|页码应为|无法识别", text(answer))


@pytest.fixture
def small_simulation(monkeypatch):
    monkeypatch.setattr(trial, "try_out", lambda constants, seed: report(constants, seed=seed, size=TINY))


def test_tricks_are_played_for_the_office_beside_the_version_in_force(client, office, draft, small_simulation):
    shown = page(client, office, draft.get_absolute_url(), tricks="1")
    found = shown.context["tricks"]
    assert len(found["rows"]) == len(TRICKS) and found["other"].number == 2
    assert "只登记不下达" in text(shown) and "名次每月平均变动" in text(shown)
    assert any(row["gain"] != row["before"] for row in found["rows"]), "another formula, other gains"
    assert "None" not in plain(shown)


def test_a_formula_by_which_a_trick_pays_is_said_to(client, office, small_simulation):
    """Without limits and with nothing taken off, far deadlines pay, as they did before formula 2."""
    open_door = propose_formula(
        by=office, at=timezone.now(), reason="放开", limit_days_general=999, limit_days_major=999, coverage=0, finding=0,
        enforcement=0, rectified=45, on_time=45,
    )  # fmt: skip
    shown = page(client, office, open_door.get_absolute_url(), tricks="1")
    assert "期限一律定 90 天" in shown.context["tricks"]["paying"]
    assert "有利可图的做法" in text(shown)


def test_only_the_office_plays_tricks(client, manager):
    house = Formula.objects.get(number=2).get_absolute_url()
    assert page(client, manager, house, tricks="1").status_code == 403
    assert "模拟试算" not in text(page(client, manager, house))


def test_the_draft_waits_for_a_second_person(client, office, second, draft):
    mine, theirs = (text(page(client, person, draft.get_absolute_url())) for person in (office, second))
    assert "等另一名市级安委办人员公布" in mine and "publish_formula" not in mine
    assert "下一步：公布" in theirs and "publish_formula" in theirs
    address = reverse("rankings:formula_act", args=[draft.pk, "publish_formula"])
    refused = page(client, office, address)
    assert refused.status_code == 403 and "最后改动草稿的人不能自己公布" in text(refused)


def test_who_is_alone_in_the_office_is_told_and_publishes(client, office, draft):
    shown = text(page(client, office, draft.get_absolute_url()))
    assert "只有您一名在用人员" in shown and "下一步：公布" in shown


def test_publishing_says_what_is_published_and_from_when(client, office, second, draft):
    address = reverse("rankings:formula_act", args=[draft.pk, "publish_formula"])
    form = page(client, second, address)
    following = month_of(timezone.localdate()).following()
    assert form.context["form"].initial["since"] == following.first
    assert "与 第 2 版 相比改动 2 处" in text(form)
    assert f"自 {following.full_words}的月排名起" in plain(form)
    today = timezone.localdate()
    late = client.post(address, {"version": draft.version, "since": (today - timedelta(days=1)).isoformat()})
    assert late.status_code == 409 and "施行日期不能早于今天" in text(late)
    done = client.post(address, {"version": draft.version, "since": following.first.isoformat()}, follow=True)
    assert f"已公布：第 3 版，{following.full_words}的月排名" in text(done)
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.since) == ("published", 3, following.first)
    assert page(client, second, reverse("rankings:formula_act", args=[draft.pk, "amend_formula"])).status_code == 409


def test_who_publishes_what_was_changed_meanwhile_sees_that_first(client, office, second, draft):
    client.force_login(second)
    address = reverse("rankings:formula_act", args=[draft.pk, "publish_formula"])
    seen = draft.version
    client.force_login(office)
    client.post(
        reverse("rankings:formula_act", args=[draft.pk, "amend_formula"]),
        posted(coverage=31, finding=14) | {"version": seen},
    )
    client.force_login(second)
    answer = client.post(address, {"version": seen, "since": timezone.localdate().isoformat()})
    assert answer.status_code == 409 and Formula.objects.get(pk=draft.pk).state == "draft"


def test_the_ranking_leads_to_the_formula(client, manager, township):
    assert f'href="{Formula.objects.get(number=2).get_absolute_url()}"' in re.sub(
        r"\s+", " ", page(client, manager, "/rankings/").content.decode()
    )
