"""大屏: one picture of 1920 × 1080 that refreshes itself. No firm and no person is named on it (docs/adr/0034-the-wall.md)."""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.scope import in_division
from doors.names import asked
from hazards.models import Hazard
from rankings import formula, now
from rankings.drawing import wall_trend
from rankings.forms import RankingForm
from rankings.past import history, trend_of
from rankings.shown import WINDOW, on_time_rate
from rankings.trends import worst_of
from rankings.views.asking import newest_table
from rankings.views.ranking import form_of

CASES, BARS, WEEKS = 3, 7, 12
ROWS, HEAD, TAIL = 12, 5, 6  # of a longer table the first and the last are shown

NOTHING_FROZEN = {
    "rows": [], "cut_after": 0, "is_dense": False, "trend": None, "labels": [], "totals": None, "on_time": None, "worst": [], "worst_of": "行业领域",
}  # fmt: skip


@require_safe
@asked()
def wall(request):
    """The reader's city, or own county: the newest frozen week, and what stands open now. The script asks for this page again."""
    form, at = form_of(request, RankingForm), timezone.now()
    one = newest_table(form)
    division, today = form.own or form.city, form.today
    context = {
        "one": one, "now": at, "monday": today - timedelta(days=today.weekday()), "week": today.isocalendar().week,
        "place": next((place.short_name for place in form.places if place.division_code == division), ""), **standing(request.user, division, today),
    }  # fmt: skip
    return render(request, "rankings/wall.html", context | (ranking(one) if one else NOTHING_FROZEN))


def standing(user, division, today):
    """What is open in ``division`` now, the same numbers for every reader of its table; descriptions only of rows the reader sees."""
    told = now.standing(division, today)
    shown = []
    if told["counts"]["overdue_major"]:
        seen = Hazard.objects.visible_to(user, guests=False).filter(in_division(division))
        shown = now.overdue_major(seen, today).select_related("enterprise__township__parent")[:CASES]
    return told | {
        "cases": [{"days": (today - row.deadline).days, "description": row.description, "place": row.enterprise.township} for row in shown]
    }  # fmt: skip


def ranking(one):
    """The frozen table, its twelve weeks, and where most is overdue."""
    moves = history(one, count=2).moves
    rows = [_row(one, line, moves[line.code]) for line in one.lines]
    is_cut = len(rows) > ROWS
    trend = trend_of(one, WEEKS)
    totals = one.table.totals[WINDOW]
    worst = worst_of(one, BARS)
    rate = on_time_rate(totals)
    return {
        "rows": [*rows[:HEAD], *rows[-TAIL:]] if is_cut else rows, "cut_after": HEAD if is_cut else 0, "is_dense": len(rows) > 9,
        "trend": wall_trend(trend["found"], trend["closed"], trend["overdue"]), "labels": trend["labels"], "totals": totals,
        "on_time": None if rate is None else f"{100 * float(rate):.1f}", "worst": _bars(worst),
        "worst_of": "行业领域" if one.division == one.city else one.kind.label,
    }  # fmt: skip


def _row(one, line, move):
    points = line.parts.get("points", {})
    result = round(sum(points.get(name) or 0 for name in formula.RESULT_PARTS), 1)
    process = round(sum(value or 0 for value in points.values()) - result, 1)
    return {
        "line": line, "move": move, "fell": -(move or 0), "result": result, "process": process, "result_end": round(result + 0.5, 1),
        "overdue": line.figures[WINDOW]["overdue"], "is_last": line.code in one.tail,
    }  # fmt: skip


def _bars(worst):
    most = worst[0][1] if worst else 1
    return [
        {"name": name, "count": count, "width": round(430 * count / most), "y": 6 + 29 * place}
        for place, (name, count) in enumerate(worst)
    ]
