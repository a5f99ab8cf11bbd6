from celery import shared_task
from django.utils import timezone

from notifications import operations


@shared_task(name="notifications.tasks.deliver", ignore_result=True)
def deliver():
    operations.deliver_waiting(at=timezone.now())
