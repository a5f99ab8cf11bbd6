from django.contrib.auth.management.commands import changepassword
from django.db import transaction
from django.utils import timezone

from accounts import operations
from accounts.models import User


class Command(changepassword.Command):
    help = f"{changepassword.Command.help} Whoever it is for replaces it at the next sign-in."

    @transaction.atomic
    def handle(self, *args, **options):
        said = super().handle(*args, **options)
        operations.note_set_password(User.objects.get(username=options["username"]), by=None, at=timezone.now())
        return said
