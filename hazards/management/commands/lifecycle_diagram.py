from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hazards.lifecycle import LAW

OPENING, CLOSING = "<!-- lifecycle -->", "<!-- /lifecycle -->"


class Command(BaseCommand):
    help = "Writes the state diagram of hazards.lifecycle into docs/ARCHITECTURE.md; --check only compares."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="exit 1 when the document differs from the code")

    def handle(self, *args, check, **options):
        path = settings.BASE_DIR / "docs" / "ARCHITECTURE.md"
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        head, opening, rest = written.partition(OPENING)
        _, closing, tail = rest.partition(CLOSING)
        if not (opening and closing):
            raise CommandError(f"{path.name} must hold {OPENING} and, after it, {CLOSING}: the diagram goes in between")
        wanted = f"{head}{OPENING}\n\n```mermaid\n{LAW.diagram()}\n```\n\n{CLOSING}{tail}"
        if wanted == written:
            return
        if check:
            raise CommandError(f"{path.name} shows another lifecycle than hazards/lifecycle.py; run: make docs")
        path.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"{path.name}: lifecycle diagram written")
