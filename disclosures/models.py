from django.db import models

from accounts.models import User
from accounts.roles import Role


class DisclosureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the auditor alone reads."""
        is_auditor = user.is_authenticated and user.is_active and user.role == Role.AUDITOR
        return self.all() if is_auditor else self.none()


class Disclosure(models.Model):
    """One time that somebody took rows, papers or files out of the system, or looked people up (GB/T 22239-2019 8.1.4.3 a, 8.1.4.11).

    Only added to: nothing of the product changes or drops a row, and on PostgreSQL the web role cannot (`journal.grants`).
    """

    is_only_added_to = True

    class Kind(models.TextChoices):
        EXPORT = "export", "导出"
        PRINT = "print", "打印"
        FILE = "file", "下载附件"
        SEARCH = "search", "查阅人员"
        API = "api", "接口读取"

    at = models.DateTimeField("时间")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    kind = models.CharField("方式", max_length=6, choices=Kind.choices)
    what = models.CharField("内容", max_length=200)
    conditions = models.CharField("条件", max_length=500, blank=True)
    peer = models.GenericIPAddressField("地址", null=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = "取用记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="disclosure_person"),
            models.Index(fields=["at"], name="disclosure_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["export", "print", "file", "search", "api"]), name="disclosure_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_kind_display()}{self.what}"
