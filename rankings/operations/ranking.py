"""From counts to tables: who competes, what each did, what it is worth. One computation for every reader.

Peers, medians, pooled rates and places come from the whole table, never from what a reader sees. Nothing is stored here: the same
unsaved `Table` and `Line` rows are shown for a running period and saved for a frozen one.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q
from quicktions import Fraction

from accounts.models import Unit, UnitEvent
from enforcement.models import Measure
from flags.figures import Standing, standing
from hazards.models import ExtensionDecision, Hazard, Transfer
from inspections.models import Enterprise, Inspection, Sector
from rankings import formula
from rankings.figures import COUNTS, DISTINCT, Source, Span, counted, statement
from rankings.kinds import COUNTY, DEPARTMENT, KINDS, SECTOR, TOWNSHIP
from rankings.models import Formula, Line, Staff, Table
from reporting.statistics import Punctuality, punctuality

FEWEST_PEERS = 5  # a table of fewer takes medians and pooled rates from the city's
CITY = 4  # digits of a city's code
SPANS = ("window", "single")
LINE = [field.attname for field in Line._meta.concrete_fields]


@dataclass(frozen=True)
class Spans:
    """The two spans of a period: ``window``, which is scored, and ``single``, the period itself."""

    window: Span
    single: Span

    @classmethod
    def of(cls, period, constants, today=None):
        """``today``: where the period is still running, what is counted so far; None: to its end."""
        is_running = today is not None and not period.is_over(today)
        last = min(period.last, today) if is_running else period.last
        count = constants.window_weeks if period.unit == "week" else constants.window_months
        return cls(Span(period.trail(count)[0].first, last, is_running), Span(period.first, last, is_running))

    @classmethod
    def frozen(cls, freeze):
        """Those ``freeze`` was counted by, whatever days the house gives a month by now."""
        return cls(Span(freeze.window_first, freeze.last), Span(freeze.first, freeze.last))


@lru_cache(maxsize=64)
def live_source(city):
    """The registers of ``city`` as they stand: query sets to be narrowed, never read themselves."""
    inside = Q(city_code=city)
    return Source(
        hazards=Hazard.objects.filter(inside),
        visits=Inspection.objects.paid().filter(inside),
        firms=Enterprise.objects.filter(inside),
        measures=Measure.objects.filter(enterprise__city_code=city),
        extensions=ExtensionDecision.objects.filter(request__hazard__city_code=city),
        transfers=Transfer.objects.filter(hazard__city_code=city),
        live_of=city,
    )


def competitors(kind, city, period, cut_off=None):
    """Who takes part in ``kind`` in ``city``: in use on some day of ``period`` and, with ``cut_off``, known before it."""
    if kind is SECTOR:
        return Sector.objects.filter(
            Q(is_active=True) | Exists(Hazard.objects.filter(sector=OuterRef("pk"), city_code=city))
        )
    units = Unit.objects.filter(kind.competitor, city_code=city).in_use_since(period.first)
    if cut_off is None:
        return units
    return units.filter(~Exists(UnitEvent.objects.filter(record=OuterRef("pk"), sequence=1, at__gte=cut_off)))


def ranked(
    city, period, *, source, version, spans=None, today=None, cut_off=None, corrected=False, kinds=None, division=None
):
    """``[(unsaved Table, [unsaved Line, …])]`` for ``city`` and each of its counties; two statements per kind of table.

    ``version``: the `Formula` it is judged by. ``spans``: the days that are counted, those of ``period`` without. ``cut_off``: other books
    are read as they stood before it, ``corrected``: with what was corrected in them since. ``kinds``: only these tables, ``division``:
    only of the city or one county; all without.
    """
    constants = version.constants
    spans, made = spans or Spans.of(period, constants, today), []
    staff = Staff.objects.approved_on(city, spans.window.last, before=cut_off, corrected=corrected)
    # What is done to a report at the cut-off itself is of the next period, as it is of a row.
    also = _also(city, spans, cut_off - timedelta.resolution if cut_off else None)
    counties = None
    for kind in kinds or KINDS.values():
        found = {}
        for name in SPANS:
            asked = (kind.code, city, period, getattr(spans, name), constants)
            if source.live_of and cut_off is None:
                found[name] = counted(_live_statement(*asked))
            else:
                found[name] = counted(_statement(source, cut_off, *asked))
        whole = _Whole(kind, found, staff, also, constants, spans.window.days)
        if kind is COUNTY:
            counties = whole
        places = [city, *(whole.counties() if kind in (TOWNSHIP, DEPARTMENT) else ())]
        made += [whole.table(code, counties) for code in places if division in (None, code)]
    return made


def _statement(source, cut_off, kind, city, period, span, constants):
    return statement(competitors(KINDS[kind], city, period, cut_off), source, KINDS[kind], span, constants)


@lru_cache(maxsize=128)
def _live_statement(kind, city, period, span, constants):
    """That of a period that is still running: the same all day, so it is composed once."""
    return _statement(live_source(city), None, kind, city, period, span, constants)


def _also(city, spans, at):
    """``(name of the span, unit id) -> {figure: number}``: what other books say of the units of ``city``, reports due and on time at
    the moment ``at`` (None: now), and what stands flagged."""
    filed = dict(
        zip(SPANS, punctuality([(span.first, span.last) for span in (spans.window, spans.single)], at), strict=True)
    )
    flagged = standing(spans.single.last, Unit.objects.filter(city_code=city).order_by())
    nothing = Punctuality(), Standing()

    def said(name, pk):
        reports, flags = filed[name].get(pk, nothing[0]), flagged.get(pk, nothing[1])
        return {"reports_due": reports.due, "reports_on_time": reports.on_time, "flags": flags.count}

    return said


def inputs_of(one, inspectors, days):
    """What the formula asks of a unit: ``one``, its figures in a window of ``days``, and its approved ``inspectors`` (or None)."""
    due = one["due"] + one["unissued"] + one["refused"]
    return formula.Inputs(
        due=due,
        unrectified=due - one["rectified_of_due"],
        late=due - one["on_time"] - one["undated"],
        undated=one["undated"],
        own_found=one["own_found"],
        spot=one["spot"],
        inspected=one["inspected"],
        finders=one["finders"],
        punished=one["punished"],
        register=Fraction(one["register_days"], days),
        inspectors=inspectors,
        reports_due=one.get("reports_due", 0),
        reports_on_time=one.get("reports_on_time", 0),
        overdue_general=one["owed_general"],
        overdue_major=one["owed_major"],
        reopened=one["returned"],
        missed=one["missed"],
    )


class _Whole:
    """All competitors of one kind in a city, from which the table of the city and those of its counties are drawn."""

    def __init__(self, kind, counted, staff, also, constants, days):
        self.kind, self.constants, self.days = kind, constants, days
        self.rest = {name: rest for name, (_, rest) in counted.items()}
        single = {unit["pk"]: one for unit, one in counted["single"][0]}
        self.units = []
        for unit, window in counted["window"][0]:
            pk = unit["pk"]
            said = {"window": window, "single": single[pk]}
            if kind is not SECTOR:  # sectors have keys of their own
                for name, one in said.items():
                    one |= also(name, pk)
            self.units.append((unit, said, inputs_of(said["window"], staff.get(pk), days)))
        self.common = formula.pool([one for _, _, one in self.units], constants)

    def counties(self):
        return sorted({unit["division_code"][:6] for unit, _, _ in self.units if len(unit["division_code"]) > CITY})

    def table(self, division, counties=None):
        """The unsaved table of ``division`` with its lines. ``counties``: the counties' own figures, to find what is left over."""
        inside = [one for one in self.units if one[0]["division_code"].startswith(division) or self.kind is SECTOR]
        common = self.common
        if len(division) > CITY and len(inside) >= FEWEST_PEERS:
            common = formula.pool([inputs for _, _, inputs in inside], self.constants)
        lines = [self._line(unit, said, inputs, common) for unit, said, inputs in inside]
        order, ranks = formula.places(
            [(None if line.score is None else float(line.score), _overdue(line), line.code) for line in lines]
        )
        placed = [lines[index] for index in order]
        for place, index in enumerate(order, start=1):
            lines[index].place, lines[index].rank = place, ranks[index]
        rest = self.rest if len(division) == CITY else self._left(division, inside, counties)
        totals = {name: _sums([line.figures[name] for line in lines], rest.get(name)) for name in SPANS}
        return Table(kind=self.kind.code, division=division, rest=rest, totals=totals, pool=_said(common)), placed

    def _left(self, division, inside, counties):
        """What lies in a county and in none of its townships: the county's own figures less theirs."""
        if self.kind is not TOWNSHIP or counties is None:
            return {}
        own = next((said for unit, said, _ in counties.units if unit["division_code"] == division), None)
        if own is None:
            return {}
        return {
            name: {one: _less(own[name][one], [said[name][one] for _, said, _ in inside]) for one in COUNTS if one not in DISTINCT}
            for name in SPANS
        }  # fmt: skip

    def _line(self, unit, said, inputs, common):
        total, parts = None, {}
        if self.kind.scored:
            total, parts = _scored(inputs, common, self.constants, self.days)
        facts = {
            "unit_id": None if self.kind is SECTOR else unit["pk"],
            "sector_id": unit["pk"] if self.kind is SECTOR else None,
            **{name: unit[name] for name in ("code", "name", "short_name", "division_code")},
            "score": total,
            "figures": said,
            "parts": parts,
        }
        # In the order of the columns: two hundred rows by name take twice as long.
        return Line(*(facts.get(name) for name in LINE))


