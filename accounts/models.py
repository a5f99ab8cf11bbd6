"""Who: the tree of government bodies, and people with a role in one of them; both are records of the journal."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import models as auth
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.access import AccessToken, OpenSession
from accounts.factor import Factor, seal_of
from accounts.lifecycle import ACCOUNT_LAW, UNIT_LAW, AccountState, UnitState
from accounts.roles import ADMINISTRATORS, MANAGERS, OFFICERS, RANKING_READERS, UNIT_READERS, Role
from accounts.scope import Reach, Territorial, in_division, scope_of
from folding.fields import FoldedField
from journal import gate
from journal.models import Event, Record, RecordQuerySet

__all__ = [
    "AccessToken", "AccountEvent", "Factor", "OpenSession", "PastPassword", "SignIn", "Unit", "UnitEvent", "User", "folded", "one_case",
    "open_work_asked",
]  # fmt: skip
SERVER = "服务器命令"
# Asked with ``person`` before somebody is stopped, moved or given another role; who keeps open work answers
# ``(how many rows name the person, who is told of them meanwhile or None)``.
open_work_asked = Signal()


def _in_use(state):
    """``is_active`` is a column of its own, for sign-in and for SQL; the database holds it to what the state says."""
    return Q(is_active=True, state=state) | (Q(is_active=False) & ~Q(state=state))


class UnitQuerySet(RecordQuerySet):
    def active(self):
        return self.filter(is_active=True)

    def in_use_since(self, day):
        """Those in use on ``day`` or later: what a period that begins then has to speak of."""
        return self.filter(Q(is_active=True) | Q(retired_on__gte=day))

    def townships(self):
        return self.filter(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.TOWNSHIP)

    def counties(self):
        return self.filter(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.COUNTY)

    def departments(self):
        return self.filter(kind=Unit.Kind.DEPARTMENT)

    def visible_to(self, user):
        """Every unit for the system administrator, who keeps them, and the auditor; for others those of their territory."""
        if user.is_authenticated and user.is_active and user.role in UNIT_READERS:
            return self.all()
        return self.in_territory_of(user)

    def in_territory_of(self, user):
        """Units of the user's territory; for an enterprise user none but those named on its own hazards (not listed here)."""
        scope = scope_of(user)
        if scope.reach in (Reach.TERRITORY, Reach.DEPARTMENT):
            return self.filter(in_division(scope.division))
        return self.none()


class Unit(Record, Territorial):
    """单位: a government body in the tree city → county → township, its committee office, or a department."""

    lifecycle, noun, slug, system_name = UNIT_LAW, "单位", "unit", SERVER

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "党委政府"
        COMMITTEE_OFFICE = "committee_office", "安委办"
        DEPARTMENT = "department", "部门"

    class Level(models.TextChoices):
        CITY = "city", "市"
        COUNTY = "county", "县（区）"
        TOWNSHIP = "township", "乡镇（街道）"

    code = models.CharField("单位代码", max_length=24, unique=True)
    name = models.CharField("单位名称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    function = models.CharField("职能代码", max_length=12, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    is_active = models.BooleanField("启用", default=True)
    retired_on = models.DateField("停用日期", null=True, editable=False)
    folded = FoldedField("code", "name", "short_name")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["code"]
        indexes = [
            models.Index(fields=["division_code", "kind"], name="unit_division_kind"),
            models.Index(fields=["city_code", "kind", "function"], name="unit_city_kind_function"),
            models.Index(fields=["county_code", "kind", "function"], name="unit_county_kind_function"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["government", "committee_office", "department"]), name="unit_kind_known"
            ),
            models.CheckConstraint(condition=Q(level__in=["city", "county", "township"]), name="unit_level_known"),
            models.CheckConstraint(condition=Q(state__in=UnitState.values), name="unit_state_known"),
            models.CheckConstraint(condition=_in_use(UnitState.ACTIVE), name="unit_active_iff_state_active"),
        ]

    def __str__(self):
        return self.name


