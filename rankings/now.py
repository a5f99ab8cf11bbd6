"""What stands open at this moment, for the wall and for leaders: counted from the index of open rows, beside the frozen table."""

from datetime import timedelta

from django.db.models import Count, Min, Q, Value

from accounts.scope import in_division
from enforcement.models import Measure
from hazards.lifecycle import State
from hazards.models import Hazard, Instruction, Transfer

MAJOR = Q(level=Hazard.Level.MAJOR)


def open_counts(rows, today):
    """What of ``rows`` (a query set of hazards) is open, as ``{name: number}``, and ``oldest``, the deadline that passed first, or None; one
    query. Overdue is the ledger's word: rectifying, its deadline before ``today``."""
    overdue = Q(state=State.RECTIFYING, deadline__lt=today)
    return (
        rows.open()
        .order_by()
        .aggregate(
            open=Count("pk"),
            major=Count("pk", filter=MAJOR),
            pending=Count("pk", filter=Q(state=State.PENDING_REVIEW)),
            unissued=Count("pk", filter=Q(state=State.REGISTERED, issue_due_on__lt=today)),
            overdue=Count("pk", filter=overdue),
            overdue_major=Count("pk", filter=overdue & MAJOR),
            oldest=Min("deadline", filter=overdue),
        )
    )


def overdue_major(rows, today):
    """The major hazards of ``rows`` that are overdue, longest first."""
    return rows.open().filter(MAJOR, state=State.RECTIFYING, deadline__lt=today).order_by("deadline", "pk")


def since(rows, first, today):
    """``{"found": …, "closed": …}`` of ``rows`` from the day ``first`` to ``today``; one query, served by the indexes of days."""
    ledger = rows.in_ledger().order_by()
    found = ledger.filter(found_on__range=(first, today)).annotate(name=Value("found"))
    closed = ledger.filter(closed_on__range=(first, today)).annotate(name=Value("closed"))
    parts = [part.values("name").annotate(number=Count("pk")).values_list("name", "number") for part in (found, closed)]
    return {"found": 0, "closed": 0} | dict(parts[0].union(parts[1], all=True))


def standing(division, today):
    """What is open in ``division`` now, whoever asks: ``{counts, week_counts, pressing, longest}``, ``longest`` the days of the row that is overdue
    longest or None. Three queries."""
    rows = Hazard.objects.filter(in_division(division))
    counts = open_counts(rows, today)
    return {
        "counts": counts, "week_counts": since(rows, today - timedelta(days=today.weekday()), today), "pressing": pressing(division, today),
        "longest": (today - counts["oldest"]).days if counts["oldest"] else None,
    }  # fmt: skip


def pressing(division, today):
    """``{"suspended": …, "instructions": …, "late_answers": …, "transfers": …}``: suspensions in force, instructions of leaders that wait for an
    answer, those of them that are late, transfers not answered in time. One query."""
    firm, row = in_division(division, "enterprise__"), in_division(division, "hazard__")
    counted = {
        "suspended": Measure.objects.suspending().filter(firm),
        "instructions": Instruction.objects.open().filter(row),
        "late_answers": Instruction.objects.open().filter(row, reply_by__lt=today),
        "transfers": Transfer.objects.open().filter(row, due_on__lt=today),
    }
    parts = [
        rows.order_by()
        .annotate(name=Value(name))
        .values("name")
        .annotate(number=Count("pk"))
        .values_list("name", "number")
        for name, rows in counted.items()
    ]
    return dict.fromkeys(counted, 0) | dict(parts[0].union(*parts[1:], all=True))


def waiting_for(leader):
    """Instructions of ``leader`` that nobody has answered, the nearest day first."""
    waiting = Instruction.objects.open().filter(leader=leader)
    return waiting.select_related("hazard", "unit").order_by("reply_by", "pk")
