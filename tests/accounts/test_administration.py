"""The desks of the three administrators."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import operations
from accounts.models import User
from journal.models import Verification
from safetyledger import health
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
ADMINISTRATORS = ["sysadmin", "secadmin", "auditor"]


@pytest.fixture
def administrators():
    return {role: UserFactory(role=role, unit=None, full_name=role) for role in ADMINISTRATORS}


@pytest.fixture
def desk(client, administrators):
    def get(role):
        client.force_login(administrators[role])
        response = client.get(reverse("hazards:desk"))
        assert response.status_code == 200
        return response

    return get


def opened(by, name, township):
    person, _ = operations.open_account(by=by, at=NOON, username=name, full_name=f"新人{name}", unit=township)
    return person


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_they_are_told_what_they_do_and_see_no_ledger_data(desk, registered, role):
    html = desk(role).content.decode()
    assert "不查看隐患台账数据" in html and "manage.py" not in html
    assert "逾期未整改" not in html and registered.description not in html and registered.number not in html


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_every_page_of_their_menu_is_a_step_away(client, desk, role):
    response = desk(role)
    doors = [reverse(item["url_name"]) for item in response.context["nav"]]
    assert len(doors) > 1 and doors[0] == "/"
    assert all(f'<a class="btn" href="{door}">' in response.content.decode() for door in doors[1:])
    assert {client.get(door).status_code for door in doors} == {200}


def test_the_security_administrator_finds_who_waits_for_a_grant_first_come_first(
    client, desk, administrators, township
):
    waiting = [opened(administrators["sysadmin"], f"new{number}", township) for number in range(10)]
    stopped = UserFactory(is_active=False, state="stopped", unit=township)
    context = desk("secadmin").context
    assert context["pending"] == waiting[:8] and context["pending_count"] == 10
    html = desk("secadmin").content.decode()
    door = reverse("accounts:person_grant", args=[waiting[0].pk])
    assert f'href="{door}"' in html and client.get(door).status_code == 200
    assert str(stopped) not in html
    operations.grant(waiting[0], by=administrators["secadmin"], at=NOON, role="inspector")
    assert desk("secadmin").context["pending"] == waiting[1:9]


def test_the_system_administrator_sees_who_waits_but_is_offered_no_grant(desk, administrators, township):
    person = opened(administrators["sysadmin"], "new", township)
    html = desk("sysadmin").content.decode()
    assert f"{person}" in html and "等安全管理员授权" in html
    assert reverse("accounts:person_grant", args=[person.pk]) not in html
    assert desk("auditor").context["pending"] is None


@pytest.mark.parametrize(("role", "reads_units"), [("sysadmin", True), ("secadmin", False), ("auditor", True)])
def test_the_newest_changes_come_first_and_units_are_for_those_who_read_them(
    desk, administrators, township, role, reads_units
):
    keeper = administrators["sysadmin"]
    for number in range(9):
        opened(keeper, f"new{number}", township)
    unit = UnitFactory(code="411402001-AWB", short_name="双八镇安委办")
    operations.edit_unit(unit, by=keeper, at=NOON + timedelta(hours=1), short_name="双八安委办")
    changes = desk(role).context["changes"]
    assert len(changes) == 8
    assert (changes[0]["words"] == "修改单位") == reads_units
    assert changes[0]["whom"] == (str(unit) if reads_units else "新人new8")


def test_the_system_administrator_reads_how_the_system_does(desk, monkeypatch):
    cache.clear()
    cache.set("done:safetyledger.tasks.heartbeat", time.time())
    cache.set("done:journal.tasks.publish", time.time() - 3600)
    cache.set("done:notifications.tasks.deliver", time.time() + 3600)
    monkeypatch.setattr(health, "ask_broker", lambda: 1 / 0)
    told = {what: (well, said) for what, well, said in desk("sysadmin").context["health"]()}
    assert told == {
        "数据库": (True, "正常"),
        "任务队列": (False, "连接失败"),
        "存储空间": (True, "正常"),
        "后台程序": (True, "正常"),
        "办理记录分发": (False, "最近一次成功在 60 分钟前"),
        "邮件发送": (False, "上次成功的时间在将来，请核对服务器时钟"),
        "到期提醒": (False, "还没有运行过"),
        "冻结统计": (False, "还没有运行过"),
    }
    html = desk("sysadmin").content.decode()
    assert "系统运行" in html and "连接失败" in html
    assert all("系统运行" not in desk(role).content.decode() for role in ("secadmin", "auditor"))


def test_every_check_has_its_words():
    assert set(health.SPOKEN) == {"database", "broker", "disk", *health.OLDEST}


def test_the_auditor_reads_when_the_chains_were_verified_last_and_how_they_stood(desk, registered, administrators):
    assert "还没有核验过" in desk("auditor").content.decode()
    operations.open_account(by=administrators["sysadmin"], at=NOON, username="n", full_name="新")
    User.objects.filter(username="n").update(full_name="改")
    with pytest.raises(CommandError):
        call_command("verify_audit", stdout=StringIO(), stderr=StringIO())
    found = Verification.objects.get()
    assert found.broken > 0 and found.events >= registered.version and found.ended_at <= timezone.now()
    assert f"{found.broken} 处不符" in desk("auditor").content.decode()
    Verification.objects.create(asked_at=timezone.now(), ended_at=timezone.now(), records=12345, events=23456, broken=0)
    assert "全部完好" in desk("auditor").content.decode() and "12,345" in desk("auditor").content.decode()


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_a_desk_takes_few_queries_however_many_wait(client, desk, administrators, township, role):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("hazards:desk"))
        return len(queries)

    opened(administrators["sysadmin"], "one", township)
    desk(role)
    one = counted()
    for number in range(12):
        opened(administrators["sysadmin"], f"new{number}", township)
    assert counted() == one <= 12
