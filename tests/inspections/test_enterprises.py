"""Enterprises as records: what is written down of every change, two people at once, and what the audit finds."""

import json

import pytest
from django.urls import reverse

from hazards import operations as hazard_operations
from imports.reading import commit
from inspections import operations
from inspections.forms import EnterpriseForm
from inspections.models import Enterprise, EnterpriseEvent, Inspection, Sector
from journal import chronicle
from journal.audit import breaks
from journal.chronicle import Life
from journal.refusal import Conflict, NotPermitted, Refused
from tests.factories import NOON, TODAY, EnterpriseFactory, SectorFactory, UnitFactory, UserFactory
from tests.imports.ledger_files import read, workbook

pytestmark = pytest.mark.django_db


def sector():
    return Sector.objects.get(code="GMSM")


@pytest.fixture
def firm(inspector, township):
    """An enterprise that really went through enlist."""
    return operations.enlist(
        by=inspector, at=NOON, name="梁园区福顺宾馆", township=township, sector=sector(), principal="佟建业"
    )


def typed(firm, **changed):
    """What the page of ``firm`` sends when ``changed`` is typed into it."""
    values = {
        "version": firm.version, "name": firm.name, "uscc": firm.uscc, "township": firm.township_id, "sector": firm.sector_id,
        "address": firm.address, "principal": firm.principal, "phone": firm.phone, "risk_grade": firm.risk_grade,
        "status": firm.status,
    }  # fmt: skip
    return values | changed


def edit_page(firm):
    return reverse("inspections:enterprise_act", args=[firm.pk, "edit"])


def broken():
    return [str(problem) for problem in breaks([Enterprise])]


def test_a_new_enterprise_has_its_first_event(firm, inspector, township):
    [event] = firm.events.all()

    assert (firm.state, firm.version, firm.registered_on, firm.division_code) == ("listed", 1, TODAY, "411402001")
    assert (event.kind, event.actor, event.at, event.unit_name) == ("enlist", inspector, NOON, township.name)
    assert event.facts["name"] == "梁园区福顺宾馆"


def test_nobody_is_entered_as_suspended_without_a_measure(client, inspector, township):
    with pytest.raises(Refused, match="要有执法措施"):
        operations.enlist(by=inspector, at=NOON, name="新厂", township=township, sector=sector(), status="suspended")
    client.force_login(inspector)
    choices = client.get(reverse("inspections:enterprise_create")).context["form"].fields["status"].choices
    assert "停业整顿" not in dict(choices).values()
    assert "停产" in dict(choices).values()


def test_a_rename_leaves_what_it_was_and_what_it_is(client, firm, manager):
    client.force_login(manager)

    answer = client.post(
        edit_page(firm), typed(firm, name="福顺大酒店", risk_grade="red", sector=sector().pk), follow=True
    )

    event = firm.events.get(kind="edit")
    assert event.changes == {"企业名称": "梁园区福顺宾馆 → 福顺大酒店", "风险等级": "无 → 红"}
    assert event.facts == {"name": "福顺大酒店", "risk_grade": "red"}
    page = answer.content.decode()
    assert "企业名称 梁园区福顺宾馆 → 福顺大酒店；风险等级 无 → 红" in page
    assert broken() == []


def test_of_two_people_editing_the_second_is_told_and_loses_nothing(client, firm, inspector, manager):
    client.force_login(inspector)
    assert f'value="{firm.version}"' in client.get(edit_page(firm)).content.decode()
    first = typed(firm, name="福顺大酒店", phone="13900001111")
    second = typed(firm, principal="贺春生", status="stopped")
    assert client.post(edit_page(firm), first).status_code == 302

    client.force_login(manager)
    answer = client.post(edit_page(firm), second)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "您打开页面之后" in page and "袁立新" in page and "贺春生" in page
    assert "企业名称 梁园区福顺宾馆 → 福顺大酒店" in page
    firm.refresh_from_db()
    assert (firm.name, firm.principal, firm.status) == ("福顺大酒店", "佟建业", "operating")
    # Sent again it is an informed decision; what the second did not touch, the first has not written for nothing.
    assert client.post(edit_page(firm), answer.context["form"].data.dict()).status_code == 302
    firm.refresh_from_db()
    assert (firm.name, firm.phone) == ("福顺大酒店", "13900001111")
    assert (firm.principal, firm.status) == ("贺春生", "stopped")
    assert broken() == []


