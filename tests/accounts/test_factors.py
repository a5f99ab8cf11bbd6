"""Binding, removing and resetting second factors; who must have one, and what is open to who has none yet."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import operations, sealing
from accounts.factor import Factor
from accounts.models import SignIn, User
from accounts.operations import Refused, factors
from journal.audit import breaks
from journal.outbox import publish
from notifications.models import Notification
from tests.factories import NOON, UserFactory
from tests.factors import PASSWORD, Key, Phone, knows_password
from tests.tokens import header_of

pytestmark = pytest.mark.django_db
DESK, MINE = reverse("hazards:desk"), reverse("accounts:factors")
APP, PASSKEY, CODES = (reverse(f"accounts:factor_{name}") for name in ("app", "passkey", "codes"))
NEEDED = ["sysadmin", "secadmin", "auditor", "safety_office"]


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    settings.DEMO, settings.SECOND_FACTOR_ROLES = False, NEEDED


@pytest.fixture
def person(db):
    return knows_password(UserFactory(username="yuan"))


@pytest.fixture
def mine(client, person):
    client.force_login(person)
    return client


def text(response):
    return response.content.decode()


def bind_app(client, name="工作手机", password=PASSWORD, wrong=False):
    """Fill in the page as somebody does who scans its picture."""
    secret = re.search(r"密钥 <code>([A-Z2-7 ]+)</code>", re.sub(r"\s+", " ", text(client.get(APP)))).group(1)
    phone = Phone.__new__(Phone)
    phone.secret = secret.replace(" ", "")
    code = phone.wrong() if wrong else phone.code()
    answer = client.post(APP, {"code": code, "name": name, "password": password})
    phone.codes = re.findall(r"<code>\s*(\d{4} \d{4} \d{4})\s*</code>", text(answer))
    return answer, phone


def proves(person, code):
    """The kind of factor that ``code`` proves for the account as it is now."""
    return factors.by_code(User.objects.get(pk=person.pk), code, at=timezone.now())


def drop(client, person, password=PASSWORD):
    factor = person.factors.exclude(kind="code").first()
    return client.post(reverse("accounts:factor_drop", args=[factor.pk]), {"password": password})


def chain(person):
    return [str(one) for one in breaks([User]) if person.username in str(one) or str(person) in str(one)]


# --- binding ------------------------------------------------------------------------------------------------------


def test_an_app_is_bound_with_codes_for_paper_shown_once(mine, person):
    assert "还没有绑定" in text(mine.get(MINE))
    _, phone = bind_app(mine)
    assert len(set(phone.codes)) == 10
    person.refresh_from_db()
    assert person.has_factor and [row.kind for row in person.factors.all()] == ["app", *["code"] * 10]
    page = text(mine.get(MINE))
    assert "验证器“工作手机”" in page and "还剩 10 个" in page and phone.codes[0] not in page
    event = person.events.last()
    assert (event.kind, event.actor) == ("bind_factor", person)
    assert event.changes == {"验证器": "绑定“工作手机”", "恢复码": "新发 10 个"}
    assert proves(person, phone.codes[0]) == "code"


def test_the_code_it_was_bound_with_is_used(mine, person):
    _, phone = bind_app(mine)
    assert proves(person, phone.code()) == ""


@pytest.mark.parametrize(("given", "said"), [({"password": "wrong"}, "密码不对"), ({"wrong": True}, "验证码不对")])
def test_a_wrong_password_or_code_binds_nothing_and_the_picture_stays(mine, person, given, said):
    before = re.search(r"密钥.*?</code>", text(mine.get(APP)), re.S)[0]
    answer, _ = bind_app(mine, **given)
    assert (answer.status_code, said in text(answer)) == (400, True)
    assert before in text(answer) and not person.factors.exists()


def test_guesses_at_the_password_are_counted(mine, person):
    for page in (APP, PASSKEY, APP, PASSKEY, APP):
        mine.post(page, {"name": "x", "password": "wrong"} | ({"code": "123456"} if page == APP else {}))
    answer, _ = bind_app(mine)
    assert "15 分钟后再试" in text(answer)
    assert [row.result for row in SignIn.objects.order_by("pk")][:5] == [SignIn.Result.WRONG_OLD] * 5


def test_secrets_are_encrypted_in_the_database_and_in_the_session(mine, person):
    _, phone = bind_app(mine)
    mine.get(APP)
    kept = str([*person.factors.values(), dict(mine.session), *person.events.values("facts", "changes")])
    shown = re.search(r"密钥 <code>([A-Z2-7 ]+)</code>", re.sub(r"\s+", " ", text(mine.get(APP)))).group(1)
    assert phone.secret not in kept and shown.replace(" ", "") not in kept
    assert not any(code.replace(" ", "") in kept for code in phone.codes)


def test_a_second_one_needs_another_name_and_brings_no_codes(mine, person):
    _, first = bind_app(mine)
    answer, _ = bind_app(mine)
    assert "请换一个名称" in text(answer)
    answer, second = bind_app(mine, name="平板")
    assert answer.status_code == 302 and not second.codes
    assert person.factors.filter(kind="app").count() == 2 and person.factors.filter(kind="code").count() == 10
    assert proves(person, first.codes[0]) == "code"


def test_there_is_a_bound_to_how_many(person):
    for number in range(factors.MOST):
        Phone(person, name=f"第 {number} 部")
    with pytest.raises(Refused, match="最多绑定 6 种"):
        Phone(person, name="又一部")


def test_other_browsers_and_programs_end_and_this_one_stays(mine, person):
    other = Client()
    other.force_login(person)
    program = header_of(person)
    bind_app(mine)
    assert other.get(DESK).status_code == 302
    assert Client().get(reverse("api-unit-list"), headers=program).status_code == 401
    assert mine.get(DESK).status_code == 200
    other.force_login(User.objects.get(pk=person.pk))
    mine.post(CODES, {"password": PASSWORD})
    assert other.get(DESK).status_code == 200, "new codes leave others in"
    drop(mine, person)
    assert other.get(DESK).status_code == 302
    assert mine.get(DESK).status_code == 200


def test_a_passkey_is_bound(mine, person):
    key = Key()
    data = {"name": "办公电脑", "password": PASSWORD, "passkey": key.create(mine.get(PASSKEY).context["options"])}
    assert len(re.findall(r"\d{4} \d{4} \d{4}", text(mine.post(PASSKEY, data)))) == 10
    assert person.factors.get(kind="passkey").name == "办公电脑"
    known = mine.get(PASSKEY).context["options"]["publicKey"]["excludeCredentials"]
    assert len(known) == 1, "the browser takes none that is bound already"


@pytest.mark.parametrize("wrong", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_a_passkey_of_another_site_is_not(mine, person, wrong):
    key = Key(**wrong)
    data = {"name": "办公电脑", "password": PASSWORD, "passkey": key.create(mine.get(PASSKEY).context["options"])}
    answer = mine.post(PASSKEY, data)
    assert (answer.status_code, "没有认出这个通行密钥" in text(answer)) == (400, True)
    assert not person.factors.exists()


def test_an_answer_to_an_earlier_question_binds_nothing(mine, person):
    key = Key()
    made = key.create(mine.get(PASSKEY).context["options"])
    mine.get(PASSKEY)
    assert mine.post(PASSKEY, {"name": "x", "password": PASSWORD, "passkey": made}).status_code == 400
    assert "没有给出通行密钥" in text(mine.post(PASSKEY, {"name": "x", "password": PASSWORD}))


def test_an_address_that_is_a_number_bears_no_keys(mine):
    for page, said in ((MINE, "现在的网址是一串数字"), (PASSKEY, "请改用域名打开本系统")):
        assert said in text(mine.get(page, headers={"Host": "127.0.0.1:8000"}))


def test_the_demonstration_binds_nothing(mine, person, settings):
    settings.DEMO = True
    answer, _ = bind_app(mine)
    assert "演示系统的账号由大家共用" in text(answer) and "演示系统" in text(mine.get(MINE))
    assert not person.factors.exists()


# --- removing -----------------------------------------------------------------------------------------------------


def test_the_last_one_goes_with_its_codes(mine, person):
    bind_app(mine)
    assert "密码不对" in text(drop(mine, person, password="wrong")) and person.factors.exists()
    assert drop(mine, person).url == MINE
    person.refresh_from_db()
    assert not person.has_factor and not person.factors.exists()
    assert person.events.last().changes == {"验证器": "移除“工作手机”"}


def test_of_two_one_goes_and_the_codes_stay(mine, person):
    Phone(person, name="旧手机")
    mine.force_login(person)
    bind_app(mine, name="新手机")
    drop(mine, person)
    person.refresh_from_db()
    assert person.has_factor and [str(row) for row in person.factors.exclude(kind="code")] == ["新手机"]
    assert person.factors.filter(kind="code").count() == 10


def test_nobody_removes_anothers(mine, person):
    other = UserFactory(username="wang")
    Phone(other)
    page = reverse("accounts:factor_drop", args=[other.factors.first().pk])
    assert mine.get(page).status_code == mine.post(page, {"password": PASSWORD}).status_code == 404
    assert other.factors.exists()
    with pytest.raises(Refused):
        operations.drop_factor(other, by=person, at=NOON, factor=other.factors.first())
    with pytest.raises(Refused):
        operations.bind_factor(other, by=person, at=NOON, kind="app", name="x", secret=factors.new_secret())


def test_a_recovery_code_is_no_factor_to_remove(mine, person):
    Phone(person)
    mine.force_login(person)
    code = person.factors.filter(kind="code").first()
    assert mine.post(reverse("accounts:factor_drop", args=[code.pk]), {"password": PASSWORD}).status_code == 404


def test_who_must_have_one_keeps_the_last(client):
    auditor = knows_password(UserFactory(role="auditor", unit=None))
    Phone(auditor)
    client.force_login(auditor)
    assert "请先绑定另一种再移除这一种" in text(drop(client, auditor))
    assert auditor.factors.exists()
    bind_app(client, name="另一部")
    assert drop(client, auditor).status_code == 302


def test_new_codes_make_the_old_ones_worthless(mine, person):
    assert mine.get(CODES).url == MINE
    _, phone = bind_app(mine)
    assert mine.post(CODES, {"password": "wrong"}).status_code == 400
    fresh = re.findall(r"<code>\s*(\d{4} \d{4} \d{4})\s*</code>", text(mine.post(CODES, {"password": PASSWORD})))
    assert len(fresh) == 10 and not set(fresh) & set(phone.codes)
    assert proves(person, phone.codes[0]) == ""
    assert proves(person, fresh[0]) == "code"
    assert person.events.last().kind == "renew_codes"


# --- reset --------------------------------------------------------------------------------------------------------


def test_a_system_administrator_resets_and_the_security_administrators_hear_of_it(client, person):
    sysadmin, secadmin = (UserFactory(role=role, unit=None) for role in ("sysadmin", "secadmin"))
    Phone(person)
    Phone(sysadmin)
    there = Client()
    there.force_login(person)
    client.force_login(sysadmin)
    page = reverse("accounts:person_factor", args=[person.pk])
    assert "重置二次验证" in text(client.get(reverse("accounts:person", args=[person.pk])))
    assert client.post(page, {"version": person.version}).status_code == 302
    person.refresh_from_db()
    assert not person.has_factor and not person.factors.exists()
    assert there.get(DESK).status_code == 302
    assert person.events.last().changes == {"二次验证": "清除工作手机"}
    publish(at=timezone.now())
    told = Notification.objects.filter(title__contains="重置了")
    assert {row.recipient for row in told} == {secadmin, person} and all("yuan" in row.title for row in told)
    answer = client.get(page)
    assert (answer.status_code, "没有绑定二次验证，不需要重置" in text(answer)) == (409, True)


def test_administrators_are_reset_on_the_server_alone(client):
    sysadmin, auditor = UserFactory(role="sysadmin", unit=None), UserFactory(role="auditor", unit=None, username="shen")
    Phone(auditor)
    Phone(sysadmin)
    client.force_login(sysadmin)
    answer = client.get(reverse("accounts:person_factor", args=[auditor.pk]))
    assert (answer.status_code, "服务器运维人员" in text(answer)) == (409, True)
    assert "manage.py" not in text(answer)
    call_command("reset_factor", "Shen", stdout=(said := StringIO()))
    auditor.refresh_from_db()
    assert "已清除 shen" in said.getvalue() and not auditor.has_factor
    assert (auditor.events.last().kind, auditor.events.last().actor_name) == ("clear_factor", "服务器命令")
    for name, why in (("shen", "没有绑定"), ("nobody", "没有账号")):
        with pytest.raises(CommandError, match=why):
            call_command("reset_factor", name)


# --- the chain ----------------------------------------------------------------------------------------------------


@pytest.fixture
def added(township):
    """Somebody whose account has all its events."""
    made = {"username": "yuan", "full_name": "袁立新", "role": "inspector", "unit": township}
    return operations.add_person(at=NOON, **made)[0]


def test_the_chain_vouches_for_what_is_bound_and_not_for_its_use(added):
    person = added
    phone = Phone(person)
    assert chain(person) == []
    assert (proves(person, phone.code()), proves(person, phone.codes[0])) == ("app", "code")
    assert chain(person) == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda person: person.factors.all().delete(),
        lambda person: person.factors.filter(kind="code").first().delete(),
        lambda person: person.factors.filter(kind="app").update(secret="k1:AAAA"),
        lambda person: Factor.objects.create(person=person, kind="app", name="他", secret="x", added_at=NOON),
        lambda person: (person.factors.all().delete(), User.objects.filter(pk=person.pk).update(factor_seal="")),
    ],
    ids=["all gone", "a code gone", "another secret", "one more", "all gone, and the account says so"],
)
def test_what_somebody_does_in_the_database_is_found_and_opens_nothing(added, tamper):
    phone = Phone(added)
    tamper(added)
    assert chain(added) != []
    assert proves(added, phone.code()) == ""
    assert proves(added, phone.codes[5]) == ""


def test_a_row_that_was_removed_and_put_back_is_none(added):
    """By who kept a copy: it was this person's, so it can be read."""
    phone = Phone(added)
    row = added.factors.get(kind="app")
    operations.drop_factor(added, by=added, at=NOON, factor=row)
    row.pk = None
    row.save()
    added.refresh_from_db()
    Phone(added, name="另一部")
    assert proves(added, phone.code()) == ""
    assert chain(added) == []


# --- sealing ------------------------------------------------------------------------------------------------------


def test_what_is_sealed_is_read_for_what_it_is_about_and_by_every_key(settings):
    sealed = sealing.seal("密", "a:app")
    assert sealing.unseal(sealed, "a:app") == "密" and sealing.seal("密", "a:app") != sealed
    for wrong, about in ((sealed, "b:app"), (sealed[:-4], "a:app"), ("", "a:app"), ("other:" + sealed[5:], "a:app")):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(wrong, about)
    seen = sealing.fingerprint("1", "a")
    settings.DATA_KEYS = {"new": b"n" * 32} | settings.DATA_KEYS
    assert sealing.unseal(sealed, "a:app") == "密" and sealing.seal("密", "a:app").startswith("new:")
    assert seen in sealing.fingerprints("1", "a") and seen not in sealing.fingerprints("1", "b")
