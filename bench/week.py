"""P3: the ranking of the running week's townships of the city, over the statements it sends; none of it frozen, none of it kept. And
the page of that week once it is frozen, which counts nothing."""

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from bench.data import CITY
from bench.measuring import Incomparable, Result, alternate, queries_of, run_bare, seconds_of
from bench.visiting import over_its_own
from rankings.kinds import TOWNSHIP
from rankings.models import Line
from rankings.operations import freeze, ranked
from rankings.operations.freezing import due_at
from rankings.operations.ranking import live_source, version_for
from workdays.periods import week_of

ROUNDS, GOAL = 20, 1.5
PAGE_ROUNDS, GOAL_PAGE, GOAL_QUERIES = 20, 2.0, 8


def measure(today):
    """Seconds of ``rankings.operations.ranked`` ÷ those of the statements it sends; of the frozen page ÷ its own statements and its own
    template, with how many statements that is; and how long the freeze took (no goal: it is made once, by itself, at night)."""
    period = week_of(today)
    version = version_for(CITY, period)

    def product():
        ranked(CITY, period, source=live_source(CITY), version=version, today=today, kinds=[TOWNSHIP], division=CITY)

    statements = queries_of(product)
    pair = alternate(product, lambda: run_bare(statements), rounds=ROUNDS)
    seconds = seconds_of(lambda: freeze(CITY, period, at=due_at(period)))
    if not Line.objects.filter(table__freeze__period=period.code, table__kind=TOWNSHIP.code).exists():
        raise Incomparable("nobody stands in the frozen table")
    reader = User.objects.filter(role=Role.SAFETY_OFFICE, unit__level="city").order_by("unit__code").first()
    shown, queries = over_its_own(
        reader, f"{reverse('rankings:index')}?week={period.code}&kind=township", rounds=PAGE_ROUNDS
    )
    return [
        Result("P3", pair.ratio, GOAL, pair.seconds),
        Result("P3 freeze", seconds, None, seconds, unit="s"),
        Result("P3 frozen", shown.ratio, GOAL_PAGE, shown.seconds),
        Result("P3 frozen queries", queries, GOAL_QUERIES, shown.seconds, unit="queries"),
    ]
