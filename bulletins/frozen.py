"""What a bulletin takes from a freeze: facts for its words, tables for its paper, rows that may be told as cases. A handful of queries each,
over frozen rows alone."""

from dataclasses import dataclass

from accounts.models import Unit
from bulletins.composing import Body, Facts, Told
from hazards.lifecycle import OPEN_STATES
from hazards.models import Hazard
from look.words import NO_DATA, percent_words
from rankings.figures import conditions, scored
from rankings.models import Freeze, StandingHazard, Table
from rankings.operations.ranking import Spans
from rankings.shown import SINGLE, WINDOW, Shown, coverage, on_time_rate, rate_due

CITY = 4  # digits of a city's code
KINDS_TOLD = ("county", "township", "department")
# Figures whose rows may be told as cases, in the order in which they are offered, and why.
TELLING = (
    ("overdue_major", "重大隐患逾期"), ("returned", "返潮"), ("found_major", "本期发现的重大隐患"), ("overdue_general", "逾期"),
)  # fmt: skip
OFFERED = 60  # candidates shown at most: majors and the longest overdue first


@dataclass(frozen=True)
class Sheet:
    """A table on the paper: ``rows`` are texts under ``headings``. ``code`` leads to the same table among the rankings."""

    code: str
    caption: str
    headings: tuple
    rows: list


@dataclass(frozen=True)
class Candidate:
    """A row that may be told: ``why`` in words, ``late`` in days at the cut-off (0: not overdue)."""

    hazard: Hazard
    why: str
    late: int
    standing: StandingHazard


def shown_tables(freeze, division):
    """``{kind: Shown}`` of the tables of ``division`` in ``freeze`` that have lines; two queries."""
    found = {}
    tables = Table.objects.filter(freeze=freeze, division=division, kind__in=KINDS_TOLD).prefetch_related("lines")
    for table in tables:
        lines = sorted(table.lines.all(), key=lambda line: line.place)
        if lines:
            found[table.kind] = Shown(
                freeze.city_code, freeze.asked_period, table, lines, freeze.formula, freeze.last, freeze
            )
    return {code: found[code] for code in KINDS_TOLD if code in found}


def main_of(tables):
    """The table that is told in the body: counties of a city, townships elsewhere; None where there is neither."""
    return tables.get("county") or tables.get("township")


def facts_of(freeze, office, *, tables=None, corrects=None, told=()):
    """The `Facts` of ``freeze`` for the bulletin of ``office``, a committee office. ``corrects``: the `Bulletin` that is put right."""
    division = office.division_code
    one = main_of(tables or shown_tables(freeze, division))
    place = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, division_code=division).first()
    constants, period = freeze.formula.constants, freeze.asked_period
    span = f"近{_numeral(constants.window_weeks)}周" if freeze.is_week else f"近{_numeral(constants.window_months)}个月"
    corrected = (corrects.title, corrects.number, freeze.reason) if corrects else ()
    return Facts(
        place=(place or office).short_name,
        office=office.short_name,
        period=period.full_words.replace(" ", ""),
        is_week=freeze.is_week,
        first=freeze.first,
        last=freeze.last,
        window_first=freeze.window_first,
        window_words=span,
        review_days=constants.review_days,
        kin=_kin(one.kind.code),
        bodies=[
            Body(line.short_name, line.rank, line.figures[SINGLE], line.figures[WINDOW], coverage(line))
            for line in one.lines
        ],
        totals=one.table.totals[SINGLE],
        before=totals_before(freeze, one),
        unplaced=one.unplaced,
        band=one.band,
        corrected=corrected,
        told=list(told),
    )


def totals_before(freeze, one):
    """The totals of the period before ``freeze`` in the same table, as frozen; None where it was not."""
    before = Freeze.objects.of(freeze.city_code, freeze.asked_period.previous())
    table = before and Table.objects.filter(freeze=before, kind=one.kind.code, division=one.division).first()
    return table.totals[SINGLE] if table else None


def body_sheet(one):
    """The short table of the body: places and rates."""
    rows = [
        [_place(one, line), line.short_name, _score(line), _share(rate_due(line.figures[WINDOW])), _share(on_time_rate(line.figures[WINDOW])), str(line.figures[WINDOW]["overdue"])]
        for line in one.lines
    ]  # fmt: skip
    headings = ("名次", "单位", "得分", "整改率", "按期率", "逾期（条）")
    return Sheet(
        one.kind.code, f"各{_kin(one.kind.code)}隐患排查整治{'统计' if one.unplaced else '排名'}", headings, rows
    )


