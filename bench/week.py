"""P3: the ranking of the running week's townships of the city, over the statements it sends; none of it frozen, none of it kept."""

from bench.data import CITY
from bench.measuring import Result, alternate, queries_of, run_bare
from rankings.kinds import TOWNSHIP
from rankings.operations import ranked
from rankings.operations.ranking import live_source, version_for
from workdays.periods import week_of

ROUNDS, GOAL = 20, 1.5


def measure(today):
    """Seconds of ``rankings.operations.ranked`` ÷ those of the statements it sends."""
    period = week_of(today)
    version = version_for(CITY, period)

    def product():
        ranked(CITY, period, source=live_source(CITY), version=version, today=today, kinds=[TOWNSHIP], division=CITY)

    statements = queries_of(product)
    pair = alternate(product, lambda: run_bare(statements), rounds=ROUNDS)
    return [Result("P3", pair.ratio, GOAL, pair.seconds)]
