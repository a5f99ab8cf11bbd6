"""SQLite: copied by its own online backup, which people neither notice nor disturb."""

import os
import sqlite3
from contextlib import closing, contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from backups.databases import SESSIONS, names_of_files
from backups.sealing import PIECE, Damaged
from safetyledger.supervisor import AlreadyRunningError, alone_in

FILE = "database/db.sqlite3"


def _opened(path):
    return closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=20))


class Snapshot:
    """A copy of the database file that nobody else writes."""

    def __init__(self, path, copy):
        self.path, self.copy, self.layout = path, copy, {}
        self.tables = counted(copy)

    def names(self):
        return names_of_files(self.copy.cursor())

    def write(self, add):
        with self.path.open("rb") as file, add(FILE) as out:
            while piece := file.read(PIECE):
                out.write(piece)


@contextmanager
def snapshot(work):
    path = work / "db.sqlite3"
    with _opened(connection.settings_dict["NAME"]) as live, closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, whole by itself
        copy.execute("PRAGMA secure_delete=ON").fetchone()
        copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608 - our own name
        copy.commit()
        yield Snapshot(path, copy)


def counted(copy):
    """``{table: rows}`` of an open database."""
    listed = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
    return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in listed.fetchall()}  # noqa: S608 - our own names


def load(manifest, source, work):
    """The file is looked at before ours is written, which SQLite does as one transaction."""
    path = work / "db.sqlite3"
    with source(FILE) as file, path.open("wb") as out:
        for piece in file:
            out.write(piece)
    with _opened(path) as copy:
        try:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            strangers = copy.execute("PRAGMA foreign_key_check").fetchone()
            if not sound or strangers or counted(copy) != manifest.tables:
                raise Damaged(FILE)
        except sqlite3.DatabaseError as error:
            raise Damaged(FILE) from error
        connection.ensure_connection()  # makes the file where there is none
        copy.backup(connection.connection)
    connection.close()
    path.unlink()


@contextmanager
def scratch(work):
    path = work / "scratch.sqlite3"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    yield str(path)


def others():
    """What stands against a restore: a running server."""
    try:
        with alone_in(settings.VAR_DIR):
            return None
    except AlreadyRunningError:
        return "台账正在运行，请先停止再恢复"
