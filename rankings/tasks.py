"""Doors for Celery: read the clock, call one verb."""

from celery import shared_task
from django.utils import timezone

from rankings import operations


@shared_task(name="rankings.tasks.freeze_periods", ignore_result=True)
def freeze_periods():
    """Freeze what is due, and make up what was missed while the machine was off."""
    operations.make_up(at=timezone.now())
