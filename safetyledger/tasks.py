"""Background work that belongs to no app."""

from celery import shared_task


@shared_task
def heartbeat():
    """Does nothing: that it ran is the message, left behind by `safetyledger.celery.remember_success`."""
