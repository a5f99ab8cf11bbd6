"""What stands on the tabs of the ledger: exact, and as cheap for a million rows as for ten thousand (docs/adr/0020)."""

from django.core.cache import cache
from django.db.models import Count, Max, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.scope import Reach, scope_of
from hazards.filters import View, in_view
from hazards.lifecycle import State
from hazards.models import Hazard, HazardEvent
from journal.models import Offset

KEPT_SECONDS = 3600
COUNTED = (View.OPEN, View.OVERDUE, View.MAJOR, View.PENDING_REVIEW, View.CLOSED)
# A row becomes closed by one event and, reopened or void, is closed no more by another.
CLOSES, OPENS = (
    Q(~Q(from_state=State.CLOSED), to_state=State.CLOSED),
    Q(~Q(to_state=State.CLOSED), from_state=State.CLOSED),
)
CROSSING = HazardEvent.objects.filter(CLOSES | OPENS)
PLACED = Offset.objects.filter(consumer="", stream=HazardEvent._meta.db_table).values("last")


def tab_counts(chosen):
    """How many rows each tab holds under the conditions of ``chosen`` (a HazardFilter): ``{View: int}``, in at most three queries.

    Without a condition the open rows are counted from an index, and the closed ones, nearly the whole table, once an hour
    and scope; in between what closed since is added, and what was reopened or voided since taken off.
    """
    if chosen.narrows:
        counts, _ = _aggregated(chosen.across_views().order_by(), (View.ALL, *COUNTED), chosen)
        return counts
    rows, key = Hazard.objects.ledger_of(chosen.user), _key(chosen.user)
    kept = cache.get(key) if key else None
    counts, outbox = _aggregated(rows.open(), COUNTED[:-1], chosen, **_outbox(kept[1] if kept else 0))
    counts[View.CLOSED] = _closed(chosen.user, key, kept, outbox)
    return counts | {View.ALL: counts[View.OPEN] + counts[View.CLOSED]}


def _aggregated(rows, views, chosen, **beside):
    """``({view: rows}, {name of beside: its value})``; None for the values where there is no row to read them beside."""
    wanted = {view.value: Count("pk", filter=in_view(view, user=chosen.user, today=chosen.today)) for view in views}
    counted = rows.aggregate(**wanted, **{name: Max(one) for name, one in beside.items()})
    return {view: counted[view.value] for view in views}, {name: counted[name] for name in beside}


def _outbox(place):
    """What is asked of the outbox: the last place given (``placed``), the ``seal`` of the event there, and of the one ``then`` at ``place``."""
    last = PLACED[:1]
    return {
        "placed": Coalesce(Subquery(last), 0),
        "seal": Subquery(HazardEvent.objects.filter(position=Subquery(last)).values("digest")[:1]),
        "then": Subquery(HazardEvent.objects.filter(position=place).values("digest")[:1]),
    }


def _closed(user, key, kept, outbox):
    """The closed ones of all that ``user`` reaches: what was closed up to a place in the outbox, and what became so, or no more, beyond it.

    Up to a place the events are the same for ever, as long as the same event stands there: not after the database was emptied
    or brought back from a copy. Beyond it stand those that have no place yet, too. So a count never depends on the order in
    which events are committed.
    """
    rows = Hazard.objects.reached_by(user)  # in whatever state: one that is void now was closed before
    closed = rows.filter(state=State.CLOSED)
    if key is None:
        return closed.count()
    place = kept[1] if kept else 0
    if outbox["placed"] is None:
        asked = Offset.objects.filter(pk__in=PLACED.values("pk")).values(**_outbox(place))
        outbox = asked.first() or {"placed": 0, "seal": None, "then": None}
    last, seal = outbox["placed"], outbox["seal"]
    if kept is None or kept[2] != outbox["then"]:
        now, settled = _settled(closed, rows, last)
        if now:  # of nothing there is nothing to keep, and no row beside which the events were counted
            cache.set(key, (settled, last, seal), KEPT_SECONDS)
        return now
    base = kept[0]
    beyond = _beyond(place, rows).aggregate(settled=_change(Q(position__lte=last)), everything=_change())
    if last > place:
        cache.set(key, (base + beyond["settled"], last, seal), KEPT_SECONDS)
    return base + beyond["everything"]


def _settled(closed, rows, place):
    """``(how many are closed now, how many of them closed up to place)``, both of one moment."""
    beyond = _beyond(place, rows).order_by().values(one=Value(1)).annotate(n=_change()).values("n")
    now = closed.aggregate(n=Count("*"), beyond=Max(Subquery(beyond)))
    return now["n"], now["n"] - (now["beyond"] or 0)


def _change(among=None):
    """By how many the closed ones grew by the events ``among`` (a Q; None: all) those counted."""
    among = among or Q()
    return Count("pk", filter=CLOSES & among) - Count("pk", filter=OPENS & among)


def _beyond(place, rows):
    return CROSSING.filter(Q(position=None) | Q(position__gt=place), record__in=rows)


def _key(user):
    """Whose counts are the same; None for a firm's people, who have few rows and may change their firm."""
    scope = scope_of(user)
    if scope.reach in (Reach.ENTERPRISE, Reach.NOTHING):
        return None
    return f"ledger-closed-sealed-{scope.reach.value}-{scope.division}-{scope.unit_id}-{scope.function}"
