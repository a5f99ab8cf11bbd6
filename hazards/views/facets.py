"""How many rows each choice of a filter menu would leave: counted when the menu is opened, never for the page itself."""

from django.db.models import Count
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.scope import DIVISION_LENGTHS
from doors.names import asked, of_filter, once
from hazards.columns import Kind, asked_for
from hazards.filters import Due, HazardFilter, due_within, hazard_filter
from hazards.views.ledger import opened, places_of
from look.filters import as_query, flat
from look.words import thousands_words

MENU = "menu"


@asked(query=of_filter(HazardFilter) | once(MENU))
@require_safe
def facets(request):
    """The counts of the menu named ``menu``, as fragments that htmx puts beside its choices: under all conditions of the address
    but the menu's own, for several choices of one menu add up. Of no menu: nothing."""
    query = as_query(request.GET)
    name = query.pop(MENU, [""])[-1]
    if name not in (*COUNTED, ""):
        return HttpResponseBadRequest("没有这个筛选菜单的条数，请刷新页面")
    query = opened(query)
    given = hazard_filter(query, user=request.user, today=timezone.localdate())
    if given.errors:
        return HttpResponseBadRequest("；".join(given.sentences))
    query.pop(name, None)
    chosen = hazard_filter(query, user=request.user, today=given.today)
    counts = {
        value: thousands_words(number) for value, number in (COUNTED[name](chosen, given) if name else {}).items()
    }
    return render(request, "look/_counts.html", {"name": name, "counts": counts})


def _by(path):
    """Counts by the values of one column: one grouped statement."""

    def count(chosen, given):
        rows = chosen.qs.order_by().values_list(path).annotate(Count("pk"))
        return {value: number for value, number in rows if value not in (None, "")}

    return count


def _by_due(chosen, given):
    wanted = {due.value: Count("pk", filter=due_within(due, today=chosen.today)) for due in Due}
    return chosen.qs.order_by().aggregate(**wanted)


def _by_place(chosen, given):
    """Counts of the places that the menu offers: a statement for counties, one for townships where there are any."""
    offered = [code for code in flat(places_of(given.user, given.places)) if code]
    found = {}
    for length in {len(code) for code in offered}:
        column = DIVISION_LENGTHS[length]
        among = [code for code in offered if len(code) == length]
        rows = chosen.qs.order_by().filter(**{f"{column}__in": among})
        found |= dict(rows.values_list(column).annotate(Count("pk")))
    return {code: found.get(code, 0) for code in offered}


COUNTED = {
    **{column.asked.name: _by(column.stored) for column in asked_for(Kind.CHOICE, offered=True)},
    "deadline": _by_due,
    "sector": _by("sector__code"),
    "territory": _by_place,
}
