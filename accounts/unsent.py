"""What was typed when a session was gone: kept for whose page it was, until that person has signed in again.

Every form says whose page it stands on (a signed field, see `mark`), because the session that could have said it is over. The text
waits in the session of the browser, on the server: it is in no page, and nobody else is ever shown it.
"""

import secrets
import time
from dataclasses import dataclass

from django.core import signing

FIELD, NEVER_KEPT = "whose", ("whose", "csrfmiddlewaretoken")
KEPT_SECONDS = 3600
PAGE_SECONDS = 24 * 3600  # how long an opened page can still say whose it is
MOST, LARGEST = 5, 300_000  # forms at a time, characters in one: a bound on what a page can leave in a session
_KEY, _SIGNER = "unsent", signing.TimestampSigner(salt="accounts.unsent")


@dataclass(frozen=True)
class Unsent:
    """One form: ``path`` is where it goes, ``fields`` are ``[(name, value), …]``; ``files`` names what must be picked again."""

    key: str
    path: str
    fields: list
    files: list

    @property
    def words(self):
        """What a person recognises of it: the texts that were typed."""
        return [value for _, value in self.fields if any(not character.isascii() for character in value)]


def mark(person):
    """What the forms of a page carry to say that it was opened by ``person``."""
    return _SIGNER.sign(str(person.pk))


def whose(request):
    """The id of the person on whose page the posted form stands; None when it does not say so, or too long ago."""
    try:
        return int(_SIGNER.unsign(request.POST.get(FIELD, ""), max_age=PAGE_SECONDS))
    except signing.BadSignature:
        return None


def keep(request):
    """Keep the posted form for whose page it was; returns its key, "" when that is not known or it holds a password."""
    person = whose(request)
    fields = [(name, value) for name, values in request.POST.lists() if name not in NEVER_KEPT for value in values]
    size = sum(len(name) + len(value) for name, value in fields)
    if person is None or size > LARGEST or any("password" in name for name, _ in fields):
        return ""
    key = secrets.token_urlsafe(9)
    files = [file.name for files in request.FILES.lists() for file in files[1]]
    kept = [*request.session.get(_KEY, []), [key, person, time.time(), request.get_full_path(), fields, files]]
    request.session[_KEY] = kept[-MOST:]
    return key


def waits(request):
    """Whether this browser has something to send after signing in."""
    return bool(request.session.get(_KEY))


def found(request, key):
    """The form kept under ``key`` for who is signed in now, or None. What was another's, or is too old, is gone from here on."""
    now = time.time()
    entries = request.session.get(_KEY, [])
    mine = [one for one in entries if one[1] == request.user.pk and now - one[2] < KEPT_SECONDS]
    if mine != entries:
        request.session[_KEY] = mine
    for found_key, _, _, path, fields, files in mine:
        if found_key == key:
            return Unsent(key, path, [tuple(pair) for pair in fields], files)
    return None
