"""Who is told about accounts."""

from accounts.models import User
from accounts.roles import Role


def security_administrators(events):
    """Those who watch what the system administrator does to passwords."""
    told = set(User.objects.filter(role=Role.SECADMIN, is_active=True).values_list("pk", flat=True))
    return {event.pk: told for event in events}


security_administrators.of_readers = True  # they read every account


def owner(events):
    """Whose account it is: whoever got hold of it may have acted in their name."""
    return {event.pk: {event.record_id} for event in events}


def owner_and_security_administrators(events):
    """Whose account it is besides those who watch the system administrator."""
    watch, own = security_administrators(events), owner(events)
    kept = set(User.objects.filter(pk__in=set().union(*own.values()), is_active=True).values_list("pk", flat=True))
    return {event.pk: watch[event.pk] | (own[event.pk] & kept) for event in events}


owner_and_security_administrators.of_readers = True  # everybody reads their own
