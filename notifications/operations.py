"""Deliver messages by e-mail, mark them read. They are written by consumers of events and by the reminder sweep."""

import logging
from uuid import uuid4

from django.conf import settings
from django.core import mail
from django.db.models import F, Min, Q
from django.utils import timezone

from accounts.models import User
from notifications import rules
from notifications.models import Notification
from workdays.operations import load_calendar

logger = logging.getLogger(__name__)

PEOPLE_PER_RUN = 50  # with SEND_TIMEOUT: a run ends inside the task's time limit even when the mail server hangs
SEND_TIMEOUT = 15  # seconds
MESSAGES_PER_MAIL = 200


def reminder_moment(at):
    """When the e-mail of a reminder written at ``at`` may leave: in working hours. One query; ask once per sweep."""
    return rules.reminder_moment(at, load_calendar())


def post(people, *, key, title, url, at, body=""):
    """Tell each of ``people`` something that is about no record, once for each ``key``: in the inbox, and by mail from ``at`` on."""
    said = {"key": key, "title": title, "body": body, "url": url, "created_at": at, "next_try_at": at}
    Notification.objects.bulk_create((Notification(recipient=one, **said) for one in people), ignore_conflicts=True)


def mark_read(*, by, at, notification=None, up_to=None):
    """Mark one message of ``by`` as read, or all those ``up_to`` one that a page showed.

    Returns how many were unread; what came since, what is hidden and what is somebody else's is not touched.
    """
    unread = Notification.objects.visible_to(by).unread()
    unread = unread.filter(pk=notification.pk) if up_to is None else unread.up_to(up_to)
    return unread.update(read_at=at)


def mail_no_more(kind, still):
    """Keep in the inbox alone what waits to be mailed about records of ``kind`` (a slug) and means nothing any more.

    ``still``: ``{record id: beginnings of keys}`` that do mean something; only keys that begin with the slug and the id, as those
    of reminders do, are asked about. Two statements.
    """
    waiting = Notification.objects.filter(record_kind=kind, record_id__in=still, next_try_at__isnull=False)
    settled = [
        pk
        for pk, record_id, key in waiting.filter(key__startswith=f"{kind}:").values_list("pk", "record_id", "key")
        if not key.startswith(still[record_id])
    ]
    if settled:
        Notification.objects.filter(pk__in=settled).update(next_try_at=None)


def deliver_waiting(*, at, limit=PEOPLE_PER_RUN):
    """Send what waits, all of one person in one mail, to at most ``limit`` people. Returns how many messages were sent.

    Safe in several places at once: each message is claimed by a conditional UPDATE. A failure is tried again later; a
    sender that dies leaves its messages to whoever comes after the lease. (One that dies between the mail server's
    answer and the next statement makes one mail go out twice: SMTP knows no transactions.)
    """
    _keep_in_inbox_only(at)
    return sum(_send_digest(person, at) for person in _people_waiting(at, limit))


def _keep_in_inbox_only(at):
    without_address = Q(recipient__email="") | Q(recipient__is_active=False)
    Notification.objects.waiting(at).filter(without_address).update(next_try_at=None)


def _people_waiting(at, limit):
    """People with mail due, the longest waiting first."""
    longest_first = (
        Notification.objects.waiting(at)
        .values("recipient_id")
        .annotate(since=Min("next_try_at"))
        .order_by("since", "recipient_id")
        .values_list("recipient_id", flat=True)[:limit]
    )
    ids = list(longest_first)
    people = User.objects.in_bulk(ids)
    return [people[pk] for pk in ids if pk in people]


def _send_digest(person, at):
    _hold_back_unreadable(person, at)
    claim = uuid4()
    messages = _claim(person, claim, at)
    if not messages:
        return 0
    try:
        _mail(person, messages, at)
    except Exception as error:  # whatever the mail server or its driver raises: recorded, and tried again later
        logger.warning("mail to user %s failed: %s", person.pk, type(error).__name__)
        _record_failure(claim, messages, error, at)
        return 0
    return Notification.objects.filter(claim=claim).update(
        email_sent_at=at, next_try_at=None, claim=None, last_error=""
    )


def _hold_back_unreadable(person, at):
    """What quotes a record that the person reads no more is not mailed, now or later; the inbox shows it to who comes back."""
    seen = Notification.objects.visible_to(person).values("pk")
    Notification.objects.waiting(at).filter(recipient=person).exclude(pk__in=seen).update(next_try_at=None)


def _claim(person, claim, at):
    """Take what waits for one person for a while; what another sender took meanwhile is not in the answer."""
    due = Notification.objects.visible_to(person).waiting(at).order_by("created_at", "pk")
    chosen = list(due.values_list("pk", flat=True)[:MESSAGES_PER_MAIL])
    # Still waiting? Asked again by the statement that takes them, so of two senders one gets each row.
    Notification.objects.waiting(at).filter(pk__in=chosen).update(
        claim=claim, next_try_at=at + rules.LEASE, attempts=F("attempts") + 1
    )
    return list(Notification.objects.filter(claim=claim).order_by("created_at", "pk"))


def _record_failure(claim, messages, error, at):
    mine = Notification.objects.filter(claim=claim)
    said = rules.one_line(f"{type(error).__name__}: {error}".replace("\x00", ""), 300)
    mine.filter(attempts__gte=rules.MAX_ATTEMPTS).update(next_try_at=None, claim=None, last_error=said)
    tried = max((one.attempts for one in messages if one.attempts < rules.MAX_ATTEMPTS), default=1)
    mine.update(next_try_at=rules.retry_at(at, tried), claim=None, last_error=said)


def _mail(person, messages, at):
    subject = messages[0].title if len(messages) == 1 else f"您有 {len(messages)} 条安全隐患台账消息"
    mail.EmailMessage(
        subject=rules.one_line(subject),
        body=_mail_text(person, messages, at),
        to=[person.email],
        connection=mail.get_connection(timeout=SEND_TIMEOUT),
    ).send()


def _mail_text(person, messages, at):
    """Plain text, which says of each message that was not written today of which day it speaks; links are written in full only when SITE_URL says where people reach this site."""
    site = getattr(settings, "SITE_URL", "").rstrip("/")
    several = len(messages) > 1
    parts = [f"{person.full_name or person.username}，您好" + ("，以下消息等您查看：" if several else "：")]
    for number, message in enumerate(messages, start=1):
        day = timezone.localdate(message.created_at)
        title = message.title if day == timezone.localdate(at) else f"{message.title}（截至 {day:%m-%d}）"
        head = f"{number}. {title}" if several else title
        link = f"{site}{message.url}" if site and message.url else ""
        parts.append("\n".join(line for line in (head, message.body, link) if line))
    parts.append("本邮件由安全隐患台账系统自动发送，请登录系统办理，不必回复。")
    return "\n\n".join(parts)
