"""The figures of a report, counted by whoever knows them: an app above registers how, and this one asks.

A report shows them while it is owed and seals them when it is filed; they are never typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from hazards.models import Hazard
from inspections.models import Inspection
from reporting.terms import Kind


@dataclass(frozen=True)
class Figure:
    """One figure: ``name`` for machines, ``label`` for people with its unit in brackets (检查（次）), a whole number, and the address of
    the rows it counts ("" without)."""

    name: str
    label: str
    value: int
    url: str = ""

    @property
    def sealed(self):
        """What a report keeps of it: addresses change with releases, what was reported does not."""
        return {"name": self.name, "label": self.label, "value": self.value}


_PROVIDERS: dict[str, Callable] = {}


def provides(kind, provider):
    """Let ``provider(bodies, period, at, linked=…) -> {id of a body: [Figure, …]}`` count the reports of ``kind``, for any number of bodies
    of one period at once, as they stand at ``at``; of two the later one counts. Without ``linked`` nobody reads the addresses."""
    _PROVIDERS[kind] = provider


def figures_for(kind, bodies, period, at, *, linked=False):
    """``{id of a body: [Figure, …]}`` for units, or enterprises, of one period; in a bounded number of queries."""
    provider = _PROVIDERS.get(kind)
    return provider(bodies, period, at, linked=linked) if provider else {}


def figures_of(report, at, *, linked=False):
    """The figures of one report as the ledger gives them at ``at``."""
    return figures_for(report.kind, [report.body], report.span, at, linked=linked).get(report.body.pk, [])


def seal_of(figures):
    """The figures in short: what a form brings back, so that nobody confirms others than those shown."""
    return " ".join(f"{one.name}={one.value}" for one in figures)


@dataclass(frozen=True)
class Told:
    """A figure on a page: ``value`` as reported, or to be reported, and ``now`` where the ledger has come to another one since."""

    label: str
    value: int
    url: str
    now: int | None

    @property
    def name(self):
        return self.label.partition("（")[0]

    @property
    def unit(self):
        return self.label.partition("（")[2].removesuffix("）")


def to_be_told(figures):
    """``figures`` as the page of a report that is owed shows them."""
    return [Told(one.label, one.value, one.url, None) for one in figures]


def told(report, at):
    """The figures of ``report`` for its page: sealed ones where it is filed, beside what the ledger says now; else the latter."""
    current = figures_of(report, at, linked=True)
    if report.filed_at is None:
        return to_be_told(current)
    known = {one.name: one for one in current}
    return [_beside(sealed, known.get(sealed["name"])) for sealed in report.figures]


def _beside(sealed, current):
    now = current.value if current and current.value != sealed["value"] else None
    return Told(sealed["label"], sealed["value"], current.url if current else "", now)


OF_ENTERPRISES = (
    ("self_inspections", "企业自查（次）"),
    ("self_found", "自查发现（条）"),
    ("found", "共发现隐患（条）"),
    ("closed", "销号（条）"),
    ("overdue", "月末逾期（条）"),
)


def of_enterprises(firms, period, at, *, linked=False):
    """What an enterprise did of its own accord in a month, and what is left to mend at its end. Three grouped queries."""
    ids, days = [firm.pk for firm in firms], (period.first, period.last)
    visits = dict(
        Inspection.objects.paid()
        .filter(enterprise__in=ids, kind=Inspection.Kind.SELF, inspected_on__range=days)
        .order_by()
        .values_list("enterprise")
        .annotate(Count("pk"))
    )
    inside = Q(found_on__range=days)
    rows = list(
        Hazard.objects.in_ledger()
        .filter(enterprise__in=ids, found_on__lte=period.last)
        .order_by()
        .values("enterprise")
        .annotate(
            own=Count("pk", filter=inside & Q(inspection__kind=Inspection.Kind.SELF)),
            found=Count("pk", filter=inside),
            closed=Count("pk", filter=Q(closed_on__range=days)),
        )
    )
    own, found, closed = ({row["enterprise"]: row[name] for row in rows} for name in ("own", "found", "closed"))
    overdue = dict(
        Hazard.objects.in_ledger()
        .overdue_as_of(period.last)
        .filter(enterprise__in=ids)
        .order_by()
        .values_list("enterprise")
        .annotate(Count("pk"))
    )
    links = _links if linked else lambda pk, period: {}
    return {
        pk: [
            Figure(name, label, counted.get(pk, 0), links(pk, period).get(name, ""))
            for (name, label), counted in zip(OF_ENTERPRISES, (visits, own, found, closed, overdue), strict=True)
        ]
        for pk in ids
    }


def _links(pk, period):
    first, last = period.first.isoformat(), period.last.isoformat()
    asked = {
        "found": {"found_from": first, "found_to": last},
        "closed": {"closed_from": first, "closed_to": last},
        "overdue": {"overdue_as_of": last},
    }
    return {name: f"{reverse('hazards:ledger')}?{urlencode({'enterprise': pk} | more)}" for name, more in asked.items()}


provides(Kind.MONTHLY, of_enterprises)