def attached_sheets(tables):
    """The full tables behind the paper, in order: ``[Sheet, …]``."""
    sheets, counties = [], {}
    if "county" in tables:
        counties = {line.division_code: line.short_name for line in tables["county"].lines}
    for code, one in tables.items():
        period = one.period.words.replace(" ", "")
        rows = [_full(one, line, counties if code == "township" else {}) for line in one.lines]
        headings = ("名次", "单位", "得分", "检查", "发现", "重大", "销号", "整改率", "按期率", "逾期", "重大逾期")
        sheets.append(Sheet(code, f"{period}{_kin(code)}隐患排查整治统计表", headings, rows))
    return sheets


def _full(one, line, counties):
    single, window = line.figures[SINGLE], line.figures[WINDOW]
    return [
        _place(one, line), counties.get(line.division_code[:6], "") + line.short_name, _score(line), str(single["inspections"]),
        str(single["found"]), str(single["found_major"]), str(single["closed"]), _share(rate_due(window)), _share(on_time_rate(window)),
        str(single["overdue"]), str(single["overdue_major"]),
    ]  # fmt: skip


def candidates(freeze, division, *, only=None):
    """Rows of ``freeze`` in ``division`` that may be told as cases, `OFFERED` at most: ``[Candidate, …]``. ``only``: those hazards alone (ids).

    Two queries. What may not be offered may not be chosen either: `bulletins.operations` asks the same.
    """
    constants = freeze.formula.constants
    wanted = conditions(Spans.frozen(freeze).single, constants)
    rows = scored(StandingHazard.objects.filter(freeze=freeze), constants)
    rows = rows.filter(**{"city_code" if len(division) == CITY else "county_code": division})
    if only is not None:
        rows = rows.filter(hazard__in=only)
    found = {}
    for name, why in TELLING:
        some = rows.filter(wanted[name]).order_by("counted_by", "pk")
        for row in some[:OFFERED]:
            found.setdefault(row.hazard_id, (row, why))
        if len(found) >= OFFERED and only is None:
            break
    kept = list(found.items())[:OFFERED] if only is None else list(found.items())
    hazards = Hazard.objects.select_related("enterprise__township__parent", "sector").in_bulk([pk for pk, _ in kept])
    return [Candidate(hazards[pk], why, _late(row, freeze.last), row) for pk, (row, why) in kept]


def told_of(candidate, *, city, is_named):
    """A candidate as `bulletins.composing` tells it, as it stood at the cut-off."""
    hazard, row = candidate.hazard, candidate.standing
    township = hazard.enterprise.township
    within = township.parent.short_name if city and township.parent is not None else ""
    return Told(
        place=within or township.short_name,
        firm=hazard.enterprise.name,
        trade=hazard.sector.name if hazard.sector else "生产经营",
        description=hazard.description,
        found_on=row.found_on,
        deadline=row.deadline,
        is_major=row.level == Hazard.Level.MAJOR,
        is_open=row.state in OPEN_STATES,
        reopened_on=row.reopened_on,
        is_named=is_named,
    )


def changed_lines(old, new):
    """What a revision changed in the table that is told in the body: ``[(unit, label, before, after), …]``."""
    before, found = {line.code: line for line in old.lines}, []
    for line in new.lines:
        was = before.get(line.code)
        pairs = [("得分", was and was.score, line.score), ("名次", was and was.rank, line.rank)]
        pairs += [("逾期", was and was.figures[SINGLE]["overdue"], line.figures[SINGLE]["overdue"])]
        found += [(line.short_name, label, first, second) for label, first, second in pairs if first != second]
    return found


def _late(row, last):
    due = row.counted_by
    return max((last - due).days, 0) if row.state == "rectifying" and due else 0


def _kin(code):
    return {"county": "县（市、区）", "township": "乡镇（街道）", "department": "部门"}[code]


def _place(one, line):
    return "—" if one.unplaced or line.rank is None else str(line.rank)


def _score(line):
    return NO_DATA if line.score is None else str(line.score)


def _share(value):
    return percent_words(None if value is None else float(value))


def _numeral(number):
    return "零一二三四五六七八九十"[number] if number <= 10 else str(number)
