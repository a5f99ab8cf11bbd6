import argparse
import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bench import crowd, data, databases, intake, listing, page, report, saving, sweep, week, words, workbook
from bench.measuring import peak_mb
from safetyledger.settling import settle

# In this order: the export measures memory, so before anything has made the process large; the crowd changes what it finds.
MEASURES = {
    "P4": workbook.measure, "P1": page.measure, "P2": words.measure, "P7": listing.measure, "P3": week.measure, "P6": sweep.measure,
    "P8": saving.measure, "P9": crowd.measure,
}  # fmt: skip
IMPORT, KNOWN = "P5", 2000  # in a database of its own, in which so many rows are known
ONCE = {"P9"}  # at the largest size only
LARGEST = {databases.SQLITE: 100_000}  # what a database is measured up to, unless one is asked for by name
SIZES = [10_000, 100_000, 1_000_000]
MOST = 5_000_000


def sizes_of(text):
    """``"10000,100000"`` → ``[10000, 100000]``."""
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError("numbers of rows, separated by commas") from None
    if any(not 100 <= size <= MOST for size in sizes):
        raise argparse.ArgumentTypeError(f"sizes from 100 to {MOST}")
    return sorted(set(sizes))


def ids_of(text):
    """``"P3,P6"`` → ``["P3", "P6"]``."""
    ids = text.upper().split(",")
    if unknown := set(ids) - {*MEASURES, IMPORT}:
        known = ", ".join(sorted({*MEASURES, IMPORT}))
        raise argparse.ArgumentTypeError(f"no measure {', '.join(sorted(unknown))}; there are {known}")
    return ids


def plans_of(sizes, only):
    """What is measured in one database after the other: ``[[(rows, [id, …]), …], …]``, each grown from size to size."""
    ledger = [name for name in MEASURES if name in only]
    plans = (
        [[(size, [name for name in ledger if name not in ONCE or size == sizes[-1]]) for size in sizes]]
        if ledger
        else []
    )
    return plans + ([[(min(sizes[-1], 100_000), [IMPORT])]] if IMPORT in only else [])


class Command(BaseCommand):
    help = "Measures what the product costs over the bare work, as ratios; prints a table and writes bench.json."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=sizes_of, default=None, help="sizes of the ledger")
        parser.add_argument("--only", type=ids_of, default=None, help="measures to run")
        parser.add_argument("--database", choices=[databases.SQLITE, databases.POSTGRESQL], help="one instead of both")
        parser.add_argument("--seconds", type=int, default=crowd.SECONDS, help="how long the crowd of P9 works")
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "bench.json", help="where the JSON goes")
        # The child that measures in the database its environment names.
        parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)

    def handle(self, *args, rows, only, seconds, database, output, inside, **options):
        only = only or [*MEASURES, IMPORT]
        if inside is not None:
            inside.write_text(json.dumps(self.measure(rows[0], only, seconds)))
            return
        results = []
        with databases.workplace() as place:
            for kind in self.kinds(database):
                for plan in plans_of(rows or [size for size in SIZES if size <= LARGEST.get(kind, MOST)], only):
                    told = ", ".join(f"{size:,}" for size, _ in plan)
                    self.stdout.write(f"measuring {kind}, {told} rows: {', '.join(plan[-1][1])} …")
                    self.stdout.flush()
                    for found in databases.measured(kind, plan, place, seconds):
                        results += found
                        # Written as it grows: a failure at the last size must not cost the minutes before it.
                        report.write(output, report.with_growth(results))
        for line in report.table(report.with_growth(results)):
            self.stdout.write(line)

    def kinds(self, asked):
        if asked == databases.SQLITE:
            return [asked]
        if databases.postgres_answers():
            return [databases.POSTGRESQL] if asked else [databases.SQLITE, databases.POSTGRESQL]
        if asked:
            raise CommandError(databases.SILENT)
        self.stdout.write("left out: PostgreSQL (nothing answers on 127.0.0.1:5432)")
        return [databases.SQLITE]

    def measure(self, rows, ids, seconds):
        """The results of this process, in the database of the settings: an empty one, or one that was begun here."""
        today, results = timezone.localdate(), []
        try:
            data.fill(min(rows, KNOWN) if ids == [IMPORT] else rows, today)
        except data.NotEmpty as refusal:
            raise CommandError(str(refusal)) from refusal
        settle()  # as what serves it does
        measures = MEASURES | {"P9": partial(crowd.measure, seconds=seconds)}
        if ids == [IMPORT]:
            measures = {IMPORT: partial(intake.measure, rows=rows)}
        for name, measure in measures.items():
            if name in ids:
                found = [asdict(one) for one in measure(today)]
                results += [one | {"peak_rss_mb": round(peak_mb(), 1)} for one in found]
        for one in results:
            one["ratio"], one["seconds"] = round(one["ratio"], 3), round(one["seconds"], 4)
        return results
