"""What would move a unit up: the published formula once more, with one thing done differently and everybody else as they were.

Nothing is estimated: pooled rates, medians and places are computed anew, from the stored figures of the whole table.
"""

import math
from dataclasses import dataclass, field

from rankings import formula
from rankings.models import Line
from rankings.operations.ranking import CITY, FEWEST_PEERS, inputs_of
from rankings.shown import WINDOW

OLDEST = 5


@dataclass(frozen=True)
class Gain:
    """``plus`` points (one decimal, ≥ 0) and the ``place`` that would be reached by what ``words`` say, which concerns ``part`` of
    the score; ``details`` as the page shows them, None for who may not open rows."""

    part: str
    words: str
    plus: float
    place: int | None
    details: list | None = field(default=None)


class Competition:
    """The `formula.Inputs` of everybody in the table ``one`` (`rankings.shown.Shown`), scored once more at will.

    A county of fewer than five townships is measured by the pool of the whole city, which is read for it: one query.
    """

    def __init__(self, one):
        self.constants = one.version.constants
        self.days = one.spans.window.days
        self.inputs = {line.code: self._read(line) for line in one.lines}
        self.overdue = {line.code: line.figures[WINDOW]["overdue"] for line in one.lines}  # which breaks ties
        self.peers = self.inputs
        if len(one.division) > CITY and len(one.lines) < FEWEST_PEERS and one.freeze is not None:
            wider = Line.objects.filter(table__freeze=one.freeze, table__kind=one.kind.code, table__division=one.city)
            self.peers = {line.code: self._read(line) for line in wider}

    def _read(self, line):
        return inputs_of(line.figures[WINDOW], line.parts["inspectors"], self.days)

    def pool(self, code, changed):
        return formula.pool([*(self.peers | {code: changed}).values()], self.constants)

    def score(self, code, changed):
        """The total of the unit ``code``, had it done what ``changed`` (`formula.Inputs`) says."""
        return formula.score(changed, self.pool(code, changed), self.constants, self.days).total

    def standing(self, code, changed, closed=0):
        """``(total, rank)`` of the unit ``code``, had it done what ``changed`` says and ``closed`` so many that are overdue."""
        common, table = self.pool(code, changed), self.inputs | {code: changed}
        scores = [formula.score(one, common, self.constants, self.days).total for one in table.values()]
        rows = [
            (total, self.overdue[unit] - (closed if unit == code else 0), unit)
            for total, unit in zip(scores, table, strict=True)
        ]
        place = list(table).index(code)
        return scores[place], formula.places(rows)[1][place]

    def gain(self, line, part, words, changed, *, details=None, closed=0):
        """The `Gain` of what ``changed`` and ``closed`` say for ``line``, as for `standing`."""
        total, place = self.standing(line.code, changed, closed)
        return Gain(part, words, _more(total, line.score), place, details)


def _more(total, score):
    return max(0.0, round((total or 0) - float(score or 0), 1))


def closed(inputs, rows):
    """``inputs`` had the overdue ``rows`` been closed at the cut-off: nothing is taken off for them, and those due in the window are
    rectified. Whatever is overdue is among what points are taken off for: its scoring deadline is no later than its own."""
    major = sum(row.level == "major" for row in rows)
    return inputs._replace(
        overdue_major=inputs.overdue_major - major,
        overdue_general=inputs.overdue_general - (len(rows) - major),
        unrectified=inputs.unrectified - sum(row.is_due for row in rows),
    )


def of_overdue(competition, line, rows):
    """Closing ``rows``, the oldest overdue ones (each with ``level`` and ``is_due``): a `Gain` whose details are the points that each
    of them alone would bring."""
    inputs = competition.inputs[line.code]
    each = [_more(competition.score(line.code, closed(inputs, [row])), line.score) for row in rows]
    words = f"办结{'最早逾期的' if line.figures[WINDOW]['overdue'] > len(rows) else '逾期的'} {len(rows)} 条"
    return competition.gain(line, "overdue", words, closed(inputs, rows), details=each, closed=len(rows))


def of_coverage(competition, line):
    """Inspecting firms up to the target, with findings at the rate of those inspected so far; None where the target is met."""
    inputs = competition.inputs[line.code]
    target = math.ceil(formula.coverage_target(inputs, competition.constants, competition.days))
    missing = target - inputs.inspected
    if missing <= 0:
        return None
    finders = inputs.finders * target // inputs.inspected if inputs.inspected else 0
    changed = inputs._replace(inspected=target, finders=finders)
    return competition.gain(line, "coverage", f"再检查 {missing} 家，满目标 {target} 家", changed)


def of_reporting(competition, line):
    """All reports in time; None where they were."""
    inputs = competition.inputs[line.code]
    late = inputs.reports_due - inputs.reports_on_time
    if late <= 0:
        return None
    changed = inputs._replace(reports_on_time=inputs.reports_due)
    return competition.gain(line, "reporting", f"未按时报送的 {late} 次都按时报送", changed)
