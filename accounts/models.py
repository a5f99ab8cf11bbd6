"""Who: the tree of government bodies, people with a role in one of them, and what was done to their accounts."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from accounts.roles import ADMINISTRATORS, MANAGERS, OFFICERS, RANKING_READERS, Role
from accounts.scope import Reach, Territorial, in_division, scope_of


class UnitQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def townships(self):
        return self.filter(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.TOWNSHIP)

    def counties(self):
        return self.filter(kind=Unit.Kind.GOVERNMENT, level=Unit.Level.COUNTY)

    def departments(self):
        return self.filter(kind=Unit.Kind.DEPARTMENT)

    def visible_to(self, user):
        """Units of the user's territory; for an enterprise user none but those named on its own hazards (not listed here)."""
        scope = scope_of(user)
        if scope.reach in (Reach.TERRITORY, Reach.DEPARTMENT):
            return self.filter(in_division(scope.division))
        return self.none()


class Unit(Territorial):
    """单位: a government body in the tree city → county → township, its committee office, or a department."""

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
        ]

    def __str__(self):
        return self.name


class User(AbstractUser):
    """A person. ``unit`` is the body they serve; an enterprise user has none and is a member of an enterprise instead."""

    full_name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=20, choices=Role.choices, default=Role.INSPECTOR)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people", verbose_name="单位")
    post = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    superior = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="上级负责人"
    )

    objects = UserManager()

    class Meta:
        verbose_name = "人员"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known")]

    def __str__(self):
        return self.full_name or self.username

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


class AccountEventQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("account events are never edited")

    def delete(self):
        raise TypeError("account events are never deleted")


class AccountEvent(models.Model):
    """One thing an administrator, or a command on the server, did to an account. Written once, never edited.

    ``changes`` is ``[[Chinese label, before, after], …]`` in the order to be read; a password never stands in it. The names
    are those of the day.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "建立账号"
        EDITED = "edited", "修改资料"
        PASSWORD_RESET = "password_reset", "重置密码"
        GRANTED = "granted", "授权启用"
        REVOKED = "revoked", "撤销授权"
        DEACTIVATED = "deactivated", "停用账号"

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )  # null: the server
    actor_name = models.CharField("办理人姓名", max_length=40)
    person = models.ForeignKey(User, models.PROTECT, related_name="account_events", verbose_name="人员")
    person_name = models.CharField("人员姓名", max_length=40)
    kind = models.CharField("事项", max_length=20, choices=Kind.choices)
    changes = models.JSONField("变更", default=list)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = "账号审计记录"
        ordering = ["-id"]

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("account events are never edited")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("account events are never deleted")
