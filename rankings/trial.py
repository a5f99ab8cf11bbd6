"""A version of the formula tried before it is published: on the last frozen months, and on the made-up city with its tricks.

Nothing is written. Both cost seconds, so what came of them is kept for a while under a key of everything they were made from.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from statistics import fmean, median

from django.core.cache import cache

from rankings.models import Freeze, Table
from rankings.operations.freezing import frozen_source, held_from
from rankings.operations.ranking import Spans, ranked
from rankings.shown import Shown
from rankings.simulation.report import SEED, try_out

MONTHS = 3
# What other books say (measures, reports, flags) may be corrected meanwhile; the made-up city changes with the code alone.
KEPT_SECONDS, CITY_KEPT_SECONDS = 600, 24 * 3600


@dataclass(frozen=True)
class Move:
    """One unit in one month: rank (None: unranked) and score (None: 无数据) as frozen, and by the version tried."""

    rank: int | None
    new_rank: int | None
    score: float | None
    new_score: float | None

    @property
    def places(self):
        """Places won, below 0 lost; None where it is ranked by one of the two only, or by neither."""
        return None if self.rank is None or self.new_rank is None else self.rank - self.new_rank

    @property
    def points(self):
        return None if self.score is None or self.new_score is None else round(self.new_score - self.score, 1)

    @property
    def distance(self):
        """How far it moves, up or down."""
        return abs(self.places or 0)


@dataclass(frozen=True)
class Month:
    """A frozen month tried again: ``moves`` by unit code, in the order of the frozen table; ``unreachable``: why it could not be.

    ``entering`` and ``leaving``: codes that come to stand at the end of the table (末位), or no longer do. ``drifted``: units whose score
    the very version of the freeze gives otherwise by now, since measures or reports were put right later.
    """

    words: str
    code: str
    formula: str
    moves: dict
    names: dict
    entering: tuple = ()
    leaving: tuple = ()
    drifted: int = 0
    unreachable: str = ""

    @property
    def changed(self):
        """How many units have another rank."""
        return sum(move.rank != move.new_rank for move in self.moves.values())

    @property
    def mean_places(self):
        """By how many places a ranked unit moves, on average; None where none is ranked."""
        places = [abs(move.places) for move in self.moves.values() if move.places is not None]
        return fmean(places) if places else None

    @property
    def medians(self):
        """``(as frozen, tried)``: median scores; None where nobody has one."""
        moves = self.moves.values()
        pairs = ([move.score for move in moves], [move.new_score for move in moves])
        known = ([score for score in scores if score is not None] for scores in pairs)
        return tuple(round(median(scores), 1) if scores else None for scores in known)


def months_of(city, version, kind):
    """The last `MONTHS` frozen months of ``city``, newest first, tried by ``version`` in the table of ``kind`` of the whole city."""
    return [_kept(freeze, version, kind) for freeze in last_months(city)]


def last_months(city):
    """The freezes in force of the last months of ``city``, newest first."""
    months = Freeze.objects.in_force().months().filter(city_code=city).select_related("formula")
    return months.order_by("-last")[:MONTHS]


def _kept(freeze, version, kind):
    made_from = [freeze.pk, freeze.figures_digest, kind.code, version.constants.as_dict()]
    return _remembered("trial", made_from, KEPT_SECONDS, lambda: tried(freeze, version, kind))


def tricks_of(constants):
    """`rankings.simulation.report.try_out` of ``constants`` on the small city on which they were chosen: about 1.5 s, then kept."""
    return _remembered("tricks", constants.as_dict(), CITY_KEPT_SECONDS, lambda: try_out(constants, seed=SEED))


def _remembered(name, made_from, seconds, make):
    digest = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
    return cache.get_or_set(f"rankings.{name}.{digest}", make, seconds)


def tried(freeze, version, kind):
    """The `Month` of ``freeze`` by ``version`` (`Formula`), as a freeze made by it would say, from the rows as they stood then."""
    period, table = freeze.asked_period, Table.objects.get(freeze=freeze, kind=kind.code, division=freeze.city_code)
    stood = Shown(
        freeze.city_code, period, table, list(table.lines.order_by("place")), freeze.formula, period.last, freeze
    )
    names = {line.code: line.short_name for line in stood.lines}
    month = {"words": period.full_words, "code": period.code, "formula": str(freeze.formula), "names": names}
    spans, held = _spans(freeze, version), Spans.frozen(freeze)
    asked_from, copied_from = held_from(spans, version.constants), held_from(held, freeze.formula.constants)
    if spans.window.first < freeze.window_first or asked_from < copied_from:
        why = f"{period.full_words}冻结的记录从 {copied_from} 起，按草稿要从 {asked_from} 起的记录，试算不了"
        return Month(**month, moves={}, unreachable=why)
    after = _recounted(freeze, version, kind, stood)
    same = after if version.constants == freeze.formula.constants else _recounted(freeze, freeze.formula, kind, stood)
    new, again = ({line.code: line for line in one.lines} for one in (after, same))
    return Month(
        **month,
        moves={line.code: _move(line, new.get(line.code)) for line in stood.lines},
        entering=tuple(sorted(after.tail - stood.tail)),
        leaving=tuple(sorted(stood.tail - after.tail)),
        drifted=sum(line.code not in again or again[line.code].score != line.score for line in stood.lines),
    )


def _recounted(freeze, version, kind, stood):
    """``stood`` by ``version``, counted from what the freeze copied."""
    made = ranked(
        freeze.city_code,
        stood.period,
        source=frozen_source(freeze),
        version=version,
        spans=_spans(freeze, version),
        cut_off=freeze.cut_off,
        corrected=freeze.is_revision,
        kinds=[kind],
    )
    table, lines = made[0]  # that of the whole city comes first
    return replace(stood, table=table, lines=lines, version=version)


def _spans(freeze, version):
    """The days by which ``version`` scores the period of ``freeze``: those of the freeze, unless its window is another."""
    name = "window_weeks" if freeze.is_week else "window_months"
    same = getattr(version.constants, name) == getattr(freeze.formula.constants, name)
    return Spans.frozen(freeze) if same else Spans.of(freeze.asked_period, version.constants)


def _move(line, new):
    """``new`` None: the unit is no longer among those that compete, as one that was merged since."""
    rank, score = (None, None) if new is None else (new.rank, new.score)
    return Move(line.rank, rank, _float(line.score), _float(score))


def _float(score):
    return None if score is None else float(score)
