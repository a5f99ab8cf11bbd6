"""P2: a word of two characters looked for in the ledger, over LIKE on the nine columns that search reads."""

import re
from collections import Counter
from functools import reduce
from itertools import pairwise
from operator import or_

from django.db import connection
from django.db.models import Q

from accounts.models import Unit, User
from accounts.roles import Role
from bench.measuring import Incomparable, Result, alternate
from hazards.models import Hazard
from hazards.responsibility import KINDS
from hazards.search import matching

ROUNDS, PAGE, SAMPLE = 9, 50, 2000
# Of the rows, how many each word is to stand in; the goals are PostgreSQL's, SQLite's own way is LIKE.
WORDS = (("P2 rare", 0.001, 0.05), ("P2 common", 0.05, 0.5))
COLUMNS = ("number", "description", "location", *(f"{kind}_person" for kind in KINDS), "enterprise__name", "enterprise__uscc")  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]+")


def measure(today):
    """Seconds of counting and reading the newest page of what `hazards.search.matching` finds ÷ the same with LIKE."""
    leader = User.objects.select_related("unit").get(role=Role.LEADER, unit__level="city")
    rows, shares, results = Hazard.objects.ledger_of(leader), shares_of_words(), []
    for name, share, goal in WORDS:
        word = min(shares, key=lambda one: (abs(shares[one] - share), one))
        if _page(rows.filter(matching(word))) != _page(rows.filter(_like(word))):
            raise Incomparable(f"search and LIKE do not find the same rows for {word}")
        pair = alternate(
            lambda word=word: _page(rows.filter(matching(word))),
            lambda word=word: _page(rows.filter(_like(word))),
            rounds=ROUNDS,
        )
        results.append(Result(name, pair.ratio, goal if connection.vendor == "postgresql" else None, pair.seconds))
    return results


def shares_of_words():
    """``{two neighbouring characters: share of the rows they stand in}``, of the newest rows; names of places, which
    search looks up among the units, are left out."""
    told = list(Hazard.objects.in_ledger().order_by("-pk").values_list("description", flat=True)[:SAMPLE])
    places = _pairs(" ".join(Unit.objects.values_list("name", flat=True)))
    counted = Counter(pair for text in told for pair in _pairs(text) - places)
    return {pair: number / len(told) for pair, number in counted.items()}


def _pairs(text):
    return {a + b for run in CHINESE.findall(text) for a, b in pairwise(run)}


def _like(word):
    return reduce(or_, (Q(**{f"{column}__contains": word}) for column in COLUMNS))


def _page(found):
    """How many there are and the newest of them, as a page of the ledger asks."""
    return found.count(), list(found.order_by("-found_on", "-pk").values_list("pk", flat=True)[:PAGE])
