"""Side by side: product and floor in turn, medians, queries seen, memory held."""

import os
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

MEGABYTE = 1024 * 1024
STATM = Path("/proc/self/statm")
# So few that figures mean nothing, for the tests of the bench itself.
MOST_ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1000"))


@dataclass(frozen=True)
class Result:
    """One line of the table: what was measured in ``unit`` (× unless told), its goal (None: it only stands beside others), and the
    product's seconds."""

    id: str
    ratio: float
    goal: float | None
    seconds: float
    unit: str = "×"


class Incomparable(RuntimeError):
    """Product and floor did not do the same work, so their ratio would mean nothing."""


@dataclass(frozen=True)
class Pair:
    """Median seconds of each, and the median of the ratios of neighbouring runs."""

    ratio: float
    seconds: float
    floor_seconds: float


def seconds_of(work):
    """How long one call of ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def alternate(product, floor, *, rounds, warmed=False, prepare=None):
    """Run product, floor, product, floor …, after one run of each that does not count, unless they are ``warmed`` already.

    A machine that slows down for a while slows both, so neighbours are divided and the median of that is taken. ``prepare``
    is called before every run and not timed.
    """
    pairs, rounds = [], min(rounds, MOST_ROUNDS)
    for number in range(rounds if warmed else rounds + 1):
        times = []
        for work in (product, floor):
            if prepare is not None:
                prepare()
            times.append(seconds_of(work))
        if warmed or number:
            pairs.append(times)
    return Pair(
        ratio=statistics.median(one / other for one, other in pairs),
        seconds=statistics.median(one for one, _ in pairs),
        floor_seconds=statistics.median(other for _, other in pairs),
    )


def queries_of(work):
    """The statements ``work`` sends, as ``[(sql, params), …]``."""
    seen = []

    def note(execute, sql, params, many, context):
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return seen


def run_bare(statements, *, at_once=2000):
    """Send ``statements`` on a cursor and read every row, keeping none."""
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            while cursor.description and cursor.fetchmany(at_once):
                continue


def resident_mb():
    """Memory the process holds now; where the system does not say, the most it ever held."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * resource.getpagesize() / MEGABYTE
    return peak_mb()


def peak_mb():
    """The most memory the process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak / 1024
