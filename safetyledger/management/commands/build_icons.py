"""Builds the icon sprite from static/icons.txt."""

from django.core.management.base import BaseCommand, CommandError

from safetyledger import icons


class Command(BaseCommand):
    help = "Builds build/static/icons.svg from the names in static/icons.txt."
    # The check of static directories would complain about what this command is about to make.
    requires_system_checks = ()

    def handle(self, *args, **options):
        try:
            count = icons.build()
        except (icons.UnknownIcon, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} icons")
