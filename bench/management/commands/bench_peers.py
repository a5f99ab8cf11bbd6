import argparse
import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bench import data, databases
from bench.measuring import peak_mb
from bench.peers import table
from bench.peers.measures import KNOWN, MEASURES

ROWS = 10_000  # row by row a hundred thousand take the better part of an hour


class Command(BaseCommand):
    help = "Measures the product beside Django's admin and django-import-export on the same rows; slow."
    requires_system_checks = ()

    def add_arguments(self, parser):
        kinds = [databases.SQLITE, databases.POSTGRESQL]
        parser.add_argument("--rows", type=int, default=ROWS, help="size of the ledger")
        parser.add_argument("--database", choices=kinds, help="default: PostgreSQL where it answers")
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "bench-peers.json", help="the JSON")
        # The child that takes one measure in the database and with the settings its environment names.
        parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
        parser.add_argument("--measure", choices=list(MEASURES), help=argparse.SUPPRESS)

    def handle(self, *args, rows, database, output, inside, measure, **options):
        if inside is not None:
            inside.write_text(json.dumps(self.measure(MEASURES[measure], rows)))
            return
        if database == databases.POSTGRESQL and not databases.postgres_answers():
            raise CommandError(databases.SILENT)
        kind = database or (databases.POSTGRESQL if databases.postgres_answers() else databases.SQLITE)
        results = []
        with databases.workplace() as place:
            for names in self.plans():
                with databases.database(kind, place) as environment:
                    stock = environment | {"DJANGO_SETTINGS_MODULE": "bench.peers.settings"}
                    databases.run(place, ["migrate", "--verbosity", "0"], stock)  # the product's tables and the admin's
                    for name in names:
                        self.stdout.write(f"measuring {kind}, {rows:,} rows: {name.replace('_', ' ')} …")
                        self.stdout.flush()
                        results += self.apart(place, environment, name, rows)
        output.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
        for line in [*table.lines(results), "", *table.NOT_THE_SAME]:
            self.stdout.write(line)

    def plans(self):
        """Names of the measures that can be taken here, those of one database together."""
        here = [name for name, one in MEASURES.items() if one.is_here]
        if len(here) < len(MEASURES):
            self.stdout.write("left out: django-import-export (not installed; `make bench-peers` does)")
        return [
            [name for name in here if not MEASURES[name].apart],
            *([name] for name in here if MEASURES[name].apart),
        ]

    def apart(self, place, environment, name, rows):
        one, into = MEASURES[name], place / f"{name}.json"
        told = ["--inside", str(into), "--measure", name, "--rows", str(rows)]
        databases.run(place, ["bench_peers", *told], environment | {"DJANGO_SETTINGS_MODULE": one.settings})
        return json.loads(into.read_text())

    def measure(self, one, rows):
        """The results of this process, in the database of its settings."""
        today = timezone.localdate()
        try:
            data.fill(min(rows, KNOWN) if one.apart else rows, today)
        except data.NotEmpty as refusal:
            raise CommandError(str(refusal)) from refusal
        found = [asdict(result) for result in one.work(today, rows)]
        return [result | {"who": one.who, "peak_rss_mb": round(peak_mb(), 1)} for result in found]
