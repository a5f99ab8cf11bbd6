"""移送: a matter that another authority or the judiciary decides is referred to it; the row stays open until its answer is recorded.

Deadlines run on. Nobody closes the row meanwhile: `hazards.rules.is_not_elsewhere`.
"""

from copy import copy

from django.db import transaction

from evidence.operations import attach_documents, names_of, sealed_documents
from hazards.models import Referral
from journal import gate
from journal.gate import day_of
from journal.refusal import Conflict, Refused


def open_referral(hazard):
    """The referral that waits for its answer, or None."""
    if hazard.referred_on is None:
        return None
    return hazard.referrals.filter(answered_at=None).first()


@transaction.atomic
def refer(hazard, *, by, at, body, case_number, referred_on, reason, documents=()):
    """Write down that it was referred to ``body`` by the paper ``case_number`` on ``referred_on``, with ``documents``, the papers."""
    gate.check(hazard, "refer", by=by)
    for text, words in ((body, "受移送机关"), (case_number, "移送文号"), (reason, "移送事由")):
        if not text:
            raise Refused(f"请填写{words}")
    if referred_on > day_of(at):
        raise Refused("移送日期不能晚于今天")
    if referred_on < hazard.found_on:
        raise Refused(f"移送日期不能早于排查日期 {hazard.found_on}")
    row = Referral(
        hazard=hazard,
        unit=by.unit,
        body=body,
        case_number=case_number,
        referred_on=referred_on,
        reason=reason,
        by=by,
        at=at,
    )
    event = gate.move(
        hazard,
        "refer",
        by=by,
        at=at,
        note=reason,
        beside=[row],
        evidence=sealed_documents(documents, part=row.uid),
        changes={"受移送机关": body, "移送文号": case_number, "移送日期": referred_on, "附件": names_of(documents)},
        referred_on=referred_on,
    )
    attach_documents(hazard, documents, by=by, part=row.uid)
    return event


@transaction.atomic
def answer_referral(hazard, *, by, at, answered_on, answer, documents=()):
    """Record what the authority answered on ``answered_on``; then the row may be closed again."""
    gate.check(hazard, "answer_referral", by=by)
    found = open_referral(hazard)
    if found is None:  # recorded since the row was read
        raise Conflict("这次移送的答复刚刚已经登记；请刷新页面看最新情况")
    if not answer:
        raise Refused("请填写答复内容")
    if answered_on > day_of(at):
        raise Refused("答复日期不能晚于今天")
    if answered_on < found.referred_on:
        raise Refused(f"答复日期不能早于移送日期 {found.referred_on}")
    row = copy(found)
    row.answer, row.answered_on, row.answered_by, row.answered_at = answer, answered_on, by, at
    event = gate.move(
        hazard,
        "answer_referral",
        by=by,
        at=at,
        note=answer,
        beside=[row],
        evidence=sealed_documents(documents, part=row.uid),
        changes={
            "受移送机关": row.body,
            "移送文号": row.case_number,
            "答复日期": answered_on,
            "附件": names_of(documents),
        },
        referred_on=None,
    )
    attach_documents(hazard, documents, by=by, part=row.uid)
    return event
