"""Background work that belongs to no app."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from journal import verifying
from journal.models import Verification
from journal.refusal import Refused
from notifications.operations import post


@shared_task
def heartbeat():
    """Does nothing: that it ran is the message, left behind by `safetyledger.celery.remember_success`."""


@shared_task(ignore_result=True, time_limit=int(verifying.LONGEST.total_seconds()), soft_time_limit=None)
def verify_audit():
    """Verify what was asked for; of breaks every auditor is told."""
    done = verifying.run_asked(timezone.now())
    if done is not None and done.broken:
        auditors = User.objects.filter(role=Role.AUDITOR, is_active=True)
        post(
            auditors, key=f"verification:{done.pk}", title=f"核验发现 {done.broken} 处不符", body="\n".join(done.problems[:5]),
            url=reverse("accounts:verifications"), at=done.ended_at,
        )  # fmt: skip


@shared_task(ignore_result=True)
def ask_to_verify():
    """Once a day, however often beat says so; one that still waits or runs does for this night, too."""
    now = timezone.now()
    if Verification.objects.filter(asked_by=None, asked_at__date=timezone.localdate(now)).exists():
        return
    try:
        verifying.ask(by=None, at=now)
    except Refused:
        return
