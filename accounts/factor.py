"""Second factors: what somebody proves at sign-in besides the password (GB/T 22239-2019 8.1.4.1 d)."""

import hashlib
import json

from django.conf import settings
from django.core import checks
from django.db import models

from accounts.roles import Role


class Factor(models.Model):
    """One thing by which ``person`` is recognised; ``secret`` is as `accounts.sealing` writes it, about `Factor.about`.

    ``counter`` says what was used last, so that it is not used again: the half minute of an app's code, the count of a passkey.
    """

    class Kind(models.TextChoices):
        APP = "app", "验证器"
        PASSKEY = "passkey", "通行密钥"
        CODE = "code", "恢复码"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=40, blank=True)
    secret = models.TextField()
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    counter = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "二次验证"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["app", "passkey", "code"]), name="factor_kind_known")
        ]

    def __str__(self):
        return self.name or self.get_kind_display()

    @property
    def about(self):
        return about(self.person, self.kind)


def about(person, kind):
    """What the secret of a factor of ``kind`` of ``person`` is bound to."""
    return f"{person.uid}:{kind}"


def seal_of(rows):
    """What the events of an account vouch for of its factors: their digest, or "" where there are none. Their use changes nothing."""
    facts = [[row.kind, row.name, row.secret, row.added_at.timestamp()] for row in sorted(rows, key=lambda row: row.pk)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest() if facts else ""


@checks.register("accounts")
def roles_are_known(app_configs=None, **kwargs):
    """E001 a role that must have a second factor and does not exist: misspelt, it would let everybody of the right one through."""
    return [
        checks.Error(
            f"SECOND_FACTOR_ROLES names {name!r}, which is no role", hint=", ".join(Role.values), id="accounts.E001"
        )
        for name in settings.SECOND_FACTOR_ROLES
        if name not in Role.values
    ]
