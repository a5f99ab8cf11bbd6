"""Who is told: the enterprise of what binds it, the deciding unit's manager of an application."""

from datetime import timedelta

import pytest

from enforcement import operations
from enforcement.kinds import TOLD, Kind
from journal.outbox import publish
from notifications.models import Notification
from tests.enforcement.test_recording import NEEDS
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told():
    """``{(person, title up to the record)}`` since the last time."""
    publish(at=NOON + 30 * DAY)
    rows = [(one.recipient, one.title.split(" · ")[0]) for one in Notification.objects.select_related("recipient")]
    Notification.objects.all().delete()
    return set(rows)


@pytest.mark.parametrize("kind", Kind)
def test_the_enterprise_is_told_of_what_binds_it(decide, enterprise_user, kind):
    decide(kind, **NEEDS[kind])
    assert told() == ({(enterprise_user, f"执法措施：{kind.label}")} if kind in TOLD else set())


def test_where_nobody_acts_for_the_firm_its_township_is_told(decide, manager, stranger):
    decide("suspension")
    assert told() == {(manager, "执法措施：停产停业整顿")}


def test_an_application_and_its_answer(decide, enterprise_user, manager, safety_office):
    row = decide("suspension")
    told()
    operations.apply_resumption(row, by=enterprise_user, at=NOON + DAY, text="已整改")
    assert told() == {(manager, "申请复工，请审查")}
    operations.decide_resumption(row, by=manager, at=NOON + 2 * DAY, granted=False, opinion="未整改")
    assert told() == {(enterprise_user, "不同意复工，停产停业整顿继续有效")}
    operations.apply_resumption(row, by=manager, at=NOON + 3 * DAY, text="代企业申请")
    assert told() == {(safety_office, "申请复工，请审查")}, "its own applicant does not decide"
    operations.decide_resumption(row, by=safety_office, at=NOON + 4 * DAY, granted=True, opinion="可")
    assert told() == {(enterprise_user, "同意复工：停产停业整顿已解除"), (manager, "同意复工：停产停业整顿已解除")}


def test_lifting_correcting_and_withdrawing_are_told(decide, enterprise_user, manager):
    row, fine = decide("seizure"), decide("penalty", number="12号", amount=1)
    another = UserFactory(role="manager", unit=manager.unit)
    told()
    operations.lift_measure(row, by=another, at=NOON, on=NOON.date(), reason="已消除")
    operations.correct_measure(fine, by=another, at=NOON, amount=2, reason="笔误")
    operations.withdraw_measure(fine, by=another, at=NOON, reason="复议撤销")
    words = {"执法措施已解除：查封扣押", "执法措施有更正：行政处罚", "执法措施已撤销：行政处罚"}
    assert told() == {(enterprise_user, title) for title in words}
