"""What frozen periods say beside one another: movement, trend, and what a revision changed. Read, never counted."""

from dataclasses import dataclass

from rankings.models import Freeze, Line, Table
from rankings.models.freeze import FROZEN
from rankings.shown import WINDOW

SPARK_PERIODS, TREND_PERIODS = 8, 12


@dataclass(frozen=True)
class History:
    """What led to a table, by unit code. ``moves``: by how many places a unit rose since the frozen period before (negative: fell), None
    when it was not ranked in both; ``scores``: those of the frozen periods up to it, oldest first, None without data; ``proposed``: who
    stands at its end and stood at the end of the period before, so that an interview (约谈) is suggested."""

    moves: dict
    scores: dict
    proposed: frozenset


def history(one, count=SPARK_PERIODS):
    """The `History` of ``one``, of ``count`` periods; one query."""
    trail = [period.code for period in one.period.trail(count)[:-1]]
    lines = Line.objects.filter(
        table__kind=one.kind.code,
        table__division=one.division,
        table__freeze__in=Freeze.objects.in_force().filter(city_code=one.city, period__in=trail),
    ).order_by("place")
    known = {code: {} for code in trail}
    for period, code, rank, score in lines.values_list("table__freeze__period", "code", "rank", "score"):
        known[period][code] = (rank, score)
    before, moves, scores = known[trail[-1]], {}, {}
    for line in one.lines:
        old = before.get(line.code, (None, None))[0]
        moves[line.code] = None if old is None or line.rank is None else old - line.rank
        scores[line.code] = [known[code].get(line.code, (None, None))[1] for code in trail] + [line.score]
    ranked = [code for code, (rank, _) in before.items() if rank is not None]
    last = ranked[-len(one.tail) :] if one.tail else ()
    return History(moves, scores, one.tail & frozenset(last))


def trend_of(one, count=TREND_PERIODS):
    """Found, closed and overdue of the table as a whole, for the frozen periods up to this one: ``{labels, found, closed, overdue}``;
    periods that were not frozen are left out. One query."""
    trail = [period.code for period in one.period.trail(count)[:-1]]
    earlier = Table.objects.filter(
        kind=one.kind.code,
        division=one.division,
        freeze__in=Freeze.objects.in_force().filter(city_code=one.city, period__in=trail),
    )
    known = dict(earlier.values_list("freeze__period", "totals"))
    kept = [(code, known[code]) for code in trail if code in known] + [(one.period.code, one.table.totals)]
    singles = [totals.get("single", {}) for _, totals in kept]
    return {
        "labels": [str(int(code[-2:])) for code, _ in kept],
        **{name: [single.get(name, 0) for single in singles] for name in ("found", "closed", "overdue")},
    }


def revisions_of(one):
    """The other revisions of a frozen period, for links: ``[Freeze, …]``; one query, none where there never was another."""
    if one.freeze is None or (one.freeze.state == FROZEN and one.freeze.revision == 1):
        return []
    same = Freeze.objects.filter(city_code=one.city, period=one.period.code)
    return list(same.exclude(pk=one.freeze.pk).order_by("revision"))


TOLD = (("score", "得分"), ("rank", "名次"))
COMPARED = (
    ("found", "发现"),
    ("due", "到期"),
    ("rectified_of_due", "到期已整改"),
    ("on_time", "按期"),
    ("overdue", "逾期"),
    ("closed", "销号"),
)


def differences_of(one):
    """What a revision changed against the one before: ``[(unit, label, before, after), …]``; two queries, for a revision alone."""
    if one.freeze is None or one.freeze.revision == 1:
        return []
    before = Table.objects.filter(
        freeze__city_code=one.city, freeze__period=one.period.code, freeze__revision=one.freeze.revision - 1,
        kind=one.kind.code, division=one.division,
    ).first()  # fmt: skip
    if before is None:
        return []
    old = {line.code: line for line in before.lines.all()}
    changed = []
    for line in one.lines:
        was = old.get(line.code)
        if was is None:
            changed.append((line.short_name, "列入", "—", "新列入"))
            continue
        pairs = [(label, getattr(was, name), getattr(line, name)) for name, label in TOLD]
        pairs += [(label, was.figures[WINDOW][name], line.figures[WINDOW][name]) for name, label in COMPARED]
        changed += [(line.short_name, label, first, second) for label, first, second in pairs if first != second]
    return changed
