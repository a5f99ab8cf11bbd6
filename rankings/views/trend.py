"""24 months or 26 weeks of the city or of one county: what was found, closed, overdue, and the rates; and the same of each body below."""

from django.shortcuts import render

from doors.names import asked, of_form
from rankings.explained import PERIODS
from rankings.forms import TrendForm
from rankings.trends import COUNTED, bodies_of, steps_of
from rankings.views.asking import neighbours
from rankings.views.ranking import form_of

MONTHS = 24


@asked(query=of_form(TrendForm))
def trend(request):
    """Frozen periods alone, so nothing is counted: two queries whatever their number."""
    form = form_of(request, TrendForm)
    if form.sentences:
        return render(request, "rankings/wrong.html", {"sentences": form.sentences}, status=400)
    period = form.period
    kind, division = form.asked_kind, form.division
    trail = period.trail(MONTHS if period.unit == "month" else PERIODS["week"])
    steps = steps_of(form.city, kind, division, trail)
    context = {
        "form": form, "kind": kind, "division": division, "steps": steps, "place": _place(form), "chart": _drawn(steps), "rates": _rates(steps),
        "bodies": bodies_of(form.city, kind, division, [step["period"] for step in steps]), **neighbours(period, form.today),
    }  # fmt: skip
    return render(request, "rankings/trend.html", context)


def _place(form):
    return next((place.short_name for place in form.places if place.division_code == form.division), "")


def _drawn(steps):
    return {"labels": _labels(steps), **{name: [step[name] for step in steps] for name in COUNTED}}


def _rates(steps):
    return {
        "labels": _labels(steps),
        "series": [
            {"name": label, "values": [None if step[name] is None else round(100 * step[name], 1) for step in steps]}
            for name, label in (("rate_due", "整改率"), ("on_time_rate", "按期率"))
        ],
    }


def _labels(steps):
    return [str(step["period"].number) for step in steps]
