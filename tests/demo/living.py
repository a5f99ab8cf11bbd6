"""Lives of the demonstration lived again through the verbs, on the same days by the same people."""

from datetime import date

from accounts.models import User
from hazards import operations
from hazards.operations.plans import SAID
from journal.gate import day_of
from tests.stages import waiting_photo

OWN = ("feedback", "plan")  # rows beside it, by their uids


def _report(again, who, event, row, photos):
    facts = next(facts for facts in event.beside.values() if "cause" in facts)
    operations.report_major(again, **who, **{name: facts[name] for name in ("cause", "harm", "treatment")})


def _file(again, who, event, row, photos):
    operations.file_plan(again, **who, **{name: getattr(row, name) for name in SAID})


def _decide(again, who, event, row, photos):
    operations.decide_plan(again, **who, approved=event.kind == "approve_plan", opinion=event.note)


def _progress(again, who, event, row, photos):
    said = {"content": row.content, "percent": row.percent, "spent": row.spent}
    operations.report_progress(again, **who, **said, photos=photos)


ALIKE = {
    "report_major": _report,
    "acknowledge_report": lambda again, who, event, row, photos: operations.acknowledge_report(again, **who),
    "file_plan": _file,
    "approve_plan": _decide,
    "return_plan": _decide,
    "report_progress": _progress,
}


def told(event):
    """What an event says, but for what each row has of its own: its number, the uids of rows beside it."""
    facts = {name: value for name, value in event.facts.items() if name != "number"}
    beside = [{name: value for name, value in row.items() if name not in OWN} for row in event.beside.values()]
    changes = {label: words for label, words in event.changes.items() if label != "编号"}
    return (
        event.kind,
        event.from_state,
        event.to_state,
        event.at,
        event.actor_id,
        event.note,
        changes,
        facts,
        sorted(beside, key=str),
        len(event.evidence),
    )


def live_again(hazard, events):
    beside = {str(row.uid): row for rows in (hazard.feedbacks, hazard.plans, hazard.progress) for row in rows.all()}
    facts = (
        "level", "description", "location", "accident_type", "basis", "criterion", "requirement", "proposed_deadline",
    )  # fmt: skip
    kinds = ("territorial", "competent", "supervising")
    four = {
        f"{kind}_{part}": getattr(hazard, f"{kind}_{part}")
        for kind in kinds
        for part in ("unit", "holder", "person", "phone")
    }
    four |= {f"enterprise_{part}": getattr(hazard, f"enterprise_{part}") for part in ("holder", "person", "phone")}
    again = None
    for event in events:
        who = {"by": event.actor, "at": event.at}
        photos = [waiting_photo(event.actor) for _ in event.evidence]
        if event.kind == "draft":
            again = operations.draft(
                **who,
                enterprise=hazard.enterprise,
                found_on=hazard.found_on,
                inspection=hazard.inspection,
                inspectors=hazard.inspectors,
                photos=photos,
                responsibilities=four,
                **{name: getattr(hazard, name) for name in facts},
            )
        elif event.kind == "discard":
            operations.discard(again, **who, reason=event.note)
        elif event.kind == "register":
            operations.register(again, **who)
        elif event.kind == "close_on_spot":
            operations.close_on_spot(again, **who, photos=photos, note=event.note)
        elif event.kind == "issue":
            working = event.facts["working_days"]
            until = (
                {"working_days": working} if working else {"days": (hazard.original_deadline - day_of(event.at)).days}
            )
            operations.issue(again, **who, requirement=event.note, **until)
        elif event.kind == "submit_feedback":
            row = beside[next(iter(event.beside))]
            zeros = {"fault_cleared": row.fault_cleared, "gap_closed": row.gap_closed}
            operations.submit_feedback(
                again, **who, content=event.note, spent=row.spent.normalize(), photos=photos, **zeros
            )
        elif event.kind in ALIKE:
            ALIKE[event.kind](again, who, event, beside.get(next(iter(event.beside))), photos)
        else:
            due = date.fromisoformat(event.facts["deadline"]) if event.kind.startswith("reset") else None
            verdict = {"passed": event.kind.startswith("pass"), "opinion": event.note, "deadline": due}
            if event.kind.endswith("review"):
                operations.review(again, **who, **verdict)
            else:
                [review] = event.beside.values()
                people = [User.objects.get(pk=review[name]) for name in ("first_officer", "second_officer")]
                operations.accept(again, **who, **verdict, expert_opinion=review["expert_opinion"], officers=people)
    return list(again.events.all())
