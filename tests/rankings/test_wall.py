"""The wall and the leaders' page: the frozen table beside what stands open now, and no name of a firm on the wall."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hazards.models import Instruction
from rankings.drawing import ceiling, wall_trend
from tests.factories import EnterpriseFactory, HazardFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show
WALL, LEADER = "/rankings/wall/", "/rankings/leader/"


def overdue_major(enterprise, **facts):
    facts = {"description": "氨制冷机房与加工车间连通", "deadline": timezone.localdate() - timedelta(days=12)} | facts
    return HazardFactory(enterprise=enterprise, rectifying=True, level="major", **facts)


def test_the_wall_names_no_firm_and_shows_rows_in_scope_alone(client, leader, enterprise, stranger):
    UnitFactory(code="411402", short_name="梁园区")
    overdue_major(enterprise)
    client.force_login(leader)
    text = client.get(WALL).content.decode()
    assert "氨制冷机房与加工车间连通" in text and "逾期 12 天" in text and "还没有冻结的统计" in text
    assert enterprise.name not in text and enterprise.principal not in text and leader.full_name not in text
    department = UserFactory(role="manager", unit=UnitFactory(code="4114-ZZ"))
    client.force_login(department)
    answer = client.get(WALL)
    assert answer.context["counts"]["overdue_major"] == 1 and "氨制冷机房" not in answer.content.decode()
    client.force_login(stranger)
    assert client.get(WALL).context["counts"]["overdue_major"] == 0, "another county's"


def test_a_leader_writes_on_what_is_overdue_and_sees_what_waits(client, leader, enterprise, township):
    old = overdue_major(enterprise)
    asked = overdue_major(
        enterprise,
        description="已批示的隐患",
        reply_due_on=timezone.localdate(),
        deadline=timezone.localdate() - timedelta(days=40),
    )
    at = timezone.now()
    facts = {
        "hazard": asked,
        "kind": "territory",
        "unit": township,
        "leader": leader,
        "by": leader,
        "at": at,
        "leader_name": "宁致和",
    }
    Instruction.objects.create(text="立即停用", reply_by=timezone.localdate() - timedelta(days=1), **facts)
    client.force_login(leader)
    answer = client.get(LEADER)
    text = answer.content.decode()
    assert [case["row"] for case in answer.context["cases"]] == [asked, old]
    assert f"/hazards/{old.pk}/instruct/" in text and f"/hazards/{asked.pk}/instruct/" not in text
    assert (
        answer.context["answers"]["count"] == 1
        and answer.context["answers"]["rows"][0]["is_late"]
        and "立即停用" in text
    )
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    client.force_login(office)
    assert "写批示" not in client.get(LEADER).content.decode() and client.get(LEADER).context["answers"] is None


def test_a_leader_of_a_county_sees_its_own(client, enterprise, foreign_township):
    overdue_major(EnterpriseFactory(township=foreign_township))
    county = UserFactory(role="leader", unit=UnitFactory(code="411402"))
    client.force_login(county)
    answer = client.get(LEADER)
    assert answer.context["counts"]["overdue_major"] == 0 and answer.context["cases"] == []


def test_the_menu_of_a_leader_begins_here(client, leader, manager):
    client.force_login(leader)
    assert LEADER in client.get("/").content.decode()
    client.force_login(manager)
    assert LEADER not in client.get("/").content.decode()


def test_an_axis_ends_on_a_round_number():
    assert [ceiling(value) for value in (1, 2, 3, 9, 10, 11, 37, 81, 2316)] == [1, 2, 4, 10, 10, 20, 40, 100, 4000]


def test_the_drawing_of_the_wall_keeps_its_proportions():
    drawn = wall_trend([10, 20], [5, 0], [4, 2])
    heights = [bar["height"] for bar in drawn["bars"]]
    assert heights == [63.0, 126.0, 31.5, 0.0] and [bar["y"] + bar["height"] for bar in drawn["bars"]] == [150] * 4
    assert [(y, value) for _, y, value in drawn["ends"]] == [(184, 4), (217.0, 2)]
    assert wall_trend([], [], [])["bars"] == [] and wall_trend([], [], [])["ends"] == []


def test_nothing_frozen_is_said(client, leader, township):
    client.force_login(leader)
    assert "还没有冻结的统计" in client.get("/rankings/trend/", {"month": "2020-01"}).content.decode()
