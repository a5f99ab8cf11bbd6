"""The rules of the register page stand in one place: forms and verbs judge by them, the page serves them as data."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evidence import picking
from evidence.operations import WAITING_DAYS
from hazards import operations, rules
from hazards.due import due_field, until
from hazards.forms import HazardForm, HazardFormSet, VisitForm
from hazards.registration_rules import AFTER_PHOTOS, BASIS, CHOSEN_DATE, NO_HAZARD, SECOND_INSPECTOR, Need
from inspections.models import Inspection
from journal.refusal import Refused
from workdays.operations import load_calendar
from workdays.rules import Calendar

pytestmark = pytest.mark.django_db
SERVED = re.compile(r'<script id="register-rules" type="application/json">(.*?)</script>', re.DOTALL)
CARD = {"description": "灭火器被货架遮挡", "level": "general", "due": "7"}


@pytest.fixture
def page(client, inspector):
    """The register page as text: ``page()``."""
    client.force_login(inspector)
    return lambda: client.get(reverse("hazards:register")).content.decode()


@pytest.fixture
def served(page):
    """The data the page's script reads: ``served()``."""
    return lambda: json.loads(SERVED.search(page()).group(1))


def test_page_serves_what_the_forms_ask_for(served):
    data = served()

    assert data["visit"] == [
        {"field": "enterprise", "label": "企业", "when": {}},
        {"field": "kind", "label": "检查方式", "when": {}},
        {"field": "inspected_on", "label": "检查日期", "when": {}},
        {"field": "colleague", "label": "另一名检查人", "when": {"kind": [*SECOND_INSPECTOR.when["kind"]]}},
    ]
    assert data["hazard"] == [
        {"field": "description", "label": "隐患描述", "when": {}},
        {"field": "level", "label": "隐患等级", "when": {}},
        {"field": "basis", "label": "判定依据", "when": {"level": ["major"]}},
        {"field": "due", "label": "建议整改期限", "when": {}},
        {"field": "due_date", "label": "截止日期", "when": {"due": ["date"], "fixed_on_spot": [False]}},
        {"field": "after", "label": "整改后照片", "when": {"fixed_on_spot": [True]}},
    ]
    assert (data["min_hazards"], data["max_hazards"], data["kept_days"]) == (1, 15, WAITING_DAYS)
    assert data["too_few"] == NO_HAZARD
    assert data["asked"] == {
        "due": {"when": {"fixed_on_spot": [False]}},
        "basis": {"when": {"level": ["major"]}},
        "fixed_on_spot": {"when": {"level": ["general"]}},
    }


def test_page_serves_the_day_each_pick_gives(served):
    until = served()["until"]

    today, calendar = timezone.localdate(), load_calendar()
    day, counted = today + timedelta(days=7), calendar.add_working_days(today, 7)
    assert list(until) == ["0", "3", "5", "7", "10", "15", "30"]
    assert until["7"] == {"days": _said(day), "working": _said(counted.date)}
    assert until["0"]["working"] == until["0"]["days"] == _said(today)


def test_days_of_a_year_without_published_holidays_are_said_to_be_provisional():
    words = until(due_field("期限"), date(2041, 12, 30), Calendar({}))
    assert words["3"]["working"].endswith("（放假安排未公布，暂按周一至周五）")
    assert "未公布" not in words["3"]["days"] + words["0"]["working"]


def _said(day):
    return f"至 {day:%m-%d} 星期{'一二三四五六日'[day.weekday()]} 24:00"


def test_only_a_self_inspection_needs_no_second_inspector():
    assert {kind for kind in Inspection.Kind.values if not SECOND_INSPECTOR.applies({"kind": kind})} == {"self"}


