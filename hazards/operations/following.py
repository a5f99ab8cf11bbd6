"""What is said to people about a hazard while it goes its way."""

from django.db import transaction

from evidence.operations import attach_documents, names_of, sealed_documents
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


@transaction.atomic
def comment(hazard, *, by, at, text, documents=()):
    """Add ``text`` to the timeline, and ``documents`` (of `evidence`, uploaded by the same person) to the row; nothing else changes."""
    changes = {"附件": names_of(documents)}
    event = gate.move(hazard, "comment", by=by, at=at, note=text, changes=changes, evidence=sealed_documents(documents))
    attach_documents(hazard, documents, by=by)
    return event
