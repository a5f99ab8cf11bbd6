"""Verbs about second factors, and the judging of what somebody proves by one.

Whoever binds or removes one ends every other session, known device and API token of the account: they were opened without it.
"""

import hmac
import logging
import secrets
import unicodedata

import pyotp
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import sealing
from accounts.factor import Factor, about, seal_of
from accounts.models import User
from accounts.operations.access import ending_access
from journal import gate
from journal.refusal import Refused

Kind = Factor.Kind
MOST = 6  # apps and passkeys of one person
CODES, CODE_DIGITS = 10, 12  # 12 digits are 40 bits, and guesses are counted; a phone's keypad types them
STEP = 30  # seconds (RFC 6238)
SECRET_LETTERS = 32  # 160 bits (RFC 4226 §4)
NO_DEMO = "演示系统的账号由大家共用，不能绑定二次验证"
log = logging.getLogger(__name__)


def new_secret():
    """A secret for an app, in base32."""
    return pyotp.random_base32(SECRET_LETTERS)


def step_of(secret, code, *, at):
    """The half minute of which ``code`` is the code by ``secret``: the present one, or one beside it for clocks that go wrong; else None."""
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    given = code.encode()
    steps = (now, now - 1, now + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)), None)


@transaction.atomic
def bind_factor(person, *, by, at, kind, name, secret, counter=0):
    """``by``, who is ``person``, binds an app (``secret`` in base32) or a passkey; returns the recovery codes made with the first, else []."""
    if settings.DEMO:
        raise Refused(NO_DEMO)
    gate.check(person, "bind_factor", by=by)
    _require_own_rows(person)
    if not person.has_factor:
        person.factors.all().delete()  # left by nobody: somebody wrote them into the database
    bound = [row for row in person.factors.all() if row.kind != Kind.CODE]
    if len(bound) >= MOST:
        raise Refused(f"最多绑定 {MOST} 种，请先移除不用的")
    if any(row.name == name for row in bound):
        raise Refused(f"已有名为“{name}”的验证方式，请换一个名称")
    kept = sealing.seal(secret, about(person, kind))
    Factor.objects.create(person=person, kind=kind, name=name, secret=kept, added_at=at, counter=counter)
    codes = [] if bound else _new_codes(person, at=at)
    changes = {Kind(kind).label: f"绑定“{name}”"} | ({"恢复码": f"新发 {CODES} 个"} if codes else {})
    gate.move(person, "bind_factor", by=by, at=at, changes=changes, **_seal(person), **ending_access(person))
    return codes


@transaction.atomic
def drop_factor(person, *, by, at, factor):
    """``by``, who is ``person``, removes one of their apps or passkeys; the recovery codes go with the last."""
    gate.check(person, "drop_factor", by=by)
    _require_own_rows(person)
    rest = [row for row in person.factors.exclude(pk=factor.pk) if row.kind != Kind.CODE]
    if not rest and person.role in settings.SECOND_FACTOR_ROLES:
        raise Refused(f"{person.role_label}必须有二次验证，请先绑定另一种再移除这一种")
    changes = {factor.get_kind_display(): f"移除“{factor}”"}
    (person.factors.filter(pk=factor.pk) if rest else person.factors.all()).delete()
    gate.move(person, "drop_factor", by=by, at=at, changes=changes, **_seal(person), **ending_access(person))


@transaction.atomic
def renew_codes(person, *, by, at):
    """``by``, who is ``person``, gets new recovery codes, returned; the old ones are worth nothing."""
    gate.check(person, "renew_codes", by=by)
    _require_own_rows(person)
    person.factors.filter(kind=Kind.CODE).delete()
    codes = _new_codes(person, at=at)
    gate.move(person, "renew_codes", by=by, at=at, changes={"恢复码": f"换发 {CODES} 个"}, **_seal(person))
    return codes


def reset_factor(person, *, by, at):
    """A system administrator takes all second factors from an account whose owner lost them, and ends its access. Not for administrators."""
    return _clear(person, "reset_factor", by=by, at=at)


def clear_factor(person, *, by, at):
    """The same by the server, for everybody."""
    return _clear(person, "clear_factor", by=by, at=at)


@transaction.atomic
def _clear(person, move, *, by, at):
    gate.check(person, move, by=by)
    names = "、".join(str(row) for row in person.factors.exclude(kind=Kind.CODE))
    person.factors.all().delete()
    changes = {"二次验证": f"清除{names}"}
    return gate.move(person, move, by=by, at=at, changes=changes, factor_seal="", **ending_access(person))


def known(person, kind):
    """The factors of ``person`` of one ``kind``; none where the rows are not those that the account vouches for, which the log tells."""
    rows = list(person.factors.all())
    if seal_of(rows) != person.factor_seal:
        log.error("second factors of account %s are not those that were bound", person.pk)
        return []
    return [row for row in rows if row.kind == kind]


def by_code(person, code, *, at):
    """The kind of the factor of ``person`` that ``code`` proves, used up by this; "" when it proves none."""
    digits = "".join(one for one in unicodedata.normalize("NFKC", code) if one.isdigit() and one.isascii())
    if len(digits) == CODE_DIGITS:
        return Kind.CODE if _by_recovery(person, digits, at=at) else ""
    return Kind.APP if _by_app(person, digits, at=at) else ""


def codes_left(person):
    """How many recovery codes are not used up."""
    return person.factors.filter(kind=Kind.CODE, used_at=None).count()


def _by_recovery(person, digits, *, at):
    seen = set(sealing.fingerprints(digits, about(person, Kind.CODE)))
    meant = [row.pk for row in known(person, Kind.CODE) if row.secret in seen]
    return person.factors.filter(pk__in=meant, used_at=None).update(used_at=at) == 1


def _by_app(person, digits, *, at):
    now = int(at.timestamp()) // STEP
    for factor in known(person, Kind.APP):
        secret = opened(factor)
        step = step_of(secret, digits, at=at) if secret else None
        # Once: of any number who send the same code one comes in. A count of the future was left by a clock that was set back since.
        unused = Q(counter__lt=step) | Q(counter__gt=now + 1) if step else None
        if step and person.factors.filter(unused, pk=factor.pk).update(counter=step, used_at=at):
            return True
    return False


def opened(factor):
    """The secret of ``factor``; "" where the key to it is gone, which the log tells."""
    try:
        return sealing.unseal(factor.secret, factor.about)
    except sealing.Unreadable as error:
        log.error("second factor %s of account %s cannot be read: %s", factor.pk, factor.person_id, error)
        return ""


def _require_own_rows(person):
    """Refuse to seal anew what nobody bound: the new seal would vouch for a row that somebody wrote into the database."""
    # Held until the act has sealed them, as it is now: another act of the same person may have bound one meanwhile.
    if User.objects.select_for_update().get(pk=person.pk).unsealed_rows:
        who = "服务器运维人员" if person.is_administrator else "系统管理员"
        raise Refused(f"二次验证的登记与办理记录不符，请{who}重置后再绑定")


def _new_codes(person, *, at):
    bound = about(person, Kind.CODE)
    codes = [f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}" for _ in range(CODES)]
    rows = [
        Factor(person=person, kind=Kind.CODE, secret=sealing.fingerprint(code, bound), added_at=at) for code in codes
    ]
    Factor.objects.bulk_create(rows)
    return [f"{code[:4]} {code[4:8]} {code[8:]}" for code in codes]


def _seal(person):
    """What the columns of the account say of its factors as they are now."""
    return {"factor_seal": seal_of(person.factors.all())}
