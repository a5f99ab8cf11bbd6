"""Keys that the database does not hold, as ``name:64 hexadecimal digits`` with commas between them: the first is for what happens now,
all are for what was written before.

``AUDIT_KEYS`` seal events (docs/guide/audit.md), ``DATA_KEYS`` encrypt secrets that stand in the database (docs/guide/operators/second-factor.md).
"""

import re
import secrets
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from safetyledger import kept

KEY = r"[0-9A-Za-z-]{1,16}:[0-9a-f]{64}"
KEYS = re.compile(rf"{KEY}(,{KEY})*", re.ASCII)
HOW = 'echo "k1:$(openssl rand -hex 32)"'


def given(ring, env, var, *, secure, testing):
    """``({name: key}, file they stand in)`` of ``ring`` (AUDIT_KEYS, DATA_KEYS): from the environment, a file it names, or outside
    production one of our own in ``var``. The file is None where there is none."""
    if text := env.str(ring, default=""):
        return parsed(text, ring), None
    if path := env.str(f"{ring}_FILE", default=""):
        return from_file(Path(path), f"{ring}_FILE"), Path(path)
    if secure:
        raise ImproperlyConfigured(f"{ring} or {ring}_FILE must be set. A new key: {HOW}")
    if testing:
        return parsed("test:" + "7e57" * 16, "the key for tests"), None
    path = var / f"{ring.removesuffix('_KEYS').lower()}.keys"
    return parsed(kept.secret(path, KEYS, lambda: written(new("k1"))), str(path)), path


def parsed(text, source):
    """``{name: key}`` in the order of ``text``."""
    if not KEYS.fullmatch(text):
        raise ImproperlyConfigured(f"{source}: name:64 hexadecimal digits, commas between keys. A new one: {HOW}")
    keys = {name: bytes.fromhex(key) for name, key in (one.split(":") for one in text.split(","))}
    if len(keys) != text.count(",") + 1:
        raise ImproperlyConfigured(f"{source}: two keys of one name")
    return keys


def written(keys):
    """``keys`` as the environment or a file holds them."""
    return ",".join(f"{name}:{key.hex()}" for name, key in keys.items())


def from_file(path, variable):
    """The keys in ``path``, which its owner alone may read; never made anew here, for without the old ones nothing can be verified or read."""
    try:
        open_to = stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{variable} {path} cannot be read: {error}") from error
    if open_to:
        raise ImproperlyConfigured(f"{variable} {path} is open to others; chmod 600 {path}")
    return parsed(text, f"{variable} {path}")


def new(name):
    """A key nobody has, as ``{name: key}``."""
    return {name: secrets.token_bytes(32)}


def rotated(keys, day):
    """``keys`` behind a new one that is named by the ``day`` it was made on."""
    name, n = f"k{day:%Y%m%d}", 1
    while name in keys:
        n += 1
        name = f"k{day:%Y%m%d}-{n}"
    return new(name) | keys
