"""Secrets that stand in the database: encrypted (AES-256-GCM) by keys that the database does not hold (``settings.DATA_KEYS``).

Each is bound to what it is ``about``: carried over to another row it cannot be read. The first key writes, all read.
"""

import base64
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12  # bytes, drawn anew for each: some hundred thousand secrets are far below what one key bears


class Unreadable(Exception):
    """What was sealed by a key that is not here any more, for something else, or not by us."""


def seal(text, about):
    """``text`` as the database keeps it: ``key's name:base64``."""
    name = next(iter(settings.DATA_KEYS))
    nonce = secrets.token_bytes(NONCE)
    hidden = AESGCM(_key(name, b"encrypt")).encrypt(nonce, text.encode(), about.encode())
    return f"{name}:{base64.b64encode(nonce + hidden).decode()}"


def unseal(sealed, about):
    """The text again; raises Unreadable."""
    name, _, text = sealed.partition(":")
    try:
        kept = base64.b64decode(text, validate=True)
        return AESGCM(_key(name, b"encrypt")).decrypt(kept[:NONCE], kept[NONCE:], about.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise Unreadable(f"sealed by {name[:20]!r}") from error


def fingerprint(text, about, name=None):
    """What ``text`` is recognised by where nobody need read it again, by the key ``name`` (the first): ``key's name:64 digits``."""
    name = name or next(iter(settings.DATA_KEYS))
    said = f"{about}\n{text}".encode()
    return f"{name}:{hmac.digest(_key(name, b'fingerprint'), said, 'sha256').hex()}"


def fingerprints(text, about):
    """The fingerprints of ``text`` by every key there is."""
    return [fingerprint(text, about, name) for name in settings.DATA_KEYS]


def _key(name, purpose):
    """A key for one purpose: what encrypts proves nothing, and the other way about."""
    return hmac.digest(settings.DATA_KEYS[name], b"accounts.sealing." + purpose, "sha256")
