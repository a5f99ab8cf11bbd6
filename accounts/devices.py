"""Known devices: a browser in which somebody signed in is remembered by a signed cookie, account by account.

What somebody else tries elsewhere does not lock the person out here. The mark is bound to the password and to the number that
`accounts.operations.access` raises, so a revoked account has no known device.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.operations.signing_in import Source

COOKIE, SALT = "safetyledger_device", "accounts.devices"
AGE = 180 * 24 * 3600  # seconds
ACCOUNTS = 8  # a shared phone knows its last people


def source_of(request, name):
    """Where a try at the account ``name`` comes from."""
    person = User.objects.named(name).first()
    return Source(request.META.get("REMOTE_ADDR", ""), _known(request, person))


def remember(request, response, person):
    """Let this browser be a known device of ``person``; returns its mark. Keeps the mark it has."""
    marks = _marks(request)
    mark = _known(request, person) or secrets.token_hex(16)
    others = [entry for entry in marks if entry[0] != person.pk]
    entries = [[person.pk, mark, person.get_session_auth_hash()], *others][:ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps(entries, salt=SALT, compress=True),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return mark


def _known(request, person):
    """The mark by which this browser is known for ``person``; "" when it is not, or no longer."""
    if person is None:
        return ""
    now = person.get_session_auth_hash()
    marks = (mark for pk, mark, bound in _marks(request) if pk == person.pk and constant_time_compare(bound, now))
    return next(marks, "")


def _marks(request):
    """``[[account, mark, what it is bound to], …]`` of this browser, the newest first."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return []


# What a browser's signature contains, and what people call it; the first that fits. Those in front name the others' engines too.
BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("HuaweiBrowser", "华为浏览器"), ("QQBrowser", "QQ 浏览器"), ("UCBrowser", "UC 浏览器"),
    ("QihooBrowser", "360 浏览器"), ("360SE", "360 浏览器"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "火狐"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
KINDS = (("iPad", "平板"), ("Tablet", "平板"), ("Mobile", "手机"), ("Android", "平板"))


def called(agent):
    """What people call a browser that says of itself ``agent``: 手机 微信; 未知设备 where it says nothing that is known."""
    kind = next((words for mark, words in KINDS if mark in agent), "电脑")
    browser = next((words for mark, words in BROWSERS if mark in agent), "")
    return f"{kind} {browser}" if browser else "未知设备"
