"""Doors for Celery: read the clock, call one verb."""

from celery import shared_task
from django.utils import timezone

from reporting import operations, reminders


@shared_task(name="reporting.tasks.open_reports", ignore_result=True)
def open_reports():
    operations.open_reports(at=timezone.now())


@shared_task(name="reporting.tasks.send_reminders", ignore_result=True)
def send_reminders():
    reminders.send_reminders(at=timezone.now())
