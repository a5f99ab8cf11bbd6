"""Doors for Celery: read the clock, call one verb. That a task ended well is remembered by safetyledger.celery."""

from celery import shared_task
from django.utils import timezone

from hazards import operations


@shared_task(name="hazards.tasks.send_reminders", ignore_result=True)
def send_reminders():
    operations.send_reminders(at=timezone.now())


@shared_task(name="hazards.tasks.refresh_unpublished_deadlines", ignore_result=True)
def refresh_unpublished_deadlines():
    operations.recount_unpublished(at=timezone.now())
