"""Failed sign-ins are counted, per account and per peer address, and further tries wait (GB/T 22239-2019 8.1.4.1 b).

Counts live in the cache, which all web processes share. ``REMOTE_ADDR`` is the real peer: forwarding headers were judged
before (TrustedProxyMiddleware).
"""

import hashlib

from django.core.cache import cache

ACCOUNT_TRIES, PEER_TRIES = 5, 30
WAIT_SECONDS = 15 * 60


def is_locked(username, peer):
    """Whether this account, or everything from this address, must wait before the next try."""
    tries = cache.get_many([_key("account", username), _key("peer", peer)])
    return (
        tries.get(_key("account", username), 0) >= ACCOUNT_TRIES or tries.get(_key("peer", peer), 0) >= PEER_TRIES
    )


def record_failure(username, peer):
    """Count one failed try; the count runs out ``WAIT_SECONDS`` after the first."""
    for key in (_key("account", username), _key("peer", peer)):
        if not cache.add(key, 1, WAIT_SECONDS):
            try:
                cache.incr(key)
            except ValueError:  # ran out between add and incr
                cache.add(key, 1, WAIT_SECONDS)


def forget(username):
    """A sign-in succeeded: the account starts afresh; the address does not."""
    cache.delete(_key("account", username))


def _key(kind, value):
    return f"login:{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()}"
