"""The table of one period, its workbook, and what it is drawn from."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from doors.files import sent_as
from doors.names import asked, of_form
from look.filters import replaced
from rankings import excel, formula
from rankings.forms import RankingForm
from rankings.kinds import KINDS
from rankings.links import NO_LINKS, links_of
from rankings.past import differences_of, history, revisions_of, trend_of
from rankings.shown import CITY, WINDOW, coverage, may_open, on_time_rate, rate_due, rate_found, rows_due
from workbooks.writing import XLSX
from workdays.periods import month_of, week_of

NOT_A_READER = "统计排名供检查人员、安全负责人、安委办和领导查看"
CHART_UNITS, PAGE = 10, 50
RECENT = 60
LABELS = [words for _, words in formula.PARTS]


@asked(query=of_form(RankingForm))
def index(request):
    """The ranking of one period; a question that cannot be meant gets the default and what is wrong (400)."""
    now = timezone.now()
    form = form_of(request)
    one = found(form, at=now)
    names = names_of(one, form.places)
    past = history(one)
    span = form.given.get("span") or WINDOW
    pages = _pages(request, form, one)
    asked_for = query_of(one, form, span)
    rows = [_row(request.user, line, one, names, past, span, asked_for) for line in pages["lines"]]
    trend = trend_of(one)
    worst = sorted(
        (line for line in one.lines if line.figures[span]["overdue"]), key=lambda line: -line.figures[span]["overdue"]
    )
    context = {
        "sentences": form.sentences, "one": one, "rows": rows, "pages": pages, "period": one.period, "kind": one.kind, "county": form.asked_county,
        "form": form, "place_name": called(form, one), "tabs": _tabs(request, form, one), "title": title_of(form, one), "now": now, "span": span,
        "week_code": week_of(one.period.last).code, "month_code": month_of(one.period.last).code,
        "choices": choices_of(one.period, form.today), "following": None if one.period.following().first > form.today else one.period.following(),
        "labels": LABELS, "weights": one.version.constants.weights, "constants": one.version.constants,
        "legend": [(words, one.version.constants.weights[name]) for name, words in formula.PARTS],
        "printed_period": f"计分时段至 {one.period.last}（{one.period.words}，{one.stamp}，公式{one.version}）",
        "rest": rest_of(one, span), "revisions": revisions_of(one), "differences": differences_of(one),
        "trend": trend, "trend_rows": list(zip(*trend.values(), strict=True)),
        "worst": {
            "labels": [names[line.code] for line in worst[:CHART_UNITS]],
            "values": [line.figures[span]["overdue"] for line in worst[:CHART_UNITS]],
        },
    }  # fmt: skip
    return render(request, "rankings/index.html", context, status=400 if form.sentences else 200)


@asked(query=of_form(RankingForm))
def export(request):
    """The whole table as a workbook; a question that cannot be meant gets the page with what is wrong."""
    form = form_of(request)
    if form.sentences:
        return index(request)
    one = found(form, at=timezone.now())
    title = f"{title_of(form, one)}（{one.period.full_words}，公式{one.version}，{one.stamp}）"
    span = form.given.get("span") or WINDOW
    response = StreamingHttpResponse(excel.ranking_workbook(one, title=title, span=span), content_type=XLSX)
    return sent_as(response, f"{one.kind.label}排名-{one.period.code}.xlsx", title)


def form_of(request, kind=RankingForm):
    """The question of ``request``; 403 for who reads no rankings."""
    if not request.user.reads_rankings:
        raise PermissionDenied(NOT_A_READER)
    return kind(request.GET, user=request.user, today=timezone.localdate())


def found(form, *, at):
    """The table asked for; 404 where there is no such revision."""
    one = form.answer(at=at)
    if one is None:
        raise Http404("no such revision")
    return one


def query_of(one, form, span):
    """The parameters that lead to this table again, for links: the period as frozen, the table, the span."""
    asked_for = {one.period.unit: one.period.code, "kind": one.kind.code, "span": span}
    if form.asked_county is not None:
        asked_for["county"] = form.asked_county.code
    elif one.division == form.city and form.own is not None and one.kind.code in ("township", "department"):
        asked_for["county"] = form.city
    if one.freeze is not None:
        asked_for["revision"] = one.freeze.revision
    return asked_for


def names_of(one, places):
    """``{unit code: name}``; in a table of the whole city townships are told apart by their county: every county has a 城关镇."""
    several = len(one.division) == CITY
    # As they were called then: a county renamed since changes no frozen page.
    within = (
        {place.division_code: place.short_name for place in places} | one.counties
        if several and one.kind is KINDS["township"]
        else {}
    )
    return {
        line.code: (within.get(line.division_code[:6], "") if several else "") + line.short_name for line in one.lines
    }


def _row(user, line, one, names, past, span, asked_for):
    figures = line.figures[span]
    parts = line.parts
    minus = round(sum(parts.get("minus", {}).values()), 1)
    points = parts.get("points", {})
    earned = [points.get(name) for name, _ in formula.PARTS]
    of_result = [points.get(name) or 0 for name in formula.RESULT_PARTS]
    opens = one.is_opened and may_open(user, one.kind, line)
    links, due = links_of(line, asked_for) if opens else NO_LINKS, rows_due(figures)
    return {
        "name": names[line.code],
        "line": line,
        "figures": figures,
        "links": links,
        # Coverage is of the window, whatever is shown beside it.
        "inspected_url": links_of(line, asked_for | {"span": WINDOW})["inspected"] if opens else "",
        # With what was not issued and what was refused it is a sum: a row may be in it twice, and each part opens its own.
        "due_url": links["due"] if due == figures["due"] else "",
        "asked": asked_for | {"unit": line.code},
        "move": past.moves[line.code],
        "fell": -(past.moves[line.code] or 0),
        "scores": past.scores[line.code],
        "is_proposed": line.code in past.proposed,
        "points": earned,
        "result": round(sum(of_result), 1),
        "process": round(sum(value for value in earned if value is not None) - sum(of_result), 1),
        "minus": minus,
        "third": one.third_of(line),
        "band": one.band_of(line),
        "is_last": line.code in one.tail,
        "flags": (flags := line.figures[WINDOW].get("flags", 0)),
        "flags_url": f"{reverse('flags:list')}?{urlencode({'unit': line.code})}"
        if flags and may_open(user, one.kind, line)
        else "",
        "due": due,
        "coverage": coverage(line),
        "rate_found": _float(rate_found(figures)),
        "rate_due": _float(rate_due(figures)),
        "on_time_rate": _float(on_time_rate(figures)),
        "original_on_time_rate": _float(on_time_rate(figures, "original_on_time")),
    }


def _float(value):
    return None if value is None else float(value)


def _pages(request, form, one):
    """The lines of the page asked for, and the addresses of the pages around it; a table on paper has them all."""
    number, count = form.given.get("page") or 1, max(1, -(-len(one.lines) // PAGE))
    number = min(number, count)
    return {
        "lines": one.listed[(number - 1) * PAGE : number * PAGE],
        "number": number,
        "count": count,
        "urls": [(place, replaced(request.GET, page=None if place == 1 else place)) for place in range(1, count + 1)],
    }


def _tabs(request, form, one):
    codes = (
        ["county", "township", "department", "sector"] if form.has_counties else ["township", "department", "sector"]
    )
    return [
        {
            "label": KINDS[code].label,
            "url": replaced(
                request.GET, kind=code, page=None, **({"county": None} if code in ("county", "sector") else {})
            ),
            "current": code == one.kind.code,
            "count": len(one.lines) if code == one.kind.code else None,
            "red": False,
        }
        for code in codes
    ]


def choices_of(period, today):
    """The periods to choose from, newest first: a year and more back from today, and the one in force if older."""
    newest = week_of(today) if period.unit == "week" else month_of(today)
    recent = newest.trail(RECENT)[::-1]
    return recent if period in recent else [*recent, period]


def title_of(form, one):
    """The heading of the printed table."""
    return f"{called(form, one)}安全生产隐患排查整治{'周' if one.period.unit == 'week' else '月'}统计与排名"


def rest_of(one, span):
    """What falls to no line, where there is any: ``[(label, number), …]``."""
    rest = one.table.rest.get(span) or {}
    told = (("found", "发现"), ("closed", "销号"), ("overdue", "逾期"), ("inspections", "检查"))
    return [(label, rest[name]) for name, label in told if rest.get(name)]


def called(form, one):
    """What the place of the table is called; a county as when it was frozen."""
    return (one.counties.get(one.division) if len(one.division) > CITY else None) or place_name(form)


def place_name(form):
    """What the city or county whose table is asked for is called; "" where no unit stands for it."""
    place = form.asked_county or next((place for place in form.places if place.division_code == form.city), None)
    return place.short_name or place.name if place else ""
