"""What the pages beside the table have in common: a line of it, and the way to the periods around the one asked for."""

from django.http import Http404

from rankings.trends import newest_week
from rankings.views.ranking import choices_of
from workdays.periods import month_of, week_of


def line_of(one, code):
    """The line of the unit ``code`` in the table ``one``; 404 where it is not in it."""
    line = next((line for line in one.lines if line.code == code), None)
    if line is None:
        raise Http404("no such line")
    return line


def neighbours(period, today):
    """What rankings/_period.html needs: the period, those to choose from, the ones around it, its week and month."""
    following = period.following()
    return {
        "period": period,
        "choices": choices_of(period, today),
        "following": None if following.first > today else following,
        "week_code": week_of(period.last).code,
        "month_code": month_of(period.last).code,
    }


def newest_table(form):
    """The `rankings.shown.Shown` of the newest frozen week as those who only look at it read it: a city's counties, or the townships of the
    reader's own county (or of a city without counties); None before the first freeze. Four queries."""
    division = form.own or form.city
    of_counties = division == form.city and form.has_counties
    return newest_week(form.city, division, of_counties=of_counties, today=form.today)
