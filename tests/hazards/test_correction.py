"""Putting right what stands on a row: its facts, its people, and that it was closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from hazards import operations
from hazards.models import Hazard
from inspections.models import Enterprise, Sector
from journal import acts
from journal.audit import breaks
from journal.outbox import publish
from journal.refusal import NotPermitted, Refused
from notifications.models import Notification
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory
from tests.told import TOLD

pytestmark = pytest.mark.django_db


def titles(person):
    return [one.title.partition(" · ")[0] for one in Notification.objects.filter(recipient=person).order_by("pk")]


def test_the_registrar_corrects_on_the_day_and_a_manager_later(registered, inspector, manager, noon):
    day = registered.registered_at
    operations.correct(registered, by=inspector, at=day, reason="笔误", description="配电室堆放油桶")
    with pytest.raises(Refused, match="登记当天"):
        operations.correct(registered, by=inspector, at=day + timedelta(days=1), reason="再改", location="一楼")
    operations.correct(registered, by=manager, at=day + timedelta(days=1), reason="核实", location="一楼东侧")
    event = registered.events.last()
    assert (event.note, event.changes["隐患位置"]) == ("核实", f"{'无'} → 一楼东侧")
    assert (registered.description, registered.location, registered.state) == (
        "配电室堆放油桶",
        "一楼东侧",
        "registered",
    )
    assert list(breaks([Hazard])) == []


def test_what_is_already_so_makes_no_event_and_what_cannot_be_is_refused(registered, manager, noon):
    before = registered.version
    assert (
        operations.correct(registered, by=manager, at=noon, reason="核对", description=registered.description) is None
    )
    assert registered.version == before
    with pytest.raises(Refused, match="更正理由"):
        operations.correct(registered, by=manager, at=noon, reason="", description="别的")
    with pytest.raises(Refused, match="请填写隐患描述"):
        operations.correct(registered, by=manager, at=noon, reason="核对", description=" ")
    with pytest.raises(Refused, match="不能晚于登记"):
        operations.correct(registered, by=manager, at=noon, reason="核对", found_on=noon.date() + timedelta(days=1))
    with pytest.raises(Refused, match="判定依据"):
        operations.correct(registered, by=manager, at=noon, reason="核对", level="major")
    assert Hazard.objects.get().version == before


def test_a_hazard_that_becomes_major_is_told_at_once_and_only_the_committee_takes_it_back(
    rectifying, manager, safety_office, noon
):
    supervisor = UserFactory(role="manager", unit=UnitFactory(code="411402-YJ"))
    Hazard.objects.update(supervising_unit=supervisor.unit)
    rectifying.refresh_from_db()
    publish(at=noon)
    operations.correct(rectifying, by=manager, at=noon, reason="够重大标准", level="major", basis="AQ 7015-2018 5.1")
    publish(at=noon)
    assert titles(supervisor)[-1] == "已更正为重大隐患，请按重大隐患整治"
    assert titles(safety_office)[-1] == "已更正为重大隐患，请按重大隐患整治"
    assert rectifying.reminders.get(cause="rectify").level == "major"
    with pytest.raises(NotPermitted, match="由安委办办理"):
        operations.correct(rectifying, by=manager, at=noon, reason="不够", level="general")
    operations.correct(rectifying, by=safety_office, at=noon, reason="专家复核", level="general")
    assert [event.kind for event in rectifying.events.all()][-2:] == ["upgrade", "downgrade"]


def test_with_another_firm_the_row_moves_to_its_place_and_people(registered, safety_office, noon):
    there = UnitFactory(code="411403001", name="郭村镇人民政府", short_name="郭村镇")
    chief = UserFactory(role="manager", unit=there)
    firm = EnterpriseFactory(township=there, name="睢阳冷库有限公司")
    old = registered.territorial_person
    safety_office.unit = UnitFactory(code="4114-AWB")
    safety_office.save()
    operations.correct(registered, by=safety_office, at=noon, reason="登错企业", enterprise=firm)
    row = Hazard.objects.get()
    assert (row.county_code, row.territorial_unit, row.territorial_holder) == ("411403", there, chief)
    assert registered.events.last().changes["属地责任"] == f"{old or '未指定'} → {chief}"
    assert Hazard.objects.visible_to(chief).exists()
    assert Hazard.objects.filter(text__folded__holds="睢阳冷库").exists()
    assert list(breaks([Hazard])) == []


@pytest.fixture
def elsewhere(safety_office):
    """A firm of another sector in another county of the same city, which the office corrects the row to."""
    safety_office.unit = UnitFactory(code="4114-AWB")
    safety_office.save()
    return EnterpriseFactory(township=UnitFactory(code="411403001"), sector=Sector.objects.exclude(code="GMSM").first())


def moved(row, firm, by, at, **facts):
    row.refresh_from_db()
    return operations.correct(row, by=by, at=at, reason="登错企业", enterprise=firm, **facts)


def test_the_sector_comes_with_the_firm_unless_another_is_given(registered, elsewhere, safety_office, noon):
    before = registered.sector
    event = moved(registered, elsewhere, safety_office, noon)
    assert registered.sector == elsewhere.sector != before
    assert event.changes["行业领域"] == f"{before} → {elsewhere.sector}"
    event = moved(
        registered, EnterpriseFactory(township=elsewhere.township), safety_office, noon, sector=elsewhere.sector
    )
    assert registered.sector == elsewhere.sector and "行业领域" not in event.changes


def test_on_the_page_the_sector_comes_along_unless_another_is_picked(client, registered, manager, township):
    firms = [EnterpriseFactory(township=township, sector=sector) for sector in Sector.objects.exclude(code="GMSM")[:2]]
    third = Sector.objects.exclude(pk__in=[registered.sector_id, *(firm.sector_id for firm in firms)]).first()
    client.force_login(manager)
    page = reverse("hazards:act", args=[registered.pk, "correct"])
    for firm, picked, kept in ((firms[0], None, firms[0].sector), (firms[1], third, third)):
        form = client.get(page).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields} | {"reason": "核对", "enterprise": firm.name}
        assert client.post(page, sent | ({"sector": picked.pk} if picked else {})).status_code == 302
        registered.refresh_from_db()
        assert (registered.enterprise, registered.sector) == (firm, kept)


def test_who_was_asked_by_a_leader_answers_though_the_firm_lies_elsewhere(
    client, rectifying, elsewhere, manager, leader, safety_office, noon
):
    operations.instruct(rectifying, by=leader, at=noon, body="territorial", text="三日内整改到位")
    moved(rectifying, elsewhere, safety_office, noon)
    client.force_login(manager)
    groups = client.get(reverse("hazards:desk")).context["todos"]["groups"]
    assert [group["label"] for group in groups] == [acts.named(Hazard, "answer_instruction").group]
    page = client.get(rectifying.get_absolute_url()).content.decode()
    assert elsewhere.get_absolute_url() not in page, "the firm is not theirs to read"
    assert rectifying.is_guest(manager) and not Hazard.objects.visible_to(manager, guests=False).exists()
    with pytest.raises(NotPermitted, match="不由本单位负责"):
        operations.chase(rectifying, by=manager, at=noon, words="请抓紧")
    operations.answer_instruction(rectifying, by=manager, at=noon, text="已转交")
    assert not Hazard.objects.visible_to(manager).exists()


def test_who_owes_a_signature_signs_though_the_firm_lies_elsewhere(bodies, registered, elsewhere, safety_office, noon):
    office = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    moved(registered, registered.enterprise, safety_office, noon, level="major", basis="AQ 7015-2018 第 5.1 条")
    operations.report_major(registered, by=safety_office, at=noon, **TOLD["report_major"][0])
    moved(registered, elsewhere, safety_office, noon)
    operations.acknowledge_report(registered, by=office, at=noon)
    assert not Hazard.objects.visible_to(office).exists()


def test_whoever_follows_on_the_issuer_decides_on_more_time(
    rectifying, elsewhere, enterprise_user, safety_office, noon
):
    chief = UserFactory(role="manager", unit=elsewhere.township)
    until = rectifying.deadline + timedelta(days=5)
    operations.request_extension(rectifying, by=enterprise_user, at=noon, until=until, reason="缺件", protection="看守")
    moved(rectifying, elsewhere, safety_office, noon)
    assert rectifying.issued_by_unit == elsewhere.township
    waits = acts.named(Hazard, "decide_extension").waits_for(chief)
    assert Hazard.objects.visible_to(chief).filter(waits).exists()


def test_the_office_decides_where_the_issuer_reads_the_row_no_more(
    rectifying, elsewhere, enterprise_user, safety_office, noon
):
    office = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    Hazard.objects.update(issued_by_unit=office.unit)
    rectifying.refresh_from_db()
    until = rectifying.deadline + timedelta(days=5)
    operations.request_extension(rectifying, by=enterprise_user, at=noon, until=until, reason="缺件", protection="看守")
    near = EnterpriseFactory(township=UnitFactory(code="411402002"))
    moved(rectifying, near, safety_office, noon)
    assert rectifying.issued_by_unit == office.unit, "who still reads the row goes on deciding"
    moved(rectifying, elsewhere, safety_office, noon)
    waits = acts.named(Hazard, "decide_extension").waits_for(safety_office)
    assert rectifying.issued_by_unit is None and Hazard.objects.filter(waits).exists()


def test_a_sector_out_of_use_is_taken_at_no_door_but_kept_where_it_stands(registered, manager):
    api, address = APIClient(), reverse("api-hazard-correct", args=[registered.pk])
    api.force_authenticate(manager)
    gone = Sector.objects.exclude(pk=registered.sector_id).first()
    Sector.objects.filter(pk__in=[gone.pk, registered.sector_id]).update(is_active=False, state="retired")
    told = {"reason": "核对", "location": "东门"}
    assert api.post(address, told | {"sector": gone.code}, format="json").status_code == 400
    assert api.post(address, told | {"sector": registered.sector.code}, format="json").status_code == 200


def test_a_firm_outside_the_scope_of_who_corrects_is_refused(registered, manager, foreign_township, noon):
    firm = EnterpriseFactory(township=foreign_township)
    with pytest.raises(NotPermitted, match="不在您的管辖范围"):
        operations.correct(registered, by=manager, at=noon, reason="登错企业", enterprise=firm)


def test_the_form_shows_what_stands_and_finds_a_firm_by_its_code(client, registered, manager, township):
    firm = EnterpriseFactory(township=township, name="另一家有限公司")
    client.force_login(manager)
    page = reverse("hazards:act", args=[registered.pk, "correct"])
    form = client.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"reason": "核对"}
    same = client.post(page, sent, follow=True)
    assert "没有需要保存的改动" in same.content.decode()
    unknown = client.post(page, sent | {"enterprise": "没有这家"})
    assert (unknown.status_code, "没有找到这家企业" in unknown.content.decode()) == (400, True)
    Enterprise.objects.filter(pk=firm.pk).update(uscc="91411402MA3X5H7C4T")
    assert client.post(page, sent | {"enterprise": "91411402ma3x5h7c4t"}).status_code == 302
    registered.refresh_from_db()
    assert registered.enterprise == firm


def test_old_and_new_holder_hear_of_it(rectifying, manager, safety_office, noon):
    deputy = UserFactory(role="manager", unit=manager.unit)
    Hazard.objects.update(territorial_holder=None, territorial_person="")
    rectifying.refresh_from_db()
    operations.reassign(rectifying, by=safety_office, at=noon, reason="没有责任人", holders={"territorial": manager})
    publish(at=noon)
    Notification.objects.all().delete()
    operations.reassign(rectifying, by=safety_office, at=noon, reason="分工调整", holders={"territorial": deputy})
    publish(at=noon)
    assert rectifying.territorial_holder == deputy
    told = {one.recipient for one in Notification.objects.all()}
    assert {deputy, manager} <= told
    assert (
        operations.reassign(rectifying, by=safety_office, at=noon, reason="再说", holders={"territorial": deputy})
        is None
    )


@pytest.mark.parametrize("reason", ["", "分工调整"])
def test_nobody_from_elsewhere_is_named_and_nobody_without_a_reason(rectifying, manager, stranger, noon, reason):
    person = stranger if reason else UserFactory(role="manager", unit=manager.unit)
    with pytest.raises(Refused, match="须是该单位的在职人员" if reason else "理由"):
        operations.reassign(rectifying, by=manager, at=noon, reason=reason, holders={"territorial": person})


@pytest.fixture
def closed(pending, colleague, noon):
    operations.review(pending, by=colleague, at=noon, passed=True, opinion="合格")
    return pending


def test_a_closed_hazard_is_taken_up_again_with_a_photo_and_a_deadline(
    closed, manager, enterprise_user, colleague, noon, photo
):
    later = noon + timedelta(days=20)
    with pytest.raises(Refused, match="现状照片"):
        operations.reopen(closed, by=manager, at=later, reason="又堆上了", photos=[], days=3)
    rounds = closed.rounds
    operations.reopen(closed, by=manager, at=later, reason="又堆上了", photos=[photo(manager)], days=3)
    row = Hazard.objects.get()
    assert (row.state, row.reopened, row.closed_on, row.reviewed_on, row.review_result) == (
        "rectifying",
        1,
        None,
        None,
        "",
    )
    assert row.deadline == row.original_deadline == later.date() + timedelta(days=3)
    assert row.reminders.get(cause="rectify").deadline == row.deadline
    operations.submit_feedback(row, by=enterprise_user, at=later, content="已搬走", photos=[photo(enterprise_user)])
    operations.review(row, by=colleague, at=later, passed=True, opinion="合格")
    assert (row.state, row.rounds, row.reopened) == ("closed", rounds + 1, 1)
    assert list(breaks([Hazard])) == []


def test_the_page_of_a_reopened_hazard_says_so(client, closed, manager, noon, photo):
    operations.reopen(closed, by=manager, at=noon, reason="又堆上了", photos=[photo(manager)], days=3)
    client.force_login(manager)
    html = client.get(closed.get_absolute_url()).content.decode()
    assert "返潮 1 次" in html and "又堆上了" in html


def test_a_row_of_another_firm_is_found_by_its_name_whoever_answers(registered, township):
    """Also where nobody else is named by it."""
    firm = EnterpriseFactory(township=township, name="睢阳冷库有限公司")
    Hazard.objects.filter(pk=registered.pk).update(enterprise=firm)
    assert Hazard.objects.filter(text__folded__holds="睢阳冷库").get() == registered
