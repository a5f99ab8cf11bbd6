"""The directory that backups stand in: unfinished ones are told from whole ones by name, old ones go, one is made at a time."""

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime

from journal.refusal import Refused

NAME = re.compile(r"safetyledger-(\d{8}T\d{6}Z)")
UNFINISHED = ".unfinished-"  # hidden, and never taken for a backup
STAMP = "%Y%m%dT%H%M%SZ"


def name_of(at):
    return f"safetyledger-{at.astimezone(UTC):{STAMP}}"


@contextmanager
def alone(directory):
    """``directory`` (made if need be, for the owner only) is ours meanwhile, and what was left half-made there is gone."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (directory / ".lock").open("a")
    except OSError as error:
        raise Refused(f"不能写入目录 {directory}：{error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"目录 {directory} 里正在进行另一次备份或校验，请稍后再试") from None
        for left in directory.glob(f"{UNFINISHED}*"):
            remove(left)
        yield directory


@contextmanager
def draft(directory, name):
    """A directory to fill, which takes its ``name`` only when all went well and is on the disk; else nothing is left."""
    if (directory / name).exists():
        raise Refused("这一秒已经有一份备份，请稍后再试")
    unfinished = directory / f"{UNFINISHED}{name}"
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        for inner, _, _ in os.walk(unfinished):
            synced(inner)
        unfinished.rename(directory / name)
    except BaseException:
        remove(unfinished)
        raise
    synced(directory)


def synced(directory):
    """The names in ``directory`` are on the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def whole(directory):
    """Names of the whole backups, the oldest first."""
    return sorted(
        path.name for path in directory.iterdir() if NAME.fullmatch(path.name) and (path / "manifest.json").is_file()
    )


def thin_out(directory, keys, *, keep, newest, at):
    """Only the last ``keep`` backups stay, ``newest`` (made just now) among them, and the keys of those; returns the names of
    ``(removed, of the future)``. What a wrong clock dated into the future neither counts nor goes."""
    names = [name for name in whole(directory) if name != newest]
    future = [name for name in names if _made_at(name) > at]
    past = [name for name in names if name not in future]
    gone = past[: max(0, len(past) - (keep - 1))]
    for name in gone:
        # Out of the way first: half a backup must not stand under the name of a whole one.
        unfinished = directory / f"{UNFINISHED}{name}"
        (directory / name).rename(unfinished)
        remove(unfinished)
        for file in keys.glob(f"{name}.keys*"):
            remove(file)
    return gone, future


def _made_at(name):
    try:
        return datetime.strptime(NAME.fullmatch(name)[1], STAMP).replace(tzinfo=UTC)
    except ValueError:  # digits that are no time
        return datetime.max.replace(tzinfo=UTC)
