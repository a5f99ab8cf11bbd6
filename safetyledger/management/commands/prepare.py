"""Everything between an installed environment and a server that can start."""

import hashlib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.crypto import salted_hmac

# Not served: the second API viewer and what only a debugger asks for.
NOT_COLLECTED = ["redoc", "*.map", "*.LICENSE.txt", "oauth2-redirect.*", "rest_framework", "django_filters"]


def static_sources():
    """A digest that changes when any static file does: names, sizes and times, not contents."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(NOT_COLLECTED):
            size, modified = storage.size(name), storage.get_modified_time(name)
            digest.update(f"{name} {size} {modified.timestamp()}\n".encode())
    return digest.hexdigest()


class Command(BaseCommand):
    help = "Builds icons, migrates, collects static files; with --demo loads demo data into an empty database."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="load demo data when nobody is registered yet")

    def handle(self, *args, demo, **options):
        call_command("build_icons", stdout=self.stdout)
        call_command("migrate", interactive=False, verbosity=0)
        self.collect_static()
        if demo and settings.DEMO:
            self.load_demo()

    def collect_static(self):
        """Collecting hashes and compresses every file, so only when one changed."""
        stamp = settings.VAR_DIR / "static.sources"
        sources = static_sources()
        if stamp.exists() and stamp.read_text() == sources and settings.STATIC_ROOT.is_dir():
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=NOT_COLLECTED)
        stamp.write_text(sources)
        self.stdout.write("static files collected")

    def load_demo(self):
        """Fills an empty database, resets the accounts after DEMO_PASSWORD changed; people not ours stay untouched."""
        stamp = settings.VAR_DIR / "demo.loaded"
        password = salted_hmac("demo", settings.DEMO_PASSWORD).hexdigest()
        loaded = stamp.read_text() if stamp.exists() else None
        if get_user_model().objects.exists() and loaded in (None, password):
            return
        self.stdout.write("loading demo data …")
        call_command("demo", stdout=self.stdout)
        stamp.write_text(password)
