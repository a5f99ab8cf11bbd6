"""Runs of the verifier over everything: asked for on a page or every night, done by a process of their own, kept with what was found."""

from datetime import timedelta
from itertools import chain

from django.db import transaction
from django.utils import timezone

from journal import anchors
from journal.audit import breaks
from journal.models import Verification
from journal.refusal import Refused

KEPT = 200  # sentences that a run keeps; what is beyond is counted
LONGEST = timedelta(hours=6)  # a run that has not ended by then died: a million rows take a quarter of an hour


def ask(*, by, at):
    """Have everything verified as soon as the worker comes to it; ``by`` None: as every night. Raises Refused while one waits or runs."""
    if Verification.objects.filter(ended_at=None).exists():
        raise Refused("已有一次核验在排队或进行，请等它结束")
    return Verification.objects.create(asked_at=at, asked_by=by)


def is_asked_for():
    """Whether a run waits to be begun."""
    return Verification.objects.filter(ended_at=None, began_at=None).exists()


def bury(at):
    """End the runs whose process must have died, so that another can be asked for; returns them."""
    dead = list(Verification.objects.filter(ended_at=None, began_at__lt=at - LONGEST))
    for one in dead:
        one.ended_at, one.is_whole = at, False
    Verification.objects.bulk_update(dead, ["ended_at", "is_whole"])
    return dead


def run_asked(at, ended):
    """Do what was asked for first, unless another process does; returns it, or None. ``ended(run)`` belongs to the same transaction as
    its end."""
    one = Verification.objects.filter(ended_at=None, began_at=None).order_by("pk").first()
    if one is None or not Verification.objects.filter(pk=one.pk, began_at=None).update(began_at=at):
        return None
    one.began_at = at
    verify(one, ended=ended)
    return one


def verify(one, roots=(), say=None, ended=None):
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
    with transaction.atomic():
        one.save()
        if ended:
            ended(one)
    return counts
