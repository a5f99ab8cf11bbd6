"""The keys of an installation, in a file of their own: whoever has a backup shall not have them with it."""

import hashlib
import json
from contextlib import contextmanager

from django.conf import settings

from backups.sealing import Damaged
from journal.refusal import Refused
from safetyledger import kept, key_ring

RINGS = ("AUDIT_KEYS", "DATA_KEYS")  # settings of these names, each with a `…_FILE`


def file_of(directory, name, seal):
    return directory / f"{name}.keys{seal.suffix}"


def write(path, seal):
    """SECRET_KEY, the rings and the secrets kept in files, as one file 0600; returns its SHA-256 as it lies there."""
    files = {
        secret.relative_to(settings.VAR_DIR).as_posix(): secret.read_text(encoding="ascii")
        for secret in sorted(kept.SECRETS)
        if secret.is_file() and secret.is_relative_to(settings.VAR_DIR)
    }
    rings = {ring: key_ring.written(getattr(settings, ring)) for ring in RINGS}
    said = {"SECRET_KEY": settings.SECRET_KEY, "files": files} | rings
    with seal.writer(path, "keys") as out:
        out.write(json.dumps(said).encode())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path, sha256, seal):
    """The keys in ``path``, which must be those of the backup."""
    if not path.is_file():
        raise Refused(f"找不到密钥文件 {path}：请用 --keys 指定，或用 --without-keys 不恢复密钥")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise Damaged(path.name)
    with seal.reader(path, "keys") as file:
        return json.loads(file.read())


def put(keys):
    """The secrets are in their files again, and what follows in this process seals with them. Returns the names of those that come
    from the environment and are others there."""
    ours = [getattr(settings, f"{ring}_FILE") for ring in RINGS]
    for name, text in keys["files"].items():
        path = settings.VAR_DIR / name
        if ".." not in path.parts and path.is_relative_to(settings.VAR_DIR) and path not in ours:
            path.parent.mkdir(parents=True, exist_ok=True)
            kept.write(path, text)
    told = []
    if keys["SECRET_KEY"] not in (settings.SECRET_KEY, keys["files"].get("secret.key", "").strip()):
        told.append("SECRET_KEY")
    for ring in RINGS:
        together, file = _together(ring, keys), getattr(settings, f"{ring}_FILE")
        if together != getattr(settings, ring):
            setattr(settings, ring, together)
            if file is None:
                told.append(ring)
            else:
                kept.write(file, key_ring.written(together))
    return told


def _together(ring, keys):
    """Ours, and theirs behind them; of one name theirs, by which the rows are sealed."""
    return getattr(settings, ring) | key_ring.parsed(keys[ring], "keys")


@contextmanager
def verifying(keys):
    """Chains are verified by ``keys`` too (None: by ours alone)."""
    ours = settings.AUDIT_KEYS
    try:
        if keys:
            settings.AUDIT_KEYS = _together("AUDIT_KEYS", keys)
        yield
    finally:
        settings.AUDIT_KEYS = ours
