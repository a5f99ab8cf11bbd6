"""The verbs of the ranking. Everything is counted live from the ledger; freezing a period is not done here yet."""

from dataclasses import dataclass
from typing import NamedTuple

from rankings import formula, statistics

SPARK_PERIODS, TREND_PERIODS = 8, 12


class Line(NamedTuple):
    """One unit in the table. Rates and values are Fractions 0…1 or None (无数据); ``rank`` is None without a score."""

    figures: statistics.Figures
    rate_found: object
    rate_due: object
    on_time_rate: object
    coverage: object
    target: int
    score: formula.Score
    rank: int | None


@dataclass(frozen=True)
class Ranking:
    """The table of one ``period`` and ``kind`` (:class:`statistics.Kind`), best first, the unranked last."""

    period: object
    kind: statistics.Kind
    lines: list

    @property
    def unplaced(self):
        """Why page and workbook give no places, as a sentence; "" where they do: the first of one, or of nothing, is none."""
        if len(self.lines) == 1:
            return "您的管辖范围内只有这一个单位，不排名次"
        counted = [name for name in statistics.COUNTS if name != "register"]
        happened = any(getattr(line.figures, name) for line in self.lines for name in counted)
        return "" if happened else "本期没有检查和隐患记录，不排名次"

    def as_json(self):
        """What ``manage.py rank --json`` and the API give out; shares 0…1 with four digits, null without data."""
        return {
            "period": self.period.code,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "kind": self.kind.code,
            "rows": [_row(line) for line in self.lines],
        }


def rank(ground, *, kind, period, today):
    """Count and rank the units of ``kind`` on ``ground``; one statement. ``today`` decides what is running."""
    counted = statistics.figures(ground, kind, period, today)
    finding = formula.against_peers([formula.share(one.found, one.inspections) for one in counted])
    days = period.days
    lines = [_line(one, found, days) for one, found in zip(counted, finding, strict=True)]
    order, ranks = formula.places([(line.score.total, line.figures.overdue, line.figures.code) for line in lines])
    return Ranking(period, kind, [lines[index]._replace(rank=ranks[index]) for index in order])


def history(ranking, ground, *, today):
    """What led to ``ranking``: ``(moves, scores)``, both by unit code; seven more statements.

    ``moves`` is by how many places a unit rose (negative: fell) since the period before, None when it was not ranked in
    both; ``scores`` the totals of eight periods, oldest first, None for a period without data.
    """
    earlier = [
        rank(ground, kind=ranking.kind, period=period, today=today)
        for period in ranking.period.trail(SPARK_PERIODS)[:-1]
    ]
    # A unit retired since stood in earlier tables alone, one restored since stands in this one alone.
    totals = [{line.figures.code: line.score.total for line in one.lines} for one in [*earlier, ranking]]
    before = {line.figures.code: line.rank for line in earlier[-1].lines}
    moves, scores = {}, {}
    for line in ranking.lines:
        code = line.figures.code
        old = before.get(code)
        moves[code] = None if old is None or line.rank is None else old - line.rank
        scores[code] = [period.get(code) for period in totals]
    return moves, scores


def trend(ground, period, *, today):
    """Twelve periods of the whole ground for the chart: labels, found, closed and overdue; three statements."""
    periods = period.trail(TREND_PERIODS)
    return {"labels": [f"{one.number}" for one in periods], **statistics.trend(ground, periods, today)}


def _line(counted, finding, days):
    target = formula.coverage_target(counted.register, days)
    rate_due = formula.share(counted.rectified_of_due, counted.due)
    on_time = formula.share(counted.on_time, counted.due)
    coverage = formula.at_most_one(formula.share(counted.inspected, target))
    values = {"rate_due": rate_due, "on_time": on_time, "coverage": coverage, "finding": finding}
    minus = formula.deduction(counted.overdue_general, counted.overdue_major)
    return Line(
        figures=counted,
        rate_found=formula.share(counted.closed_of_found, counted.found),
        rate_due=rate_due,
        on_time_rate=on_time,
        coverage=coverage,
        target=target,
        score=formula.score(values, minus),
        rank=None,
    )


def _row(line):
    counted = line.figures
    return {
        "unit": counted.code,
        "name": counted.name,
        "inspections": counted.inspections,
        "found": counted.found,
        "found_major": counted.found_major,
        "closed": counted.closed,
        "rate_found": _rounded(line.rate_found),
        "rate_due": _rounded(line.rate_due),
        "on_time_rate": _rounded(line.on_time_rate),
        "overdue": counted.overdue,
        "avg_days": counted.avg_days,
        "score": line.score.total,
        "rank": line.rank,
    }


def _rounded(value):
    return None if value is None else round(float(value), 4)