class UnitEvent(Event):
    """One thing that happened to one unit; see `journal.models.Event`."""

    record = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="events")
    actor_folded = FoldedField("actor_name")

    class Meta(Event.Meta):
        verbose_name = "单位办理记录"


def folded(name):
    """The account name ``name`` as it is compared: however its letters and widths were typed."""
    return auth.AbstractUser.normalize_username(name.strip()).lower()


def one_case(name):
    """Letters with two cases must be those every database folds alike: A to Z."""
    if any(character.lower() != character.upper() for character in name if not character.isascii()):
        raise ValidationError("账号只能用英文字母、汉字、数字和 . _ - @ +")


class UserQuerySet(RecordQuerySet):
    def named(self, username):
        """The account called ``username``, in whatever case it is typed: one or none."""
        return self.filter(Exact(Lower("username"), folded(username)))

    def visible_to(self, user):
        """Accounts are the business of the three administrators; everybody sees their own, and finds people of a territory by units."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.all() if user.is_administrator else self.filter(pk=user.pk)


class UserManager(auth.UserManager.from_queryset(UserQuerySet)):
    use_in_migrations = False

    def get_by_natural_key(self, username):
        return self.named(username).get()

    def _create_user(self, username, email, password, **facts):
        """What Django's own commands (createsuperuser) come to: an account added on the server, with its event."""
        person = self._create_user_object(username, email, password, **facts)
        return gate.create(person, "add", by=None, at=timezone.now())


class User(Record, auth.AbstractUser):
    """A person. ``unit`` is the body they serve; an enterprise user has none and is a member of an enterprise instead."""

    lifecycle, noun, slug, system_name = ACCOUNT_LAW, "账号", "account", SERVER
    # A password is nowhere told, and what is known of it changes with it; the other is written by every sign-in.
    unsealed = frozenset({"password", "password_is_given", "password_set_at", "last_login"})

    username = models.CharField(
        "账号",
        max_length=150,
        unique=True,
        validators=[auth.AbstractUser.username_validator, one_case],
        error_messages={"unique": "该账号已经有人使用"},
    )
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("状态", default=True)
    full_name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=20, choices=Role.choices, default=Role.INSPECTOR)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people", verbose_name="单位")
    post = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    superior = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="上级负责人"
    )
    folded = FoldedField("full_name", "username")

    access_number = models.PositiveIntegerField("登录批次", default=0, editable=False)
    # Whether somebody else chose the password and knows it, and since when it is what it is.
    password_is_given = models.BooleanField("初始密码", default=False, editable=False)
    password_set_at = models.DateTimeField("密码设置时间", default=timezone.now, editable=False)
    # The digest of the second factors (`accounts.factor.seal_of`), "" where there are none.
    factor_seal = models.CharField("二次验证", max_length=64, blank=True, editable=False)

    objects = UserManager()

    class Meta:
        verbose_name = "人员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_named_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(condition=Q(state__in=AccountState.values), name="user_state_known"),
            models.CheckConstraint(condition=_in_use(AccountState.ACTIVE), name="user_active_iff_state_active"),
        ]

    def __str__(self):
        return self.full_name or self.username

    def get_absolute_url(self):
        return reverse("accounts:person", args=[self.pk])

    def url_for(self, recipient_id):
        # The page of a person is for those who keep it.
        return reverse("accounts:me") if recipient_id == self.pk else self.get_absolute_url()

    def notice_words(self, event):
        return super().notice_words(event) | {"account": f"{self.full_name}（{self.username}）"}

    def _get_session_auth_hash(self, secret=None):
        """What a session, or a known device, is bound to. Whoever raises ``access_number`` ends all of them for good."""
        bound = f"{self.password}:{self.access_number}"
        return salted_hmac("accounts.User.access", bound, secret=secret, algorithm="sha256").hexdigest()

    def must_change_password(self, at):
        """Why nothing else is done at the moment ``at`` before the password is replaced, as a sentence; "" where nothing forbids it.

        GB/T 22239-2019 8.1.4.1 a: passwords are replaced regularly; one that somebody else chose is known to two.
        """
        if settings.DEMO:  # its nine accounts share a password that is printed
            return ""
        if self.password_is_given:
            return "现在的密码是别人代设的，请先换成只有自己知道的密码"
        if at - self.password_set_at > timedelta(days=settings.PASSWORD_DAYS):
            return f"密码已用满 {settings.PASSWORD_DAYS} 天，请先更换"
        return ""

    def must_bind_factor(self, at):
        """Why nothing else is done at the moment ``at`` before a second factor is bound, as a sentence; "" where nothing forbids it.

        GB/T 22239-2019 8.1.4.1 d: two ways of identification, one of them cryptographic, for those who could do the most harm.
        """
        if settings.DEMO or self.has_factor or self.role not in settings.SECOND_FACTOR_ROLES:
            return ""
        return f"{self.role_label}登录须经二次验证，请先绑定"

    @property
    def has_factor(self):
        return bool(self.factor_seal)

    @property
    def unsealed_rows(self):
        # Rows of who has none open nothing, and go before the first is bound.
        return "二次验证与办理记录不符" if self.has_factor and seal_of(self.factors.all()) != self.factor_seal else ""

    @property
    def role_label(self):
        return self.get_role_display()

    @property
    def is_officer(self):
        return self.is_active and self.role in OFFICERS and self.unit_id is not None

    @property
    def is_manager(self):
        return self.is_active and self.role in MANAGERS and self.unit_id is not None

    @property
    def is_administrator(self):
        return self.role in ADMINISTRATORS

    @property
    def reads_rankings(self):
        return self.is_active and self.role in RANKING_READERS and self.unit_id is not None


