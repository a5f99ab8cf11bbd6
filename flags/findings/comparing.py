"""Habits, each against the units of the same kind: deadlines, measures, how much is found."""

from collections import defaultdict

from django.conf import settings
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Concat

from accounts.models import Unit
from enforcement.kinds import Kind as Taken
from enforcement.models import Measure
from flags.findings.ground import KEPT, Place, newest
from flags.kinds import Kind
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection

ALLOWED = ExpressionWrapper(F("original_deadline") - F("issued_on"), DurationField())


def far(ground):
    """Mean days from the order to the deadline it set, of general hazards. Extensions and resets are other matters."""
    rows = Hazard.objects.in_ledger().filter(issued_on__range=ground.span(Kind.FAR), level=Hazard.Level.GENERAL)
    rows = ground.of_units(rows.exclude(original_deadline=None).order_by(), "issued_by_unit")
    counted = (
        rows.values("issued_by_unit")
        .annotate(total=Count("pk"), mean=Avg(ALLOWED))
        .values_list("issued_by_unit", "total", "mean")
    )
    totals, figures = {}, {}
    for unit, total, mean in counted:
        if total >= settings.FLAG_FAR_ROWS:
            totals[unit], figures[unit] = total, mean.total_seconds() / 86_400
    peers = ground.peers_of(figures)
    flagged = [
        unit
        for unit, (middle, _) in peers.items()
        if figures[unit] > settings.FLAG_FAR_DAYS and figures[unit] >= settings.FLAG_FAR_TIMES * middle
    ]
    return [
        ground.finding(
            Kind.FAR, unit, [Place(hazard=pk) for (pk,) in of_unit],
            figures=figures, row_count=totals[unit], out_of=totals[unit],
        )
        for unit, of_unit in newest(rows, "issued_by_unit", flagged, "pk").items()
    ]  # fmt: skip


def no_measure(ground):
    """Units that took no measure at all, where that is no chance: took they one against a firm as often as their peers do, none at all
    would come out in a case of a hundred.

    The rate of the peers is pooled and leaves out the unit itself; each firm counts once, whatever was found or taken.
    """
    found = _firms(ground.found(Kind.NO_MEASURE), "found_by_unit")
    decided = Measure.objects.counted().filter(
        kind__in=(Taken.ORDER, Taken.PENALTY, Taken.SUSPENSION, Taken.EQUIPMENT, Taken.SEIZURE),
        on__range=ground.span(Kind.NO_MEASURE),
    )
    taken = _firms(ground.of_units(decided, "unit"), "unit")
    figures = {unit: 100 * taken.get(unit, 0) / firms for unit, firms in found.items()}
    circles = defaultdict(lambda: [0, 0, 0])
    for unit, firms in found.items():
        of_circle = circles[ground.circles[unit]]
        of_circle[0] += firms
        of_circle[1] += min(taken.get(unit, 0), firms)
        of_circle[2] += 1
    flagged = []
    for unit, firms in found.items():
        all_firms, all_taken, units = circles[ground.circles[unit]]
        if taken.get(unit) or units < settings.FLAG_PEERS:
            continue
        rate = all_taken / (all_firms - firms)  # one took none, so what was taken is the others'
        if 100 * (1 - rate) ** firms <= settings.FLAG_MEASURES_CHANCE_PERCENT:
            flagged.append(unit)
    rows = newest(ground.found(Kind.NO_MEASURE), "found_by_unit", flagged, "pk")
    return [
        ground.finding(
            Kind.NO_MEASURE, unit, [Place(hazard=pk) for (pk,) in of_unit],
            figures=figures, row_count=found[unit], out_of=found[unit],
        )
        for unit, of_unit in rows.items()
    ]  # fmt: skip


def _firms(rows, unit):
    """``{unit: firms, each once}`` of ``rows``."""
    return dict(rows.order_by().values_list(unit).annotate(firms=Count("enterprise", distinct=True)))


def few(ground):
    """Hazards a unit found per firm on its register: a department's firms are those of its line of work in its county or city."""
    first, last = ground.span(Kind.FEW)
    found = dict(ground.found(Kind.FEW).values_list("found_by_unit").annotate(Count("pk")))
    register = _registers(Enterprise.objects.on_register_in(first, last))
    places = ground.judged.values_list("pk", "kind", "division_code", "function")
    firms = {
        pk: register.get(code if kind == Unit.Kind.GOVERNMENT else f"{code}-{function}", 0)
        for pk, kind, code, function in places
    }
    figures = {unit: 100 * found.get(unit, 0) / count for unit, count in firms.items() if count}
    flagged = [
        unit
        for unit, (middle, _) in ground.peers_of(figures).items()
        if firms[unit] * middle / 100 >= settings.FLAG_FEW_EXPECTED
        and figures[unit] * 100 < settings.FLAG_FEW_PERCENT * middle
    ]
    visits = Inspection.objects.paid().filter(inspected_on__range=(first, last))
    return [
        ground.finding(
            Kind.FEW, unit, _visits(visits.filter(unit=unit)), figures=figures, row_count=found.get(unit, 0), out_of=firms[unit]
        )
        for unit in flagged
    ]  # fmt: skip


def _visits(visits):
    newest_first = visits.order_by("-inspected_on", "-pk").values_list("pk", flat=True)
    return [Place(inspection=pk) for pk in newest_first[:KEPT]]


def _registers(enterprises):
    """``{division code of a township, or code of county or city with "-" and a function: firms on register}``. Three queries."""
    found = dict(enterprises.order_by().values_list("division_code").annotate(Count("pk")))
    with_line = enterprises.order_by().exclude(sector=None).exclude(sector__competent_function="")
    for column in ("county_code", "city_code"):
        key = Concat(column, Value("-"), "sector__competent_function")
        found |= dict(with_line.annotate(place=key).values_list("place").annotate(Count("pk")))
    return found
