"""Accounts: opened by one administrator, granted by another, read about by the third."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import operations
from accounts.models import AccountEvent, Unit, User
from accounts.roles import RANKING_READERS, Role
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = re.compile(r"\b[a-zA-Z2-9]{4}(?:-[a-zA-Z2-9]{4}){3}\b")
OTHERS = sorted(set(Role.values) - {"sysadmin", "secadmin"})
NEW = {"username": "yuan", "full_name": "袁立新", "unit": "411402001", "phone": "13900001234"}


@pytest.fixture
def sysadmin(db):
    return UserFactory(role="sysadmin", unit=None, username="sysadmin", full_name="蒋文博")


@pytest.fixture
def secadmin(db):
    return UserFactory(role="secadmin", unit=None, username="secadmin", full_name="钟静宜")


@pytest.fixture
def auditor(db):
    return UserFactory(role="auditor", unit=None, username="auditor", full_name="史敬之")


@pytest.fixture
def person(township):
    return UserFactory(role="inspector", unit=township, username="li", full_name="李明")


def page(name, *args):
    return reverse(f"accounts:{name}", args=args)


def text(response):
    return response.content.decode()


def seen(person):
    return {"version": User.objects.get(pk=person.pk).version}


def edited(person, **changes):
    return {"full_name": person.full_name, "unit": person.unit.code if person.unit else "", **seen(person), **changes}


def test_from_opening_to_the_first_sign_in(client, sysadmin, secadmin, auditor, township):
    client.force_login(sysadmin)
    shown = client.post(page("person_create"), NEW)
    [password] = PASSWORD.findall(text(shown))
    made = User.objects.get(username="yuan")
    assert (shown.status_code, made.is_active, made.unit, made.check_password(password)) == (200, False, township, True)
    assert "no-store" in shown["Cache-Control"]
    client.logout()
    assert not client.login(username="yuan", password=password)

    client.force_login(secadmin)
    assert "待授权" in text(client.get(page("people")))
    assert client.post(page("person_grant", made.pk), {**seen(made), "role": "manager"}).status_code == 302
    client.logout()
    assert client.login(username="yuan", password=password)
    made.refresh_from_db()
    assert made.is_manager

    client.force_login(auditor)
    told = text(client.get(page("account_events")))
    assert "角色：无 → 安全负责人" in told and "状态：未启用 → 启用" in told
    assert [(event.actor, event.kind) for event in AccountEvent.objects.order_by("-pk")] == [
        (secadmin, "grant"),
        (sysadmin, "open"),
    ]
    assert password not in told


def test_password_is_shown_once_and_nowhere_kept(client, sysadmin, person, caplog):
    client.force_login(sysadmin)
    answer = client.post(page("person_password", person.pk), seen(person))
    [password] = PASSWORD.findall(text(answer))
    person.refresh_from_db()
    validate_password(password, person)
    assert person.check_password(password)
    assert not any(password in cookie.value for cookie in client.cookies.values())
    assert password not in caplog.text and password not in str(dict(client.session))
    assert password not in str(list(AccountEvent.objects.values()))
    for name, args in (("people", []), ("person", [person.pk]), ("person_edit", [person.pk])):
        assert password not in text(client.get(page(name, *args)))


def test_reset_ends_sessions_and_a_second_sending_changes_nothing(client, sysadmin, person):
    client.force_login(person)
    first = operations.reset_password(person, by=sysadmin, at=NOON)
    assert client.get(page("me")).status_code == 302
    client.force_login(sysadmin)
    again = client.post(page("person_password", person.pk), {"version": 0})
    person.refresh_from_db()
    assert again.status_code == 409 and "该账号又有了新的办理记录" in text(again)
    assert person.check_password(first)


def test_reset_unlocks_the_account(client, sysadmin, person):
    for _ in range(5):
        client.post(page("login"), {"username": "li", "password": "wrong"})
    client.force_login(sysadmin)
    [password] = PASSWORD.findall(text(client.post(page("person_password", person.pk), seen(person))))
    client.logout()
    assert client.post(page("login"), {"username": "li", "password": password}).status_code == 302


GET = {
    "people": (200, 200, 403),
    "person": (200, 200, 403),
    "person_create": (200, 403, 403),
    "person_edit": (200, 403, 403),
    "person_password": (200, 403, 403),
    "person_stop": (200, 200, 403),
    "person_grant": (403, 200, 403),
}
POST = {
    "person_create": (400, 403, 403),
    "person_edit": (400, 403, 403),
    "person_password": (400, 403, 403),
    "person_stop": (400, 400, 403),
    "person_grant": (403, 400, 403),
}


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", *OTHERS])
def test_who_may_open_which_page(client, township, person, role):
    column = {"sysadmin": 0, "secadmin": 1}.get(role, 2)
    client.force_login(UserFactory(role=role, unit=township))
    urls = {name: page(name, *([] if name in ("people", "person_create") else [person.pk])) for name in GET | POST}
    expected = {name: codes[column] for name, codes in GET.items()}
    if role in RANKING_READERS:
        expected["person"] = 200  # not the account: what somebody of their territory answers for
    assert {name: client.get(urls[name]).status_code for name in GET} == expected
    assert {name: client.post(urls[name]).status_code for name in POST} == {
        name: codes[column] for name, codes in POST.items()
    }
    assert client.get(page("account_events")).status_code == (200 if role == "auditor" else 403)
    assert AccountEvent.objects.count() == 0


def test_refusals_are_said_in_words(client, person, auditor):
    client.force_login(auditor)
    assert "人员由系统管理员和安全管理员管理" in text(client.get(page("people")))
    client.force_login(person)
    assert "账号审计由审计员查阅" in text(client.get(page("account_events")))


def test_nobody_raises_themselves(client, sysadmin, secadmin):
    client.force_login(secadmin)
    for data in ({"role": "sysadmin"}, {"role": "manager"}):
        refused = client.post(page("person_grant", secadmin.pk), {**seen(secadmin), **data})
        assert refused.status_code == 403 and "不能给自己授权" in text(refused)
    client.force_login(sysadmin)
    client.post(page("person_edit", sysadmin.pk), edited(sysadmin, role="secadmin", is_active="on", is_superuser="on"))
    for admin in (sysadmin, secadmin):
        role = admin.role
        client.force_login(admin)
        refused = client.post(page("person_stop", admin.pk), seen(admin))
        assert refused.status_code == 403 and "不能停用自己" in text(refused)
        admin.refresh_from_db()
        assert (admin.role, admin.is_active, admin.is_superuser) == (role, True, False)


def test_system_administrator_cannot_take_over_another_administrator(client, sysadmin, secadmin):
    client.force_login(sysadmin)
    before = secadmin.password
    refused = client.post(page("person_password", secadmin.pk), seen(secadmin))
    secadmin.refresh_from_db()
    assert refused.status_code == 409 and "三员账号的密码" in text(refused)
    assert secadmin.password == before and not PASSWORD.search(text(refused))


def test_a_role_sent_with_a_new_account_is_not_given(client, sysadmin, township):
    client.force_login(sysadmin)
    refused = client.post(page("person_create"), {**NEW, "role": "secadmin", "is_active": "on", "is_staff": "on"})
    assert refused.status_code == 400 and "没有“role”这个项目" in text(refused)
    assert not User.objects.filter(username="yuan").exists()


@pytest.mark.parametrize("verb", ["open", "edit", "reset", "grant", "deactivate"])
def test_verbs_ask_who_acts_even_without_a_page(verb, person, auditor, sysadmin, secadmin):
    common = {"at": NOON}
    acts = {
        "open": (secadmin, lambda by: operations.open_account(by=by, at=NOON, username="x", full_name="新人")),
        "edit": (secadmin, lambda by: operations.edit_account(person, by=by, full_name="新人", **common)),
        "reset": (secadmin, lambda by: operations.reset_password(person, by=by, **common)),
        "grant": (sysadmin, lambda by: operations.grant(person, by=by, role="leader", **common)),
        "deactivate": (auditor, lambda by: operations.deactivate(person, by=by, **common)),
    }
    wrong, act = acts[verb]
    for by in (
        wrong,
        auditor,
        person,
        UserFactory(role="secadmin" if wrong.role == "secadmin" else "sysadmin", is_active=False),
    ):
        with pytest.raises(operations.NotPermitted):
            act(by)
    assert AccountEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("", "请填写账号"), ("a\x00b", "无法保存的字符"), ("x" * 5000, "30"), ("a b", "账号只能用"), ("<script>", "账号只能用"),
        ("LI", "已经有人使用"), ("li", "已经有人使用"), ("ｌｉ", "已经有人使用"), ("\u200bli", "账号只能用"),
    ],
)  # fmt: skip
def test_strange_account_names_are_refused_in_words(client, sysadmin, person, username, said):
    client.force_login(sysadmin)
    answer = client.post(page("person_create"), {**NEW, "username": username})
    assert answer.status_code == 400 and said in text(answer)
    assert User.objects.count() == 2 and AccountEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("unit", "999999", "没有找到单位"), ("unit", "镇人民政府", "411402001 双八镇人民政府"), ("unit", "a\x00", "无法保存的字符"),
        ("superior", "nobody", "没有启用的账号"), ("email", "no", "正确的邮箱"), ("phone", "电话", "电话只能"),
        ("full_name", "名" * 41, "40"), ("full_name", "袁\x07", "无法识别的字符"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_refused_in_words(client, sysadmin, person, field, value, said):
    client.force_login(sysadmin)
    answer = client.post(page("person_create"), {**NEW, field: value})
    assert answer.status_code == 400 and said in text(answer)
    assert not User.objects.filter(username="yuan").exists()


def test_a_unit_may_be_named_unless_several_are_called_so(township):
    assert operations.unit_named(" 双八镇 ") == operations.unit_named("411402001") == township
    UnitFactory(code="411403002", name="双八镇人民政府", short_name="双八镇")
    with pytest.raises(operations.Refused, match=r"411402001.*411403002"):
        operations.unit_named("双八镇")
    Unit.objects.filter(pk=township.pk).update(is_active=False, state="retired")
    with pytest.raises(operations.Refused, match="没有找到"):
        operations.unit_named("411402001")


def test_editing_is_logged_as_before_and_after(client, sysadmin, person, foreign_township):
    client.force_login(sysadmin)
    data = edited(person, full_name="李铭", unit="郭村镇", phone=person.phone)
    assert client.post(page("person_edit", person.pk), data).status_code == 302
    [event] = AccountEvent.objects.all()
    assert event.changes == {
        "姓名": "李明 → 李铭",
        "单位": "双八镇人民政府（411402001） → 郭村镇人民政府（411403001）",
        "状态": "启用 → 未启用",
    }
    client.post(page("person_edit", person.pk), data | seen(person))
    assert AccountEvent.objects.count() == 1, "saving the same again is no change"
    assert client.post(page("person_edit", person.pk), {**data, "version": 0, "full_name": "旧页面"}).status_code == 409


def test_an_officer_always_has_a_unit(client, sysadmin, secadmin, person):
    client.force_login(sysadmin)
    answer = client.post(page("person_edit", person.pk), edited(person, unit=""))
    assert answer.status_code == 409 and "必须有单位" in text(answer)
    bare = UserFactory(unit=None, is_active=False, role="inspector")
    for role in Role.values:
        if role in ("enterprise", "sysadmin", "secadmin", "auditor"):
            continue
        with pytest.raises(operations.Refused, match="必须有单位"):
            operations.grant(bare, by=secadmin, at=NOON, role=role)
    operations.grant(bare, by=secadmin, at=NOON, role="enterprise")
    bare.refresh_from_db()
    assert bare.is_active and bare.role == "enterprise"


@pytest.mark.parametrize(("who", "kind"), [("sysadmin", "deactivate"), ("secadmin", "revoke")])
def test_stopping_ends_the_session_and_only_a_grant_undoes_it(client, sysadmin, secadmin, person, who, kind):
    by = {"sysadmin": sysadmin, "secadmin": secadmin}[who]
    client.force_login(by)
    assert client.post(page("person_stop", person.pk), seen(person)).status_code == 302
    assert AccountEvent.objects.get().kind == kind
    assert "已停用" in text(client.get(page("people"), {"q": "李明"}))
    client.force_login(person)
    assert client.get(page("me")).status_code == 302
    person.refresh_from_db()
    with pytest.raises(operations.Refused, match="现在是“停用”"):
        operations.deactivate(person, by=sysadmin, at=NOON)
    operations.grant(person, by=secadmin, at=NOON, role="inspector")
    person.refresh_from_db()
    assert person.is_active


def test_two_administrators_at_once_one_is_told(secadmin, sysadmin, person):
    other = UserFactory(role="secadmin", unit=None)
    read_before, also_before = User.objects.get(pk=person.pk), User.objects.get(pk=person.pk)
    operations.grant(person, by=other, at=NOON, role="leader")
    with pytest.raises(operations.Conflict, match="刚刚被他人处理过"):
        operations.grant(read_before, by=secadmin, at=NOON, role="manager")
    with pytest.raises(operations.Conflict):
        operations.deactivate(also_before, by=sysadmin, at=NOON)
    person.refresh_from_db()
    assert (person.role, person.is_active) == ("leader", True)


@pytest.mark.parametrize("value", ["", "x", "-1", str(2**63), "9" * 400, "1\x00"])
def test_strange_numbers_are_refused(client, sysadmin, person, value):
    client.force_login(sysadmin)
    assert client.post(page("person_stop", person.pk), {"version": value}).status_code == 400
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.parametrize("number", [987654321, 2**63, 10**300])
def test_people_who_do_not_exist(client, sysadmin, number):
    client.force_login(sysadmin)
    assert client.get(page("person", number)).status_code == 404
    assert client.post(page("person_stop", number), {"version": 0}).status_code == 404


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=older-99999999999999999999", "role=king", "q=%00", "active=2", "q=" + "长" * 51]
)
def test_strange_questions_get_400(client, sysadmin, query):
    client.force_login(sysadmin)
    assert client.get(f"{page('people')}?{query}").status_code == 400


def test_people_are_found_by_name_account_unit_role_and_state(client, sysadmin, person, foreign_township):
    waiting = UserFactory(role="inspector", unit=foreign_township, is_active=False, username="wang", full_name="王五")

    def found(**asked):
        return {row.username for row in client.get(page("people"), asked).context["rows"]}

    client.force_login(sysadmin)
    assert found(q="李") == found(q="双八镇") == found(q="411402001") == found(role="inspector") == {"li"}
    assert found(active="no") == {waiting.username}
    assert found(q="没有这个人") == set()


def test_pages_turn_both_ways(client, sysadmin, township):
    for _ in range(30):
        UserFactory(unit=township)
    client.force_login(sysadmin)
    first = client.get(page("people"))
    second = client.get(page("people") + first.context["next_url"])
    assert (len(first.context["rows"]), len(second.context["rows"]), first.context["previous_url"]) == (20, 11, "")
    back = client.get(page("people") + second.context["previous_url"])
    assert back.context["rows"] == first.context["rows"] and second.context["next_url"] == ""


def test_lists_cost_the_same_for_one_row_and_three(client, sysadmin, secadmin, auditor):
    def cost(who, name):
        client.force_login(who)
        client.get(page(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(name))
        return len(queries)

    def one_more():
        made = UserFactory(unit=UnitFactory(code=f"4114020{User.objects.count():02d}"), is_active=False)
        operations.grant(made, by=secadmin, at=NOON, role="leader")

    one_more()
    before = cost(sysadmin, "people"), cost(auditor, "account_events")
    one_more()
    one_more()
    assert (cost(sysadmin, "people"), cost(auditor, "account_events")) == before


def test_events_are_never_edited_or_deleted(sysadmin, person):
    operations.reset_password(person, by=sysadmin, at=NOON)
    event = AccountEvent.objects.get()
    for act in (
        event.save,
        event.delete,
        AccountEvent.objects.all().delete,
        lambda: AccountEvent.objects.update(kind="grant"),
    ):
        with pytest.raises(TypeError):
            act()
