"""Accounts and units as records of the journal: what the verifier says of them, and what no event ever says."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from accounts import operations
from accounts.lifecycle import ACCOUNT_LAW, UNIT_LAW, AccountState
from accounts.models import AccountEvent, Unit, UnitEvent, User
from accounts.roles import Role
from journal import chronicle
from journal.acts import acts_of
from journal.audit import breaks
from journal.refusal import NotPermitted
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "Long-enough-1"


@pytest.fixture
def city(db):
    """A city as `init_city` makes it, with administrators and a person, all made by the server's commands and the verbs."""
    call_command("init_city", "4114", stdout=StringIO())
    for username, role in (("sysadmin", "sysadmin"), ("secadmin", "secadmin"), ("auditor", "auditor")):
        call_command("add_person", username, name=username, role=role, stdout=StringIO())
    sysadmin, secadmin = (User.objects.get(username=name) for name in ("sysadmin", "secadmin"))
    unit = operations.unit_named("411402001")
    person, _ = operations.open_account(by=sysadmin, at=NOON, username="li", full_name="李明", unit=unit)
    operations.grant(person, by=secadmin, at=NOON, role="manager")
    operations.reset_password(person, by=sysadmin, at=NOON)
    operations.edit_account(person, by=sysadmin, at=NOON, unit=operations.unit_named("411402002"), superior=secadmin)
    operations.grant(person, by=secadmin, at=NOON, role="inspector")
    operations.deactivate(person, by=secadmin, at=NOON)
    operations.readmit(person, by=None, at=NOON)
    operations.edit_unit(unit, by=sysadmin, at=NOON, name="新名称")
    operations.retire_unit(unit, by=sysadmin, at=NOON)
    operations.restore_unit(unit, by=sysadmin, at=NOON)
    User.objects.update(password_is_given=False)  # everybody has come in once and chosen another
    person.refresh_from_db()
    return person


def found():
    return [str(one) for one in breaks([Unit, User])]


def test_nothing_is_found_where_everything_came_through_the_verbs(client, city):
    assert client.login(username="li", password=_known_password(city))
    assert found() == []
    call_command("verify_audit", stdout=StringIO())
    assert AccountEvent.objects.filter(record=city).count() == city.version == 7
    assert UnitEvent.objects.filter(kind="found").count() == Unit.objects.count()
    assert "$" not in str(list(AccountEvent.objects.values())), "no password, not even as its hash"


def _known_password(person):
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return PASSWORD


@pytest.mark.parametrize(
    ("change", "label"),
    [({"role": "secadmin"}, "角色"), ({"unit": None}, "单位"), ({"is_superuser": True}, "超级用户状态"), ({"superior": None}, "上级负责人")],
)  # fmt: skip
def test_a_bare_save_of_an_account_is_found(city, change, label):
    for name, value in change.items():
        setattr(city, name, value)
    city.save()
    [said] = found()
    assert said.startswith("账号 李明：“") and f"“{label}”被改动" in said
    with pytest.raises(CommandError):
        call_command("verify_audit", stdout=StringIO(), stderr=StringIO())


def test_a_row_edited_behind_its_events_is_found(city):
    User.objects.filter(pk=city.pk).update(is_active=False, state="stopped")
    Unit.objects.filter(code="4114").update(name="假名")
    assert found() == [
        "单位 假名：“单位名称”被改动，与办理记录不符",
        "账号 李明 第 7 条：状态被改动：办理记录为“启用”，台账为“停用”",
    ]


@pytest.mark.parametrize("sequence", [1, 3, 7])
def test_a_removed_event_is_found(city, sequence):
    table = connection.ops.quote_name(AccountEvent._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE record_id = %s AND sequence = %s", [city.pk, sequence])
    [one] = found()
    assert one.startswith(f"账号 李明 第 {sequence} 条：缺失")


def test_an_account_made_behind_the_journal_is_found(city):
    User.objects.create(username="ghost", full_name="无名", role="secadmin", state="active")
    [said] = found()
    assert said.startswith("账号 无名")


def test_djangos_own_door_leaves_an_event(db):
    person = User.objects.create_user("someone", password=PASSWORD, role="auditor")
    assert (person.state, person.is_active, person.check_password(PASSWORD)) == ("active", True, True)
    assert [(event.kind, event.actor_name) for event in person.events.all()] == [("add", "服务器命令")]
    assert found() == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"state": "stopped"}, {"state": ""}])
def test_the_database_holds_sign_in_and_state_together(change):
    person = UserFactory(unit=None)
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=person.pk).update(**change)


def test_only_the_three_administrators_see_accounts_by_this_door():
    person = UserFactory()
    seers = {role for role in Role.values if person in User.objects.visible_to(UserFactory(role=role))}
    assert seers == {"sysadmin", "secadmin", "auditor"}
    assert not User.objects.visible_to(AnonymousUser()).exists()
    assert not User.objects.visible_to(UserFactory(role="sysadmin", unit=None, is_active=False)).exists()


