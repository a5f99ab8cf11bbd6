"""Why a unit stands where it stands, what would move it up, and its year; of a sector, which is not ranked, its figures and its year."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from doors.names import asked, of_form
from flags import panels as flags
from rankings import explained, formula
from rankings.forms import LineForm
from rankings.kinds import SECTOR
from rankings.links import links_of
from rankings.moves import moves_of, oldest_overdue
from rankings.shown import CITY, SINGLE, WINDOW, may_open, on_time_rate, rate_due, rate_found, rows_due
from rankings.views.asking import line_of, neighbours
from rankings.views.ranking import form_of, found, names_of, query_of
from reporting import panels as reports

# Panels of other books on this page: ``callable(request, shown, line)`` gives the context of a fragment, its ``template`` among it, or
# None; a bounded number of queries each.
BESIDE = [
    lambda request, one, line: flags.of_unit(request, line.unit) if line.unit_id else None,
    lambda request, one, line: reports.of_unit(request, line.unit) if line.unit_id else None,
]
FIGURES = (
    ("found", "发现"), ("found_major", "其中重大"), ("closed", "销号"), ("due", "按期限到期"), ("rectified_of_due", "其中已整改"), ("overdue", "逾期未整改"),
    ("overdue_major", "其中重大逾期"), ("waiting_to_issue", "应下达未下达"), ("reviews_late", "超时未复查"), ("returned", "返潮"), ("inspections", "检查家次"),
)  # fmt: skip


@asked(query=of_form(LineForm))
def unit(request):
    """``?week|month=…&kind=…&unit=…``: one line of a table; 400 for a question that cannot be meant, 404 for who is not in it."""
    now = timezone.now()
    form = form_of(request, LineForm)
    if form.sentences:
        return render(request, "rankings/wrong.html", {"sentences": form.sentences}, status=400)
    one = found(form, at=now)
    line = line_of(one, form.given["unit"])
    asked_for = query_of(one, form, WINDOW)
    opens = one.is_opened and may_open(request.user, one.kind, line)
    links = links_of(line, asked_for) if opens else {}
    year = explained.year_of(one, line)
    context = {
        "one": one, "line": line, "kind": one.kind, "name": names_of(one, form.places)[line.code], "place": place_of(form, one), "now": now,
        "asked": asked_for, "opens": opens, "year": year, "year_data": drawn(year), "sub_kind": len(one.lines),
        "beside": [panel for panel in (tell(request, one, line) for tell in BESIDE) if panel is not None],
        "printed_period": f"计分时段至 {one.period.last}（{one.period.words}，{one.stamp}，公式{one.version}）", **neighbours(one.period, form.today),
    }  # fmt: skip
    if one.kind is SECTOR:
        return render(request, "rankings/sector.html", context | sector(one, line, links, asked_for, request.user))
    return render(request, "rankings/unit.html", context | ranked(one, line, links, request.user if opens else None))


def place_of(form, one):
    """The name of the city or county whose table is shown."""
    known = one.counties.get(one.division) if len(one.division) > CITY else None
    return known or next((place.short_name for place in form.places if place.division_code == one.division), "")


def ranked(one, line, links, reader):
    """The parts of a score beside peers and the last period, and what would move it up; ``reader``: who may open rows, or None."""
    if not line.parts:
        raise Http404("a line without a score")
    before = explained.before_of(one, line)
    parts = explained.parts_of(one, line, before, links)
    deductions = explained.deductions_of(one, line, before, links)
    earned, taken = explained.earned_and_taken(line)
    scores = [other.score for other in one.lines if other.score is not None]
    lost = sorted((part for part in parts if part.lost > 0), key=lambda part: -part.lost)
    moves = moves_of(one, line, reader=reader)
    return {
        "parts": parts, "deductions": deductions, "said": explained.said_of(parts, deductions), "before": before, "earned": earned, "taken": taken,
        "middle": explained.middle(scores), "best": max(scores, default=None), "lost": lost[:3], "above": explained.above(one, line),
        "band": one.band_of(line), "third": one.third_of(line), "is_last": line.code in one.tail, "moves": moves,
        "points": [part.points for part in parts], "labels": [label for _, label in formula.PARTS], "constants": one.version.constants,
    }  # fmt: skip


def sector(one, line, links, asked_for, reader):
    """The figures of a sector in the period and in the window, and the rows that are overdue longest."""
    single = links_of(line, asked_for | {"span": SINGLE}) if links else {}
    figures = [
        {
            "label": label, "single": line.figures[SINGLE][name], "single_url": single.get(name, ""), "window": line.figures[WINDOW][name],
            "window_url": links.get(name, ""),
        }
        for name, label in FIGURES
    ]  # fmt: skip
    rates = [
        (label, *(explained.as_float(rate(line.figures[span])) for span in (SINGLE, WINDOW)))
        for label, rate in (("整改率（期内发现）", rate_found), ("整改率（到期）", rate_due), ("按期率", on_time_rate))
    ]
    rows = oldest_overdue(one, line, reader) if links and line.figures[WINDOW]["overdue"] else []
    trail = trail_of(one, line)
    chart = {
        "labels": [str(step["period"].number) for step in trail],
        **{name: [step["figures"][name] for step in trail] for name in ("found", "closed", "overdue")},
    }
    return {
        "figures": figures,
        "rates": rates,
        "rows": [row for row in rows if row.is_read],
        "links": links,
        "trail": trail,
        "chart": chart,
    }


def trail_of(one, line):
    """The sector's own figures of twelve frozen periods up to ``one``, oldest first: ``[{period, figures, rate_due, …}, …]``; one query."""
    periods = one.period.trail(12)
    stored = explained.frozen_lines(one, periods[:-1]).filter(code=line.code)
    known = dict(stored.values_list("table__freeze__period", f"figures__{SINGLE}"))
    known[one.period.code] = line.figures[SINGLE]
    return [
        {
            "period": period, "figures": known[period.code], "due": rows_due(known[period.code]),
            "rate_due": explained.as_float(rate_due(known[period.code])), "on_time_rate": explained.as_float(on_time_rate(known[period.code])),
        }
        for period in periods
        if period.code in known
    ]  # fmt: skip


def drawn(year):
    """The year as the chart takes it; scores as numbers."""
    return {
        "labels": [str(step["period"].number) for step in year],
        "own": [None if step["score"] is None else float(step["score"]) for step in year],
        "peers": [None if step["peers"] is None else float(step["peers"]) for step in year],
    }
