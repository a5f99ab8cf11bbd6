"""A line of the ranking in words: what each part of its score is made of, beside its peers and its last frozen period."""

from dataclasses import dataclass
from statistics import median

from look.words import percent_words
from rankings import formula
from rankings.formula import share
from rankings.models import Freeze, Line
from rankings.shown import WINDOW, coverage, on_time_rate, rate_due

PERIODS = {"month": 12, "week": 26}  # a year as it is drawn


def _share(part, whole):
    return as_float(share(part, whole))


def as_float(value):
    """A share as pages write it; None stays None."""
    return None if value is None else float(value)


# part → its measure before it is weighed, as a share 0…1 or None.
MEASURES = {
    "rectified": lambda line: as_float(rate_due(line.figures[WINDOW])),
    "on_time": lambda line: as_float(on_time_rate(line.figures[WINDOW])),
    "coverage": coverage,
    "finding": lambda line: _share(line.figures[WINDOW]["finders"], line.figures[WINDOW]["inspected"]),
    "enforcement": lambda line: _share(line.figures[WINDOW]["punished"], line.figures[WINDOW]["finders"]),
    "reporting": lambda line: _share(line.parts["reports_on_time"], line.parts["reports_due"]),
}
MEASURE_WORDS = {
    "rectified": "整改率", "on_time": "按期率", "coverage": "覆盖率", "finding": "查出隐患企业占比", "enforcement": "受责令或处罚企业占比",
    "reporting": "按时报送",
}  # fmt: skip
# part → the counts its measure is made of: (words, figure, unit).
MADE_OF = {
    "rectified": (
        ("到期", "due", "条"), ("已整改", "rectified_of_due", "条"), ("其中待复查", "believed", "条"), ("未下达计入", "unissued", "条"),
        ("复查退回计入", "refused", "条"),
    ),
    "on_time": (("按期", "on_time", "条"), ("按原定期限", "original_on_time", "条"), ("日期不详", "undated", "条")),
    "coverage": (("检查企业", "inspected", "家"),),
    "finding": (("查出隐患的企业", "finders", "家"), ("检查", "inspections", "家次"), ("本单位发现", "own_found", "条")),
    "enforcement": (("受责令或处罚的企业", "punished", "家"), ("责令", "orders", "起"), ("处罚", "penalties", "起")),
    "reporting": (("按时", "reports_on_time", "次"), ("应报", "reports_due", "次")),
}  # fmt: skip
ALWAYS = {"due", "rectified_of_due", "on_time", "inspected", "finders", "punished", "reports_on_time", "reports_due"}
TAKEN_FOR = {
    "overdue_general": "overdue_general",
    "overdue_major": "overdue_major",
    "reopened": "returned",
    "missed": "missed",
}


@dataclass(frozen=True)
class Part:
    """One part of a score: ``full`` and ``points`` after rescaling to 100, ``measure`` 0…1 before it is weighed, ``counts`` [(words,
    number, unit, address or "")]; ``peers`` and ``peer_points`` medians of the table, ``before`` the points of the last period. ``me``
    and ``middle`` place points and their median on a bar of 100. None: nothing to divide."""

    name: str
    label: str
    full: float
    points: float | None
    measure: object
    counts: list
    peers: object
    peer_points: float | None
    before: float | None

    @property
    def lost(self):
        return 0 if self.points is None else round(self.full - self.points, 1)

    @property
    def me(self):
        return _on_bar(self.points, self.full)

    @property
    def middle(self):
        return _on_bar(self.peer_points, self.full)


@dataclass(frozen=True)
class Deduction:
    """``count`` of what is taken off, ``points`` for it; each costs ``each`` per hundred firms, ``most`` at most. ``includes``: what else
    than its label says is counted, or ""."""

    label: str
    count: int
    points: float
    each: int
    most: int
    url: str
    peer_points: float
    before: float | None
    unit: str
    includes: str


def _on_bar(points, full):
    return None if points is None or not full else round(min(100.0, 100 * float(points) / float(full)), 1)


