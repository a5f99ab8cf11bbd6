"""Who is told about accounts."""

from accounts.models import User
from accounts.roles import Role


def security_administrators(events):
    """Those who watch what the system administrator does to passwords."""
    told = set(User.objects.filter(role=Role.SECADMIN, is_active=True).values_list("pk", flat=True))
    return {event.pk: told for event in events}


security_administrators.of_readers = True  # they read every account
