from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.scope import place_of
from doors.names import asked, of_form
from look.filters import replaced
from rankings import excel, formula, operations
from rankings.forms import RankingForm
from rankings.links import links_of
from rankings.statistics import COUNTS, KINDS
from workbooks.writing import XLSX
from workdays.periods import month_of, week_of

NOT_A_READER = "统计排名供检查人员、安全负责人、安委办和领导查看"
CHART_UNITS = 10
RECENT = 60
CITY = 4  # digits of a city's code
LABELS = [words for _, words, _ in formula.PARTS]


@asked(query=of_form(RankingForm))
def index(request):
    """The ranking of one period; a question that cannot be meant gets the default and what is wrong (400)."""
    today = timezone.localdate()
    form = _form_of(request, today)
    ground, kind, period, county = form.asked()
    ranking = operations.rank(ground, kind=kind, period=period, today=today)
    moves, scores = operations.history(ranking, ground, today=today)
    counties = form.counties_of(period, county)
    names = names_of(ranking.lines, kind, ground, counties)
    shown, idle = _folded([_row(line, ranking, moves, scores, today, names) for line in ranking.lines])
    rows, process_only = _apart(shown)
    worst = sorted((line for line in ranking.lines if line.figures.overdue), key=lambda line: -line.figures.overdue)
    trend = operations.trend(ground, period, today=today)
    context = {
        "sentences": form.sentences, "ranking": ranking, "rows": rows, "process_only": process_only, "idle": idle, "unplaced": ranking.unplaced, "period": period, "kind": kind, "county": county,
        "counties": counties, "tabs": _tabs(request, ground, kind, period),
        "running": not period.is_over(today), "title": _title(request, ranking, county),
        "printed_period": f"统计时段：{period.first} 至 {period.last}（{period.words}，实时统计，未冻结）",
        "now": timezone.now(),
        "week_code": week_of(period.last).code, "month_code": month_of(period.last).code,
        "choices": _choices(period, today),
        "following": None if period.following().first > today else period.following(),
        "formula": formula, "labels": LABELS, "missing": _missing_words(), "measurable": _measurable(),
        "trend": trend, "trend_rows": list(zip(*trend.values(), strict=True)),
        "worst": {
            "labels": [names[line.figures.code] for line in worst[:CHART_UNITS]],
            "values": [line.figures.overdue for line in worst[:CHART_UNITS]],
        },
        "restricted": request.user.unit.kind == "department",
    }  # fmt: skip
    return render(request, "rankings/index.html", context, status=400 if form.sentences else 200)


@asked(query=of_form(RankingForm))
def export(request):
    """The table of the page as a workbook; a question that cannot be meant gets the page with what is wrong."""
    today = timezone.localdate()
    form = _form_of(request, today)
    if form.sentences:
        return index(request)
    ground, kind, period, county = form.asked()
    ranking = operations.rank(ground, kind=kind, period=period, today=today)
    title = f"{_title(request, ranking, county)}（{period.full_words}，公式第 {formula.VERSION} 版，实时统计未冻结）"
    response = StreamingHttpResponse(excel.ranking_workbook(ranking, title=title), content_type=XLSX)
    name = f"{kind.label}排名-{period.code}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _form_of(request, today):
    if not request.user.reads_rankings:
        raise PermissionDenied(NOT_A_READER)
    return RankingForm(request.GET, user=request.user, today=today)


def names_of(lines, kind, ground, counties):
    """``{unit code: name}``; in a table of the whole city townships are told apart by their county: every county has a 城关镇."""
    within = {one.code: one.short_name for one in counties} if kind is KINDS["township"] else {}
    several = len(ground.division) == CITY
    return {
        line.figures.code: (within.get(line.figures.division_code[:6], "") if several else "") + line.figures.short_name
        for line in lines
    }


def _row(line, ranking, moves, scores, today, names):
    code = line.figures.code
    return {
        "name": names[code],
        "line": line,
        "figures": line.figures,
        "links": links_of(line.figures, ranking.kind, ranking.period, today),
        "move": moves[code],
        "fell": -(moves[code] or 0),
        "scores": scores[code],
        "points": list(line.score.points.values()),
        "process_only": line.score.total is not None
        and all(line.score.points[name] is None for name in formula.RESULT_PARTS),
        "shares": {
            name: _share(getattr(line, name)) for name in ("coverage", "rate_found", "rate_due", "on_time_rate")
        },
    }


def _folded(rows):
    """``(rows with something to show, rows without any count or score)``; nothing is folded when that would be all."""
    idle = [row for row in rows if _is_idle(row)]
    return (rows, []) if len(idle) == len(rows) else ([row for row in rows if not _is_idle(row)], idle)


def _apart(rows):
    """``(rows with results, rows that have points for the process alone)``; the latter stand apart unless there is nothing else."""
    alone = [row for row in rows if row["process_only"]]
    return (rows, []) if len(alone) == len(rows) else ([row for row in rows if not row["process_only"]], alone)


def _is_idle(row):
    return row["line"].score.total is None and not any(getattr(row["figures"], name) for name in COUNTS)


def _share(value):
    return None if value is None else float(value)


def _choices(period, today):
    """The periods to choose from, newest first: a year and more back from today, and the one in force if older."""
    newest = week_of(today) if period.unit == "week" else month_of(today)
    recent = newest.trail(RECENT)[::-1]
    return recent if period in recent else [*recent, period]


def _tabs(request, ground, current, period):
    counted = (
        ground.competing(period)
        .order_by()
        .aggregate(**{kind.code: Count("pk", filter=kind.units) for kind in KINDS.values()})
    )
    tabs = []
    for kind in sorted(KINDS.values(), key=lambda one: len(ground.division) == 4 and one.code != "county"):
        if counted[kind.code] or kind is current:
            tabs.append(
                {
                    "label": kind.label,
                    "url": replaced(request.GET, kind=kind.code),
                    "current": kind is current,
                    "count": counted[kind.code],
                    "red": False,
                }
            )
    return tabs


def _title(request, ranking, county):
    place = county.short_name if county else place_of(request.user)
    return f"{place}安全生产隐患排查整治{'周' if ranking.period.unit == 'week' else '月'}统计与排名"


def _missing_words():
    return "、".join(words for name, words, _ in formula.PARTS if name in formula.NOT_MEASURED)


def _measurable():
    return sum(weight for name, weight in formula.WEIGHTS.items() if name not in formula.NOT_MEASURED)
