"""The cache in files, of one machine without Redis: an entry that cannot be read, or was written in the future, is none."""

import contextlib
import logging
import os
import pickle
import time

from django.core.cache.backends.filebased import FileBasedCache

log = logging.getLogger(__name__)
# Clocks of one machine's processes agree; a second's rounding is no future.
TOLERATED = 5


class FileCache(FileBasedCache):
    """Django's; what a power cut left or a clock since set back made is discarded, with a line in the log."""

    def get(self, key, default=None, version=None):
        with self._discarding(key, version):
            return super().get(key, default, version)
        return default

    def touch(self, key, *args, version=None, **options):
        with self._discarding(key, version):
            return super().touch(key, *args, version=version, **options)
        return False

    def has_key(self, key, version=None):
        with self._discarding(key, version):
            return super().has_key(key, version)
        return False

    def _is_expired(self, file):
        if os.fstat(file.fileno()).st_mtime > time.time() + TOLERATED:
            raise pickle.UnpicklingError("written in the future")
        return super()._is_expired(file)

    @contextlib.contextmanager
    def _discarding(self, key, version):
        try:
            yield
        except OSError:  # a disk that cannot be read is no damaged entry
            raise
        except Exception as error:  # whatever bytes stand there, unpickling them may fail in any way
            path = self._key_to_file(key, version)
            log.warning("The cache entry %s is discarded: %s", path, type(error).__name__)
            self._delete(path)
