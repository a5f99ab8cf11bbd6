"""The cache that pages use: what it cannot say or keep, the page does without.

A cache holds nothing that is not in the database too. So a Redis that is away, or hangs, or a full disk costs time and no answer.
"""

import logging
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

from safetyledger.file_cache import FileCache

log = logging.getLogger(__name__)
# Seconds for which a cache that failed is left alone: pages do not wait for its time-out one after the other.
PAUSE = 5


class Forgiving:
    """Over one of Django's caches: a call that fails is a line in the log and answers as an empty cache does."""

    _rests_until = 0.0  # of the whole process: each thread has a cache object of its own

    def get(self, key, default=None, version=None):
        return self._tried(default, super().get, key, default, version)

    def get_many(self, keys, version=None):
        return self._tried({}, super().get_many, keys, version)

    def has_key(self, key, version=None):
        return self._tried(False, super().has_key, key, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._tried(None, super().set, key, value, timeout, version)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._tried(False, super().add, key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._tried(False, super().touch, key, timeout, version)

    def delete(self, key, version=None):
        return self._tried(False, super().delete, key, version)

    def _tried(self, otherwise, call, *args):
        kind = type(self)
        if time.monotonic() < kind._rests_until:
            return otherwise
        try:
            return call(*args)
        except Exception as error:  # each backend fails in ways of its own
            kind._rests_until = time.monotonic() + PAUSE
            log.warning("The cache is left alone for %s s: %s: %s", PAUSE, type(error).__name__, error)
            return otherwise


class ForgivingRedisCache(Forgiving, RedisCache):
    pass


class ForgivingFileCache(Forgiving, FileCache):
    pass
