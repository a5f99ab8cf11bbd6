"""Tokens with which programs come in for a person: made, revoked and recognised."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import AccessToken
from journal import gate
from journal.refusal import Conflict, Refused

PREFIX = "sl_"  # by which a scanner, or a person, knows what it is
USE_WRITTEN_EVERY = timedelta(hours=1)


@transaction.atomic
def make_token(person, *, by, at, name, scope, days):
    """``person`` makes a token called ``name`` for programs, good for so many ``days``; returns ``(token, secret)``.

    The secret, about 256 bits, is nowhere kept: it is shown once.
    """
    gate.check(person, "make_token", by=by)
    name = name.strip()
    if not name or len(name) > AccessToken._meta.get_field("name").max_length:
        raise Refused("请填写令牌的名称，不超过 40 个字")
    if scope not in AccessToken.Scope.values:
        raise Refused("请选择令牌的权限：只读或读写")
    if not 1 <= days <= settings.TOKEN_DAYS:
        raise Refused(f"令牌的有效天数应在 1 到 {settings.TOKEN_DAYS} 之间")
    live = list(person.tokens.live(at).values_list("name", flat=True))
    if name in live:
        raise Refused(f"已有一个叫“{name}”的令牌在用，请换一个名称，或先撤销原来的")
    if len(live) >= settings.TOKENS_AT_MOST:
        raise Refused(f"在用的令牌最多 {settings.TOKENS_AT_MOST} 个，请先撤销不用的")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken(
        person=person,
        name=name,
        scope=scope,
        digest=_digest(secret),
        access_number=person.access_number,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    until = f"{timezone.localtime(token.expires_at):%Y-%m-%d}"
    changes = {"令牌": name, "权限": token.get_scope_display(), "有效期至": until}
    gate.move(person, "make_token", by=by, at=at, changes=changes, beside=[token])
    return token, secret


@transaction.atomic
def revoke_token(person, *, by, at, token):
    """``person``, or a security administrator, ends ``token``, one of ``person.tokens``; returns the event."""
    gate.check(person, "revoke_token", by=by)
    if token.ended_at is not None:
        raise Conflict(f"令牌“{token.name}”已经撤销")
    token.ended_at = at
    return gate.move(person, "revoke_token", by=by, at=at, changes={"令牌": token.name}, beside=[token])


def token_with(secret):
    """The token that has ``secret``, with its person, the unit and the unit above, in one query; None when there is none.

    Whether it lets somebody in says its `refusal`.
    """
    return AccessToken.objects.select_related("person__unit__parent").filter(digest=_digest(secret)).first()


def note_use(token, *, at):
    """Remember that ``token`` was used: one write an hour, however many requests. A mark of the future is none: a clock was set back."""
    if token.used_at is not None and timedelta(0) <= at - token.used_at < USE_WRITTEN_EVERY:
        return
    due = Q(used_at=None) | Q(used_at__lte=at - USE_WRITTEN_EVERY) | Q(used_at__gt=at)
    AccessToken.objects.filter(due, pk=token.pk).update(used_at=at)


def _digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()
