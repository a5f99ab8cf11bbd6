"""What the page of a hazard says of units that pass it on."""

from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.models.transfer import Outcome
from inspections.models import Enterprise
from look import words

NEWEST = 200
LOOKS = {Outcome.ACCEPTED: "ok", Outcome.ASSIGNED: "ok", Outcome.RETURNED: "bad", Outcome.KEPT: "", Outcome.LAPSED: ""}


def is_firm_seen(user, hazard):
    """Whether the page may lead to the enterprise and the visit: a guest, or who has the row from elsewhere, may not read them."""
    if hazard.offered_unit_id is None and not hazard.may_have_guests:
        return True
    return Enterprise.objects.visible_to(user).filter(pk=hazard.enterprise_id).exists()


def transfers_of(hazard, today):
    """Offers to other units and what became of them, the newest first, as items of components/_opinion.html. One query."""
    items = []
    rows = hazard.transfers.select_related("from_unit", "to_unit", "by", "answered_by").order_by("-pk")[:NEWEST]
    for one in rows:
        late = one.late(today)
        due = words.day_words(one.due_on, today)
        if one.outcome == Outcome.LAPSED:
            note = "尚未答复即已结束"
        elif one.outcome:
            note = ""
        else:
            note = f"等待答复，答复期限 {due}" + (f"，逾期 {late} 天" if late else "")
        if one.answered_on:
            items.append(
                {
                    "title": _answered(one),
                    "text": one.opinion,
                    "note": f"逾期 {late} 天答复" if late else "",
                    "who_when": f"{words.moment_words(one.ended_at, today)} · {one.answered_by}",
                    "look": LOOKS[one.outcome],
                }
            )
        items.append(
            {
                "title": f"{one.from_unit.short_name}移交{one.to_unit.short_name}",
                "text": one.reason,
                "note": note,
                "who_when": f"{words.moment_words(one.at, today)} · {one.by}",
                "look": "bad" if late and not one.outcome else "",
            }
        )
    return items


def referrals_of(hazard, today):
    """Referrals to other authorities and their answers, the newest first: items of components/_opinion.html. One query."""
    items = []
    for one in hazard.referrals.select_related("unit", "by", "answered_by").order_by("-pk")[:NEWEST]:
        if one.answered_at:
            items.append(
                {
                    "title": f"{one.body}答复",
                    "text": one.answer,
                    "note": f"答复日期 {words.day_words(one.answered_on, today)}",
                    "who_when": f"{words.moment_words(one.answered_at, today)} · {one.answered_by} 登记",
                    "look": "ok",
                }
            )
        items.append(
            {
                "title": f"{one.unit.short_name}移送{one.body}",
                "text": one.reason,
                "note": f"{one.case_number} · {words.day_words(one.referred_on, today)}"
                + ("" if one.answered_at else "，等待答复"),
                "who_when": f"{words.moment_words(one.at, today)} · {one.by}",
                "look": "",
            }
        )
    return items


def family_of(user, hazard):
    """``whole`` and ``parts``: the row this one was split from, and those it was split into, as far as ``user`` sees them. No query
    for a row that is neither void nor part of another."""
    seen = Hazard.objects.visible_to(user)
    whole = seen.filter(pk=hazard.split_from_id).first() if hazard.split_from_id else None
    parts = list(seen.filter(split_from=hazard).order_by("pk")[:NEWEST]) if hazard.state == State.VOIDED else []
    return {"whole": whole, "parts": parts}


def _answered(one):
    if one.outcome in (Outcome.ACCEPTED, Outcome.RETURNED):
        return f"{one.to_unit.short_name}{one.get_outcome_display()}"
    unit = one.to_unit if one.outcome == Outcome.ASSIGNED else one.from_unit
    return f"安委办指定由{unit.short_name}负责"
