"""The words that stand in the titles of notices about a hazard, and in what is said after an act, besides the hazard itself."""

from hazards.lifecycle import State

NAMED = 4  # numbers in a title; more are counted


def words_of(hazard, event):
    """``{name: words}`` of ``event``; "" for what it has not."""
    judging = "验收" if hazard.level == "major" else "复查"
    due = event.facts.get("deadline") or hazard.deadline or ""
    wanted = {State.REGISTERED: "请下达整改", State.PENDING_REVIEW: f"请{judging}"}
    return {
        "level": hazard.get_level_display(),
        "deadline": due,
        "until": f"，期限 {due}" if due else "",
        "judging": judging,
        "wanted": wanted.get(event.to_state, f"请抓紧整改，期限 {due}"),
        "reached": event.changes.get("送达", ""),
        "parts": _spanned(event.changes.get("拆分为", "")),
        "reply_by": next((facts["reply_by"] for facts in event.beside.values() if "reply_by" in facts), ""),
        "answer_by": event.facts.get("transfer_due_on") or "",
    }


def _spanned(numbers):
    """The ``numbers`` of a split, which follow one another, as a title holds them: the first and the last of many."""
    each = numbers.split("、")
    return numbers if len(each) <= NAMED else f"{each[0]} 至 {each[-1]}，共 {len(each)} 条"
