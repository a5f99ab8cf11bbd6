"""What a person's access consists of besides the account itself: sessions of browsers, and tokens of programs (docs/adr/0041)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from journal.models import Beside

# Clocks of two machines may differ; what was made later than this is of a clock that has been set back since.
CLOCKS_DIFFER = timedelta(hours=1)
AGAIN = "请在网页“我的”的“接口令牌”中重新生成"


class TokenQuerySet(models.QuerySet):
    def live(self, at):
        """Those that let a program in at the moment ``at``, as far as the account itself does."""
        shortest = at - timedelta(days=settings.TOKEN_DAYS)
        made = Q(made_at__gt=shortest, made_at__lte=at + CLOCKS_DIFFER)
        return self.filter(made, ended_at=None, expires_at__gt=at, access_number=models.F("person__access_number"))


class AccessToken(Beside):
    """接口令牌: what a program of ``person`` comes in with, until a day and for reading alone or for writing too.

    The secret is nowhere kept, only its ``digest`` (SHA-256, hexadecimal). ``access_number`` is the person's when the token was made:
    whatever raises that one ends it. Made and revoked through the gate; ``used_at`` alone is written by its use.
    """

    class Scope(models.TextChoices):
        READ = "read", "只读"
        WRITE = "write", "读写"

    record_path = "person"
    unsealed = frozenset({"used_at"})

    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="tokens")
    name = models.CharField("名称", max_length=40)
    scope = models.CharField("权限", max_length=5, choices=Scope.choices)
    digest = models.CharField(max_length=64, unique=True)
    access_number = models.PositiveIntegerField("登录批次")
    made_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("有效期至")
    ended_at = models.DateTimeField("撤销时间", null=True)
    used_at = models.DateTimeField("最近使用", null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = "接口令牌"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(scope__in=["read", "write"]), name="token_scope_known")]

    def __str__(self):
        return self.name

    @property
    def ends_at(self):
        """When it comes in no more: a house that shortens the longest life shortens that of the tokens there are."""
        return min(self.expires_at, self.made_at + timedelta(days=settings.TOKEN_DAYS))

    @property
    def may_write(self):
        return self.scope == self.Scope.WRITE

    def refusal(self, at):
        """Why it lets nobody in at the moment ``at``, as a sentence; "" where nothing stands against it."""
        if not self.person.is_active:
            return "令牌的账号已停用，请联系系统管理员"
        if self.ended_at is not None:
            return f"令牌“{self.name}”已经撤销，{AGAIN}"
        if self.access_number != self.person.access_number:
            return f"账号更换过密码、角色或单位，绑定、移除或重置过二次验证，或者退出过所有设备，令牌“{self.name}”随之失效，{AGAIN}"
        if at >= self.ends_at:
            return f"令牌“{self.name}”已经到期，{AGAIN}"
        if self.made_at > at + CLOCKS_DIFFER:
            return f"令牌“{self.name}”的生成时间在将来，服务器时间改过，{AGAIN}"
        return ""


class OpenSession(AbstractBaseSession):
    """登录设备: what one browser is known by, as `accounts.sessions` keeps it; ``person`` is who is signed in there, if anybody.

    ``session_key`` is a digest of the key, which the browser alone has. The columns besides the data are copies of what stands in it,
    to be listed and counted by.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    peer = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "登录设备"

    @classmethod
    def get_session_store_class(cls):
        """None: rows are written by `accounts.sessions` alone."""
        return
