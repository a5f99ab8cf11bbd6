"""Between the right password and the second factor: nobody is signed in, and this browser may prove who it is for ten minutes.

What it waits with stands in its session on the server, bound to what sessions are bound to: a reset or a stop ends it.
"""

import time

from django.utils.crypto import constant_time_compare

from accounts.models import User

SECONDS = 600
_KEY = "second_step"


def begin(request, person, then):
    """The password of ``person`` was right; with the second factor the browser goes on to ``then``. The session gets another key: who
    planted the old one in this browser does not stand behind the password with it."""
    request.session.cycle_key()
    bound = person.get_session_auth_hash()
    request.session[_KEY] = {"person": person.pk, "bound": bound, "since": time.time(), "then": then}


def waiting(request):
    """``(person, where to then)`` of this browser, or None when nobody waits, or for too long."""
    kept = request.session.get(_KEY)
    if kept is None or not 0 <= time.time() - kept["since"] < SECONDS:
        return None
    person = User.objects.filter(pk=kept["person"], is_active=True).first()
    if person is None or not constant_time_compare(kept["bound"], person.get_session_auth_hash()):
        return None
    return person, kept["then"]


def ask(request, challenge):
    """Remember what a passkey is asked on the page that is shown now; ``challenge`` is a state of `accounts.operations.passkeys`."""
    request.session[_KEY] = request.session[_KEY] | {"challenge": challenge}


def asked(request):
    """What a passkey was asked, once; None when it was not."""
    kept = dict(request.session[_KEY])
    challenge = kept.pop("challenge", None)
    request.session[_KEY] = kept
    return challenge


def end(request):
    """Nobody waits any more."""
    request.session.pop(_KEY, None)
