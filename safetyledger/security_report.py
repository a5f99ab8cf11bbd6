"""What an assessor asks of a deployment (GB/T 22239-2019, 8.1.4 安全计算环境, 等级保护第三级), answered from its settings and its database.

Each answer is 符合, 不符合 or 人工核对: what no program can know (locked rooms, written rules, whom a grant was meant for) is said to be
looked at by people, with what there is to look at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from accounts.operations.signing_in import ACCOUNT_TRIES, KEPT, WAIT
from accounts.roles import ADMINISTRATORS, Role
from journal.grants import closed_tables, event_tables
from journal.models import Verification

MET, NOT_MET, BY_HAND = "符合", "不符合", "人工核对"
UNUSED = timedelta(days=180)  # an account nobody came in with for so long is one to ask about
RECENTLY = timedelta(days=2)
HALF_A_YEAR = timedelta(days=184)
IDLE_MOST, PASSWORD_DAYS_MOST, MIN_LENGTH = 30 * 60, 90, 10


@dataclass(frozen=True)
class Item:
    """One question: the ``clause`` of 8.1.4 it stands in, what it is about, and ``ask()``, which gives ``(verdict, what was found)``."""

    clause: str
    subject: str
    ask: Callable


@dataclass(frozen=True)
class Answer:
    clause: str
    subject: str
    verdict: str
    found: str


def answers():
    """Every :class:`Answer`, in the order of the standard. About ten queries."""
    return [Answer(item.clause, item.subject, *item.ask()) for item in ITEMS]


def _judge(met, found):
    return (MET if met else NOT_MET), found


def _passwords():
    given = {one["NAME"].rpartition(".")[2]: one.get("OPTIONS", {}) for one in settings.AUTH_PASSWORD_VALIDATORS}
    length = given.get("MinimumLengthValidator", {}).get("min_length", 0)
    classes = given.get("CharacterClassesValidator", {}).get("classes", 0)
    days = settings.PASSWORD_DAYS
    met = (
        length >= MIN_LENGTH and classes >= 3 and 0 < days <= PASSWORD_DAYS_MOST and "CommonPasswordValidator" in given
    )
    return _judge(met, f"至少 {length} 位、{classes} 类字符，不得是常见密码，{days} 天更换，首次登录和重置后须更换")


def _names():
    counted = User.objects.aggregate(all=Count("pk"), distinct=Count(Lower("username"), distinct=True))
    return _judge(counted["all"] == counted["distinct"], f"{counted['all']} 个账号，账号名不区分大小写，一人一号")


def _limits():
    minutes = settings.SESSION_COOKIE_AGE // 60
    met = settings.SESSION_COOKIE_AGE <= IDLE_MOST and settings.SESSION_LONGEST_SECONDS > 0
    return _judge(
        met,
        f"连续输错 {ACCOUNT_TRIES} 次暂停 {int(WAIT.total_seconds() // 60)} 分钟；{minutes} 分钟无操作退出，"
        f"登录满 {settings.SESSION_LONGEST_SECONDS // 3600} 小时退出",
    )


def _transport():
    met = settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS > 0
    return _judge(met, "只接受加密连接（https）" if met else "没有强制加密连接（https）")


def _second_factor():
    needed = set(ADMINISTRATORS) | {Role.SAFETY_OFFICE}
    missing = needed - set(settings.SECOND_FACTOR_ROLES)
    without = User.objects.filter(is_active=True, role__in=settings.SECOND_FACTOR_ROLES, factors=None).count()
    if settings.DEMO or missing:
        names = "、".join(sorted(Role(role).label for role in missing))
        return _judge(False, "演示模式不要求二次验证" if settings.DEMO else f"没有要求二次验证的角色：{names}")
    return _judge(True, f"三员和安委办必须二次验证；还没有绑定的 {without} 人，绑定之前不能进入")


def _default_accounts():
    return _judge(
        not settings.DEMO, "演示账号使用同一个密码，不得用于正式环境" if settings.DEMO else "没有默认账号和默认密码"
    )


def _unused_accounts():
    since = timezone.now() - UNUSED
    active = User.objects.filter(is_active=True).exclude(role=Role.ENTERPRISE)
    idle = active.filter(Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)).count()
    return BY_HAND, f"{idle} 个启用的账号 {UNUSED.days} 天没有登录，请核对是否停用"


def _three_officers():
    active = User.objects.filter(is_active=True)
    count = {role: active.filter(role=role).count() for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)}
    found = "、".join(f"{role.label} {number} 人" for role, number in count.items())
    return _judge(all(count.values()), f"三员分设：{found}")


def _audit_kept():
    met = "disclosures.middleware.DisclosureMiddleware" in settings.MIDDLEWARE and KEPT >= HALF_A_YEAR
    return _judge(
        met,
        f"台账、账号、单位的每次办理和取用永久保存；登录记录保存 {KEPT.days} 天（网络安全法 第二十一条：不少于六个月）",
    )


def _left_behind():
    met = (
        "safetyledger.middleware.NoStoreMiddleware" in settings.MIDDLEWARE and settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    )
    return _judge(met, "关闭浏览器或退出后会话失效，浏览器不保留页面内容")


def _audit_sealed():
    last = Verification.objects.filter(is_whole=True).exclude(ended_at=None).order_by("pk").last()
    if last is None or last.ended_at < timezone.now() - RECENTLY:
        return _judge(False, "两天内没有核验过办理记录")
    when = f"{timezone.localtime(last.ended_at):%Y-%m-%d %H:%M}"
    return _judge(not last.broken, f"{when} 核验 {last.events} 条办理记录，{last.broken} 处不符；密钥不在数据库里")


def _events_closed():
    if connection.vendor != "postgresql":
        return BY_HAND, "内置数据库不分角色；请核对数据文件只有运行账号能读写"
    with connection.cursor() as cursor:
        tables = [*event_tables(), *closed_tables()]
        cursor.execute(
            "SELECT count(*) FROM unnest(%s::text[]) AS t WHERE has_table_privilege(t, 'UPDATE, DELETE')", [tables]
        )
        open_ones = cursor.fetchone()[0]
    if open_ones:
        return _judge(False, f"当前数据库角色可以修改、删除 {open_ones} 张审计表；请按“审计核验”一章分设角色")
    return _judge(True, "当前数据库角色不能修改、删除办理记录和取用记录")


def _deployment():
    found = [one.msg for one in checks.run_checks(include_deployment_checks=True) if one.level >= checks.WARNING]
    met = not found and not settings.DEBUG and "*" not in settings.ALLOWED_HOSTS
    return _judge(met, "部署检查没有发现问题" if met else f"部署检查发现 {len(found)} 项，见 manage.py check --deploy")


def _secrets():
    met = bool(settings.AUDIT_KEYS and settings.DATA_KEYS)
    return _judge(met, "审计密钥、数据密钥在数据库之外；密码只存散列值，接口令牌只存摘要，二次验证的密钥加密存放")


ITEMS = (
    Item("8.1.4.1 a", "身份唯一", _names),
    Item("8.1.4.1 a", "密码复杂度和更换", _passwords),
    Item("8.1.4.1 b", "登录失败处理、会话超时", _limits),
    Item("8.1.4.1 c", "鉴别信息传输保密", _transport),
    Item("8.1.4.1 d", "两种以上鉴别方式", _second_factor),
    Item("8.1.4.2 b", "默认账号", _default_accounts),
    Item("8.1.4.2 c", "多余、过期的账号", _unused_accounts),
    Item("8.1.4.2 d", "最小权限、权限分离", _three_officers),
    Item("8.1.4.3 a", "审计覆盖每个用户、保存时间", _audit_kept),
    Item("8.1.4.3 c", "审计记录不被改动：密钥和核验", _audit_sealed),
    Item("8.1.4.3 c", "审计记录不被改动：数据库角色", _events_closed),
    Item("8.1.4.4", "多余服务、已知漏洞", _deployment),
    Item("8.1.4.5", "恶意代码防范", lambda: (BY_HAND, "服务器的防恶意代码软件；上传文件按内容识别，照片重新编码")),
    Item("8.1.4.7", "数据完整性", _transport),
    Item("8.1.4.8", "数据保密性", _secrets),
    Item(
        "8.1.4.9", "备份和恢复", lambda: (BY_HAND, "每天备份、异地存放、每季度恢复演练的记录；见“备份、恢复演练和保留”")
    ),
    Item("8.1.4.10", "剩余信息保护", _left_behind),
    Item(
        "8.1.4.11", "个人信息保护", lambda: (BY_HAND, "只登记履职需要的姓名、职务、电话；查找、导出、打印均有取用记录")
    ),
)
