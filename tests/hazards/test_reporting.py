"""重大隐患报告: who owes it, whom it is sent to, who has signed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards import operations
from hazards.models import Hazard, Receipt
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import Conflict, NotPermitted
from tests.factories import UnitFactory, UserFactory
from tests.hazards.test_extension import told

pytestmark = pytest.mark.django_db
PARTS = {"cause": "未做防爆设计", "harm": "每班 22 人，整改须停产", "treatment": "外移除尘器，三日内报方案"}


@pytest.fixture
def owed(bodies, registered, manager, clock):
    """A general hazard that became major: its report is owed."""
    UnitFactory(code="411402-AWB"), UnitFactory(code="4114-AWB"), UnitFactory(code="411403-AWB")
    operations.correct(registered, by=manager, at=next(clock), reason="够标准", level="major", basis="令第10号")
    return registered


def test_registering_a_major_hazard_owes_a_report_and_a_general_one_none(inspector, enterprise, clock):
    for level, owes in (("major", True), ("general", False)):
        at = next(clock)
        row = operations.draft(
            by=inspector, at=at, enterprise=enterprise, found_on=timezone.localdate(at), description="无防爆", level=level, basis="令第10号",
        )  # fmt: skip
        assert row.report_owed_on is None
        operations.register(row, by=inspector, at=at)
        assert row.report_owed_on == (timezone.localdate(at) if owes else None)


def test_a_report_goes_to_those_who_supervise_and_each_signs_once(
    owed, inspector, safety_office, bodies, clock, manager
):
    at = next(clock)
    operations.report_major(owed, by=inspector, at=at, **PARTS)
    assert (owed.report_owed_on, owed.receipts_since) == (None, timezone.localdate(at))
    codes = [one.unit.code for one in owed.receipts.select_related("unit").order_by("unit__code")]
    assert codes == ["4114-AWB", "411402-AWB", "411402-SW", "411402-YJ"], "not the office next door"
    county = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    with pytest.raises(NotPermitted, match="由收到报告的单位的负责人签收"):
        operations.acknowledge_report(owed, by=manager, at=at)
    for left, person in enumerate((bodies["supervising"], county, safety_office, bodies["competent"])):
        operations.acknowledge_report(owed, by=person, at=next(clock))
        assert owed.receipts.filter(at=None).count() == 3 - left
        with pytest.raises((NotPermitted, Conflict)):
            operations.acknowledge_report(owed, by=person, at=next(clock))
    assert owed.receipts_since is None
    with pytest.raises(Conflict, match="没有等待签收"):
        operations.acknowledge_report(owed, by=county, at=next(clock))
    with pytest.raises(Conflict, match="已报，或不需要报告"):
        operations.report_major(owed, by=inspector, at=next(clock), **PARTS)
    assert list(breaks([Hazard])) == []


def test_who_reports_needs_no_receipt_of_its_own(owed, safety_office, clock):
    operations.report_major(owed, by=safety_office, at=next(clock), **PARTS)
    assert not owed.receipts.filter(unit=safety_office.unit).exists() and owed.receipts.count() == 3


def test_receivers_and_reporter_are_told(owed, inspector, safety_office, bodies, clock):
    publish(at=next(clock))
    told()
    at = next(clock)
    operations.report_major(owed, by=inspector, at=at, **PARTS)
    publish(at=at)
    assert told() == {"重大隐患报告，请签收": {safety_office, bodies["competent"], bodies["supervising"]}}
    operations.acknowledge_report(owed, by=bodies["competent"], at=next(clock))
    publish(at=at)
    assert told() == {"重大隐患报告已签收": {inspector}}


def test_desks_and_page_name_who_owes_and_who_has_not_signed(client, owed, inspector, manager, bodies, clock):
    def desk(user):
        client.force_login(user)
        return {group["label"] for group in client.get(reverse("hazards:desk")).context["todos"]["groups"]}

    assert "待报告重大隐患" in desk(inspector) & desk(manager) and "待报告重大隐患" not in desk(bodies["competent"])
    page = client.get(owed.get_absolute_url()).content.decode()
    assert "重大隐患报告还没有报" in page
    operations.report_major(owed, by=inspector, at=next(clock), **PARTS)
    assert "待签收重大隐患报告" in desk(bodies["competent"]) and "待报告重大隐患" not in desk(inspector)
    operations.acknowledge_report(owed, by=bodies["competent"], at=next(clock))
    assert "待签收重大隐患报告" not in desk(bodies["competent"])
    page = client.get(owed.get_absolute_url())
    html = page.content.decode()
    assert all(words in html for words in PARTS.values()) and "报告还没有签收" in html
    signed = {one["unit"]: one["signed"] for one in page.context["major"]["receipts"]}
    assert signed[bodies["competent"].unit.short_name] and not signed[bodies["supervising"].unit.short_name]
    assert f"{bodies['competent']} 签收" in html and "未签收" in html


def test_a_hazard_that_is_general_again_owes_nothing_and_one_reported_owes_no_second_report(
    owed, inspector, manager, safety_office, clock
):
    operations.correct(owed, by=safety_office, at=next(clock), reason="不够", level="general")
    assert owed.report_owed_on is None
    operations.correct(owed, by=manager, at=next(clock), reason="够标准", level="major", basis="令第10号")
    operations.report_major(owed, by=inspector, at=next(clock), **PARTS)
    operations.correct(owed, by=safety_office, at=next(clock), reason="不够", level="general")
    operations.correct(owed, by=manager, at=next(clock), reason="够标准", level="major", basis="令第10号")
    assert owed.report_owed_on is None


def test_nobody_waits_for_a_receipt_of_a_void_row(owed, inspector, manager, safety_office, bodies, clock):
    operations.report_major(owed, by=inspector, at=next(clock), **PARTS)
    operations.request_void(owed, by=manager, at=next(clock), ground="error", reason="不是隐患")
    operations.decide_void(owed, by=safety_office, at=next(clock), granted=True, opinion="同意")
    assert owed.receipts_since is None and not Receipt.objects.unsigned().exists()
