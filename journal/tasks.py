"""A door for Celery: reads the clock, hands new events on, writes down the heads of chains."""

from celery import shared_task
from django.utils import timezone

from journal import anchors, outbox


@shared_task(name="journal.tasks.publish", ignore_result=True)
def publish():
    outbox.publish(at=timezone.now())


@shared_task(name="journal.tasks.anchor", ignore_result=True)
def anchor():
    anchors.anchor(at=timezone.now())
