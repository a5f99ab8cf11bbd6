from datetime import date

import pytest
from django.http import QueryDict

from hazards.filters import HazardFilter, View, hazard_filter
from hazards.models import Hazard
from tests.factories import (
    TODAY,
    EnterpriseFactory,
    HazardFactory,
    InspectionFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(safety_office):
    """Descriptions of the rows that a query string finds for the city's safety office."""

    def find(query, user=safety_office):
        chosen = hazard_filter(QueryDict(query), user=user, today=TODAY)
        assert not chosen.errors, chosen.errors
        return sorted(chosen.qs.values_list("description", flat=True))

    return find


@pytest.fixture
def cast(township, foreign_township, inspector):
    """One row of every kind, named by its description."""
    here, there = EnterpriseFactory(township=township, name="豫盛冷链"), EnterpriseFactory(township=foreign_township)
    department = UnitFactory(code="411402-YJ", name="梁园区应急管理局")
    fire = UnitFactory(code="411402-XF", name="梁园区消防救援大队")
    rows = {
        "draft": {"drafted": True, "registered_by": inspector},
        "discarded": {"state": "discarded", "number": None, "registered_by": inspector},
        "registered": {"level": "major", "competent_unit": department},
        "overdue": {"rectifying": True, "deadline": date(2026, 11, 19), "supervising_unit": department},
        "today": {"rectifying": True, "deadline": TODAY},
        "soon": {"rectifying": True, "deadline": date(2026, 11, 23), "level": "major"},
        "later": {"rectifying": True, "deadline": date(2026, 11, 24)},
        "pending": {"pending": True, "rectified_on": TODAY, "competent_unit": fire},
        "closed": {"closed": True, "level": "major", "closed_on": date(2026, 11, 18)},
        "late": {"closed": True, "deadline": date(2026, 11, 1), "rectified_on": date(2026, 11, 5)},
        "foreign": {"enterprise": there, "location": "三号车间", "origin": "api", "found_on": date(2026, 10, 1)},
    }
    return {name: HazardFactory(**{"enterprise": here, "description": name, **values}) for name, values in rows.items()}


LEDGER = sorted(["registered", "overdue", "today", "soon", "later", "pending", "closed", "late", "foreign"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", LEDGER),
        ("view=all", LEDGER),
        ("q=&level=&found_from=&cursor=x&unheard_of=1", LEDGER),
        ("view=open", ["foreign", "later", "overdue", "pending", "registered", "soon", "today"]),
        ("view=overdue", ["overdue"]),
        ("overdue=1", ["overdue"]),
        ("view=major", ["registered", "soon"]),
        ("view=pending_review", ["pending"]),
        ("view=closed", ["closed", "late"]),
        ("state=closed&state=pending_review", ["closed", "late", "pending"]),
        ("level=major", ["closed", "registered", "soon"]),
        ("level=major&state=rectifying", ["soon"]),
        ("deadline=overdue", ["overdue"]),
        ("deadline=today", ["today"]),
        ("deadline=soon", ["soon", "today"]),
        ("deadline=none&deadline=overdue", ["foreign", "overdue", "registered"]),
        ("on_time=1", ["closed"]),
        ("on_time=0", ["late"]),
        ("on_time=0&on_time=1", ["closed", "late"]),
        ("overdue=1&overdue=1", ["overdue"]),
        ("origin=api", ["foreign"]),
        ("origin=api&origin=inspection", LEDGER),
        ("territory=4114", LEDGER),
        ("territory=411403", ["foreign"]),
        ("territory=411403001", ["foreign"]),
        ("territory=411403001&territory=411402001", LEDGER),
        ("territory=411403&territory=411403001", ["foreign"]),
        ("unit=411402-YJ", ["overdue", "registered"]),
        ("unit=411402-YJ&unit=411402-XF", ["overdue", "pending", "registered"]),
        ("competent=411402-YJ", ["registered"]),
        ("competent=411402-YJ&competent=411402-XF", ["pending", "registered"]),
        ("found_from=2026-10-01&found_to=2026-10-31", ["foreign"]),
        ("due_to=2026-11-19", ["late", "overdue"]),
        ("closed_from=2026-11-18&closed_to=2026-11-18", ["closed"]),
        ("rectified_to=2026-11-05", ["late"]),
        ("closed_by=2026-11-18", ["closed"]),
        ("overdue_as_of=2026-11-19", []),
        ("overdue_as_of=2026-11-20", ["overdue", "today"]),
        ("sector=GMSM", LEDGER),
        ("q=冷链", [name for name in LEDGER if name != "foreign"]),
        ("q=号", ["foreign"]),
        ("q=三号　ｆｏｒｅ", ["foreign"]),
        ("q=%25", []),
        ("q=yh-4114-2026", LEDGER),
        ("q=没有这个词", []),
    ],
)
def test_each_condition_finds_its_rows(cast, found, query, expected):
    UnitFactory(code="4114")
    UnitFactory(code="411403", name="睢阳区")
    assert found(query) == expected


def test_drafts_are_the_authors_own_and_only_when_asked_for(cast, found, inspector, colleague):
    assert found("view=drafts", inspector) == ["draft"]
    assert found("state=draft&state=discarded", inspector) == ["discarded", "draft"]
    assert found("view=drafts", colleague) == []
    assert "draft" not in found("", inspector)


def test_several_rows_of_other_tables_are_asked_for_at_once(cast, found, inspector, colleague, safety_office):
    """Each with a chip of its own, which leaves the others."""
    for name, person in (("soon", inspector), ("later", colleague)):
        Hazard.objects.filter(pk=cast[name].pk).update(competent_holder=person)
    firms = [cast["soon"].enterprise_id, cast["foreign"].enterprise_id]
    assert found(f"holder={inspector.pk}&holder={colleague.pk}") == ["later", "soon"]
    assert found(f"enterprise={firms[0]}&enterprise={firms[1]}") == LEDGER
    visits = [InspectionFactory(enterprise_id=firm) for firm in firms]
    Hazard.objects.filter(pk=cast["soon"].pk).update(inspection=visits[0])
    Hazard.objects.filter(pk=cast["foreign"].pk).update(inspection=visits[1])
    query = f"inspection={visits[0].pk}&inspection={visits[1].pk}"
    assert found(query) == ["foreign", "soon"]
    chips = hazard_filter(QueryDict(query), user=safety_office, today=TODAY).chips()
    others = {str(visits[0]): visits[1], str(visits[1]): visits[0]}
    assert {chip["value"]: chip["url"] for chip in chips} == {
        said: f"?inspection={other.pk}" for said, other in others.items()
    }


@pytest.mark.parametrize("name", ["territory", "unit", "competent", "holder", "enterprise", "inspection", "standard"])
def test_one_value_of_several_that_cannot_be_meant_is_refused(cast, safety_office, name):
    good = {
        "territory": "411402001",
        "unit": "411402-YJ",
        "competent": "411402-YJ",
        "enterprise": cast["soon"].enterprise_id,
    }
    for bad in ("999999", "x", "9" * 30, "１", "4114\x00"):
        query = {name: [str(good[name]), bad] if name in good else [bad]}
        assert list(hazard_filter(query, user=safety_office, today=TODAY).errors) == [name], bad


def test_enterprise_and_inspection_outside_the_scope_are_as_if_they_did_not_exist(cast, found, stranger, township):
    enterprise = cast["registered"].enterprise
    inspection = InspectionFactory(enterprise=enterprise)
    HazardFactory(enterprise=enterprise, inspection=inspection, description="visited")
    assert found(f"inspection={inspection.pk}") == ["visited"]
    assert "visited" in found(f"enterprise={enterprise.pk}")

    errors = hazard_filter(
        {"enterprise": str(enterprise.pk), "inspection": str(inspection.pk)}, user=stranger, today=TODAY
    ).errors
    nowhere = hazard_filter({"enterprise": "999999", "inspection": "999999"}, user=stranger, today=TODAY).errors
    assert errors == nowhere
    assert set(errors) == {"enterprise", "inspection"}


HUGE = "9" * 5000
DAYS = [name for name in HazardFilter.base_filters if name.endswith(("_from", "_to", "_by", "_of"))]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        *[({name: "2025-02-30"}, "有效日期") for name in DAYS],
        ({"overdue_as_of": "昨天"}, "有效日期"),
        ({"found_from": "10000-01-01"}, "有效日期"),
        ({"found_from": "2026-11-02", "found_to": "2026-11-01"}, "开始日期晚于结束日期"),
        ({"view": "everything"}, "没有“everything”这个选项"),
        ({"state": ["closed", "gone"]}, "没有“gone”这个选项"),
        ({"level": "huge"}, "等级没有"),
        ({"deadline": "never"}, "期限没有"),
        ({"overdue": "yes"}, "逾期没有"),
        ({"on_time": "2"}, "按期完成没有"),
        ({"sector": "NOPE"}, "行业领域没有"),
        ({"territory": "9999"}, "属地不存在"),
        ({"territory": HUGE}, "属地不存在"),
        ({"unit": "411402-??"}, "部门不存在"),
        ({"competent": "x\x00"}, "."),
        ({"enterprise": HUGE}, "企业不存在"),
        ({"enterprise": str(2**63)}, "企业不存在"),
        ({"enterprise": "-1"}, "企业不存在"),
        ({"inspection": "1.5"}, "检查不存在"),
        ({"q": "字" * 61}, "60 个字"),
        ({"q": "\ud800"}, "无法识别"),
        ({"q": "a\x00b"}, "."),
    ],
)  # fmt: skip
def test_value_that_cannot_be_meant_selects_nothing_and_says_so_in_chinese(cast, safety_office, params, words):
    chosen = hazard_filter(params, user=safety_office, today=TODAY)

    assert set(chosen.errors) <= set(params) and len(chosen.errors) == 1
    assert len(chosen.sentences) == 1 and words.strip(".") in chosen.sentences[0]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chosen.sentences[0])
    assert not chosen.qs.exists()
    assert chosen.chips() == [] and chosen.current_view == View.ALL


