"""停产停业整顿: the status of the enterprise follows the measures in force, and nothing but consent ends one (安全生产法 §65)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement import operations
from enforcement.models import Measure
from hazards import operations as hazards
from hazards.models import Hazard
from inspections import operations as register
from inspections.models import Enterprise, Sector
from journal import gate
from journal.audit import breaks
from journal.refusal import Conflict, NotPermitted, Refused
from tests.factories import NOON, HazardFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def status(firm):
    firm.refresh_from_db()
    return firm.status


def resume(row, *, applicant, decider, at, granted=True):
    operations.apply_resumption(row, by=applicant, at=at, text="已加装报警装置")
    return operations.decide_resumption(row, by=decider, at=at + DAY, granted=granted, opinion="已核实")


def test_status_follows_with_history(decide, township, manager, safety_office):
    sector, entered = Sector.objects.get(code="GMSM"), NOON - DAY
    firm = register.enlist(
        by=manager, at=entered, township=township, name="豫东食品", sector=sector, principal="孟令山"
    )
    row = decide("suspension", enterprise=firm)
    assert status(firm) == "suspended"
    resume(row, applicant=manager, decider=safety_office, at=NOON + DAY)
    assert status(firm) == "resumed"
    assert (row.state, row.lifted_on) == ("lifted", (NOON + 2 * DAY).date())
    events = list(firm.events.order_by("sequence"))[1:]
    assert [event.kind for event in events] == ["suspend", "resume"]
    assert [event.changes["状态"] for event in events] == ["在产 → 停业整顿", "停业整顿 → 复工"]
    assert all("停产停业整顿" in event.note and event.actor is None for event in events)
    assert [
        one for one in breaks([Measure, Enterprise]) if "企业0" not in one.place and "商丘豫盛" not in one.place
    ] == []


def test_equipment_is_used_again_after_consent_and_leaves_the_status_alone(
    decide, enterprise, enterprise_user, manager
):
    row = decide("equipment")
    assert status(enterprise) == "operating"
    resume(row, applicant=enterprise_user, decider=manager, at=NOON)
    assert (row.state, status(enterprise)) == ("lifted", "operating")
    assert not enterprise.events.exists()


def test_refused_consent_changes_nothing_and_one_may_apply_again(decide, enterprise, enterprise_user, manager):
    row = decide("suspension")
    resume(row, applicant=enterprise_user, decider=manager, at=NOON, granted=False)
    assert (row.state, row.resumption_due_on, status(enterprise)) == ("made", None, "suspended")
    operations.apply_resumption(row, by=enterprise_user, at=NOON + 3 * DAY, text="再次整改")
    with pytest.raises(Refused, match="一份申请等待决定"):
        operations.apply_resumption(row, by=enterprise_user, at=NOON + 3 * DAY, text="又一次")


def test_an_application_is_due_after_working_days_that_are_a_setting(decide, enterprise_user, settings):
    row = decide("suspension")  # NOON is a Friday
    settings.RESUMPTION_WORKING_DAYS = 2
    operations.apply_resumption(row, by=enterprise_user, at=NOON, text="已整改")
    assert row.resumption_due_on == NOON.date() + 4 * DAY


def test_who_applied_does_not_decide(decide, manager, safety_office, enterprise):
    row = decide("suspension")
    operations.apply_resumption(row, by=manager, at=NOON, text="代企业申请")
    with pytest.raises(NotPermitted, match="不能审查自己的申请"):
        operations.decide_resumption(row, by=manager, at=NOON, granted=True, opinion="可")
    operations.decide_resumption(row, by=safety_office, at=NOON, granted=True, opinion="可")
    assert status(enterprise) == "resumed"


def test_who_may_apply_on_a_hazard(decide, rectifying, manager):
    competent = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"))
    rectifying.competent_unit = competent.unit
    type(rectifying).objects.filter(pk=rectifying.pk).update(competent_unit=competent.unit)
    row = decide("suspension", hazard=rectifying)
    operations.apply_resumption(row, by=competent, at=NOON, text="代企业申请")
    firm_only = decide("suspension")
    with pytest.raises(NotPermitted):
        operations.apply_resumption(firm_only, by=competent, at=NOON, text="代企业申请")


def test_no_consent_while_the_hazard_is_there(decide, pending, enterprise, enterprise_user, colleague, manager):
    row = decide("suspension", hazard=pending)
    operations.apply_resumption(row, by=enterprise_user, at=NOON, text="已整改")
    with pytest.raises(Refused, match="还没有销号"):
        operations.decide_resumption(row, by=manager, at=NOON, granted=True, opinion="可")
    assert (row.state, status(enterprise)) == ("made", "suspended")
    hazards.review(pending, by=colleague, at=NOON + DAY, passed=True, opinion="合格")
    operations.decide_resumption(row, by=manager, at=NOON + 2 * DAY, granted=True, opinion="可")
    assert status(enterprise) == "resumed"


def test_no_consent_while_any_major_hazard_of_the_firm_is_open(
    decide, rectifying, enterprise, enterprise_user, manager
):
    """§65 knows no difference between the hazard that a decision names and another that may kill as well."""
    row = decide("suspension", enterprise=enterprise)
    operations.apply_resumption(row, by=enterprise_user, at=NOON, text="已整改")
    hazards.correct(rectifying, by=manager, at=NOON, reason="够标准", level="major", basis="令第10号")
    with pytest.raises(Refused, match=f"重大隐患 {rectifying} 还没有销号（整改中）"):
        operations.decide_resumption(row, by=manager, at=NOON, granted=True, opinion="可")
    Hazard.objects.update(level="general")
    operations.decide_resumption(row, by=manager, at=NOON, granted=True, opinion="可")
    assert status(enterprise) == "resumed"


def test_no_consent_while_what_its_hazard_became_is_open(decide, registered, enterprise_user, manager):
    row = decide("equipment", hazard=registered)
    operations.apply_resumption(row, by=enterprise_user, at=NOON, text="已整改")
    parts = [{"description": "未设作业间"}, {"description": "限员牌缺失"}]
    hazards.split(registered, by=manager, at=NOON, parts=parts, reason="两处隐患")
    with pytest.raises(Refused, match=r"所依据的隐患 .* 还没有销号"):
        operations.decide_resumption(row, by=manager, at=NOON, granted=True, opinion="可")
    for part in registered.parts.order_by("pk"):  # and so on: to split once more ends nothing
        hazards.split(part, by=manager, at=NOON, parts=parts, reason="两处隐患")
    with pytest.raises(Refused, match=r"所依据的隐患 .* 还没有销号"):
        operations.decide_resumption(row, by=manager, at=NOON, granted=True, opinion="可")
    assert row.state == "made"


def test_who_read_it_before_another_decided_is_told_so(decide, enterprise, enterprise_user, manager):
    row = decide("suspension", enterprise=enterprise)
    operations.apply_resumption(row, by=enterprise_user, at=NOON, text="已整改")
    late = Measure.objects.get(pk=row.pk)
    operations.decide_resumption(row, by=manager, at=NOON, granted=False, opinion="不可")
    with pytest.raises(Conflict, match="这次复工申请刚刚已经办理"):
        operations.decide_resumption(late, by=manager, at=NOON, granted=True, opinion="可")


def test_nobody_changes_the_status_by_hand(decide, enterprise, manager, safety_office, township):
    with pytest.raises(Refused, match="不能直接修改"):
        register.edit(enterprise, by=manager, at=NOON, status="suspended")
    row = decide("suspension")
    enterprise.refresh_from_db()
    for by in (manager, safety_office):
        for value in ("operating", "resumed", "stopped"):
            with pytest.raises(Refused, match="未解除的停产停业整顿"):
                register.edit(enterprise, by=by, at=NOON, status=value)
        for move in ("suspend", "resume"):
            with pytest.raises(NotPermitted, match="系统自动办理"):
                gate.move(enterprise, move, by=by, at=NOON, status="operating")
    with pytest.raises(Refused, match="申请复工"):
        operations.lift_measure(row, by=manager, at=NOON, on=NOON.date(), reason="可以了")
    register.edit(enterprise, by=manager, at=NOON, phone="0370-1")
    elsewhere = UnitFactory(code="411402002")
    with pytest.raises(Refused, match="改属地"):
        register.edit(enterprise, by=safety_office, at=NOON, township=elsewhere)
    operations.withdraw_measure(row, by=safety_office, at=NOON, reason="撤销")
    enterprise.refresh_from_db()
    register.edit(enterprise, by=safety_office, at=NOON, status="stopped", township=elsewhere)


def test_one_that_closes_meanwhile_stays_closed(decide, enterprise, enterprise_user, manager):
    row = decide("suspension")
    enterprise.refresh_from_db()
    register.edit(enterprise, by=manager, at=NOON, status="closed")
    resume(row, applicant=enterprise_user, decider=manager, at=NOON)
    assert (row.state, status(enterprise)) == ("lifted", "closed")
    with pytest.raises(Refused, match="已关闭"):
        decide("suspension")


def test_a_department_that_found_it_itself_suspends_though_it_does_not_read_the_firm(decide, enterprise, inspector):
    """Its line of work is not the firm's: it reads what it found, and the status follows all the same."""
    unit = UnitFactory(code="411402-XF")
    one, two = (UserFactory(role="inspector", unit=unit) for _ in range(2))
    visit_of = {"enterprise": enterprise, "found_by_unit": unit, "registered_by": one, "found_on": NOON.date()}
    hazard = HazardFactory(**visit_of)
    assert not Enterprise.objects.visible_to(one).exists()
    row = decide("suspension", by=one, second_officer=two, hazard=hazard)
    assert (row.unit, status(enterprise)) == (unit, "suspended")


@settings(max_examples=25)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["record", "grant", "withdraw", "refuse"]), st.integers(0, 3)), max_size=9)
)
def test_overlapping_suspensions_keep_it_stopped_until_the_last_has_ended(
    decide, enterprise, enterprise_user, safety_office, steps
):
    """Against a naive model: stopped while any is in force; afterwards 复工 where the last ended by consent, else what it was."""
    with transaction.atomic():
        held, expected, at = [], "operating", NOON
        before = "operating"
        for step, n in steps:
            at += 3 * DAY
            if step == "record":
                before = before if held else expected
                held.append(decide("suspension", at=at))
                expected = "suspended"
            elif held:
                row = held[n % len(held)]
                if step == "withdraw":
                    operations.withdraw_measure(row, by=safety_office, at=at, reason="撤销")
                else:
                    granted = step == "grant"
                    resume(row, applicant=enterprise_user, decider=safety_office, at=at, granted=granted)
                if step != "refuse":
                    held.remove(row)
                    if not held:
                        expected = before if step == "withdraw" else "resumed"
            assert status(enterprise) == expected
        transaction.set_rollback(True)
