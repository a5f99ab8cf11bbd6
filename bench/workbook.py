"""P4: the whole ledger as a workbook, over reading its columns and writing rows that are ready."""

from itertools import cycle, islice
from unittest import mock

from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from bench.measuring import Result, alternate, queries_of, resident_mb, run_bare
from hazards import export
from hazards.filters import hazard_filter
from workbooks.writing import stream_xlsx

GOAL, GOAL_MB = 1.2, 64
SMALL, ROUNDS_SMALL, ROUNDS, LARGE = 20_000, 7, 3, 500_000
KEPT = 100_000  # rows that the floor holds ready; a larger ledger repeats them


def measure(today):
    """Seconds of ``stream_ledger`` drained ÷ (its rows fetched on a cursor + the writer on a list); and its memory."""
    leader = User.objects.select_related("unit").get(role=Role.LEADER, unit__level="city")
    at = timezone.now()

    def pieces():
        rows = hazard_filter(QueryDict(), user=leader, today=today).qs
        return export.stream_ledger(rows, title="台账", at=at)

    # First of all, before the floor's list makes the process large and lets it reuse what it already holds.
    above_idle = _memory_of(pieces)
    statements, call, ready, number = _taken_apart(pieces)

    def floor():
        run_bare(statements)
        _drain(stream_xlsx(*call[0], islice(cycle(ready), number), **call[1]))

    rounds = ROUNDS_SMALL if number < SMALL else ROUNDS if number < LARGE else 1
    pair = alternate(lambda: _drain(pieces()), floor, rounds=rounds, warmed=True)
    return [
        Result("P4", pair.ratio, GOAL, pair.seconds),
        Result("P4 memory", above_idle, GOAL_MB, pair.seconds, unit="MB"),
    ]


def _drain(pieces):
    return sum(len(piece) for piece in pieces)


def _memory_of(pieces):
    """By how many MB the process grows while the pieces go by."""
    idle = peak = resident_mb()
    for _ in pieces():
        peak = max(peak, resident_mb())
    return peak - idle


def _taken_apart(pieces):
    """The statements of the export, what it hands the writer besides rows, the first rows as a list, and how many there are."""
    ready, call, number = [], [], 0

    def keep(sheet_name, headings, rows, **options):
        call.extend([(sheet_name, headings), options])
        nonlocal number
        for number, row in enumerate(rows, start=1):
            if number <= KEPT:
                ready.append(tuple(row))
        return iter(())

    with mock.patch.object(export, "stream_xlsx", keep):
        statements = queries_of(lambda: _drain(pieces()))
    return statements, call, ready, number
