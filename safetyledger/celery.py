"""The Celery application, and the marks by which /readyz sees that scheduled work is done."""

import os

from celery import Celery
from celery.signals import task_success, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyledger.settings")

app = Celery("safetyledger")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def sweep_at_once(sender=None, **kwargs):
    """A worker may have been away for long: it does every sweep when it starts, not a period later."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"], **entry["options"])


@task_success.connect
def remember_success(sender=None, **kwargs):
    """Any watched task that ends well leaves its time behind; tasks need not know about health checks."""
    from safetyledger import health  # settings are not ready when Celery imports this module

    health.mark_done(sender.name)
