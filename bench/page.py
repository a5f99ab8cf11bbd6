"""P1: the ledger page of a county, as a signed-in person gets it, over its own statements and its own template."""

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from bench.measuring import Result
from bench.visiting import over_its_own

ROUNDS, GOAL, GOAL_QUERIES = 40, 2.0, 10


def measure(today):
    """Seconds of one page through middleware, view and template ÷ the same statements on a cursor + the same template."""
    reader = User.objects.filter(role=Role.SAFETY_OFFICE, unit__level="county").order_by("unit__code").first()
    pair, queries = over_its_own(reader, reverse("hazards:ledger"), rounds=ROUNDS)
    return [
        Result("P1", pair.ratio, GOAL, pair.seconds),
        Result("P1 queries", queries, GOAL_QUERIES, pair.seconds, unit="queries"),
    ]
