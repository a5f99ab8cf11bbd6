"""Whether there is room on the disk for what people send."""

import shutil
from pathlib import Path

from django.conf import settings

from journal.refusal import Refused

MIB = 1024 * 1024
SENTENCE = "服务器存储空间不足，暂时不能上传文件。请联系系统管理员腾出空间后再传，其他办理和查阅不受影响"


def missing(folder=None):
    """None, or how many MiB are left where that is less than `DISK_RESERVE_MB`: what is left is for the database and its log.

    Asked of the disk of ``folder``, or of the one that keeps the files.
    """
    # Files in a bucket take no room here, but all else does.
    wanted = Path(folder or (settings.VAR_DIR if settings.S3_BUCKET else settings.MEDIA_ROOT))
    there = next(path for path in (wanted, *wanted.parents) if path.exists())
    left = shutil.disk_usage(there).free // MIB
    return left if left < settings.DISK_RESERVE_MB else None


def check_room():
    """Raises Refused, before anything is kept, when there is none."""
    if missing() is not None:
        raise Refused(SENTENCE)
