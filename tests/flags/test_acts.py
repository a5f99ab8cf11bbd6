"""Raised once; answered by the unit; decided on by the office; and what others read of it."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from flags import operations
from flags.figures import Standing, standing
from flags.models import Flag, FlagEvent, FlagRow
from flags.tasks import raise_flags
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted, Refused
from notifications.models import Notification
from tests.factories import NOON, TODAY, InspectionFactory, UnitFactory, UserFactory
from tests.flags.conftest import TO

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


@pytest.fixture
def office(db):
    return UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))


@pytest.fixture
def copied(find, township, raised):
    find(township, 8, description="通道堆放货物")
    [flag] = raised("copied")
    return flag


def test_the_same_finding_is_raised_once(copied, raised, find, township, office):
    assert raised("copied", to=TO + DAY, at=NOON + DAY) == [copied]
    find(township, 1, description="通道堆放货物", days_ago=-2)
    operations.decide(copied, by=office, at=NOON, dismissed=True, reason="统一用语")
    assert raised("copied", to=TO + 2 * DAY, at=NOON + 2 * DAY) == [copied], "one more of the same, though dismissed"
    find(township, 6, description="应急照明灯损坏", days_ago=-2)
    first, second = raised("copied", to=TO + 2 * DAY, at=NOON + 2 * DAY)
    assert (first, second.row_count) == (copied, 6)
    assert set(second.rows.values_list("hazard__description", flat=True)) == {"应急照明灯损坏"}


def test_what_goes_on_is_raised_again_when_its_days_are_over(copied, raised, find, township):
    find(township, 8, description="通道堆放货物", days_ago=-20)
    assert len(raised("copied", to=TO + 4 * WEEK, at=NOON + 4 * WEEK)) == 2


def test_a_habit_is_raised_once_in_its_days(find, raised, township):
    find(township, 15, trait="closed", fixed_on_spot=True)
    for weeks in (0, 1, 5):
        assert len(raised("on_spot", to=TO + weeks * WEEK, at=NOON + weeks * WEEK)) == 1
    find(township, 15, trait="closed", fixed_on_spot=True, days_ago=-80)
    assert len(raised("on_spot", to=TO + 13 * WEEK, at=NOON + 13 * WEEK)) == 2


def test_events_vouch_for_flag_and_rows(copied):
    assert list(breaks(kinds=[Flag])) == []
    FlagRow.objects.filter(flag=copied).first().delete()
    assert list(breaks(kinds=[Flag])) != []


@pytest.mark.parametrize("to", [TODAY, TODAY + DAY, TODAY - timedelta(days=367)])
def test_a_day_that_is_not_over_or_long_gone_is_refused(db, to):
    with pytest.raises(Refused, match="截止日"):
        operations.raise_flags(to=to, at=NOON)


def test_the_unit_is_told_answers_and_the_office_decides(copied, township, office):
    manager = Flag.objects.get().rows.first().hazard.registered_by
    publish(at=NOON)
    assert Notification.objects.filter(recipient=manager, title__startswith="数据异常提示：隐患描述雷同").count() == 1
    operations.answer(copied, by=manager, at=NOON + DAY, text="统一检查用语")
    publish(at=NOON + DAY)
    assert Notification.objects.filter(recipient=office, title__contains="已说明：隐患描述雷同").count() == 1
    operations.supplement(copied, by=manager, at=NOON + 2 * DAY, text="附照片")
    operations.decide(copied, by=office, at=NOON + 3 * DAY, dismissed=False, reason="照片与描述不符")
    publish(at=NOON + 3 * DAY)
    assert Notification.objects.filter(recipient=manager, title__startswith="提示维持").count() == 1
    operations.relent(copied, by=office, at=NOON + 4 * DAY, reason="补充材料属实")
    copied.refresh_from_db()
    assert (copied.state, copied.answer, copied.upheld_on, copied.dismissed_on) == (
        "dismissed", "附照片", TODAY + 3 * DAY, TODAY + 4 * DAY,
    )  # fmt: skip
    assert list(copied.events.values_list("kind", flat=True)) == ["raise", "answer", "supplement", "uphold", "relent"]


def test_the_unit_is_heard_before_a_flag_is_upheld(copied, office):
    told = {"dismissed": False, "reason": "未说明"}
    due = NOON + (copied.answer_due_on - TODAY)
    with pytest.raises(Refused, match="可以说明到"):
        operations.decide(copied, by=office, at=due, **told)
    operations.decide(copied, by=office, at=due + DAY, **told)
    assert copied.state == "upheld"


def test_no_county_judges_its_own_where_the_city_has_an_office(copied, office):
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    told = {"at": NOON, "dismissed": True, "reason": "统一用语"}
    with pytest.raises(NotPermitted, match="市安委办"):
        operations.decide(copied, by=county, **told)
    office.unit.is_active, office.unit.state = False, "retired"
    office.unit.save()
    operations.decide(copied, by=county, **told)
    assert copied.state == "dismissed"


def test_whom_it_is_shown_to(copied, township, office, foreign_township):
    def sees(person):
        return Flag.objects.visible_to(person).exists(), FlagRow.objects.visible_to(person).count()

    firm = UserFactory(role="enterprise", unit=None)
    copied.rows.first().hazard.enterprise.members.add(firm)
    assert sees(UserFactory(role="inspector", unit=township)) == sees(office) == (True, 8)
    for person in (UserFactory(unit=foreign_township), UserFactory(unit=UnitFactory(code="411402-YJ")), firm):
        assert sees(person) == (False, 0)


def test_what_stands_over_a_unit_on_a_day(copied, township, office, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert standing(TODAY) == {township.pk: Standing({"copied": 1}, 0)}
    assert standing(TODAY - DAY) == {} == standing(TODAY, [township.pk + 1])
    operations.answer(copied, by=UserFactory(unit=township), at=NOON + DAY, text="统一用语")
    operations.decide(copied, by=office, at=NOON + 2 * DAY, dismissed=False, reason="不成立")
    assert standing(TODAY + 2 * DAY)[township.pk].upheld == 1
    assert standing(TODAY + 93 * DAY) == {}, "history"
    operations.relent(copied, by=office, at=NOON + 5 * DAY, reason="成立")
    assert standing(TODAY + 4 * DAY)[township.pk] == Standing({"copied": 1}, 1), "as it was then"
    assert standing(TODAY + 5 * DAY) == {}


def test_a_dismissed_miss_is_excused(find, enterprise, raised, office):
    [row] = find(UnitFactory(code="411402-YJ"), firm=enterprise)
    InspectionFactory(enterprise=enterprise, inspected_on=row.found_on - DAY)
    [flag] = raised("missed")
    pairs = lambda day=None: list(FlagRow.objects.excused(day).values_list("flag__unit", "hazard"))  # noqa: E731
    assert pairs() == []
    operations.decide(flag, by=office, at=NOON + DAY, dismissed=True, reason="检查后形成")
    assert pairs() == pairs(TODAY + DAY) == [(enterprise.township_id, row.pk)]
    assert pairs(TODAY) == []


def test_the_command_says_what_it_did(find, township, capsys):
    find(township, 8, description="通道堆放货物")
    call_command("raise_flags", "--to", TO.isoformat())
    assert capsys.readouterr().out == f"截止 {TO}：新提示 1 条\n"
    for given, words in (("2026-13-01", "不是有效日期"), ("2099-01-01", "没有过完"), ("2001-01-01", "一年以前")):
        with pytest.raises(CommandError, match=words):
            call_command("raise_flags", "--to", given)


def test_the_task_looks_up_to_the_sunday_before(monkeypatch):
    asked = []
    monkeypatch.setattr(operations, "raise_flags", lambda **given: asked.append(given["to"]))
    raise_flags()
    [to] = asked
    assert to.isoweekday() == 7
    assert FlagEvent.objects.count() == 0


def test_two_runs_at_once_raise_a_finding_once(copied, monkeypatch):
    """The second has not seen what the first wrote."""
    monkeypatch.setattr(operations, "_fresh", lambda found, ground: found)
    with pytest.raises(Conflict, match="另一个程序"):
        operations.raise_flags(to=TO, at=NOON)
    assert (Flag.objects.count(), FlagEvent.objects.count(), FlagRow.objects.count()) == (1, 1, 8)
