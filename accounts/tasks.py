"""Doors for Celery: read the clock, call one verb."""

from celery import shared_task
from django.utils import timezone

from accounts.operations import signing_in
from accounts.sessions import SessionStore


@shared_task(name="accounts.tasks.drop_old_sign_ins", ignore_result=True)
def drop_old_sign_ins():
    signing_in.drop_old(at=timezone.now())


@shared_task(name="accounts.tasks.drop_ended_sessions", ignore_result=True)
def drop_ended_sessions():
    SessionStore.clear_expired()
