"""P3: the ranking of last week's townships for a leader of the city, over its one grouped statement."""

from accounts.models import User
from accounts.roles import Role
from bench.measuring import Result, alternate, queries_of, run_bare
from rankings.operations import rank
from rankings.statistics import KINDS, ground_of
from workdays.periods import week_of

ROUNDS, GOAL = 20, 1.5


def measure(today):
    """Seconds of ``rankings.operations.rank`` ÷ those of the statement it sends."""
    leader = User.objects.select_related("unit").get(role=Role.LEADER, unit__level="city")
    period = week_of(today).previous()

    def product():
        rank(ground_of(leader), kind=KINDS["township"], period=period, today=today)

    statements = queries_of(product)
    pair = alternate(product, lambda: run_bare(statements), rounds=ROUNDS)
    return [Result("P3", pair.ratio, GOAL, pair.seconds)]