def test_what_both_changed_stays_as_the_second_typed_it(client, firm, manager):
    client.force_login(manager)
    operations.edit(firm, by=manager, at=NOON, name="第一个名字", phone="13900001111")

    answer = client.post(edit_page(firm), typed(firm, version=1, name="第二个名字", phone="") | {"sector": ""})
    assert answer.status_code == 400  # its own faults are told first
    answer = client.post(edit_page(firm), typed(firm, version=1, name="第二个名字", phone=""))

    sent = answer.context["form"].data
    assert (answer.status_code, sent["name"], sent["phone"], sent["version"]) == (409, "第二个名字", "13900001111", "2")


def test_saving_without_a_change_writes_no_event(client, firm, manager):
    client.force_login(manager)

    assert client.post(edit_page(firm), typed(firm)).status_code == 302
    assert firm.events.count() == 1


def test_the_form_judges_a_copy(firm, manager):
    form = EnterpriseForm(typed(firm, name="福顺大酒店"), record=firm, by=manager, today=TODAY)

    assert form.is_valid() and firm.name == "梁园区福顺宾馆"


def test_what_was_typed_is_said_in_the_words_of_the_page(firm, manager, township):
    form = EnterpriseForm(typed(firm, status="stopped", township=township.pk), record=firm, by=manager, today=TODAY)

    assert ("状态", "停产") in form.typed()
    assert "停产" in {text for _, text in form.typed()} and "stopped" not in {text for _, text in form.typed()}


def test_moving_away_takes_the_division_along(firm, foreign_township, safety_office):
    operations.edit(firm, by=safety_office, at=NOON, township=foreign_township)

    firm.refresh_from_db()
    assert (firm.division_code, firm.county_code) == ("411403001", "411403")
    assert firm.events.last().changes == {"属地": "双八镇人民政府 → 郭村镇人民政府"}
    assert broken() == []


def test_verbs_look_at_scope_and_role_themselves(firm, stranger, leader, township):
    for by in (stranger, leader):
        with pytest.raises(NotPermitted):
            operations.edit(firm, by=by, at=NOON, name="别的")
        with pytest.raises(NotPermitted):
            operations.join_member(firm, by=by, at=NOON, username="x")
        with pytest.raises(NotPermitted):
            operations.part_member(firm, by=by, at=NOON, username="x")
    with pytest.raises(NotPermitted):
        operations.enlist(by=leader, at=NOON, name="新厂", township=township, sector=sector())
    assert EnterpriseEvent.objects.count() == 1


def test_nobody_enters_an_enterprise_that_is_out_of_sight(township):
    bureau = UserFactory(role="inspector", unit=UnitFactory(code="411402-YJ"))
    other = SectorFactory(competent_function="ZJ", supervising_function="ZJ")

    with pytest.raises(NotPermitted, match="不在您的管辖范围内，没有写入"):
        operations.enlist(by=bureau, at=NOON, name="新厂", township=township, sector=other)
    assert not Enterprise.objects.exists() and not EnterpriseEvent.objects.exists()


def test_the_same_enterprise_entered_just_now_is_refused_in_words(firm, inspector, manager, township, monkeypatch):
    """Between the verb's look and its writing somebody else was quicker: the database refuses."""
    monkeypatch.setattr("inspections.operations.enterprises._require_unknown", lambda enterprise: None)
    with pytest.raises(Refused, match="刚刚已被登记"):
        operations.enlist(by=inspector, at=NOON, name=firm.name, township=township, sector=sector())
    other = operations.enlist(by=inspector, at=NOON, name="另一家", township=township, sector=sector())
    with pytest.raises(Refused, match="刚刚已被登记"):
        operations.edit(other, by=manager, at=NOON, name=firm.name)
    other.refresh_from_db()
    assert (other.name, other.version, other.events.count()) == ("另一家", 1, 1)


