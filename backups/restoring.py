"""Put a backup back, or try whether it could be: nothing is touched before every file of it has been read and compared."""

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import connection

from backups import databases, keys, manifest, shelf
from backups.failures import told
from backups.making import ANCHORS, KINDS, MEDIA, TEMPLATE, work_room
from backups.sealing import Damaged
from journal import anchors, audit
from journal.refusal import Refused


@dataclass
class Opened:
    """A backup whose every file is as it was written."""

    path: Path
    manifest: manifest.Manifest
    seal: object

    def reader(self, name):
        return self.seal.reader(self.path / f"{name}{self.seal.suffix}", name)

    def entries(self):
        return manifest.entries(self.path)


class Inside(Storage):
    """The pictures and documents of a backup, to be read where they lie."""

    def __init__(self, opened):
        self.opened = opened

    def _open(self, name, mode="rb"):
        try:
            with self.opened.reader(f"{MEDIA}{name}") as file:
                return ContentFile(file.read(), name)  # none is larger than what may be sent
        except Damaged as error:
            raise FileNotFoundError(name) from error


def opened(path, passphrase=None):
    """The backup in ``path``, or the newest one there; read through and compared. Refused with the name of what is wrong."""
    if not (path / manifest.MANIFEST).is_file() and path.is_dir() and (names := shelf.whole(path)):
        path = path / names[-1]
    said, seal = manifest.read(path, passphrase)
    if said.database != connection.vendor:
        raise Refused(f"这份备份是 {said.database} 数据库的，本机是 {connection.vendor}，不能恢复")
    databases.refuse_unknown(said.migrations)
    backup = Opened(path, said, seal)
    count = 0
    for name, size, sha256 in backup.entries():
        digest, read = hashlib.sha256(), 0
        with backup.reader(name) as file:
            for piece in file:
                digest.update(piece)
                read += len(piece)
        if (read, digest.hexdigest()) != (size, sha256):
            raise Damaged(name)
        count += 1
    if count != said.files:
        raise Damaged(manifest.FILES)
    return backup


def restore(path, *, passphrase=None, keys_from=None, without_keys=False, replace=False):
    """All of the backup is here afterwards. Returns ``(Opened, names of keys that the environment has otherwise,
    whether the file of anchors here is another than that of the backup)``.

    The database last, as one transaction: whatever happens meanwhile, either it is the old one or the new one, and no row of it
    lacks its file. ``replace``: also over a ledger that holds something.
    """
    with told(), work_room() as work:
        backup = opened(path, passphrase)
        kind = KINDS[connection.vendor]
        if problem := kind.others():
            raise Refused(problem)
        if not replace and databases.holds_something():
            raise Refused("本机的台账不是空的；确实要用备份覆盖全部数据的，请加 --replace")
        secrets = None if without_keys else keys.read(_keys_file(backup, keys_from), backup.manifest.keys, backup.seal)
        other_anchors = _put_files(backup, replace=replace)
        other_keys = keys.put(secrets) if secrets else []
        kind.load(backup.manifest, backup.reader, work)
        call_command("migrate", interactive=False, verbosity=0)
    return backup, other_keys, other_anchors


def _keys_file(backup, keys_from):
    if keys_from and not keys_from.is_dir():
        return keys_from
    return keys.file_of(keys_from or backup.path.parent, backup.path.name, backup.seal)


def _put_files(backup, *, replace):
    """Returns whether the file of anchors here, which is never overwritten, says otherwise."""
    template, other = Path(settings.BULLETIN_TEMPLATE), settings.AUDIT_ANCHORS.exists()
    for name, _, sha256 in backup.entries():
        if name.startswith(MEDIA):
            _put(name.removeprefix(MEDIA), sha256, backup.reader(name))
        elif name == TEMPLATE and (replace or not template.exists()):
            _write(template, backup.reader(name))
        elif name == ANCHORS and not settings.AUDIT_ANCHORS.exists():
            _write(settings.AUDIT_ANCHORS, backup.reader(name))
        elif name == ANCHORS:
            other = hashlib.sha256(settings.AUDIT_ANCHORS.read_bytes()).hexdigest() != sha256
    return other


def _put(name, sha256, file):
    """A file of this name with another content is what a killed restore or a failing disk left: names are given once."""
    with file:
        if default_storage.exists(name):
            with default_storage.open(name) as there:
                digest = hashlib.sha256()
                for chunk in there.chunks():
                    digest.update(chunk)
            if digest.hexdigest() == sha256:
                return
            default_storage.delete(name)
        if default_storage.save(name, _Stream(file, name)) != name:
            raise Refused(f"文件“{name}”不能按原名写入")


class _Stream(File):
    """A reader of a backup as storage takes files: once, from front to back."""

    def chunks(self, chunk_size=None):
        return iter(self.file)


def _write(path, file):
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with file, os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        for piece in file:
            out.write(piece)
    part.replace(path)


@dataclass
class Checked:
    """``breaks`` of the restored chains; ``records`` and ``events`` that were looked at."""

    backup: Opened
    records: int
    events: int
    breaks: list


def check(path, *, passphrase=None, keys_from=None):
    """A rehearsal: the backup is restored beside ours, brought to the version of this program, and every chain in it verified, by
    the keys that were kept with it where they are at hand, else by ours."""
    with told(), work_room() as work:
        backup = opened(path, passphrase)
        kind = KINDS[connection.vendor]
        kept_keys = _keys_file(backup, keys_from)
        theirs = keys.read(kept_keys, backup.manifest.keys, backup.seal) if keys_from or kept_keys.is_file() else None
        with (
            kind.scratch(work) as name,
            databases.connected_to(name),
            _files_of(backup, work),
            keys.verifying(theirs),
        ):
            kind.load(backup.manifest, backup.reader, work)
            call_command("migrate", interactive=False, verbosity=0)
            counts = {}
            broken = [*anchors.differences(), *audit.breaks(counts=counts)]
    records, events = (sum(getattr(count, what) for count in counts.values()) for what in ("records", "events"))
    return Checked(backup, records, events, broken)


@contextmanager
def _files_of(backup, work):
    """Rows find their files in the backup meanwhile, and the chains their anchors."""
    default_storage.exists("")  # made by now
    ours, default_storage._wrapped = default_storage._wrapped, Inside(backup)
    file, settings.AUDIT_ANCHORS = settings.AUDIT_ANCHORS, work / "audit.anchors"
    try:
        if any(name == ANCHORS for name, *_ in backup.entries()):
            _write(settings.AUDIT_ANCHORS, backup.reader(ANCHORS))
        yield
    finally:
        default_storage._wrapped, settings.AUDIT_ANCHORS = ours, file
