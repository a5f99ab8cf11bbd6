"""领导总览: where the bodies of the territory stand, which major hazards are overdue, and what waits for a 批示, on one screen of a phone."""

from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import Role
from doors.names import asked
from hazards.models import Hazard
from rankings import now
from rankings.forms import RankingForm
from rankings.shown import WINDOW, on_time_rate
from rankings.views.asking import newest_table
from rankings.views.ranking import form_of, query_of

CASES, ANSWERS = 3, 3
# What else waits for a leader (a bulletin, a report): ``callable(request)`` gives rows ``{title, meta, url, button}``, the most urgent first; a
# bounded number of queries each.
WAITING = []


@require_safe
@asked()
def leader(request):
    """For every reader of rankings; 写批示 is offered to leaders alone, in whose own name it is given."""
    form, user = form_of(request, RankingForm), request.user
    today = form.today
    rows = Hazard.objects.visible_to(user, guests=False)
    counts = now.open_counts(rows, today)
    one = newest_table(form)
    cases = cases_of(rows, today) if counts["overdue_major"] else []
    context = {
        "one": one, "cases": cases, "counts": counts, "figures": figures_of(counts, one), "is_leader": user.role == Role.LEADER,
        "answers": answers_of(user, today), "waiting": [row for tell in WAITING for row in tell(request)],
        "bodies": bodies_of(one, form) if one else [], "now": timezone.now(),
    }  # fmt: skip
    return render(request, "rankings/leader.html", context)


def figures_of(counts, one):
    """The strip of numbers, as components/_figures draws it: open rows lead to the ledger, the rate to the table it comes from."""
    ledger = reverse("hazards:ledger")
    rate = on_time_rate(one.table.totals[WINDOW]) if one else None
    return [
        _figure("重大逾期", counts["overdue_major"], f"{ledger}?view=overdue&level=major", "alert-triangle", red=bool(counts["overdue_major"])),
        _figure("逾期", counts["overdue"], f"{ledger}?view=overdue", "clock-exclamation"),
        _figure("在办", counts["open"], f"{ledger}?view=open", "progress"),
        _figure(
            "按期率", "无数据" if rate is None else f"{100 * float(rate):.1f}%", reverse("rankings:index"), "circle-check",
            note=f"{one.period.words}止四周" if one else "",
        ),
    ]  # fmt: skip


def _figure(label, value, url, icon, *, red=False, note=""):
    value = f"{value:,}" if isinstance(value, int) else value
    return {"label": label, "value": value, "unit": "", "note": note, "url": url, "icon": icon, "red": red}


def cases_of(rows, today):
    """The major hazards that are overdue longest: ``[{row, days, asked}, …]``, ``asked`` the `Instruction` that waits for its answer or None."""
    found = list(now.overdue_major(rows, today).select_related("enterprise__township__parent")[:CASES])
    prefetch_related_objects(found, "instructions__unit")
    return [
        {"row": row, "days": (today - row.deadline).days, "asked": next(iter(row.open_instructions), None)}
        for row in found
    ]


def answers_of(user, today):
    """Instructions of the leader ``user`` that wait for an answer, the nearest day first: ``{rows, count}``; None for others. Two queries."""
    if user.role != Role.LEADER:
        return None
    waiting = now.waiting_for(user)
    rows = list(waiting[: ANSWERS + 1])
    count = len(rows) if len(rows) <= ANSWERS else waiting.count()
    return {"rows": [{"one": one, "is_late": one.reply_by < today} for one in rows[:ANSWERS]], "count": count}


def bodies_of(one, form):
    """The lines of the table in its order, with the way to what explains each."""
    page, asked_for = reverse("rankings:explanation"), query_of(one, form, WINDOW)
    return [
        {
            "line": line, "url": f"{page}?{urlencode(asked_for | {'unit': line.code})}", "is_last": line.code in one.tail,
            "overdue": line.figures[WINDOW]["overdue"], "major": line.figures[WINDOW]["overdue_major"],
        }
        for line in one.lines
    ]  # fmt: skip
