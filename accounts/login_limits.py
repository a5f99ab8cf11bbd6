"""Failed sign-ins are counted, per account and per peer address, and further tries wait (GB/T 22239-2019 8.1.4.1 b).

Counts live in the cache, which all web processes share. ``REMOTE_ADDR`` is the real peer: forwarding headers were judged
before (TrustedProxyMiddleware).
"""

import hashlib
import time

from django.core.cache import cache

ACCOUNT_TRIES, PEER_TRIES = 5, 30
WAIT_SECONDS = 15 * 60


def is_locked(username, peer):
    """Whether this account, or everything from this address, must wait before the next try."""
    limits = {_key("account", username): ACCOUNT_TRIES, _key("peer", peer): PEER_TRIES}
    return any(tries >= limits[key] for key, tries in cache.get_many(limits).items())


def record_failure(username, peer):
    """Count one failed try. The count runs out ``WAIT_SECONDS`` after the first; once too high, after the last.

    ``username`` as it is looked up (`SignInForm` cleans it): spellings of one account share one count.
    """
    now = time.time()
    for key, limit in ((_key("account", username), ACCOUNT_TRIES), (_key("peer", peer), PEER_TRIES)):
        if cache.add(key, 1, WAIT_SECONDS):
            cache.set(f"{key}:end", now + WAIT_SECONDS, WAIT_SECONDS)
            continue
        try:
            tries = cache.incr(key)
        except ValueError:  # ran out between add and incr
            cache.add(key, 1, WAIT_SECONDS)
            continue
        # Said again because the file cache forgets it: its incr gives the count the cache's own default timeout.
        end = now + WAIT_SECONDS if tries >= limit else cache.get(f"{key}:end", now + WAIT_SECONDS)
        cache.touch(key, max(end - now, 1))


def forget(username):
    """A sign-in succeeded: the account starts afresh; the address does not."""
    cache.delete(_key("account", username))


def _key(kind, value):
    return f"login:{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()}"
