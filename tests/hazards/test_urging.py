from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards import deadlines, urging
from hazards.models import Hazard
from notifications.models import Notification
from tests.factories import NOON, HazardFactory, UserFactory

DUE = date(2026, 11, 20)


def row(level, **days):
    return Hazard(level=level, state="rectifying", deadline=DUE, **days)


def coming(level, days_after, **days):
    return urging.coming(row(level, **days), DUE + timedelta(days=days_after))


def test_what_comes_next_is_said_with_its_day_and_whom_it_reaches():
    assert coming("general", -10) == (DUE - timedelta(days=3), "提醒责任人")
    assert coming("general", 1) == (DUE + timedelta(days=3), "提醒责任人、请上级负责人督促")
    assert coming("general", 3) == (DUE + timedelta(days=6), "提醒责任人")
    assert coming("major", 0) == (DUE + timedelta(days=1), "提醒责任人、请上级负责人督促、报分管领导")
    assert coming("major", 30) == (DUE + timedelta(days=31), "提醒责任人")


def test_what_is_owed_besides_is_named_and_the_firm_is_told_of_its_own_alone():
    owed = {"progress_due_on": DUE - timedelta(days=10), "report_owed_on": DUE - timedelta(days=12)}
    said = "报告整改进展：提醒责任人；报告重大隐患：提醒登记人、请登记单位负责人督促、请安委办督促"
    assert coming("major", -12, **owed) == (DUE - timedelta(days=11), said)
    alone = urging.coming(row("major", **owed), DUE - timedelta(days=12), outside=True)
    assert alone == (DUE - timedelta(days=11), "报告整改进展：提醒责任人")
    new = Hazard(level="general", state="registered", issue_due_on=DUE)
    assert urging.coming(new, DUE) == (DUE + timedelta(days=1), "下达整改：提醒属地负责人")
    assert [urging.days_late(new, DUE + timedelta(days=days)) for days in (-1, 0, 3)] == [0, 0, 3]
    assert urging.coming(Hazard(level="general", state="closed"), DUE) is None


@given(st.sampled_from(["general", "major"]), st.integers(-400, 400))
def test_it_is_what_the_sweep_will_do_on_that_day(level, days_after):
    day, words = coming(level, days_after)
    assert day > DUE + timedelta(days=days_after)
    steps = [step for step in deadlines.current_steps(level, DUE, day) if step.offset == (day - DUE).days]
    assert words == "、".join(urging.AUDIENCES[step.audience] for step in steps) != ""
    for between in range(days_after + 1, (day - DUE).days):  # and nothing new begins before
        assert all(step.offset < between for step in deadlines.current_steps(level, DUE, DUE + timedelta(days=between)))


def test_every_audience_of_every_ladder_has_its_words():
    named = {audience for levels in deadlines.LADDERS.values() for one in levels.values() for audience in one.offsets}
    assert named == set(urging.AUDIENCES)


def test_more_people_than_a_line_holds_are_counted():
    assert urging.Reminded(1, None, ("甲", "乙", "丙", "丁")).names == "甲、乙、丙、丁"
    assert urging.Reminded(1, None, ("甲", "乙", "丙", "丁", "戊")).names == "甲、乙、丙、丁等 5 人"


@pytest.mark.django_db
def test_what_the_sweep_sent_is_counted_by_step_and_the_last_is_told_with_its_people(django_assert_num_queries):
    rows, people = HazardFactory.create_batch(3), [UserFactory(full_name=name) for name in "甲乙丙丁戊"]
    first, second, third = (NOON + timedelta(days=day) for day in range(3))

    def tell(row, key, at, *names):
        for person in people:
            if person.full_name in names:
                Notification.objects.create(
                    recipient=person, key=key, title="提醒", created_at=at, record_kind="hazard", record_id=row.pk
                )

    tell(rows[0], f"hazard:{rows[0].pk}:T-1", first, "甲", "乙")
    tell(rows[1], f"hazard:{rows[1].pk}:T-1", first, "丙")  # at the moment of the other's last
    tell(rows[1], f"hazard:{rows[1].pk}:T+1", second, "甲", "丁")
    tell(rows[0], "hazard-event:1", third, "戊")  # a notice is no reminder
    tell(rows[2], "hazard-event:2", third, "戊")
    with django_assert_num_queries(2):
        assert urging.reminded([row.pk for row in rows]) == {
            rows[0].pk: urging.Reminded(1, first, ("甲", "乙")),
            rows[1].pk: urging.Reminded(2, second, ("甲", "丁")),
        }