def test_chips_name_each_condition_and_lead_to_the_list_without_it(cast, safety_office):
    query = QueryDict(
        "view=open&q=冷链&level=major&level=general&found_from=2026-11-01&found_to=2026-11-20"
        "&territory=411402001&cursor=z"
    )
    chosen = hazard_filter(query, user=safety_office, today=TODAY)
    chips = {(chip["label"], chip["value"]): chip["url"] for chip in chosen.chips()}

    assert set(chips) == {
        ("搜索", "冷链"),
        ("等级", "重大"),
        ("等级", "一般"),
        ("排查日期", "2026-11-01 至 2026-11-20"),
        ("属地", "双八镇人民政府"),
    }
    left = QueryDict(chips["等级", "重大"][1:])
    assert left.getlist("level") == ["general"] and left["view"] == "open" and "cursor" not in left
    left = QueryDict(chips["排查日期", "2026-11-01 至 2026-11-20"][1:])
    assert "found_from" not in left and "found_to" not in left and left["q"] == "冷链"


def test_rows_across_views_keep_every_other_condition(cast, safety_office):
    chosen = hazard_filter({"view": "overdue", "level": "major"}, user=safety_office, today=TODAY)
    assert sorted(chosen.across_views().values_list("description", flat=True)) == ["closed", "registered", "soon"]
    assert chosen.narrows and not hazard_filter({"view": "overdue"}, user=safety_office, today=TODAY).narrows
    assert Hazard.objects.count() == 11


def test_only_what_is_asked_for_is_built(safety_office, django_assert_num_queries):
    with django_assert_num_queries(0):
        chosen = hazard_filter({"view": "open", "q": ""}, user=safety_office, today=TODAY)
        assert chosen.errors == {} and list(chosen.filters) == list(chosen.form.fields) == ["view"]
    assert len(chosen.sectors) > 5
    assert "view" in HazardFilter.base_filters and len(HazardFilter.base_filters) > 20


def test_what_came_back_is_asked_for_and_shown_in_list_and_api(client, found, safety_office, township):
    firm = EnterpriseFactory(township=township)
    HazardFactory(enterprise=firm, rectifying=True, description="又来了", reopened=2)
    HazardFactory(enterprise=firm, rectifying=True, description="第一次")
    assert (found("reopened=1"), found("reopened=0")) == (["又来了"], ["第一次"])
    client.force_login(safety_office)
    page = client.get("/hazards/?view=open&reopened=1&columns=reopened").content.decode()
    assert "返潮：<b>是</b>" in page and "又来了" in page and "第一次" not in page
    assert [row["reopened"] for row in client.get("/api/v1/hazards/?reopened=1").json()["results"]] == [2]
