"""One verb ends all access of a person: sessions of browsers, known devices, tokens of programs."""

from django.db import transaction

from accounts import sessions
from accounts.models import OpenSession, User
from journal import gate


@transaction.atomic
def end_access(person, *, by, at):
    """``person``, or a security administrator, ends everything that lets somebody in as ``person``; only a new sign-in does from here on.

    Returns the event, which says how much it was.
    """
    gate.check(person, "end_access", by=by)
    devices, tokens = sessions.open_to(person, at).count(), person.tokens.live(at).count()
    changes = {"登录设备": f"{devices} 台", "接口令牌": f"{tokens} 个"}
    return gate.move(person, "end_access", by=by, at=at, changes=changes, **ending_access(person))


def ending_access(person):
    """End all access of ``person`` for good, as part of an act that changes what it is worth; returns columns for its move.

    Known devices and tokens are bound to the number that the move raises, which no act ever lowers, and sessions are too: their rows
    are ended besides, so that they say why. The event of the act seals the number. Runs in the transaction of the act.
    """
    # First the person, as a sign-in does: two that lock in different orders would wait for each other.
    list(User.objects.select_for_update().filter(pk=person.pk).values_list("pk"))
    sessions.end(OpenSession.objects.filter(person=person), sessions.ALL_ENDED)
    return {"access_number": person.access_number + 1}


def end_session(person, which):
    """End the session of ``person`` with the digest ``which``; returns how many there were: one or none."""
    return sessions.end(OpenSession.objects.filter(person=person, pk=which), sessions.FROM_ANOTHER)


def end_other_sessions(person, kept):
    """End all sessions of ``person`` but the one with the digest ``kept``; returns how many."""
    return sessions.end(OpenSession.objects.filter(person=person).exclude(pk=kept), sessions.FROM_ANOTHER)
