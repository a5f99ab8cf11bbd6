"""Tries at a password and at a second factor: who may try, what is remembered of it, and for how long (GB/T 22239-2019 8.1.4.1 b).

A try is written down as a failure *before* the password is looked at and then corrected, so that tries sent all at once count
each other: of any number of parallel guesses at most ``ACCOUNT_TRIES`` are judged. The table is read by the auditor too.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.utils.crypto import salted_hmac

from accounts.models import SignIn, User, folded
from journal.refusal import Refused

ACCOUNT_TRIES = 5  # wrong passwords for one account; a known device of the person has a count of its own
PEER_TRIES = 30  # wrong passwords from one address that nobody ever came in from
OFFICE_TRIES = 300  # from one where somebody did: a bound on a flood, not a lock on an office
WAIT = timedelta(minutes=15)
CODE_TRIES = 20  # wrong second factors for one account in a day: a code of six digits is guessed by patience
CODE_WAIT = timedelta(days=1)
OFFICE_DAYS = timedelta(days=7)  # how long a successful sign-in speaks for its address
KEPT = timedelta(days=190)  # 网络安全法 第二十一条（三）: network logs are kept for six months at least
TOO_OFTEN = "输错次数过多，请 15 分钟后再试，或请系统管理员重置密码"
TOO_MANY_CODES = "一天内二次验证输错次数过多，请明天再试，或请{who}重置二次验证"
Result = SignIn.Result
FAILED = (Result.FAILURE, Result.WRONG_CODE, Result.WRONG_OLD)


def address_of(peer):
    """The address ``peer`` as the database takes it: without the scope of a link-local one (``%eth0``); None for what is none."""
    try:
        return str(ipaddress.ip_address(peer)).partition("%")[0]
    except ValueError:
        return None


@dataclass(frozen=True)
class Source:
    """Where a try comes from: the peer's address, and the known device (`accounts.devices`) or ""."""

    peer: str
    device: str = ""

    @property
    def address(self):
        """As `address_of` writes it."""
        return address_of(self.peer)

    @property
    def key(self):
        """What addresses are counted by: IPv6 by /64, for that is what one line is given."""
        if self.address is None:
            return "unknown"
        parsed = ipaddress.ip_address(self.address)
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        return str(ipaddress.ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False).network_address)


def begin(name, source, *, at, result=Result.FAILURE):
    """Write down that somebody tries a password of the account ``name``, or the second factor (``result``); returns the try, to be
    told how it ended.

    Raises Refused when the account, from this device, or the address must wait.
    """
    tried = _written(User.objects.named(name).first(), name, source, at=at, result=result)
    account = SignIn.objects.filter(name_key=tried.name_key, device=tried.device)
    address = SignIn.objects.filter(peer_key=tried.peer_key)
    afresh = (
        account.filter(result=Result.SUCCESS).exclude(device="").order_by("-at").values_list("at", flat=True).first()
    )
    if _is_locked(account.filter(at__gt=afresh) if afresh else account, ACCOUNT_TRIES, tried):
        _lock(tried, account)
    if result == Result.WRONG_CODE and _is_guessed(account, tried):
        is_administrator = tried.person is not None and tried.person.is_administrator
        _lock(tried, account, TOO_MANY_CODES.format(who="服务器运维人员" if is_administrator else "系统管理员"))
    if not source.device and _is_locked(address.filter(device=""), _tries_of(address, at), tried):
        _lock(tried, address)
    return tried


def succeed(tried, device):
    """Password and, where there is one, second factor were right. ``device`` is known from now on and starts afresh; what was tried elsewhere stays counted."""
    SignIn.objects.filter(pk=tried.pk).update(result=Result.SUCCESS, device=device)


def half(tried):
    """The password was right; the second factor is asked for next."""
    SignIn.objects.filter(pk=tried.pk).update(result=Result.HALF)


def take_back(tried):
    """The password was right and nothing came of it: no failure, and nothing to tell."""
    SignIn.objects.filter(pk=tried.pk).delete()


def note(person, result, source, *, at):
    """Remember that ``person`` signed out, replaced the password or used up a recovery code."""
    _written(person, person.username, source, at=at, result=result)


def drop_old(*, at, limit=10_000):
    """Forget what is older than ``KEPT``; returns how many. The next run goes on where ``limit`` stopped this one."""
    old = SignIn.objects.filter(at__lt=at - KEPT).order_by("at").values("pk")[:limit]
    return SignIn.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]


def _written(person, name, source, *, at, result):
    return SignIn.objects.create(
        at=at,
        person=person,
        name_key=_key(person, name),
        peer=source.address,
        peer_key=source.key,
        device=source.device,
        result=result,
    )


def _key(person, name):
    """What the tries of one account are counted by; a new password given by an administrator begins a new count.

    A name that is nobody's may be a password typed into the wrong field: only its fingerprint is kept.
    """
    counted = f"{folded(name)}:{person.access_number if person else ''}"
    return salted_hmac("accounts.sign_in", counted, algorithm="sha256").hexdigest()


def _is_locked(tries, limit, tried):
    """Whether ``limit`` failures fell within ``WAIT`` of each other and the last of them is younger than that.

    Tries still being judged count as failures.
    """
    others = tries.filter(at__gt=tried.at - 2 * WAIT, result__in=FAILED).exclude(pk=tried.pk)
    times = list(others.order_by("-at").values_list("at", flat=True)[:limit])
    return len(times) == limit and times[0] > tried.at - WAIT and times[-1] > times[0] - WAIT


def _is_guessed(tries, tried):
    """Whether second factors failed too often in a day; those still being judged count as failures."""
    return (
        tries.filter(at__gt=tried.at - CODE_WAIT, result=Result.WRONG_CODE).exclude(pk=tried.pk).count() >= CODE_TRIES
    )


def _tries_of(address, at):
    is_office = address.filter(result=Result.SUCCESS, at__gt=at - OFFICE_DAYS).exists()
    return OFFICE_TRIES if is_office else PEER_TRIES


def _lock(tried, tries, sentence=TOO_OFTEN):
    """Refuse the try; of tries refused for the same reason one is kept for each wait, so that a flood fills no disk."""
    if tries.filter(result=Result.LOCKED, at__gt=tried.at - WAIT).exists():
        SignIn.objects.filter(pk=tried.pk).delete()
    else:
        SignIn.objects.filter(pk=tried.pk).update(result=Result.LOCKED)
    raise Refused(sentence)
