"""Units, kept by the system administrator: every change with its version, its event and its refusal."""

import re
from html import unescape

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import operations
from accounts.models import Unit, UnitEvent, User
from accounts.roles import Role
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sysadmin(db):
    return UserFactory(role="sysadmin", unit=None, full_name="蒋文博")


@pytest.fixture
def office(db):
    return UnitFactory(code="411402001-AWB", name="双八镇安委办", short_name="双八镇安委办")


def page(unit, act=""):
    return reverse("accounts:unit_act", args=[unit.pk, act]) if act else reverse("accounts:unit", args=[unit.pk])


def text(response):
    return response.content.decode()


def edited(unit, **changes):
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "version": unit.version,
        **changes,
    }


def test_from_edit_to_retirement_and_back(client, sysadmin, office):
    client.force_login(sysadmin)
    answer = client.post(page(office, "edit"), edited(office, name="双八镇安全生产委员会办公室"), follow=True)
    assert "已修改单位" in text(answer) and "单位名称 双八镇安委办 → 双八镇安全生产委员会办公室" in text(answer)
    assert client.post(page(office, "retire"), {"version": 1}).status_code == 302
    office.refresh_from_db()
    assert (office.state, office.is_active, office.version) == ("retired", False, 2)
    with pytest.raises(operations.Refused, match="没有找到"):
        operations.unit_named(office.code)
    assert "状态 启用 → 停用" in text(client.get(page(office)))
    assert client.post(page(office, "restore"), {"version": 2}).status_code == 302
    office.refresh_from_db()
    assert (office.state, office.is_active) == ("active", True)
    assert [(event.actor, event.kind) for event in UnitEvent.objects.order_by("pk")] == [
        (sysadmin, "edit"),
        (sysadmin, "retire"),
        (sysadmin, "restore"),
    ]


def test_an_older_page_is_refused_and_the_same_again_is_no_change(client, sysadmin, office):
    client.force_login(sysadmin)
    read_before = Unit.objects.get(pk=office.pk)
    operations.edit_unit(office, by=sysadmin, at=NOON, short_name="双八安委办")
    stale = client.post(page(office, "edit"), edited(read_before, name="旧页面"))
    assert stale.status_code == 409 and "该单位又有了新的办理记录" in text(stale)
    with pytest.raises(operations.Conflict):
        operations.retire_unit(read_before, by=sysadmin, at=NOON)
    assert operations.edit_unit(office, by=sysadmin, at=NOON, short_name="双八安委办") is None
    assert UnitEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "411403001-AWB"}, "与行政区划一致"), ({"code": "411402001"}, "411402001-加大写字母或数字"),
        ({"code": "411402001-YJ"}, "已经有单位使用"), ({"code": "411402001-AWB\n"}, "没有需要保存的改动"), ({"name": ""}, "必填"),
        ({"name": "名" * 101}, "100"), ({"short_name": "名" * 41}, "40"), ({"name": "安\u0085委办"}, "无法识别的字符"),
    ],
)  # fmt: skip
def test_names_and_codes_that_cannot_stand_are_refused_in_words(client, sysadmin, office, change, said):
    UnitFactory(code="411402001-YJ")
    client.force_login(sysadmin)
    answer = client.post(page(office, "edit"), edited(office, **change), follow=True)
    assert said in text(answer)
    assert UnitEvent.objects.count() == 0


def test_a_government_has_the_code_of_its_division(sysadmin, township):
    with pytest.raises(operations.Refused, match="应写作“411402001”"):
        operations.edit_unit(township, by=sysadmin, at=NOON, code="411402001-A")


def test_a_unit_with_people_in_use_is_not_retired(client, sysadmin, office):
    person = UserFactory(unit=office)
    client.force_login(sysadmin)
    refused = client.post(page(office, "retire"), {"version": 0})
    assert refused.status_code == 409 and "还有 1 名启用的人员" in text(refused)
    operations.deactivate(person, by=sysadmin, at=NOON)
    operations.retire_unit(office, by=sysadmin, at=NOON)
    person.unit.refresh_from_db()
    with pytest.raises(operations.Refused, match="双八镇安委办已停用"):
        operations.grant(person, by=UserFactory(role="secadmin", unit=None), at=NOON, role="manager")


