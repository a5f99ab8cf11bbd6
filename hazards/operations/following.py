"""What is said to people about a hazard while it goes its way."""

from journal import gate
from journal.gate import day_of
from journal.refusal import Refused


def chase(hazard, *, by, at, words):
    """Tell the enterprise and those who answer for the hazard, now and in ``words`` of one's own, to get on with it.

    Refused when somebody of the same unit did so the same day already.
    """
    gate.check(hazard, "chase", by=by)
    last = hazard.events.filter(kind="chase", unit_code=by.unit.code).order_by("sequence").last()
    if last is not None and day_of(last.at) == day_of(at):
        raise Refused(f"{by.unit}今天已经催办过（{last.actor_name}），同一条隐患每天只能催办一次")
    return gate.move(hazard, "chase", by=by, at=at, note=words)


def comment(hazard, *, by, at, text):
    """Add ``text`` to the timeline; nothing else changes."""
    return gate.move(hazard, "comment", by=by, at=at, note=text)