def test_joining_and_parting_are_written_down(client, firm, manager):
    boss = UserFactory(role="enterprise", unit=None, username="boss", full_name="孟令山")
    operations.join_member(firm, by=manager, at=NOON, username="boss")
    with pytest.raises(Refused, match="已关联这家企业"):
        operations.join_member(firm, by=manager, at=NOON, username="boss")
    assert broken() == [] and list(firm.members.all()) == [boss]
    operations.part_member(firm, by=manager, at=NOON, username="boss")

    assert [event.kind for event in firm.events.all()] == ["enlist", "join_member", "part_member"]
    assert [event.facts.get("members") for event in firm.events.all()] == [None, [boss.pk], []]
    assert broken() == []
    client.force_login(manager)
    page = client.get(firm.get_absolute_url()).content.decode()
    assert "企业账号 孟令山（boss）" in page and "解除企业账号" in page


def test_an_account_joined_on_an_older_page_is_refused(client, firm, manager):
    UserFactory(role="enterprise", unit=None, username="boss")
    client.force_login(manager)
    operations.edit(firm, by=manager, at=NOON, phone="13900001111")

    join = reverse("inspections:enterprise_act", args=[firm.pk, "join_member"])
    assert client.post(join, {"username": "boss", "version": firm.version - 1}).status_code == 409
    assert not firm.members.exists()


def test_the_page_for_parting_offers_the_members(client, firm, manager):
    UserFactory(role="enterprise", unit=None, username="boss", full_name="孟令山")
    operations.join_member(firm, by=manager, at=NOON, username="boss")
    client.force_login(manager)

    page = client.get(reverse("inspections:enterprise_act", args=[firm.pk, "part_member"])).content.decode()
    assert '<option value="boss">孟令山（boss）</option>' in page


def test_an_import_writes_the_first_event_of_each_enterprise(township, manager):
    headings = ["隐患描述", "排查日期", "企业名称", "整改期限", "隐患状态"]
    rows = [["灭火器过期", TODAY, f"{name}厂", TODAY, "整改中"] for name in "甲乙"]
    commit(read(workbook(headings, *rows), township), by=manager, at=NOON)

    events = EnterpriseEvent.objects.select_related("record")
    assert {(one.record.name, one.kind, one.note) for one in events} == {
        ("甲厂", "adopt", "导入自 台账.xlsx"),
        ("乙厂", "adopt", "导入自 台账.xlsx"),
    }
    assert set(Enterprise.objects.values_list("state", "version", "division_code", "registered_on")) == {
        ("listed", 1, "411402001", TODAY)
    }
    assert broken() == []


def test_lives_in_memory_bring_their_members(township, manager):
    boss = UserFactory(role="enterprise", unit=None, username="boss")
    life = Life(Enterprise(name="甲厂", township=township, division_code=township.division_code, sector=sector()))
    life.happen("enlist", by=manager, at=NOON)
    life.happen("join_member", by=manager, at=NOON, sets={"members": [boss.pk]})
    chronicle.write([life])

    assert list(Enterprise.objects.get().members.all()) == [boss]
    assert broken() == []


def tamper_name(firm, user):
    firm.name = "改名"
    firm.save()


def tamper_members(firm, user):
    firm.members.add(user)


def tamper_row(firm, user):
    Enterprise.objects.update(phone="13900009999")


def tamper_event(firm, user):
    EnterpriseEvent.objects.all()._raw_delete(EnterpriseEvent.objects.db)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (tamper_name, "企业 改名：“企业名称”被改动，与办理记录不符"),
        (tamper_members, "企业 梁园区福顺宾馆：“企业人员”被改动，与办理记录不符"),
        (tamper_row, "企业 梁园区福顺宾馆：“联系电话”被改动，与办理记录不符"),
        (tamper_event, "企业 梁园区福顺宾馆 第 1 条：缺失：台账记有 1 条，实有 0 条"),
    ],
)
def test_what_goes_past_the_gate_is_found(firm, manager, tamper, expected):
    assert broken() == []

    tamper(firm, manager)

    assert broken() == [expected]


def send(client, method, address, body):
    return getattr(client, method)(address, json.dumps(body), content_type="application/json")


