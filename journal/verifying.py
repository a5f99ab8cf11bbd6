"""Runs of the verifier over everything: asked for on a page or every night, done by the worker, kept with what was found."""

from datetime import timedelta
from itertools import chain

from django.db.models import Q
from django.utils import timezone

from journal import anchors
from journal.audit import breaks
from journal.models import Verification
from journal.refusal import Refused

KEPT = 200  # sentences that a run keeps; what is beyond is counted
LONGEST = timedelta(hours=2)  # a run that took longer died with its worker


def ask(*, by, at):
    """Have everything verified as soon as the worker comes to it; ``by`` None: as every night. Raises Refused while one waits or runs."""
    if Verification.objects.filter(ended_at=None).filter(_alive(at)).exists():
        raise Refused("已有一次核验在排队或进行，请等它结束")
    return Verification.objects.create(asked_at=at, asked_by=by)


def run_asked(at):
    """Run what was asked for first, if nobody does; returns it when it ended, None when there was nothing to do."""
    waiting = Verification.objects.filter(ended_at=None).filter(Q(began_at=None) | ~_alive(at))
    one = waiting.order_by("pk").first()
    if one is None or not waiting.filter(pk=one.pk, began_at=one.began_at).update(began_at=at):
        return None
    one.began_at = at
    verify(one)
    return one


def verify(one, roots=(), say=None):
    """Compare everything and write into ``one`` what was found; returns ``{kind: Count}``. ``say`` is told every break at once.

    ``roots``: values of anchors written down elsewhere, which must stand in the file (`anchors.differences`).
    """
    counts, broken, kept = {}, 0, []
    for problem in chain(anchors.differences(roots, timezone.now()), breaks(counts=counts)):
        broken += 1
        if broken <= KEPT:
            kept.append(str(problem))
        if say:
            say(problem)
    one.records, one.events = (sum(getattr(each, name) for each in counts.values()) for name in ("records", "events"))
    one.broken, one.problems, one.ended_at = broken, kept, timezone.now()
    one.save()
    return counts


def _alive(at):
    return Q(began_at=None) | Q(began_at__gt=at - LONGEST)