def _overdue(line):
    return line.figures["window"]["overdue"]


def _sums(parts, rest):
    parts = [*parts, *([rest] if rest else [])]
    return {
        name: f"{sum(Decimal(part[name]) for part in parts):.2f}"
        if name == "amount"
        else sum(part[name] for part in parts)
        for name in COUNTS
        if name not in DISTINCT
    }


def _less(whole, parts):
    if isinstance(whole, str):  # money
        return f"{Decimal(whole) - sum(map(Decimal, parts)):.2f}"
    return whole - sum(parts)


def _rounded(value):
    return None if value is None else round(float(value), 4)


@lru_cache(maxsize=2048)
def _scored(inputs, common, constants, days):
    """``(total, parts)`` of a line: of a running period most lines are what they were a minute ago. What is returned is read, never changed."""
    score = formula.score(inputs, common, constants, days)
    return None if score.total is None else Decimal(str(score.total)), _parts(inputs, score, constants)


def _parts(inputs, score, constants):
    """A `Score` as it is stored and shown: shares with four digits, points and deductions with one."""
    rows = formula.rows_of(inputs, constants)
    return {
        "values": {name: _rounded(value) for name, value in score.values.items()},
        "points": score.points,
        "minus": score.minus,
        "weight": score.weight,
        "rows": rows._asdict(),
        "believed": score.believed,
        "target": round(float(score.target), 1),
        "register": round(float(inputs.register), 1),
        "inspectors": inputs.inspectors,
        "reports_due": inputs.reports_due,
        "reports_on_time": inputs.reports_on_time,
    }


def _said(common):
    return {name: value if isinstance(value, bool) else _rounded(value) for name, value in common._asdict().items()}


def missed_days(city, day):
    """How far back 漏查 looks from a finding in ``city``, by the formula in force on ``day``: flags ask the same."""
    return Formula.objects.in_force(city, day).constants.missed_days


def version_for(city, period):
    """The formula by which ``period`` is judged in ``city``; before the first one was in force, by the first."""
    known = Formula.objects.in_force(city, period.last)
    return (
        known
        or Formula.objects.published().filter(Q(city_code="") | Q(city_code=city)).order_by("since", "number").first()
    )
