"""Caches and broker, and for how long a process waits for a Redis that is away or hangs."""

from redis.backoff import NoBackoff
from redis.retry import Retry

BROKER = {
    # Twice the longest task: a message of a killed worker returns after this, and may then run a second time.
    "visibility_timeout": 2 * 15 * 60,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 3,
}


def caches(address, folder, *, testing):
    """Django's `CACHES`. Pages do without a cache that fails ("default"); what worker and sweeps leave behind for /readyz ("marks") must be
    seen to fail. Without the `address` of a Redis both lie in `folder`: marks must be seen by every process."""
    if testing:
        return {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("default", "marks")}
    if not address:
        return {
            "default": {"BACKEND": "safetyledger.forgiving_cache.ForgivingFileCache", "LOCATION": folder},
            "marks": {"BACKEND": "safetyledger.file_cache.FileCache", "LOCATION": folder},
        }
    # Asked once more over a new connection, since the server may have been started anew, and for half a second at most.
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 1)}
    redis = {"LOCATION": address, "OPTIONS": options}
    return {
        "default": redis | {"BACKEND": "safetyledger.forgiving_cache.ForgivingRedisCache"},
        "marks": redis | {"BACKEND": "django.core.cache.backends.redis.RedisCache"},
    }
