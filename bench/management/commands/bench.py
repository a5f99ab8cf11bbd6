import argparse
import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bench import data, databases, page, report, sweep, week, workbook
from bench.measuring import peak_mb

# In this order: the export measures memory, so before anything has made the process large; the sweep changes the data.
MEASURES = {"P4": workbook.measure, "P1": page.measure, "P3": week.measure, "P6": sweep.measure}
LARGEST = 5_000_000


def sizes_of(text):
    """``"10000,100000"`` → ``[10000, 100000]``."""
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError("numbers of rows, separated by commas") from None
    if any(not 100 <= size <= LARGEST for size in sizes):
        raise argparse.ArgumentTypeError(f"sizes from 100 to {LARGEST}")
    return sizes


def ids_of(text):
    """``"P3,P6"`` → ``["P3", "P6"]``."""
    ids = text.upper().split(",")
    if unknown := set(ids) - set(MEASURES):
        raise argparse.ArgumentTypeError(
            f"no measure {', '.join(sorted(unknown))}; there are {', '.join(sorted(MEASURES))}"
        )
    return ids


class Command(BaseCommand):
    help = "Measures what the product costs over the bare work, as ratios; prints a table and writes bench.json."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=sizes_of, default="10000,100000", help="sizes of the ledger")
        parser.add_argument("--only", type=ids_of, default="P1,P3,P4,P6", help="measures to run")
        parser.add_argument("--database", choices=[databases.SQLITE, databases.POSTGRESQL], help="one instead of both")
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "bench.json", help="where the JSON goes")
        # The child that measures in the database its environment names.
        parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)

    def handle(self, *args, rows, only, database, output, inside, **options):
        if inside is not None:
            inside.write_text(json.dumps(self.measure(rows[0], only)))
            return
        results = []
        with databases.workplace() as place:
            for kind in self.kinds(database):
                for size in rows:
                    self.stdout.write(f"measuring {kind}, {size:,} rows …")
                    self.stdout.flush()
                    results += databases.measured(kind, size, only, place)
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
            raise CommandError("PostgreSQL does not answer (TEST_DATABASE_URL, default 127.0.0.1:5432)")
        self.stdout.write("left out: PostgreSQL (nothing answers on 127.0.0.1:5432)")
        return [databases.SQLITE]

    def measure(self, rows, ids):
        """The results of this process, in the database of the settings, which has to be empty."""
        today, results = timezone.localdate(), []
        try:
            data.fill(rows, today)
        except data.NotEmpty as refusal:
            raise CommandError(str(refusal)) from refusal
        for name, measure in MEASURES.items():
            if name in ids:
                found = [asdict(one) for one in measure(today)]
                results += [one | {"peak_rss_mb": round(peak_mb(), 1)} for one in found]
        for one in results:
            one["ratio"], one["seconds"] = round(one["ratio"], 3), round(one["seconds"], 4)
        return results
