"""A row of the matrix ends where the next begins, whoever keeps it, and nothing of it is lost."""

import itertools
from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from inspections.models import Sector
from journal import outbox
from journal.audit import breaks
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from responsibilities import operations
from responsibilities.models import Charge, Line
from responsibilities.operations import appoint_charge, appoint_line, end, replace_charge, replace_line
from tests.factories import TODAY, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge(manager, inspector, fireworks, clock):
    return appoint_charge(by=manager, at=next(clock), unit=manager.unit, sector=fireworks, holder=inspector)


def test_a_change_ends_one_row_today_and_begins_the_next(charge, manager, inspector, deputy, clock):
    began, at = charge.valid_from, next(clock)
    event = replace_charge(charge, by=manager, at=at, holder=deputy, deputy=inspector, reason="轮岗")
    charge.refresh_from_db()
    now = Charge.objects.current().get()
    assert (charge.state, charge.valid_from, charge.valid_to) == ("ended", began, at.date())
    assert (now.valid_from, now.valid_to, now.holder, now.deputy) == (at.date(), None, deputy, inspector)
    assert event.changes == {"责任人": "袁立新 → 范守一", "副职": "无 → 袁立新"}
    assert (event.note, now.events.get().note) == ("轮岗", "轮岗")
    assert list(Charge.objects.beside(now).order_by("pk")) == [charge, now]
    assert list(breaks([Charge])) == []


def test_naming_the_same_people_again_changes_nothing(charge, manager, inspector, clock):
    assert replace_charge(charge, by=manager, at=next(clock), holder=inspector) is None
    assert (Charge.objects.count(), charge.events.count()) == (1, 1)


def test_what_is_ended_leaves_room_for_another(charge, manager, inspector, clock):
    with pytest.raises(Refused, match="已有现行的分工；请打开那一条办理“更换”"):
        appoint_charge(by=manager, at=next(clock), unit=manager.unit, sector=charge.sector, holder=inspector)
    end(charge, by=manager, at=next(clock), reason="不再有这类企业")
    with pytest.raises(Conflict):
        replace_charge(charge, by=manager, at=next(clock), holder=manager)
    again = appoint_charge(by=manager, at=next(clock), unit=manager.unit, sector=charge.sector, holder=manager)
    assert (charge.valid_to < again.valid_from, again.valid_to) == (True, None)


def test_a_row_of_one_sector_stands_beside_that_of_the_rest(charge, manager, inspector, clock):
    rest = appoint_charge(by=manager, at=next(clock), unit=manager.unit, holder=manager)
    assert (rest.sector, str(rest)) == (None, "双八镇 · 其余行业领域")
    with pytest.raises(Refused, match="已有现行的分工"):
        appoint_charge(by=manager, at=next(clock), unit=manager.unit, holder=inspector)


def test_no_row_begins_before_another_has_ended(charge, manager, inspector, deputy, noon):
    end(charge, by=manager, at=noon, reason="调整")
    with pytest.raises(Refused, match="核对服务器的日期"):
        appoint_charge(
            by=manager, at=noon - timedelta(days=2), unit=manager.unit, sector=charge.sector, holder=inspector
        )
    now = appoint_charge(by=manager, at=noon, unit=manager.unit, sector=charge.sector, holder=inspector)
    with pytest.raises(Refused, match="核对服务器的日期"):
        replace_charge(now, by=manager, at=noon - timedelta(days=2), holder=deputy)
    assert Charge.objects.current().get() == now, "the refused change ended nothing"


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_done_no_two_rows_of_a_place_are_in_force_on_a_day(seed, manager, deputy, fireworks, noon):
    dice, at = Random(seed), noon
    people = [manager, deputy, UserFactory(unit=manager.unit)]
    for _ in range(25):
        at += timedelta(days=dice.choice([0, 0, 1, 1, 3, -1]))
        sector, (holder, second) = dice.choice([None, fireworks]), dice.sample(people, 2)
        now = Charge.objects.current().filter(unit=manager.unit, sector=sector).first()
        given = {"holder": holder, "deputy": dice.choice([None, second])}
        try:
            if now is None:
                appoint_charge(by=manager, at=at, unit=manager.unit, sector=sector, **given)
            elif dice.random() < 0.3:
                end(now, by=manager, at=at, reason="调整")
            else:
                replace_charge(now, by=manager, at=at, **given)
        except Refused:
            continue
    assert Charge.objects.count() > 3
    for sector in (None, fireworks):
        rows = list(Charge.objects.filter(sector=sector).order_by("valid_from", "pk"))
        for earlier, later in itertools.pairwise(rows):
            assert earlier.valid_to is not None and earlier.valid_to <= later.valid_from


def test_the_database_takes_no_two_rows_in_force_for_one_place(charge, manager, fireworks):
    def insert(**facts):
        with transaction.atomic():
            Charge.objects.create(**{"unit": manager.unit, "holder": manager, "state": "current"} | facts)

    for facts in (
        {"sector": fireworks, "valid_from": TODAY},
        {"sector": fireworks, "valid_from": TODAY, "valid_to": TODAY},  # ended, but in force by its state
        {"sector": fireworks, "valid_from": TODAY, "valid_to": TODAY - timedelta(days=1), "state": "ended"},
        {"sector": None, "valid_from": TODAY, "deputy": manager},
    ):
        with pytest.raises(IntegrityError):
            insert(**facts)
    insert(sector=None, valid_from=TODAY)
    with pytest.raises(IntegrityError):
        insert(sector=None, valid_from=TODAY)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no exclusion constraint")