def test_units_are_seen_whole_by_their_keeper_and_the_auditor_and_by_the_others_in_part():
    here, elsewhere = UnitFactory(code="411402001"), UnitFactory(code="411403001")
    assert set(Unit.objects.visible_to(UserFactory(role="manager", unit=here))) == {here}
    for role in ("sysadmin", "auditor"):
        assert set(Unit.objects.visible_to(UserFactory(role=role, unit=None))) == {here, elsewhere}
    for role in ("secadmin", "enterprise"):
        assert not Unit.objects.visible_to(UserFactory(role=role, unit=here)).exists()
    sysadmin = UserFactory(role="sysadmin", unit=None)
    assert not Unit.objects.in_territory_of(sysadmin).exists(), "the API goes on by territory"
    assert not Unit.objects.visible_to(UserFactory(role="sysadmin", unit=None, is_active=False)).exists()


TOLD = {"reset_password", "reset_factor", "clear_factor", "bind_factor", "drop_factor", "make_token"}


@pytest.mark.parametrize(("kind", "law"), [(User, ACCOUNT_LAW), (Unit, UNIT_LAW)])
def test_every_act_is_known_with_its_notices(kind, law):
    assert [act.name for act in acts_of(kind)] == list(law.acts)
    for act in acts_of(kind):
        assert set(act.notices) == {move.name for move in act.moves}
        told = {move for move, notice in act.notices.items() if notice is not None}
        assert told == TOLD & set(act.notices)
    assert law.final_states() == set()


def test_the_server_alone_adds_and_readmits(city):
    sysadmin = User.objects.get(username="sysadmin")
    operations.deactivate(city, by=sysadmin, at=NOON)
    with pytest.raises(NotPermitted, match="系统自动"):
        operations.readmit(city, by=sysadmin, at=NOON)
    [life] = chronicle.born([User(username="new", full_name="新人")], "add", by=None, at=NOON)
    assert life.record.state == AccountState.ACTIVE
    with pytest.raises(NotPermitted):
        chronicle.born([User(username="new", full_name="新人")], "add", by=sysadmin, at=NOON)


def test_a_name_longer_than_an_event_holds_is_cut(city):
    root = User.objects.create_user("r" * 60, role="sysadmin")
    operations.reset_password(city, by=root, at=NOON)
    assert city.events.last().actor_name == "r" * 40


def test_changing_ones_own_password_brings_nothing_else_back(client, city, monkeypatch):
    """The administrator stops the account while the form is on its way: nothing comes of it, and the person reads why."""
    _known_password(city)
    client.login(username="li", password=PASSWORD)
    sysadmin = User.objects.get(username="sysadmin")

    def meanwhile(person, password, *, at):
        operations.deactivate(User.objects.get(pk=city.pk), by=sysadmin, at=timezone.now())
        operations.change_own_password(person, password, at=at)

    monkeypatch.setattr("accounts.forms.change_own_password", meanwhile)
    new = "Another-long-2"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    refused = client.post(reverse("accounts:password"), data)
    assert "账号已不在启用，不能更换密码" in refused.content.decode()
    city.refresh_from_db()
    assert (city.state, city.is_active, city.check_password(new)) == ("stopped", False, False)
    assert found() == []


def test_the_person_page_tells_what_was_done(client, city):
    client.force_login(User.objects.get(username="secadmin"))
    shown = client.get(reverse("accounts:person", args=[city.pk]))
    told = shown.content.decode()
    assert [entry["words"] for entry in shown.context["entries"]] == [
        "恢复启用 → 启用",
        "撤销授权 → 停用",
        "授权启用 → 启用",
        "更换单位 → 待授权",
        "重置密码",
        "授权启用 → 启用",
        "建立账号",
    ]
    assert "角色 无 → 安全负责人" in told and "办理记录" in told
    assert [act["label"] for act in shown.context["acts"]] == ["更改角色", "撤销授权", "退出所有设备"]
    client.force_login(User.objects.get(username="sysadmin"))
    shown = client.get(reverse("accounts:person", args=[city.pk]))
    assert [act["label"] for act in shown.context["acts"]] == ["修改资料", "重置密码", "停用账号"]
    own = client.get(reverse("accounts:person", args=[shown.wsgi_request.user.pk]))
    assert [act["label"] for act in own.context["acts"]] == ["修改资料", "退出所有设备"]


@pytest.mark.parametrize("name", ["person_edit", "person_password", "person_stop"])
def test_an_act_page_opens_with_the_version_and_without_complaints(client, city, name):
    client.force_login(User.objects.get(username="sysadmin"))
    shown = client.get(reverse(f"accounts:{name}", args=[city.pk])).content.decode()
    assert '<input type="hidden" name="version" value="7" id="id_version">' in shown
    assert "alert-danger" not in shown and "is-invalid" not in shown
    if name == "person_edit":
        assert 'value="李明"' in shown and 'value="411402002"' in shown and 'value="secadmin"' in shown
