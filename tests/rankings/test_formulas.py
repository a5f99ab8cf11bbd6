"""Versions of the formula, and approved staff: drafted, published by a second person, never edited; what each is refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from journal.audit import breaks
from journal.refusal import Conflict, NotPermitted, Refused
from rankings.formula import Constants
from rankings.models import Formula, Staff
from rankings.numbers import RANGES, WORDS
from rankings.operations import (
    amend_formula,
    approve_staff,
    correct_staff,
    discard_formula,
    freeze,
    propose_formula,
    publish_formula,
    revise,
    seed_formula,
)
from rankings.operations.freezing import end_of
from tests.at_once import at_once, races
from tests.factories import EnterpriseFactory, InspectionFactory, UnitFactory, UserFactory
from workdays.periods import parse_week

pytestmark = pytest.mark.django_db
AT = timezone.now()
TODAY = timezone.localdate(AT)


@pytest.fixture
def office(township):
    UnitFactory(code="4114")
    return UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))


@pytest.fixture
def second(office):
    return UserFactory(role="safety_office", unit=office.unit)


def propose(office, **numbers):
    return propose_formula(by=office, at=AT, reason="加大覆盖", **({"coverage": 30, "finding": 15} | numbers))


def test_the_house_s_formula_comes_with_the_code_once():
    [house] = Formula.objects.all()
    assert (house.number, house.state, house.city_code, house.constants) == (2, "published", "", Constants())
    assert seed_formula(at=AT) is False
    assert Formula.objects.in_force("4114", date(2020, 1, 1)) == house
    assert not list(breaks([Formula]))


def test_a_draft_differs_from_what_is_in_force_and_says_in_what(office):
    one = propose(office)
    assert (one.state, one.number, one.city_code) == ("draft", None, "4114")
    assert one.constants.coverage == 30 and one.constants.rectified == 25
    assert one.events.get().changes == {"覆盖 分值": "25 → 30", "发现 分值": "20 → 15"}
    assert Formula.objects.in_force("4114", TODAY).number == 2, "a draft judges nothing"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"coverage": 31}, "合计应为 100，现在是 101"), ({"shrinkage": 0}, "平滑条数”应为 1 至 100"), ({"window_months": 0}, "1 至 12"),
        ({"base": "50"}, "整数"), ({"base": True}, "整数"), ({"limit_days_general": 1000}, "1 至 999"), ({"invented": 3}, "invented"),
    ],
)  # fmt: skip
def test_numbers_that_make_no_formula_are_refused_in_words(office, numbers, words):
    with pytest.raises(Refused, match=words):
        propose(office, **numbers)
    assert Formula.objects.count() == 1


def test_every_number_has_words_and_a_range_it_lies_in():
    for name, value in Constants().as_dict().items():
        low, high = RANGES.get(name, (0, 100))
        assert WORDS[name] and low <= value <= high
    assert set(WORDS) == set(Constants().as_dict()) >= set(RANGES)


def test_a_second_person_publishes_and_then_nothing_changes_it(office, second):
    one = propose(office)
    with pytest.raises(NotPermitted, match="另一名"):
        publish_formula(one, by=office, at=AT, since=TODAY)
    with pytest.raises(Refused, match="不能早于今天"):
        publish_formula(one, by=second, at=AT, since=TODAY - timedelta(days=1))
    with pytest.raises(
        Refused, match="一年以后"
    ):  # what was published is not taken back; the page of one of 9999-12-31 fell over
        publish_formula(one, by=second, at=AT, since=TODAY + timedelta(days=367))
    publish_formula(one, by=second, at=AT, since=TODAY)
    one.refresh_from_db()
    assert (one.number, one.state, one.since) == (3, "published", TODAY)
    assert Formula.objects.in_force("4114", TODAY) == one
    assert Formula.objects.in_force("4114", TODAY - timedelta(days=1)).number == 2
    assert Formula.objects.in_force("4101", TODAY).number == 2, "another city goes by its own"
    for act in (
        lambda: amend_formula(one, by=office, at=AT, base=60),
        lambda: discard_formula(one, by=office, at=AT, reason="不要"),
    ):
        with pytest.raises(Conflict):
            act()
    other = propose(office, coverage=20, finding=25)
    publish_formula(other, by=second, at=AT, since=TODAY)
    assert (other.number, Formula.objects.in_force("4114", TODAY)) == (4, other), "of two from one day the later"


def test_where_the_office_is_one_person_that_person_publishes(office):
    one = propose(office)
    publish_formula(one, by=office, at=AT, since=TODAY)
    assert one.state == "published"


def test_who_changes_a_draft_last_is_who_drafted_it(office, second):
    one = propose(office)
    assert amend_formula(one, by=second, at=AT, coverage=30) is None
    amend_formula(one, by=second, at=AT, base=60, reason="小单位从宽")
    one.refresh_from_db()
    assert (one.constants.base, one.reason, one.drafted_by) == (60, "小单位从宽", second)
    with pytest.raises(NotPermitted):
        publish_formula(one, by=second, at=AT, since=TODAY)
    discard_formula(one, by=office, at=AT, reason="暂缓")
    assert one.state == "discarded" and not list(breaks([Formula]))


@pytest.mark.parametrize("role", ["inspector", "manager", "leader"])
def test_others_neither_draft_nor_approve(office, role, township):
    for unit in (office.unit, UnitFactory(code="411402-AWB")):
        person = UserFactory(role=role, unit=unit)
        with pytest.raises(NotPermitted):
            propose(person)
        with pytest.raises(NotPermitted):
            approve_staff(by=person, at=AT, unit=township, inspectors=2, since=TODAY, reason="名册")
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    with pytest.raises(NotPermitted):
        propose(county)


def test_the_approved_people_set_the_target(office, township):
    """Two inspectors see ten firms a week: forty in four weeks of a register of three hundred, but never under half the sixty."""
    EnterpriseFactory.create_batch(300, township=township)
    firm = EnterpriseFactory(township=township)
    week = parse_week("2026-W46")
    InspectionFactory(enterprise=firm, inspected_on=week.first)
    then = end_of(week) - timedelta(seconds=1)
    one = approve_staff(by=office, at=then, unit=township, inspectors=2, since=week.first, reason="编制文件")
    approve_staff(by=office, at=then, unit=township, inspectors=9, since=week.last + timedelta(days=1), reason="增编")
    assert Staff.objects.approved_on("4114", week.first - timedelta(days=1)) == {}
    assert Staff.objects.approved_on("4114", week.last) == {township.pk: 2}
    # Since the cut-off: one entered late for days gone by, one put right. A freeze made late knows of neither, a revision of the second.
    approve_staff(by=office, at=end_of(week), unit=township, inspectors=7, since=week.first, reason="补录")
    correct_staff(one, by=office, at=AT, inspectors=1, since=week.first, reason="笔误")
    frozen = freeze("4114", week, at=AT)
    [line] = frozen.tables.get(kind="township", division="4114").lines.all()
    assert (line.parts["inspectors"], line.parts["target"]) == (2, 40.0)
    again = revise(frozen, by=office, at=AT, reason="核定人数有误")
    assert again.tables.get(kind="township", division="4114").lines.get().parts["inspectors"] == 1
    later = freeze("4114", week.previous(), at=AT)
    assert later.tables.get(kind="township", division="4114").lines.get().parts["inspectors"] is None
    assert (
        one.inspectors == 1
        and correct_staff(one, by=office, at=AT, inspectors=1, since=week.first, reason="笔误") is None
    )


@races
def test_of_two_drafts_published_at_once_each_gets_its_number(office, second):
    drafts = [propose(office), propose(office, coverage=28, finding=17)]
    assert (
        at_once(*[lambda one=one: publish_formula(one, by=second, at=AT, since=TODAY) for one in drafts])
        == ["done"] * 2
    )
    assert sorted(Formula.objects.filter(city_code="4114").values_list("number", flat=True)) == [3, 4]


@pytest.mark.parametrize("count", [0, 1001])
def test_staff_is_a_number_of_people_of_a_body_of_the_city(office, township, count):
    with pytest.raises(Refused, match="1 至 1000"):
        approve_staff(by=office, at=AT, unit=township, inspectors=count, since=TODAY, reason="名册")
    foreign = UnitFactory(code="410102001")
    with pytest.raises(Refused, match="不在您的管辖范围内"):
        approve_staff(by=office, at=AT, unit=foreign, inspectors=2, since=TODAY, reason="名册")