def middle(values):
    """The median of what is known; None of nothing."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def parts_of(one, line, before, links):
    """The six `Part`s of ``line`` in the order of the formula; ``before``: its `Line` in the last frozen period or None."""
    constants, parts = one.version.constants, line.parts
    scored = [other for other in one.lines if other.score is not None]
    found = []
    for name, label in formula.PARTS:
        weight = constants.weights[name]
        points, full = parts["points"][name], 100 * weight / parts["weight"] if parts["weight"] else 0
        found.append(
            Part(
                name=name,
                label=label,
                full=weight if points is None else round(full, 1),
                points=points,
                measure=MEASURES[name](line),
                counts=_counts(name, line, links),
                peers=middle(MEASURES[name](other) for other in scored),
                peer_points=middle(other.parts["points"][name] for other in scored),
                before=before.parts["points"][name] if before and before.parts else None,
            )
        )
    return found


def _counts(name, line, links):
    figures = line.figures[WINDOW]
    counts = [
        (words, figures.get(figure, 0), unit, links.get(figure, ""))
        for words, figure, unit in MADE_OF[name]
        if figure in ALWAYS or figures.get(figure)
    ]
    if name == "coverage":
        target, inspectors = line.parts["target"], line.parts["inspectors"]
        counts.append(("目标", target, "家", ""))
        counts.append(
            ("核定检查人员", inspectors, "人", "")
            if inspectors is not None
            else ("检查人员未核定，按在册企业", line.parts["register"], "家", "")
        )
    return counts


def deductions_of(one, line, before, links):
    """The four `Deduction`s of ``line``."""
    scored = [other for other in one.lines if other.score is not None]
    return [
        Deduction(
            label=label,
            count=line.figures[WINDOW][TAKEN_FOR[name]],
            points=line.parts["minus"][name],
            each=one.version.constants.each_and_most(name)[0],
            most=one.version.constants.each_and_most(name)[1],
            url=links.get(TAKEN_FOR[name], ""),
            peer_points=middle(other.parts["minus"][name] for other in scored) or 0,
            before=before.parts["minus"][name] if before and before.parts else None,
            unit="家" if name == "missed" else "条",
            includes="含超时未下达、超时未复查" if name.startswith("overdue") else "",
        )
        for name, label in formula.DEDUCTIONS
    ]


def frozen_lines(one, periods):
    """Lines of the same table in those of ``periods`` that are frozen, whatever the unit."""
    freezes = Freeze.objects.in_force().filter(city_code=one.city, period__in=[period.code for period in periods])
    return Line.objects.filter(table__freeze__in=freezes, table__kind=one.kind.code, table__division=one.division)


def before_of(one, line):
    """The `Line` of the same unit in the period before, where that is frozen; one query."""
    return frozen_lines(one, [one.period.previous()]).filter(code=line.code).first()


def year_of(one, line):
    """``[{period, score, rank, peers}, …]``, oldest first, of the frozen periods up to ``one``, itself among them; one query.

    ``peers``: the median score of the table; None without data, and for a period in which the unit was not in the table.
    """
    trail = one.period.trail(PERIODS[one.period.unit])
    known = {}
    for code, unit, score, rank in frozen_lines(one, trail[:-1]).values_list(
        "table__freeze__period", "code", "score", "rank"
    ):
        scores, own = known.setdefault(code, ([], {}))
        scores.append(score)
        if unit == line.code:
            own |= {"score": score, "rank": rank}
    found = [
        {"period": period, "score": None, "rank": None, "peers": middle(known[period.code][0])} | known[period.code][1]
        for period in trail[:-1]
        if period.code in known
    ]
    now = {
        "period": one.period,
        "score": line.score,
        "rank": line.rank,
        "peers": middle(other.score for other in one.lines),
    }
    return [*found, now]


def said_of(parts, deductions):
    """The sentence of a line: ``[(words, whether it costs points), …]``, parts without data and deductions without rows left out."""
    earned = [
        (f"{MEASURE_WORDS[part.name]} {percent_words(part.measure)}（{part.full:g} 分得 {part.points:.1f}）", False)
        for part in parts
        if part.points is not None and part.measure is not None
    ]
    lost = [(f"{one.label} {one.count} {one.unit}（−{one.points:.1f}）", True) for one in deductions if one.count]
    return [*earned, *lost]


def above(one, line):
    """``(rank, points)``: the next better place and what is missing to it; None for the first and the unranked."""
    if line.rank is None:
        return None
    better = [other for other in one.lines if other.rank is not None and other.rank < line.rank]
    if not better:
        return None
    nearest = better[-1]
    return nearest.rank, round(float(nearest.score - line.score), 1)


def earned_and_taken(line):
    """All that the parts earned and all that is taken off, as the sum under the bar says them."""
    points = [value for value in line.parts["points"].values() if value is not None]
    return round(sum(points), 1), round(sum(line.parts["minus"].values()), 1)
