"""冻结: the figures of a period, and the rows behind them, as they stood at its end. Made once; corrected only by a revision.

Rows nobody has touched since the cut-off are copied by one statement; the few others are summed from their events
(`journal.past`), so that a freeze made late says what it would have said in time (docs/adr/0032-freezing.md).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.db.models import Exists, Min, OuterRef, Q, Value
from django.utils import timezone

from accounts.models import Unit, UnitEvent
from enforcement.models import Measure, MeasureEvent
from hazards.lifecycle import OPEN_STATES, UNLISTED_STATES
from hazards.models import ExtensionDecision, Hazard, Transfer
from inspections.models import Enterprise, Inspection
from journal import gate
from journal.bulk import insert
from journal.past import stood, touched_since
from journal.refusal import Refused
from journal.turns import give_way
from rankings.figures import RELEVANT_DAYS, Source, Span, relevant
from rankings.models import Freeze, Line, StandingFirm, StandingHazard, StandingVisit, Table
from rankings.operations.ranking import Spans, ranked, version_for
from workdays.periods import month_of, week_of

CHUNK = 5000
LONGEST = Freeze._meta.get_field("reason").max_length
# Moves that say better what was true at the cut-off already, and those that say a row should never have been there.
CORRECTED = {
    Hazard: {"corrections": ("correct", "upgrade", "downgrade"), "endings": ("void",)},
    Enterprise: {"corrections": ("edit",), "endings": ()},
}


@dataclass(frozen=True)
class Frozen:
    """What a run of `make_up` did: the periods it froze, oldest first, and how many still wait for the next run."""

    made: list
    waiting: int


def end_of(period):
    """The moment after the last of ``period``: what happened then or later is not counted."""
    return timezone.make_aware(datetime.combine(period.last + timedelta(days=1), time()))


def due_at(period):
    """When ``period`` is frozen: Monday, or the first day after a month, at the hour of the settings."""
    return end_of(period) + timedelta(hours=settings.FREEZE_HOURS)


def freeze(city, period, *, at):
    """The `Freeze` of ``period`` in ``city`` (4-digit code), made now if it was not made before. Refused before its cut-off."""
    if at < end_of(period):
        raise Refused(f"{period.full_words}到 {period.last} 24 时才结束，结束后才能冻结")
    existing = Freeze.objects.of(city, period)
    if existing is not None:
        return existing
    try:
        return make(city, period, at=at).freeze
    except IntegrityError:  # another process was first
        return Freeze.objects.get(city_code=city, period=period.code, state="frozen")


@transaction.atomic
def revise(freeze, *, by, at, reason):
    """Count the period once more, as of the same cut-off, with what was corrected or voided since (`CORRECTED`); returns the new
    `Freeze`. What was done since, and what was entered since, is not counted. The old one stays readable for ever."""
    gate.check(freeze, "revise", by=by)
    if not reason.strip():
        raise Refused("请写明更正的原因")
    if len(reason) > LONGEST:
        raise Refused(f"更正的原因不能超过 {LONGEST} 个字")
    gate.move(freeze, "revise", by=by, at=at, note=reason)
    return make(freeze.city_code, freeze.asked_period, at=at, revised=freeze, reason=reason).freeze


def make_up(*, at, most=20):
    """Freeze every period that is due and was missed, newest first, at most ``most`` of them; returns a `Frozen`."""
    made, waiting = [], 0
    for city in _cities():
        missing = list(_due(city, at))
        for period in missing[:most]:
            made.append(freeze(city, period, at=at))
            give_way()
        waiting += max(0, len(missing) - most)
    return Frozen(made[::-1], waiting)


def _cities():
    return list(Unit.objects.order_by("city_code").values_list("city_code", flat=True).distinct())


def _due(city, at):
    """The periods of ``city`` that should be frozen by now and are not, newest first: none from before its bodies were entered."""
    born = born_at(city)
    if born is None:
        return []
    known = set(Freeze.objects.filter(city_code=city).values_list("period", flat=True))
    today, found = timezone.localtime(at).date(), []
    for containing, back in ((week_of, settings.FREEZE_WEEKS_BACK), (month_of, settings.FREEZE_MONTHS_BACK)):
        periods = containing(today).previous().trail(back)
        found += [
            period for period in periods if due_at(period) <= at and end_of(period) > born and period.code not in known
        ]
    return sorted(found, key=lambda period: (period.last, period.unit), reverse=True)


def born_at(city):
    """When the first body of ``city`` was entered; None where no event says so. Of what ended before that nobody stands in a table."""
    return UnitEvent.objects.filter(record__city_code=city, sequence=1).aggregate(first=Min("at"))["first"]


@dataclass(frozen=True)
class Made:
    """A `Freeze` just written, with its tables: ``[(Table, [Line, …]), …]``."""

    freeze: Freeze
    made: list


@transaction.atomic
def make(city, period, *, at, revised=None, reason="", kinds=None):
    """Copy the rows of ``period`` as they stood at its cut-off, count and rank them, write it all down; returns `Made`. ``revised``: the
    `Freeze` of the same period whose place it takes."""
    version, cut_off = version_for(city, period), end_of(period)
    spans = Spans.frozen(revised) if revised else Spans.of(period, version.constants)
    revision = revised.revision + 1 if revised else 1
    one = Freeze(
        # What it is of makes its identity: made again from the same ledger, it is the same, seal and all.
        uid=uuid5(NAMESPACE_OID, f"freeze/{city}/{period.code}/{revision}"),
        city_code=city,
        period=period.code,
        first=period.first,
        last=period.last,
        window_first=spans.window.first,
        cut_off=cut_off,
        revision=revision,
        reason=reason,
        formula=version,
    )
    gate.create(one, "freeze", by=None, at=at, note=reason, changes={"公式": version, "截止": period.last})
    copy_rows(one, since=held_from(spans, version.constants))
    tables = ranked(
        city, period, source=frozen_source(one), version=version, spans=spans, cut_off=cut_off, corrected=one.is_revision, kinds=kinds
    )  # fmt: skip
    for table, _ in tables:
        table.freeze = one
    insert(Table, [table for table, _ in tables])
    for table, placed in tables:
        for line in placed:
            line.table = table
    insert(Line, [line for _, placed in tables for line in placed])
    gate.move(one, "seal", by=None, at=at, figures_digest=one.compute_digest())
    return Made(one, tables)


def held_from(spans, constants):
    """The first day of which rows are asked to score ``spans`` by ``constants``: before the window, repeats and 漏查 look back."""
    return spans.window.first - timedelta(days=max(constants.repeat_days, constants.missed_days))


def frozen_source(freeze):
    """What `freeze` copied, and of the other books what was in them before its cut-off."""
    cut_off = freeze.cut_off
    entered_since = MeasureEvent.objects.filter(record=OuterRef("pk"), sequence=1, at__gte=cut_off)
    city = freeze.city_code
    return Source(
        hazards=StandingHazard.objects.filter(freeze=freeze),
        visits=StandingVisit.objects.filter(freeze=freeze),
        firms=StandingFirm.objects.filter(freeze=freeze),
        measures=Measure.objects.filter(~Exists(entered_since), enterprise__city_code=city),
        extensions=ExtensionDecision.objects.filter(request__hazard__city_code=city, at__lt=cut_off),
        transfers=Transfer.objects.filter(hazard__city_code=city, at__lt=cut_off),
    )


def copy_rows(freeze, *, since):
    """Copy the rows that figures of ``freeze`` may count, back to the day ``since``, as they stood at its cut-off; for a revision with
    what was corrected since."""
    city, last = Q(city_code=freeze.city_code), freeze.last
    listed = Hazard.objects.filter(city).exclude(state__in=UNLISTED_STATES).filter(relevant(Span(since, last)))
    touched = _copy(StandingHazard, Hazard, listed, freeze)
    _rebuild(StandingHazard, Hazard, touched, freeze, lambda said: _is_listed(said, since))
    visits = Inspection.objects.paid_before(freeze.cut_off).filter(city, inspected_on__range=(since, last))
    _insert_select(StandingVisit, visits, freeze)
    firms = Enterprise.objects.filter(city, registered_on__lte=last).filter(
        Q(closed_on=None) | Q(closed_on__gte=freeze.window_first)
    )
    touched = _copy(StandingFirm, Enterprise, firms, freeze)
    _rebuild(StandingFirm, Enterprise, touched, freeze, lambda said: _is_registered(said, freeze.window_first, last))


def _is_listed(said, since):
    """What `relevant` and the ledger ask of a row, of one that was summed from its events."""
    if said["state"] in UNLISTED_STATES:
        return False
    days = (said[name] for name in RELEVANT_DAYS)
    return said["state"] in OPEN_STATES or any(day is not None and day >= since for day in days)


def _is_registered(said, first, last):
    return said["registered_on"] <= last and (said["closed_on"] is None or said["closed_on"] >= first)


def _copy(standing, kind, rows, freeze):
    """Copy those of ``rows`` that nothing has happened to since; returns the ids of all records that something has."""
    touched = touched_since(kind, freeze.cut_off)
    _insert_select(standing, rows.exclude(pk__in=touched.values("pk")), freeze)
    return touched.order_by("pk").values_list("pk", flat=True)


def _rebuild(standing, kind, ids, freeze, counts):
    """Write the records ``ids`` as their events left them at the cut-off, those that were there and for which ``counts(columns)``."""
    more = CORRECTED[kind] if freeze.is_revision else {}
    columns = {name: standing._meta.get_field(name).attname for name in standing.copied}
    rows = []
    for pk, said in stood(kind, ids, standing.copied, freeze.cut_off, **more):
        if not counts(said) or not said["division_code"].startswith(freeze.city_code):
            continue
        values = {column: said[name] for name, column in columns.items()}
        rows.append(standing(freeze_id=freeze.pk, **{f"{standing.original}_id": pk}, **values))
        if len(rows) >= CHUNK:
            insert(standing, rows)
            rows = []
    insert(standing, rows)


def _insert_select(standing, rows, freeze):
    """One INSERT … SELECT of the ``copied`` columns of ``rows``."""
    connection = connections[rows.db]
    quote, fields = connection.ops.quote_name, [standing._meta.get_field(name) for name in standing.copied]
    columns = ["freeze_id", f"{standing.original}_id", *(field.column for field in fields)]
    chosen = rows.order_by("pk").annotate(of_freeze=Value(freeze.pk)).values_list("of_freeze", "pk", *standing.copied)
    sql, params = chosen.query.get_compiler(connection=connection).as_sql()
    named = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(standing._meta.db_table)} ({named}) {sql}", params)
