"""What the product keeps in files between two starts, read with care.

After a power cut or a full disk a file holds half of what was written, nothing, or garbage; after a clock was set back it
is of the future. None of these may stop a start or be believed: what cannot be meant is discarded, with a line in the log.
"""

import contextlib
import fcntl
import logging
import os

log = logging.getLogger(__name__)
SECRETS = set()  # paths of the secrets asked for: what `backups.keys` takes along


def read(path, pattern):
    """The text of ``path`` when all of it matches ``pattern``, else None; one that does not match is told in the log."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except ValueError:
        text = ""
    if pattern.fullmatch(text):
        return text
    log.warning("%s cannot be read and is taken as missing", path)
    return None


def write(path, text):
    """``path`` holds all of ``text``, readable by the owner only, or what it held before; whatever happens meanwhile."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def private(path):
    """``path`` exists and is for its owner only; what SQLite writes beside it is then as well."""
    if not path.is_absolute():  # a name of SQLite's that is no path is memory
        return
    with contextlib.suppress(OSError):  # whoever opens it says why it cannot be made; another's stays as it is
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)


def secret(path, pattern, make):
    """The secret kept in ``path``; made by ``make()`` when there is none that matches ``pattern``.

    Of processes starting together one makes it, and the others read the same.
    """
    SECRETS.add(path)
    if kept := read(path, pattern):
        return kept
    with path.with_name("secrets.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = read(path, pattern)
        if kept is None:
            kept = make()
            write(path, kept)
    return kept