def test_a_changed_rule_changes_page_and_form_alike(served, page, client, enterprise, monkeypatch):
    place = Need("location", "请填写隐患位置", {"level": ("general",)})
    monkeypatch.setattr(HazardForm, "needs", (place,))
    monkeypatch.setattr(VisitForm, "needs", ())
    monkeypatch.setattr(HazardFormSet, "max_num", 1)
    data = served()
    assert {"field": "location", "label": "隐患位置", "when": {"level": ["general"]}} in data["hazard"]
    assert "basis" not in [need["field"] for need in data["hazard"]]
    assert "colleague" not in [need["field"] for need in data["visit"]]
    assert data["max_hazards"] == 1

    cards = {f"hazards-{n}-{name}": value for n in (0, 1) for name, value in CARD.items()}
    refused = client.post(reverse("hazards:register"), visit() | cards | {"enterprise": enterprise.pk})
    labels = [line["label"] for line in refused.context["to_mend"]]
    assert labels == ["隐患 1 隐患位置", "隐患 2 隐患位置"]
    assert refused.context["hazards"].total_error() != ""


def visit():
    today = timezone.localdate().isoformat()
    return {"kind": "routine", "inspected_on": today, "hazards-TOTAL_FORMS": 2, "hazards-INITIAL_FORMS": 0}


@pytest.mark.parametrize(
    ("card", "need"),
    [
        ({"level": "major"}, BASIS),
        ({"due": "date"}, CHOSEN_DATE),
        ({"due": "date", "fixed_on_spot": "on"}, None),
        ({}, None),
    ],
)
def test_form_asks_for_what_its_needs_name(card, need):
    form = HazardForm(CARD | card, today=timezone.localdate(), calendar=None)

    assert form.errors == ({need.field: [need.words]} if need else {})


def test_after_photos_are_needed_on_the_spot_only():
    assert AFTER_PHOTOS.applies({"fixed_on_spot": True})
    assert not AFTER_PHOTOS.applies({"fixed_on_spot": False})


def test_verb_judges_by_the_same_rules(inspector, enterprise, noon, photo):
    arguments = {
        "by": inspector, "at": noon, "kind": "routine", "enterprise": enterprise, "inspected_on": noon.date(),
        "inspectors": [inspector],
    }  # fmt: skip
    with pytest.raises(Refused, match=SECOND_INSPECTOR.words):
        operations.record_inspection(**arguments, hazards=[])
    arguments["kind"] = "self"

    def sentence(facts, **more):
        with pytest.raises(Refused) as refusal:
            operations.record_inspection(**arguments | more, hazards=[{"description": "无依据", **facts}])
        return str(refusal.value)

    def of_page(field, day, **card):
        [words] = HazardForm(CARD | card, today=day, calendar=None).errors[field]
        return words

    day = noon.date()
    before = day - timedelta(days=1)
    assert sentence({"level": "major"}) == of_page("basis", day, level="major") == BASIS.words
    assert sentence({"fixed_on_spot": True}) == AFTER_PHOTOS.words
    assert sentence({"proposed_deadline": before}) == of_page("due_date", day, due="date", due_date=before)
    major = {"level": "major", "basis": "令第 10 号", "fixed_on_spot": True}
    assert rules.NEEDS_REVIEW in sentence(major | {"after": [photo(inspector)]})
    assert rules.NEEDS_REVIEW in of_page("fixed_on_spot", day, **major)


@pytest.mark.parametrize(("days", "holds"), [(1, False), (0, True), (-366, True), (-367, False)])
def test_form_and_verb_agree_on_the_day_of_a_visit(inspector, enterprise, noon, days, holds):
    today, on = noon.date(), noon.date() + timedelta(days=days)
    form = VisitForm({"inspected_on": on.isoformat()}, user=inspector, today=today)
    sent = {"by": inspector, "at": noon, "kind": "self", "enterprise": enterprise, "inspectors": [inspector]}
    said = []
    try:
        operations.record_inspection(**sent, inspected_on=on, hazards=[])
    except Refused as refusal:
        said.append(str(refusal))

    assert said == form.errors.get("inspected_on", [])
    assert holds == (not said)


def test_most_photos_of_a_field_stand_in_its_data_and_words(page, client, picture, monkeypatch):
    monkeypatch.setattr(picking, "MAX_PER_STAGE", 1)
    text = page()
    assert text.count('data-limit="1"') == text.count("data-upload=") == 4  # before and after; one card and the blank
    assert "远景看位置，近景看问题，最多 1 张" in text

    cards = {"hazards-TOTAL_FORMS": 1, "hazards-0-before": [picture(), picture("red")]}
    refused = client.post(reverse("hazards:register"), visit() | cards)
    assert "一次最多上传 1 张照片" in refused.content.decode()
