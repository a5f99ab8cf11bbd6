"""What the desk and the page of a unit show of reports; see `look.panels`."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from accounts.roles import Role
from inspections.models import Enterprise
from look.panels import Desk, DeskTop, register
from reporting.acts.file import waits_for
from reporting.labels import badge
from reporting.lifecycle import OPEN
from reporting.models import Report
from reporting.terms import Kind, period_of

WAITING, NEWEST = 5, 8
PERIODS = 3  # of which an office reads on its desk who is missing


def reports(**conditions):
    """The address of the list under ``conditions``."""
    return f"{reverse('reporting:list')}?{urlencode(conditions)}"


def owed(request, desk):
    """On top of a desk: what this person owes, what is late first. One query."""
    mine = _mine(request.user, timezone.now())
    more = reports(waiting="me") if len(mine) > WAITING else ""
    return {"template": "reporting/_owed.html", "mine": mine[:WAITING], "more": more} if mine else None


def missing(request, desk):
    """On the desk of an office: how many have not filed, of the newest periods. One query."""
    found = _missing(request.user, timezone.now())
    return {"template": "reporting/_missing.html", "missing": found, "all": reports(state="missing")} if found else None


def _mine(user, at):
    owed = waits_for(user)
    if owed is None:
        return []
    rows = Report.objects.visible_to(user).filter(owed).select_related("unit", "enterprise")
    return [(report, badge(report, at)) for report in rows.order_by("due_at", "pk")[: WAITING + 1]]


def _missing(user, at):
    """``[(words of a period, how many have not filed, address of them), …]``, the newest first."""
    if user.role != Role.SAFETY_OFFICE or not user.is_manager:
        return []
    rows = Report.objects.visible_to(user).missing(at).order_by()
    periods = rows.values_list("kind", "period").annotate(count=Count("pk")).order_by("-period")[:PERIODS]
    return [
        (
            f"{period_of(kind, period).full_words}{Kind(kind).label}",
            count,
            reports(kind=kind, period=period, state="missing"),
        )
        for kind, period, count in periods
    ]


def of_unit(request, unit):
    """The newest reports of a unit, as far as the visitor reads them. One query."""
    return _newest(request, {"unit": unit.code}, unit=unit)


def of_enterprise(request, enterprise):
    return _newest(request, {"enterprise": enterprise.pk}, enterprise=enterprise)


def _newest(request, asked, **body):
    at = timezone.now()
    rows = Report.objects.visible_to(request.user).filter(Q(due_at__lt=at) | ~Q(state__in=OPEN), **body)
    found = list(rows.order_by("-pk")[: NEWEST + 1])
    if not found:
        return None
    return {
        "template": "reporting/_panel.html",
        "rows": [(report, report.span.full_words, badge(report, at)) for report in found[:NEWEST]],
        "more": reports(**asked) if len(found) > NEWEST else "",
    }


def register_panels():
    register(DeskTop, owed)
    register(Desk, missing, place=10)
    register(Unit, of_unit, place=10)
    register(Enterprise, of_enterprise, place=40)