@pytest.mark.parametrize("role", sorted(Role.values))
def test_who_may_keep_units(client, office, role):
    user = UserFactory(role=role, unit=UnitFactory(code="4114"))
    client.force_login(user)
    ok = role == "sysadmin"
    assert client.get(reverse("accounts:units")).status_code == (200 if ok or role == "auditor" else 403)
    # Those who read its ledger read its page too.
    assert client.get(page(office)).status_code == (403 if role in ("secadmin", "enterprise") else 200)
    acts = [page(office, "edit"), page(office, "retire")]
    assert {client.get(address).status_code for address in acts} == {200 if ok else 403}
    assert client.post(page(office, "edit"), {}).status_code == (400 if ok else 403)
    assert client.post(page(office, "retire"), {}).status_code == (400 if ok else 403)
    if not ok:
        assert "单位由系统管理员管理" in text(client.get(page(office, "edit")))
        with pytest.raises(operations.NotPermitted):
            operations.edit_unit(office, by=user, at=NOON, name="新名称")
        with pytest.raises(operations.NotPermitted):
            operations.retire_unit(office, by=user, at=NOON)
    assert UnitEvent.objects.count() == 0


def test_acts_that_are_none_and_units_that_are_none(client, sysadmin, office):
    client.force_login(sysadmin)
    for act in ("found", "burn"):
        assert client.get(page(office, act)).status_code == 404
    assert client.get(reverse("accounts:unit", args=[10**12])).status_code == 404
    restore = client.get(page(office, "restore"))
    assert restore.status_code == 409 and "现在是“启用”" in text(restore)


def test_units_are_found_by_name_code_kind_level_and_state(client, sysadmin, office, township):
    UnitFactory(code="4114", name="商丘市人民政府")
    gone = UnitFactory(code="411402001-GX", is_active=False)
    client.force_login(sysadmin)

    def found(**asked):
        return {unit.code for unit in client.get(reverse("accounts:units"), asked).context["rows"]}

    assert found(q="双八") == {township.code, office.code}
    assert found(kind="department") == found(active="no") == {gone.code}
    assert found(level="city") == found(q="商丘市") == {"4114"}
    for query in ("kind=king", "level=9", "active=2", "cursor=x", "q=%00"):
        assert client.get(f"{reverse('accounts:units')}?{query}").status_code == 400


def test_list_costs_the_same_for_one_row_and_three(client, sysadmin):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("accounts:units"))
        return len(queries)

    client.force_login(sysadmin)
    city = UnitFactory(code="4114")
    UnitFactory(code="411402", parent=city)
    cost()
    before = cost()
    UnitFactory(code="411403", parent=city)
    UnitFactory(code="411404", parent=city)
    assert cost() == before


@pytest.mark.parametrize("change", [{"is_active": False}, {"state": "retired"}, {"state": ""}])
def test_the_database_holds_use_and_state_together(township, change):
    with pytest.raises(IntegrityError):
        Unit.objects.filter(pk=township.pk).update(**change)


def test_nobody_is_granted_into_a_unit_that_was_retired_meanwhile(office, sysadmin):
    """The row of the person was read before, with a unit still in use."""
    person = UserFactory(role="manager", unit=office, is_active=False)
    read_before = User.objects.select_related("unit").get(pk=person.pk)
    operations.retire_unit(office, by=sysadmin, at=NOON)
    with pytest.raises(operations.Refused, match="已停用"):
        operations.grant(read_before, by=UserFactory(role="secadmin", unit=None), at=NOON, role="manager")
    assert not User.objects.get(pk=person.pk).is_active


def test_the_people_of_a_unit_are_those_its_page_counts(client, office, sysadmin):
    UserFactory(unit=office)
    UserFactory(unit=UnitFactory(code="411402101"))
    client.force_login(sysadmin)
    html = client.get(office.get_absolute_url()).content.decode()
    assert "1 人" in html
    [link] = re.findall(r'href="([^"]*people/[?][^"]*)"', html)
    assert client.get(unescape(link)).context["total"] == 1


def test_the_auditor_reads_what_was_done_to_units(client, office, sysadmin):
    operations.edit_unit(office, by=sysadmin, at=NOON, name="双八镇安委会办公室")
    client.force_login(UserFactory(role="auditor", unit=None))
    html = text(client.get(reverse("accounts:unit_events")))
    assert "双八镇安委会办公室" in html and str(sysadmin) in html
    assert office.name in text(client.get(office.get_absolute_url()))


def test_a_department_whose_code_was_edited_is_not_made_again(sysadmin):
    operations.init_city("4114", at=NOON)
    body = Unit.objects.get(code="411402-YJ")
    operations.edit_unit(body, by=sysadmin, at=NOON, code="411402-YJGL")
    assert operations.init_city("4114", at=NOON) == 0