def test_the_api_goes_through_the_same_verbs(client, inspector, township):
    client.force_login(inspector)
    body = {"name": "豫东食品有限公司", "township": township.code, "sector": "GMSM", "principal": "孟令山"}
    made = send(client, "post", reverse("api-enterprise-list"), body)
    assert (made.status_code, made.json()["version"], made.json()["events"][0]["kind"]) == (201, 1, "enlist")
    address = reverse("api-enterprise-detail", args=[made.json()["id"]])

    changed = send(client, "patch", address, {"name": "豫东冷链有限公司", "version": 1})
    late = send(client, "patch", address, {"name": "旧页面上的名字", "version": 1})
    unseen = send(client, "patch", address, {"phone": "13900001111"})

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["events"][1]["changes"] == {"企业名称": "豫东食品有限公司 → 豫东冷链有限公司"}
    assert late.status_code == 409 and "又有了新的办理记录" in late.content.decode()
    assert (unseen.status_code, unseen.json()["version"]) == (200, 3)
    assert client.get(address).json()["name"] == "豫东冷链有限公司"
    assert len(client.get(address).json()["events"]) == 3
    assert "events" not in client.get(reverse("api-enterprise-list")).json()["results"][0]
    assert broken() == []


def test_a_row_of_a_factory_counts_as_listed(enterprise):
    assert EnterpriseFactory().state == enterprise.state == "listed"


@pytest.mark.parametrize("unit", ["next door", "no township", "retired"])
def test_a_firm_is_entered_and_moved_only_within_ones_own_townships(enterprise, manager, unit):
    other = {
        "next door": lambda: UnitFactory(code="411403001"),
        "no township": lambda: UnitFactory(code="411402-YJ"),
        "retired": lambda: UnitFactory(code="411402009", is_active=False),
    }[unit]()
    office = UserFactory(role="safety_office", unit=UnitFactory(code="411402"))
    with pytest.raises(Refused, match="管辖范围内的乡镇"):
        operations.edit(enterprise, by=office, at=NOON, township=other)
    with pytest.raises(Refused, match="管辖范围内的乡镇"):
        operations.enlist(by=office, at=NOON, name="新厂", township=other, sector=enterprise.sector)
    enterprise.refresh_from_db()
    assert enterprise.township != other and not Enterprise.objects.filter(name="新厂").exists()


def test_a_member_who_was_stopped_is_still_shown_and_can_be_parted(client, enterprise, manager):
    person = UserFactory(role="enterprise", unit=None, is_active=False)
    enterprise.members.add(person)
    client.force_login(manager)
    html = client.get(enterprise.get_absolute_url()).content.decode()
    assert person.username in html and "已停用" in html and "还没有关联的账号" not in html


def test_a_visit_to_a_firm_that_just_moved_is_not_written_under_its_old_township(
    firm, inspector, colleague, safety_office
):
    """Held rows cannot be seen in one thread; what was read before the move can."""
    read_before = Enterprise.objects.get(pk=firm.pk)
    operations.edit(firm, by=safety_office, at=NOON, township=UnitFactory(code="411402102"))
    with pytest.raises(Conflict, match="属地刚刚变更"):
        hazard_operations.record_inspection(
            by=safety_office, at=NOON, kind="routine", enterprise=read_before, inspected_on=TODAY,
            inspectors=[safety_office, inspector], hazards=[{"description": "通道堵塞"}],
        )  # fmt: skip
    assert not Inspection.objects.exists()


def test_a_visit_by_nobody_is_none(firm, inspector):
    with pytest.raises(Refused, match="请选择检查人"):
        hazard_operations.record_inspection(
            by=inspector, at=NOON, kind="self", enterprise=firm, inspected_on=TODAY, inspectors=[], hazards=[]
        )


@pytest.mark.parametrize("kind", ["routine", "self"])
def test_nobody_says_of_others_where_they_have_been(firm, inspector, colleague, safety_office, kind):
    visit = {"at": NOON, "kind": kind, "enterprise": firm, "inspected_on": TODAY, "hazards": []}
    with pytest.raises(Refused, match="检查人须包括登记人本人"):
        hazard_operations.record_inspection(by=safety_office, inspectors=[inspector, colleague], **visit)
    assert not Inspection.objects.exists()
    hazard_operations.record_inspection(by=inspector, inspectors=[colleague, inspector], **visit)
    assert Inspection.objects.get().created_by == inspector
