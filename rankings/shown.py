"""One table as every door shows it: frozen where its period is, else counted now. A reader's scope decides which tables and which
rows may be opened, never a number (tests/rankings/test_views.py)."""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.scope import Reach, scope_of
from rankings.formula import share
from rankings.kinds import COUNTY, KINDS, SECTOR
from rankings.models import Formula, Freeze, Line, Table
from rankings.operations.freezing import born_at, end_of, make
from rankings.operations.ranking import Spans, live_source, ranked, version_for

CITY, COUNTY_DIGITS = 4, 6  # digits of the codes of a city and of a county
WINDOW, SINGLE = "window", "single"
# By how many places a unit's place may move without meaning anything, of a table of so many (formula.md: 80 of 100 times).
BANDS = {"month": (31, 199), "week": (42, 199), "department": (5, 30)}
AWAITED_SECONDS = 3600
TAIL_SHARE, TAIL_MOST = 20, 10  # one in twenty, at least one and at most ten, stand at the end


@dataclass(frozen=True)
class Shown:
    """``table`` with its ``lines``, of ``period`` in ``city``; ``freeze`` None: counted now, and not frozen. ``version``: the formula."""

    city: str
    period: object
    table: Table
    lines: list
    version: Formula
    today: object
    freeze: Freeze | None = None
    is_running: bool = False
    # ``{division code: short name}`` of the counties as they were frozen; empty where nothing is.
    counties: dict = field(default_factory=dict)

    @property
    def kind(self):
        return self.table.asked_kind

    @property
    def division(self):
        return self.table.division

    @cached_property
    def spans(self):
        """The `Spans` it is counted over."""
        return Spans.frozen(self.freeze) if self.freeze else Spans.of(self.period, self.version.constants, self.today)

    @property
    def is_opened(self):
        """Whether figures lead to rows: those of a period that is over and not yet frozen are still to be fixed."""
        return self.freeze is not None or self.is_running

    @property
    def stamp(self):
        """What stands of it, in words."""
        if self.freeze is None:
            return "进行中，实时统计" if self.is_running else "已结束，待冻结"
        return f"已冻结 · 第 {self.freeze.revision} 次" if self.freeze.revision > 1 else "已冻结"

    @property
    def is_empty(self):
        """Whether nothing at all happened: then there is no first place either."""
        counted = ("inspections", "found", "closed", "due", "overdue", "unissued")
        return not any(line.figures[WINDOW][name] for line in self.lines for name in counted)

    @property
    def unplaced(self):
        """Why no places are given, as a sentence; "" where they are."""
        if not self.kind.scored:
            return "行业领域只作统计，不排名次"
        if len(self.lines) == 1:
            return "只有这一个单位，不排名次"
        return "本期没有检查和隐患记录，不排名次" if self.is_empty else ""

    @cached_property
    def ranked_count(self):
        return sum(line.rank is not None for line in self.lines)

    @property
    def band(self):
        """By how many places chance alone moves a unit of this table, up or down."""
        places, of = BANDS["department" if self.kind.code == "department" else self.period.unit]
        return max(1, -(-self.ranked_count * places // of))

    def band_of(self, line):
        """``(highest, lowest)`` place that cannot be told from that of ``line``; None for the unranked."""
        if line.rank is None:
            return None
        return max(1, line.rank - self.band), min(self.ranked_count, line.rank + self.band)

    def third_of(self, line):
        """前, 中 or 后 of the ranked; "" for the unranked."""
        if line.rank is None or self.ranked_count < 3:
            return ""
        return "前中后"[min(2, (line.rank - 1) * 3 // self.ranked_count)]

    @property
    def listed(self):
        """The lines as page and workbook list them: by place; statistics without places begin with what is worst."""
        if self.kind.scored:
            return self.lines
        return sorted(self.lines, key=lambda line: (-line.figures[WINDOW]["overdue"], line.place))

    @cached_property
    def tail(self):
        """Codes of the units at the end: the last in twenty, at most ten, at least one; none in a table of fewer than five."""
        placed = [line for line in self.lines if line.rank is not None]
        if self.unplaced or len(placed) < 5:
            return frozenset()
        return frozenset(line.code for line in placed[-min(TAIL_MOST, max(1, len(placed) // TAIL_SHARE)) :])

    def as_json(self):
        """What ``manage.py rank --json`` and the API give out; shares 0…1 with four digits, null without data. Counts are those of the
        period itself, score and place those of its window."""
        return {
            "period": self.period.code,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "kind": self.kind.code,
            "division": self.division,
            "frozen": self.freeze is not None,
            "revision": self.freeze.revision if self.freeze else None,
            "formula": self.version.number,
            "rows": [_row(line) for line in self.lines],
        }


def shown(city, kind, period, *, division=None, today, at, revision=None):
    """The `Shown` table of ``kind`` in ``division`` (the city without). ``revision``: of a frozen period, the one that was; None
    when there is none."""
    division = division or city
    frozen = Freeze.objects.filter(city_code=city, period=period.code)
    frozen = frozen.filter(revision=revision) if revision else frozen.in_force()
    if (found := _frozen(frozen, city, kind, division)) is not None:
        freeze, table, lines, counties = found
        period = freeze.asked_period
        return Shown(city, period, table, lines, freeze.formula, today, freeze, counties=counties)
    if revision:
        return None
    version = version_for(city, period)
    if not period.is_over(today):
        asked = {"kinds": _needed(kind, division), "division": division}
        made = ranked(city, period, source=live_source(city), version=version, today=today, **asked)
        return Shown(city, period, *_chosen(made, kind, division), version, today, is_running=True)
    table, lines = _awaited(city, kind, period, division, version, at)
    return Shown(city, period, table, lines, version, today)


def _frozen(freezes, city, kind, division):
    """``(freeze, table, lines, names of its counties)`` of the only one of ``freezes``, None where there is none; two queries."""
    asked, whole = (kind.code, division), (COUNTY.code, city)
    either = [Q(kind=code, division=place) for code, place in dict.fromkeys((asked, whole))]
    tables = Table.objects.filter(reduce(or_, either), freeze__in=freezes).select_related("freeze__formula")
    known = {(one.kind, one.division): one for one in tables}
    freeze = next((one.freeze for one in known.values()), None) or freezes.select_related("formula").first()
    if freeze is None:
        return None
    lines = list(Line.objects.filter(table__in=known.values()).order_by("place")) if known else []
    inside = {key: [line for line in lines if line.table_id == table.pk] for key, table in known.items()}
    counties = {line.division_code: line.short_name for line in inside.get(whole, ())}
    # A county that had no such bodies then, or was founded since, has no table.
    table = known.get(asked) or Table(freeze=freeze, kind=kind.code, division=division)
    return freeze, table, inside.get(asked, []), counties


def _awaited(city, kind, period, division, version, at):
    """The table of a period that is over and not frozen yet, and its lines, as the freeze will give them. That costs as much as a freeze,
    so it is kept: what is counted as of the cut-off is the same whenever it is asked for."""
    born = born_at(city)
    if born is not None and end_of(period) <= born:
        return Table(kind=kind.code, division=division), []
    # Of this ledger and no other: one that was set up anew has another beginning.
    key = f"rankings.awaited.{city}.{born and born.timestamp()}.{period.code}.{period.last}.{kind.code}.{division}.{version.pk}"
    known = cache.get(key)
    if known is not None:
        return known
    try:
        with transaction.atomic():  # the rows are copied as for a freeze, and put back
            made = make(city, period, at=max(at, end_of(period)), kinds=_needed(kind, division)).made
            transaction.set_rollback(True)
    except IntegrityError:  # frozen this very moment
        freeze = Freeze.objects.of(city, period)
        table = Table.objects.filter(freeze=freeze, kind=kind.code, division=division).first()
        return table or Table(kind=kind.code, division=division), list(table.lines.order_by("place")) if table else []
    found = _chosen(made, kind, division)
    cache.set(key, found, AWAITED_SECONDS)
    return found


def _needed(kind, division):
    # A county's table of townships is told what falls to none of them by the county's own line.
    return [KINDS["county"], kind] if kind.code == "township" and len(division) > CITY else [kind]


def _chosen(made, kind, division):
    for table, lines in made:
        if table.kind == kind.code and table.division == division:
            return table, lines
    return Table(kind=kind.code, division=division), []


def divisions_for(user):
    """The codes whose tables ``user`` reads: the own city and, of its counties, all for who serves the city, else the own one."""
    scope = scope_of(user)
    if scope.reach not in (Reach.TERRITORY, Reach.DEPARTMENT):
        return None, None
    own = scope.division
    return own[:CITY], None if len(own) == CITY else own[:COUNTY_DIGITS]


def may_open(user, kind, line):
    """Whether every row behind the figures of ``line`` is one that ``user`` reads."""
    scope = scope_of(user)
    if scope.reach is Reach.DEPARTMENT:
        return kind.code == "department" and line.unit_id == scope.unit_id
    if scope.reach is not Reach.TERRITORY:
        return False
    if kind is SECTOR:
        return len(scope.division) == CITY
    return line.division_code.startswith(scope.division)


def rate_found(one):
    return share(one["closed_of_found"], one["found"])


def rows_due(one):
    """Rows that were due: by their deadline, because nobody issued them, or because feedback that had counted was refused."""
    return one["due"] + one["unissued"] + one["refused"]


def rate_due(one):
    return share(one["rectified_of_due"], rows_due(one))


def on_time_rate(one, name="on_time"):
    return share(one[name], rows_due(one) - one["undated"])


def coverage(line):
    """Firms inspected ÷ target of the window, at most 1, as stored with the score."""
    return line.parts.get("values", {}).get("coverage")


def _row(line):
    one = line.figures[SINGLE]
    return {
        "unit": line.code,
        "name": line.name,
        "inspections": one["inspections"],
        "found": one["found"],
        "found_major": one["found_major"],
        "closed": one["closed"],
        "rate_found": _rounded(rate_found(one)),
        "rate_due": _rounded(rate_due(one)),
        "on_time_rate": _rounded(on_time_rate(one)),
        "original_on_time_rate": _rounded(on_time_rate(one, "original_on_time")),
        "overdue": one["overdue"],
        "reopened": one["returned"],
        "avg_days": one["avg_days"],
        "flags": line.figures[WINDOW].get("flags", 0),
        "score": None if line.score is None else float(line.score),
        "rank": line.rank,
    }


def _rounded(value):
    return None if value is None else round(float(value), 4)
