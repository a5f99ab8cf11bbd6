"""A door for Celery: reads the clock and looks at the weeks that are over."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from flags import operations


@shared_task(name="flags.tasks.raise_flags", ignore_result=True)
def raise_flags():
    """Up to the Sunday before; a second run of the week raises nothing new, so a machine that was off on Monday makes it up later."""
    at = timezone.now()
    today = timezone.localdate(at)
    operations.raise_flags(to=today - timedelta(days=today.isoweekday()), at=at)
