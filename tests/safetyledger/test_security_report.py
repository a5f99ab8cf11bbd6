"""The assessor's list: every answer follows from what the deployment is, and none is met because nobody looked."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from journal.models import Verification
from safetyledger import security_report
from safetyledger.security_report import BY_HAND, MET, NOT_MET
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def safe(settings):
    """A deployment as the operators' guide says it should be: what tests switch off is switched on."""
    settings.DEMO, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE = False, True, True
    settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS, settings.ALLOWED_HOSTS = (
        True,
        365 * 24 * 3600,
        ["a.gov.cn"],
    )
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECRET_KEY = "k7" * 40 + "Xyz!"
    settings.SECOND_FACTOR_ROLES = ["sysadmin", "secadmin", "auditor", "safety_office"]
    for role in ("sysadmin", "secadmin", "auditor"):
        UserFactory(role=role, unit=None, last_login=timezone.now())
    now = timezone.now()
    Verification.objects.create(asked_at=now, began_at=now, ended_at=now, records=1, events=2)
    return settings


def said():
    """``{subject: verdict}``."""
    return {one.subject: one.verdict for one in security_report.answers()}


def found(subject):
    return next(one.found for one in security_report.answers() if one.subject == subject)


def test_a_deployment_as_the_guide_says_leaves_only_what_people_must_look_at(safe):
    verdicts = said()
    roles = "审计记录不被改动：数据库角色"
    assert verdicts.pop(roles) == (
        NOT_MET if connection.vendor == "postgresql" else BY_HAND
    )  # the tests own their tables
    assert {subject for subject, verdict in verdicts.items() if verdict == NOT_MET} == set(), found(
        "多余服务、已知漏洞"
    )
    assert {subject for subject, verdict in verdicts.items() if verdict == BY_HAND} == {
        "多余、过期的账号", "恶意代码防范", "备份和恢复", "个人信息保护",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "worse"),
    [
        ("密码复杂度和更换", {"PASSWORD_DAYS": 91}),
        ("密码复杂度和更换", {"PASSWORD_DAYS": 0}),
        ("密码复杂度和更换", {"AUTH_PASSWORD_VALIDATORS": []}),
        ("登录失败处理、会话超时", {"SESSION_COOKIE_AGE": 1801}),
        ("登录失败处理、会话超时", {"SESSION_LONGEST_SECONDS": 0}),
        ("鉴别信息传输保密", {"SECURE_SSL_REDIRECT": False}),
        ("鉴别信息传输保密", {"SECURE_HSTS_SECONDS": 0}),
        ("数据完整性", {"SESSION_COOKIE_SECURE": False}),
        ("两种以上鉴别方式", {"SECOND_FACTOR_ROLES": ["sysadmin", "secadmin", "auditor"]}),
        ("两种以上鉴别方式", {"DEMO": True}),
        ("默认账号", {"DEMO": True}),
        ("审计覆盖每个用户、保存时间", {"MIDDLEWARE": []}),
        ("多余服务、已知漏洞", {"DEBUG": True}),
        ("多余服务、已知漏洞", {"ALLOWED_HOSTS": ["*"]}),
        ("数据保密性", {"DATA_KEYS": {}}),
        ("剩余信息保护", {"MIDDLEWARE": []}),
        ("剩余信息保护", {"SESSION_EXPIRE_AT_BROWSER_CLOSE": False}),
    ],
)
def test_a_worse_setting_is_named(safe, subject, worse):
    assert said()[subject] == MET
    for name, value in worse.items():
        setattr(safe, name, value)
    assert said()[subject] == NOT_MET


def test_who_is_missing_and_who_is_idle(safe):
    assert found("最小权限、权限分离").startswith("三员分设：系统管理员 1 人")
    User.objects.filter(role="auditor").update(is_active=False, state="stopped")
    assert said()["最小权限、权限分离"] == NOT_MET
    UserFactory(last_login=timezone.now() - timedelta(days=181))
    UserFactory(last_login=None, date_joined=timezone.now() - timedelta(days=181))
    UserFactory(last_login=None, date_joined=timezone.now())
    UserFactory(last_login=None, date_joined=timezone.now() - timedelta(days=500), is_active=False, state="stopped")
    assert found("多余、过期的账号").startswith("2 个启用的账号")


@pytest.mark.parametrize(
    "change", [{"broken": 1}, {"ended_at": timezone.now() - timedelta(days=3)}, {"ended_at": None}]
)
def test_a_break_or_no_verification_for_two_days_is_named(safe, change):
    Verification.objects.update(**change)
    assert said()["审计记录不被改动：密钥和核验"] == NOT_MET


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
def test_a_role_that_may_not_change_events_is_told_so(safe):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE assessor_of_the_tests")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO assessor_of_the_tests")
        cursor.execute("SET LOCAL ROLE assessor_of_the_tests")
        assert said()["审计记录不被改动：数据库角色"] == MET
        cursor.execute("RESET ROLE")


def test_the_command_prints_a_table_and_fails_where_something_is_not_met(safe):
    out = StringIO()
    safe.PASSWORD_DAYS = 0
    with pytest.raises(SystemExit) as ended:
        call_command("security_report", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().count("\n| ") == len(security_report.ITEMS) + 1 and "不符合" in out.getvalue()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("security_report", json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert len(told) == len(security_report.ITEMS) and told[0].keys() == {"clause", "subject", "verdict", "found"}
