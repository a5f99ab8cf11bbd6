"""Make a backup: the database of one moment, then every file its rows name, the keys apart, and last the manifest."""

import json
import secrets
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from backups import databases, keys, manifest, postgresql, shelf, sqlite
from backups.failures import told
from backups.sealing import LEAST, SALT, Seal
from journal import anchors
from journal.refusal import Refused

KINDS = {"sqlite": sqlite, "postgresql": postgresql}
MEDIA, TEMPLATE, ANCHORS = "media/", "other/bulletin.docx", "other/audit.anchors"


@dataclass
class Made:
    """``path`` of the backup, ``manifest``; names of backups ``removed``, and of those ``future`` that a wrong clock dated."""

    path: Path
    manifest: manifest.Manifest
    removed: list
    future: list


class Listing:
    """The files of a backup, each with its line in ``files.jsonl``."""

    def __init__(self, path, seal):
        self.path, self.seal, self.count, self.bytes = path, seal, 0, 0
        self.lines = Seal().writer(path / manifest.FILES, manifest.FILES)

    def where(self, name):
        return self.path / f"{name}{self.seal.suffix}"

    def has(self, name):
        return self.where(name).exists()

    @contextmanager
    def add(self, name):
        """A new file to write into."""
        with self.seal.writer(self.where(name), name) as out:
            yield out
        self.lines.write(json.dumps([name, out.size, out.sha256], ensure_ascii=False).encode() + b"\n")
        self.count += 1
        self.bytes += out.size

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.lines.__exit__(*problem)

    def copy(self, name, file):
        with self.add(name) as out:
            for chunk in file.chunks():
                out.write(chunk)


@contextmanager
def work_room():
    """A directory for what lies there in clear for a moment; one at a time, and what a killed run left is gone."""
    with shelf.alone(settings.VAR_DIR / "backup-work") as room:
        work = room / f"{shelf.UNFINISHED}work"
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shelf.remove(work)


def make(directory, *, at, passphrase=None, keys_in=None, keep=None):
    """A backup in ``directory``, of the moment this begins; all of it or nothing. ``keys_in``: where the file of keys goes."""
    if passphrase is not None and len(passphrase) < LEAST:
        raise Refused(f"口令至少 {LEAST} 个字符")
    if keep is not None and keep < 1:
        raise Refused("--keep 至少是 1")
    name, keys_in = shelf.name_of(at), keys_in or directory
    with told(), shelf.alone(directory), work_room() as work:
        keys_in.mkdir(mode=0o700, parents=True, exist_ok=True)
        salt = secrets.token_bytes(SALT)
        seal = Seal.of(passphrase, salt) if passphrase else Seal()
        keys_file = keys.file_of(keys_in, name, seal)
        try:
            with shelf.draft(directory, name) as path:
                said = _fill(path, work, seal, keys_file, at=at)
                said.encryption = {"salt": salt.hex(), "proof": seal.proof} if passphrase else None
                manifest.write(path, said, seal)
        except BaseException:
            if not (directory / name).exists():
                keys_file.unlink(missing_ok=True)
            raise
        removed, future = shelf.thin_out(directory, keys_in, keep=keep, newest=name, at=at) if keep else ([], [])
    return Made(directory / name, said, removed, future)


def _fill(path, work, seal, keys_file, *, at):
    # Names by the hundred thousand: kept in a file meanwhile, which nobody sees.
    with Listing(path, seal) as listing, tempfile.TemporaryFile("w+", dir=work, encoding="utf-8") as names:
        applied = databases.migrations()
        with ExitStack() as until_written:
            with anchors.alone():  # file and database reach as far as each other says
                snapshot = until_written.enter_context(KINDS[connection.vendor].snapshot(work))
                if settings.AUDIT_ANCHORS.is_file():
                    shutil.copyfile(settings.AUDIT_ANCHORS, work / "anchors")
            names.writelines(f"{json.dumps(name)}\n" for name in snapshot.names())
            snapshot.write(listing.add)
        names.seek(0)
        missing, dropped = _copy_files(listing, (json.loads(line) for line in names))
        for name, path in ((TEMPLATE, Path(settings.BULLETIN_TEMPLATE)), (ANCHORS, work / "anchors")):
            if path.is_file():
                with path.open("rb") as file:
                    listing.copy(name, File(file))
    return manifest.Manifest(
        version=manifest.own_version(),
        made_at=at.astimezone(UTC).isoformat(),
        database=connection.vendor,
        migrations=applied,
        tables=snapshot.tables,
        layout=snapshot.layout,
        files=listing.count,
        bytes=listing.bytes,
        listing=listing.lines.sha256,
        missing=missing,
        dropped=dropped,
        keys=keys.write(keys_file, seal),
        encryption=None,
    )


def _copy_files(listing, names):
    """Files are written once and before their rows, so each that a row of the snapshot names is there afterwards, unless nobody took
    it for a week and it was dropped meanwhile, row first (`evidence.operations.drop_waiting`). Returns names ``(missing, dropped)``."""
    missing, dropped = [], []
    for name in names:
        if listing.has(f"{MEDIA}{name}"):  # two rows may name one file
            continue
        try:
            file = default_storage.open(name)
        except FileNotFoundError:
            (missing if databases.is_named(name) else dropped).append(name)
            continue
        with file:
            listing.copy(f"{MEDIA}{name}", file)
    return missing, dropped
