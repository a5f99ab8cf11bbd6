"""How an event is sealed: HMAC-SHA-256 under a key that the database does not hold (`settings.AUDIT_KEYS`).

A digest is ``key's name.43 letters``: after a rotation old events are read by the key they name. A format, once used, is kept for
ever likewise. (Format 1, a plain SHA-256 that whoever writes to the database could compute too, was in no release and is believed no more.)
"""

import base64
import hmac
import json

from django.conf import settings


def _keyed(key, text):
    return base64.urlsafe_b64encode(hmac.digest(key, text, "sha256")).decode().rstrip("=")


SEALS = {2: _keyed}
NEWEST = max(SEALS)
# Made once: `json.dumps` makes one for every call that says how.
_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def newest_key():
    """The name of the key that seals what happens now."""
    return next(iter(settings.AUDIT_KEYS))


def key_of(seal):
    """The name of the key that ``seal`` says it was made with; "" for what is no seal of ours."""
    name, dot, _ = seal.partition(".")
    return name if dot else ""


def seal(number, said, key=None):
    """The digest of ``said`` (a list of JSON values) in format ``number``; the number and the name of the ``key`` are covered."""
    key = key or newest_key()
    text = _TEXT.encode([number, key, *said])
    return f"{key}.{SEALS[number](settings.AUDIT_KEYS[key], text.encode())}"


def complaint(number, seal):
    """Why ``seal`` in format ``number`` can't be one of ours, as words for a sentence; "" where it can."""
    key = key_of(seal)
    if not key:
        return "校验值不是用密钥算出的，记录可能被整条重算"
    if number not in SEALS:
        return "校验值的格式不是系统用过的，记录被改动过"
    return "" if key in settings.AUDIT_KEYS else f"校验值所用的密钥“{key}”不在密钥库里，无法核对"
