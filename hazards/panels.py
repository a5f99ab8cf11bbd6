"""What the ledger shows on the pages of enterprises, units and people: figures that open exactly the rows they count, and the
newest acts. Every figure is one aggregate over open rows or over the rows of one firm."""

from django.db.models import Count, Max, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from accounts.scope import in_division
from hazards.filters import View, in_view
from hazards.models import Hazard, HazardEvent
from hazards.responsibility import answered_for_by, held_by_person
from journal.views import timeline_entry

LOOKED_AT = 20_000  # of the newest events of the whole house, among which those of one unit or person are looked for
NEWEST = 10
LOOKS = {
    View.OPEN: ("未销号", "list-details"),
    View.OVERDUE: ("逾期未整改", "clock-exclamation"),
    View.MAJOR: ("重大隐患在办", "alert-triangle"),
    View.CLOSED: ("已销号", "circle-check"),
}
WORKED_ON = (View.OPEN, View.OVERDUE, View.MAJOR)


def of_enterprise(request, enterprise):
    """Open, overdue and closed rows of one firm, as far as the visitor reads them. One query."""
    rows = Hazard.objects.visible_to(request.user).in_ledger().filter(enterprise=enterprise)
    views = (View.OPEN, View.OVERDUE, View.CLOSED)
    return _figures(request, rows, views, "企业隐患", enterprise=enterprise.pk)


def of_unit(request, unit):
    """Open rows of a body; None for those who read no ledger. Two queries."""
    user = request.user
    if not user.reads_rankings or not Unit.objects.in_territory_of(user).filter(pk=unit.pk).exists():
        return None
    if unit.kind == Unit.Kind.DEPARTMENT:
        rows, asked = Q(competent_unit=unit) | Q(supervising_unit=unit), {"unit": unit.code}
    else:
        rows, asked = in_division(unit.division_code), {"territory": unit.division_code}
    return _figures(request, Hazard.objects.visible_to(user).open().filter(rows), WORKED_ON, "单位在办隐患", **asked)


def acts_of_unit(request, unit):
    """What the people of a body did last, as far as the visitor reads it. Two queries."""
    return _acts(request, unit_code=unit.code)


def of_person(request, person):
    """Open rows that name a person as a holder; for a manager who may reassign some of them, the way to hand them over. Two queries."""
    user = request.user
    if not user.reads_rankings:
        return None
    rows = Hazard.objects.visible_to(user).filter(held_by_person(person))
    found = _figures(request, rows, WORKED_ON, "名下在办隐患", holder=person.pk)
    hand_over = user.is_manager and rows.filter(answered_for_by(user)).exists()
    return found | {"handover": reverse("hazards:handover", args=[person.pk]) if hand_over else ""}


def acts_of_person(request, person):
    """What somebody did last, as far as the visitor reads it. Two queries."""
    return _acts(request, actor=person)


def _acts(request, **whose):
    acts = _newest(request.user, **whose) if request.user.reads_rankings else ()
    return {"template": "hazards/_panel_acts.html", "acts": acts} if acts else None


def _figures(request, rows, views, label, **asked):
    user, today = request.user, timezone.localdate()
    counted = rows.order_by().aggregate(
        **{view.value: Count("pk", filter=in_view(view, user=user, today=today)) for view in views}
    )
    figures = []
    for view in views:
        query = QueryDict(mutable=True)
        query.update(asked | {"view": view.value})
        words, icon = LOOKS[view]
        figures.append(
            {
                "label": words,
                "value": counted[view.value],
                "unit": "条",
                "note": "",
                "url": f"{reverse('hazards:ledger')}?{query.urlencode()}",
                "icon": icon,
                "red": view == View.OVERDUE and counted[view.value] > 0,
            }
        )
    return {"template": "hazards/_panel.html", "label": label, "figures": figures}


def _newest(user, **whose):
    """The newest acts of a unit or person on rows that ``user`` reads, of the newest of the house: ``[entry of a timeline, …]`` with
    the row as ``hazard``. Two queries."""
    last = HazardEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    events = HazardEvent.objects.filter(pk__gt=last - LOOKED_AT, record__in=Hazard.objects.visible_to(user), **whose)
    events = events.select_related("record").order_by("-pk")[:NEWEST]
    return [timeline_entry(event, user) | {"hazard": event.record} for event in events]
