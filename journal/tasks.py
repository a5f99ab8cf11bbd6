"""A door for Celery: reads the clock and hands new events on."""

from celery import shared_task
from django.utils import timezone

from journal import outbox


@shared_task(name="journal.tasks.publish", ignore_result=True)
def publish():
    outbox.publish(at=timezone.now())
