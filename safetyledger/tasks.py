"""Background work that belongs to no app."""

import subprocess
import sys

from celery import shared_task
from django.conf import settings
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


@shared_task(ignore_result=True)
def verify_audit():
    """Have verified what was asked for, by a process of its own: it may take longer than any task may, and reminders go on meanwhile."""
    for one in verifying.bury(timezone.now()):
        tell_auditors(one)
    if verifying.is_asked_for():
        begin_verifying()


def begin_verifying():
    """One that comes too late, because another has begun, finds nothing to do."""
    subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), "verify_asked"])  # noqa: S603 - ours alone


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


def tell_auditors(one):
    """What a run found broken, or that it did not end; where there is no auditor, to the security administrators."""
    if not one.is_whole:
        title, body = "核验没有完成", "核验中途停止，请重新核验；仍然停止的，请服务器运维人员查看。"
    elif one.broken:
        title, body = f"核验发现 {one.broken} 处不符", "\n".join(one.problems[:5])
    else:
        return
    active = User.objects.filter(is_active=True)
    people = active.filter(role=Role.AUDITOR) or active.filter(role=Role.SECADMIN)
    url = reverse("accounts:verifications")
    post(people, key=f"verification:{one.pk}", title=title, body=body, url=url, at=one.ended_at or timezone.now())
