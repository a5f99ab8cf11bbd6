"""Everything between an installed environment and a server that can start."""

import hashlib
import json
import os
import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.crypto import salted_hmac

from safetyledger import kept

SHA256 = re.compile(r"[0-9a-f]{64}")
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


def is_whole(manifest):
    """Whether the list of collected files can be read: without it no page finds its style sheets."""
    try:
        return bool(json.loads(manifest.read_text(encoding="utf-8"))["paths"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


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
        if kept.read(stamp, SHA256) == sources and is_whole(settings.STATIC_ROOT / "staticfiles.json"):
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=NOT_COLLECTED)
        os.sync()  # the stamp must not outlive, in a power cut, what it vouches for
        kept.write(stamp, sources)
        self.stdout.write("static files collected")

    def load_demo(self):
        """Fills an empty database, resets the accounts after DEMO_PASSWORD changed; people not ours stay untouched."""
        stamp = settings.VAR_DIR / "demo.loaded"
        password = salted_hmac("demo", settings.DEMO_PASSWORD, algorithm="sha256").hexdigest()
        known = kept.read(stamp, SHA256) == password
        if get_user_model().objects.exists() and (known or not stamp.exists()):
            return
        self.stdout.write("loading demo data …")
        call_command("demo", stdout=self.stdout)
        kept.write(stamp, password)
