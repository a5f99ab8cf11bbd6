"""The weeks of a desk: twelve of them counted by day, drawn and linked."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse

from hazards.models import Hazard
from look.words import day_words

WEEKS = 12
# The drawing, in units of its view box: bars stand on BASE; labels of weeks below, of values at the left.
WIDTH, HEIGHT, LEFT, TOP, BASE, BAR = 336, 150, 34, 12, 122, 9


def week_of(today):
    """The ISO week of ``today``: ``{year, number, monday, sunday}``."""
    year, week, _ = today.isocalendar()
    monday = today - timedelta(days=today.weekday())
    return {"year": year, "number": week, "monday": monday, "sunday": monday + timedelta(days=6)}


def counted_days(rows, today):
    """``({day: (found, major ones)}, {day: closed})`` of the last twelve weeks: two grouped queries, at most 84 days each."""
    span = (today - timedelta(days=today.weekday(), weeks=WEEKS - 1), today)
    ledger, major = rows.in_ledger().order_by(), Q(level=Hazard.Level.MAJOR)
    found = ledger.filter(found_on__range=span).values_list("found_on")
    closed = ledger.filter(closed_on__range=span).values_list("closed_on").annotate(number=Count("pk"))
    counted = found.annotate(number=Count("pk"), major=Count("pk", filter=major))
    return {day: (number, of_them) for day, number, of_them in counted}, dict(closed)


def found_between(span):
    """The ledger of what was found in ``span``, two days."""
    return f"{reverse('hazards:ledger')}?view=all&found_from={span[0]}&found_to={span[1]}"


def closed_between(span):
    """The ledger of what was closed in ``span``."""
    return f"{reverse('hazards:ledger')}?view=all&closed_from={span[0]}&closed_to={span[1]}"


def trend(days, today):
    """Twelve weeks, oldest first: ``{weeks: [{number, first, found, closed, their urls and bars}, …], grid, …}`` to be drawn."""
    found, closed = days
    monday = today - timedelta(days=today.weekday())
    spans = [(first, min(first + timedelta(days=6), today)) for first in _mondays(monday)]
    figures = [(total(found, span, 0), total(closed, span)) for span in spans]
    top = ceiling(max(max(pair) for pair in figures))
    slot = (WIDTH - LEFT) / WEEKS
    weeks = [
        {
            "number": span[0].isocalendar().week,
            "first": day_words(span[0], today),
            "found": pair[0],
            "closed": pair[1],
            "found_url": found_between(span),
            "closed_url": closed_between(span),
            "x": round(LEFT + slot * (place + 0.5), 1),
            "bars": [
                _bar(look, round(LEFT + slot * (place + 0.5) + shift, 1), value, top)
                for look, shift, value in (("pale", -BAR - 0.5, pair[0]), ("full", 0.5, pair[1]))
            ],
            "is_named": place % 2 == (WEEKS - 1) % 2,
        }
        for place, (span, pair) in enumerate(zip(spans, figures, strict=True))
    ]
    grid = [{"value": value, "y": round(BASE - (BASE - TOP) * value / top, 1)} for value in (0, top // 2, top)]
    return {"weeks": weeks, "grid": grid, "width": WIDTH, "height": HEIGHT, "left": LEFT, "base": BASE, "bar": BAR}


def ceiling(value):
    """The smallest of 2, 4, 6, 8, 10, 20, 40 … that ``value`` does not pass: it halves into a whole number."""
    step = 1
    while True:
        for top in (2 * step, 4 * step, 6 * step, 8 * step, 10 * step):
            if value <= top:
                return top
        step *= 10


def _mondays(last):
    return [last - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def _bar(look, x, value, top):
    height = round((BASE - TOP) * value / top, 1)
    return {"look": look, "x": x, "y": round(BASE - height, 1), "height": height}


def total(days, span, place=None):
    """What ``days`` (at most 84) hold within ``span``."""
    inside = [value for day, value in days.items() if span[0] <= day <= span[1]]
    return sum(inside if place is None else (value[place] for value in inside))
