"""What a disk or a database says when it fails, as a sentence."""

import errno
import sqlite3
from contextlib import contextmanager

from django.db import Error

from journal.refusal import Refused

FULL = "磁盘空间不足，没有完成；腾出空间后请再执行一次"


@contextmanager
def told():
    """Failures of disk and database leave as Refused."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(FULL) from error
        raise Refused(f"文件不能读写，没有完成：{error.filename or ''} {error.strerror}") from error
    except (sqlite3.Error, Error) as error:
        if "disk is full" in str(error) or "No space left" in str(error):
            raise Refused(FULL) from error
        raise Refused(f"数据库不能读写，没有完成：{str(error).strip()}") from error


def passphrase_from(path):
    """The first line of a file; None without one. Never an argument: those are seen by everybody on the machine."""
    if path is None:
        return None
    with told():
        lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise Refused(f"口令文件 {path} 的第一行是空的")
    return lines[0].strip()
