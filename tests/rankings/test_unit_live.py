"""The page of a unit in a period that is not frozen, and of one that has nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, HazardFactory, InspectionFactory, UnitFactory
from workdays.periods import week_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show
UNIT = "/rankings/unit/"


@pytest.fixture
def week(township, foreign_township, enterprise):
    """This week: a visit that found something, a row that is overdue, a firm nobody has been to, and a township without anything."""
    today = timezone.localdate()
    UnitFactory(code="411402", short_name="梁园区")
    UnitFactory(code="411402003", short_name="空白镇")
    for number in range(30):
        EnterpriseFactory(township=township, name=f"从未检查的企业{number}")
    visit = InspectionFactory(enterprise=enterprise, inspected_on=today)
    HazardFactory(
        enterprise=enterprise, inspection=visit, found_on=today, rectifying=True, deadline=today + timedelta(days=7)
    )
    HazardFactory(
        enterprise=enterprise,
        description="逾期的隐患",
        found_on=today - timedelta(days=9),
        rectifying=True,
        deadline=today - timedelta(days=2),
    )
    return week_of(today).code


def test_a_running_week_is_explained_from_rows_as_they_stand(client, safety_office, enterprise, week):
    client.force_login(safety_office)
    answer = client.get(UNIT, {"week": week, "kind": "township", "unit": "411402001"})
    text = answer.content.decode()
    assert "进行中，实时统计" in text and "逾期一般隐患 1 条" in text and "没有名次" in text
    moves = {gain.part: gain for gain in answer.context["moves"]}
    [detail] = moves["overdue"].details
    assert (detail["row"].description, detail["row"].days) == ("逾期的隐患", 2) and moves["overdue"].plus > 0
    assert all(row["last"] is None and row["firm"] != enterprise for row in moves["coverage"].details)
    assert len(moves["coverage"].details) == 5 and "没有检查记录" in text
    assert answer.context["before"] is None and len(answer.context["year"]) == 1


@pytest.mark.parametrize(
    ("kind", "unit"), [("township", "411402003"), ("county", "411402"), ("sector", "GMSM"), ("department", "411402-YJ")]
)
def test_every_table_has_its_page(client, safety_office, week, kind, unit):
    UnitFactory(code="411402-YJ")
    client.force_login(safety_office)
    answer = client.get(UNIT, {"week": week, "kind": kind, "unit": unit})
    assert answer.status_code == 200 and answer.context["line"].code == unit


def test_a_unit_without_anything_is_told_so(client, safety_office, week):
    client.force_login(safety_office)
    answer = client.get(UNIT, {"week": week, "kind": "township", "unit": "411402003"})
    assert "未排名" in answer.content.decode() and answer.context["moves"] == []


def test_a_week_that_is_over_and_not_frozen_opens_no_rows(client, safety_office, week):
    client.force_login(safety_office)
    HazardFactory.create_batch(
        2, enterprise=EnterpriseFactory(), found_on=timezone.localdate() - timedelta(days=90), rectifying=True,
        deadline=timezone.localdate() - timedelta(days=30), issued_on=timezone.localdate() - timedelta(days=60),
    )  # fmt: skip
    before = week_of(timezone.localdate()).previous().code
    answer = client.get(UNIT, {"week": before, "kind": "township", "unit": "411402001"})
    text = answer.content.decode()
    assert "已结束，待冻结" in text and "/rankings/rows/" not in text and not answer.context["opens"]
    assert answer.context["line"].figures["window"]["overdue"] >= 2 and answer.context["moves"] == []