class PastPassword(models.Model):
    """A password that ``person`` had, as it was kept: a new one must be another. Never shown, and no more than `KEPT` each."""

    KEPT = 5

    person = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "用过的密码"
        ordering = ["-id"]


class AccountEvent(Event):
    """One thing done to an account by an administrator, a command on the server or its owner; see `journal.models.Event`.

    A password never stands in it.
    """

    record = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="events")
    actor_folded = FoldedField("actor_name")

    class Meta(Event.Meta):
        verbose_name = "账号审计记录"


class SignInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the auditor alone reads."""
        is_auditor = user.is_authenticated and user.is_active and user.role == Role.AUDITOR
        return self.all() if is_auditor else self.none()


class SignIn(models.Model):
    """One try at a password or a second factor, or one sign-out: read by the auditor, and what limits are counted by. No password stands in it.

    ``person`` is whose name was given; a name that is nobody's is not kept, because people type passwords there. ``name_key``
    and ``peer_key`` are what tries are counted by; ``device`` is the known device of ``person`` they came from, or "".
    """

    class Result(models.TextChoices):
        SUCCESS = "success", "登录成功"
        FAILURE = "failure", "账号或密码不对"
        LOCKED = "locked", "输错过多，暂停登录"
        HALF = "half", "密码正确，等待二次验证"
        WRONG_CODE = "wrong_code", "二次验证不通过"
        RECOVERY = "recovery", "用掉一个恢复码"
        WRONG_OLD = "wrong_old", "登录后核对密码不对"
        CHANGED = "changed", "更换了密码"
        SIGN_OUT = "sign_out", "退出登录"
        ENDED = "ended", "退出了其他设备"

    at = models.DateTimeField("时间")
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="sign_ins", verbose_name="人员")
    name_key = models.CharField(max_length=64)
    peer = models.GenericIPAddressField("地址", null=True)
    peer_key = models.CharField(max_length=45)
    device = models.CharField(max_length=32, blank=True)
    result = models.CharField("结果", max_length=10, choices=Result.choices)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = "登录记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["name_key", "device", "-at"], name="signin_name"),
            models.Index(fields=["peer_key", "-at"], name="signin_peer"),
            models.Index(fields=["at"], name="signin_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    result__in=[
                        *("success", "failure", "locked", "half", "wrong_code", "recovery"),
                        *("wrong_old", "changed", "sign_out", "ended"),
                    ]
                ),
                name="signin_result_known",
            ),
        ]

    def __str__(self):
        return f"{self.person or '无此账号'} {self.get_result_display()}"