def test_postgresql_takes_no_overlapping_rows_that_have_ended(charge, manager, fireworks):
    began = charge.valid_from

    def insert(start, stop, sector=fireworks):
        with transaction.atomic():
            Charge.objects.create(
                unit=manager.unit, sector=sector, holder=manager, state="ended", valid_from=start, valid_to=stop
            )

    day = timedelta(days=1)
    insert(began - 9 * day, began - 4 * day)
    insert(began - 4 * day, began)
    insert(began - 9 * day, began + day, sector=None)
    for start, stop in ((began - 5 * day, began - 4 * day), (began - day, began + day), (began + day, began + 2 * day)):
        with pytest.raises(IntegrityError, match="no_overlap"):
            insert(start, stop)


def test_holder_and_deputy_are_two_people_in_use_of_the_unit(manager, inspector, deputy, stranger, fireworks, noon):
    gone = UserFactory(unit=manager.unit, is_active=False)
    keeper = UserFactory(role="sysadmin", unit=manager.unit)
    for holder, second, words in (
        (stranger, None, "责任人须是双八镇在用的人员"),
        (inspector, gone, "副职须是双八镇在用的人员"),
        (keeper, None, "责任人须是双八镇在用的人员"),
        (inspector, inspector, "副职不能就是责任人本人"),
    ):
        given = {"holder": holder, "deputy": second}
        with pytest.raises(Refused, match=words):
            appoint_charge(by=manager, at=noon, unit=manager.unit, sector=fireworks, **given)
    charge = appoint_charge(by=manager, at=noon, unit=manager.unit, sector=fireworks, holder=inspector)
    with pytest.raises(Refused, match="副职须是双八镇在用的人员"):
        replace_charge(charge, by=manager, at=noon, holder=inspector, deputy=stranger)


def test_the_office_above_names_people_where_the_unit_does_not(
    safety_office, stranger, inspector, charge, fireworks, clock
):
    assert replace_charge(charge, by=safety_office, at=next(clock), holder=UserFactory(unit=inspector.unit))
    now = Charge.objects.current().get()
    with pytest.raises(NotPermitted):
        replace_charge(now, by=stranger, at=next(clock), holder=inspector)
    with pytest.raises(NotPermitted):
        end(now, by=inspector, at=next(clock), reason="试试")
    with pytest.raises(NotPermitted, match="由本单位安全负责人确定"):
        appoint_charge(by=stranger, at=next(clock), unit=inspector.unit, holder=stranger)
    with pytest.raises(Refused, match="管辖范围内在用的单位"):
        closed = UnitFactory(code="411402099", is_active=False)
        appoint_charge(by=safety_office, at=next(clock), unit=closed, holder=inspector)


# --- lines


def test_lines_are_settled_by_the_office_of_the_place_or_above_it(
    safety_office, manager, county, city, department, fireworks, clock
):
    local = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    other = UnitFactory(code="411403-GA")
    line = appoint_line(by=local, at=next(clock), place=county, sector=fireworks, competent=department)
    assert replace_line(line, by=safety_office, at=next(clock), supervising=department).kind == "replace"
    given = {"sector": fireworks, "competent": department}
    for by, place, words in (
        (manager, county, "行业主管、监管部门由本级安委办"),
        (local, city, "行业主管、监管部门由本级安委办"),
        (safety_office, manager.unit, "行业分工按县（区）或市确定"),
        (safety_office, county, "已有现行的分工"),
    ):
        with pytest.raises(Refused, match=words):
            appoint_line(by=by, at=next(clock), place=place, **given)
    xf = Sector.objects.get(code="XF")
    for bodies, words in (
        ({}, "请至少确定一个部门"),
        ({"competent": other}, "行业主管部门须是.*在用的部门"),
        ({"supervising": manager.unit}, "监管部门须是.*在用的部门"),
    ):
        with pytest.raises(Refused, match=words):
            appoint_line(by=safety_office, at=next(clock), place=county, sector=xf, **bodies)
    assert Line.objects.current().get().supervising == department


# --- notices


def told(at):
    outbox.publish(at=at)
    found = {(one.recipient.full_name, one.title.split(" · ")[0]) for one in Notification.objects.all()}
    Notification.objects.all().delete()
    return found


def test_who_is_named_and_who_is_no_longer_are_told(charge, manager, inspector, deputy, clock):
    third = UserFactory(unit=manager.unit, full_name="乔丙")
    assert told(next(clock)) == {("袁立新", "责任分工：责任人 袁立新")}
    at = next(clock)
    replace_charge(charge, by=manager, at=at, holder=deputy, deputy=inspector)
    assert told(at) == {(name, "责任分工：责任人 范守一，副职 袁立新") for name in ("袁立新", "范守一")}
    now, at = Charge.objects.current().get(), next(clock)
    replace_charge(now, by=manager, at=at, holder=third)
    assert told(at) == {
        ("乔丙", "责任分工：责任人 乔丙"),
        ("袁立新", "您不再负责这项分工"),
        ("范守一", "您不再负责这项分工"),
    }
    now, at = Charge.objects.current().get(), next(clock)
    end(now, by=manager, at=at, reason="撤并")
    assert told(at) == {("乔丙", "您不再负责这项分工")}


def test_departments_are_told_of_their_lines(safety_office, county, department, fireworks, clock):
    UserFactory(unit=department, full_name="公安甲")
    second = UserFactory(unit=UnitFactory(code="411402-YJ"), full_name="应急乙")
    at = next(clock)
    line = appoint_line(by=safety_office, at=at, place=county, sector=fireworks, competent=department)
    assert told(at) == {("公安甲", "行业分工：主管 单位411402-GA，监管 未定")}
    at = next(clock)
    operations.replace_line(line, by=safety_office, at=at, competent=second.unit)
    assert told(at) == {
        ("应急乙", "行业分工：主管 单位411402-YJ，监管 未定"),
        ("公安甲", "本单位不再主管或监管"),
    }
