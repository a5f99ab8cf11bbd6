"""Who is told that a formula waits for a second person or is in force, that inspectors were counted, that a period was frozen or revised."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal import outbox
from notifications.consumers import tell_people
from notifications.models import Notification
from rankings.models import Formula, Freeze, Staff
from rankings.operations import (
    amend_formula,
    approve_staff,
    correct_staff,
    discard_formula,
    freeze,
    propose_formula,
    publish_formula,
    revise,
)
from rankings.operations.freezing import end_of
from tests.factories import UnitFactory, UserFactory
from workdays.periods import week_of

pytestmark = pytest.mark.django_db


def test_those_are_told_whom_it_concerns_and_no_other_city(
    city, township, manager, inspector, leader, safety_office, client, django_assert_max_num_queries
):
    second = UserFactory(role="safety_office", unit=safety_office.unit)
    county_office = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    UserFactory(role="safety_office", unit=UnitFactory(code="4115-AWB"))
    UserFactory(role="manager", unit=UnitFactory(code="411502001"))
    answerable = {manager, leader, safety_office, second, county_office}
    heads = answerable - {manager}
    period = week_of(timezone.localdate()).previous()
    at = end_of(period) + timedelta(hours=9)

    def told(kind, move):
        """Who is told of the newest ``move``, and the words."""
        outbox.place(kind.stream())
        event = kind.stream().objects.filter(kind=move).select_related("record").latest("pk")
        Notification.objects.all().delete()
        with django_assert_max_num_queries(3):
            tell_people([event], at=at)
        found = list(Notification.objects.select_related("recipient"))
        assert all(Notification.objects.visible_to(one.recipient).filter(pk=one.pk).exists() for one in found)
        return {one.recipient for one in found}, {one.title for one in found}

    draft = propose_formula(by=safety_office, at=at, reason="加大覆盖", coverage=30, finding=15)
    assert told(Formula, "propose_formula") == ({second}, {f"草拟了排名公式，请看试算，由另一人公布 · 草稿 {draft.pk}"})
    amend_formula(draft, by=second, at=at, coverage=28, finding=17)
    assert told(Formula, "amend_formula")[0] == {safety_office}
    publish_formula(draft, by=safety_office, at=at, since=timezone.localdate(at))
    readers, [title] = told(Formula, "publish_formula")
    assert readers == answerable - {safety_office} and title == f"公布排名公式，{draft.affects}起按这一版计算 · 第 3 版"
    discard_formula(propose_formula(by=second, at=at, reason="再试"), by=second, at=at, reason="不需要")
    assert told(Formula, "discard_formula")[0] == {safety_office}

    staff = approve_staff(by=safety_office, at=at, unit=township, inspectors=4, since=period.first, reason="编制文件")
    assert told(Staff, "approve_staff")[0] == {manager}
    correct_staff(staff, by=safety_office, at=at, inspectors=5, since=period.first, reason="编制文件")
    assert told(Staff, "correct_staff")[0] == {manager}

    one = freeze("4114", period, at=at)
    assert told(Freeze, "freeze") == (heads, {f"周统计已冻结 · {one}"})
    again = revise(one, by=safety_office, at=at, reason="重复登记")
    assert told(Freeze, "revise")[0] == set(), "what took its place tells it"
    client.force_login(safety_office)
    page = client.get(one.get_absolute_url()).content.decode()
    assert f"week={period.code}&amp;revision=1" in page and f"week={period.code}&amp;revision=2#revision" in page
    assert "+00:00" not in page, "moments are local"
    assert told(Freeze, "freeze") == (answerable, {f"周统计已冻结，数字作了更正，请看变化 · {again}"})
    freeze("4114", period.previous(), at=at + timedelta(days=30))
    assert told(Freeze, "freeze")[0] == set(), "made up long afterwards it is nobody's news"
