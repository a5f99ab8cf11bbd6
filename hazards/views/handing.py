"""What the page of a hazard says of units that pass it on."""

from hazards.models.transfer import Outcome
from inspections.models import Enterprise
from look import words

NEWEST = 200
LOOKS = {Outcome.ACCEPTED: "ok", Outcome.ASSIGNED: "ok", Outcome.RETURNED: "bad", Outcome.KEPT: "", Outcome.LAPSED: ""}


def is_firm_seen(user, hazard):
    """Whether the page may lead to the enterprise and the visit: who was offered a row, or has it from elsewhere, may not read them."""
    if hazard.offered_unit_id is None and not hazard.handed_over:
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


def _answered(one):
    if one.outcome in (Outcome.ACCEPTED, Outcome.RETURNED):
        return f"{one.to_unit.short_name}{one.get_outcome_display()}"
    unit = one.to_unit if one.outcome == Outcome.ASSIGNED else one.from_unit
    return f"安委办指定由{unit.short_name}负责"
