from django.contrib.auth.management.commands import changepassword
from django.utils import timezone

from accounts.models import User


class Command(changepassword.Command):
    help = f"{changepassword.Command.help} Whoever it is for replaces it at the next sign-in."

    def handle(self, *args, **options):
        said = super().handle(*args, **options)
        given = {"password_is_given": True, "password_set_at": timezone.now()}
        User.objects.filter(username=options["username"]).update(**given)
        return said
