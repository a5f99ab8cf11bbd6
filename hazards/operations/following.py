"""What is said to people about a hazard while it goes its way."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from evidence.operations import attach_documents, names_of, sealed_documents
from hazards.deciders import next_to_act
from hazards.models import HazardEvent
from journal import gate
from journal.refusal import Refused

SELF_REACHED = "无。现在该由催办人本人办理"
NOBODY_REACHED = "无。该办理的人都没有在用的账号，请电话或当面催办，并请系统管理员开通账号"


def chased_that_day(hazards, *, by, at):
    """``{pk: sentence}`` of those that the unit of ``by`` chased on the day of ``at`` already. One query."""
    morning = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    that_day = HazardEvent.objects.filter(
        record__in=[hazard.pk for hazard in hazards], kind="chase", unit_code=by.unit.code,
        at__gte=morning, at__lt=morning + timedelta(days=1),
    )  # fmt: skip
    chasers = dict(that_day.order_by("sequence").values_list("record", "actor_name"))
    return {pk: f"{by.unit}今天已经催办过（{name}），同一条隐患每天只能催办一次" for pk, name in chasers.items()}


def chase(hazard, *, by, at, words):
    """Tell whoever must act next on the hazard, and those over them (`hazards.deciders.next_to_act`), now and in ``words`` of one's own,
    to get on with it. The event says whom it reaches, or that it is one's own to act,
    or that nobody has an account.

    Refused when somebody of the same unit did so the same day already.
    """
    gate.check(hazard, "chase", by=by)
    if said := chased_that_day([hazard], by=by, at=at):
        raise Refused(said[hazard.pk])
    return gate.move(hazard, "chase", by=by, at=at, note=words, changes={"送达": _reached(hazard, by)})


def _reached(hazard, by):
    """The names of those whom a chase by ``by`` reaches, in the order of their accounts; or why there are none."""
    asked = HazardEvent(record=hazard, sequence=hazard.version + 1, actor=by, to_state=hazard.state)
    told = next_to_act([asked]).get(asked.pk, set())
    people = User.objects.filter(pk__in=told - {by.pk}).order_by("pk")
    return "、".join(map(str, people)) or (SELF_REACHED if told else NOBODY_REACHED)


@transaction.atomic
def comment(hazard, *, by, at, text, documents=()):
    """Add ``text`` to the timeline, and ``documents`` (of `evidence`, uploaded by the same person) to the row; nothing else changes."""
    changes = {"附件": names_of(documents)}
    event = gate.move(hazard, "comment", by=by, at=at, note=text, changes=changes, evidence=sealed_documents(documents))
    attach_documents(hazard, documents, by=by)
    return event
