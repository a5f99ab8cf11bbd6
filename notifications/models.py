from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from journal.models import record_kinds

COUNTED = 100  # unread messages that a page's frame counts; beyond it says 99+


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user, slugs=None):
        """The messages to ``user``, of records that ``user`` reads now: who moves away leaves them, who comes back finds them.

        A message of no record (``record_id`` NULL) concerns its recipient always. ``slugs``: of these kinds of records alone, for
        who knows that there are no others; asking of a kind takes longer to write than to run.
        """
        readable = Q(record_id=None)
        for kind in record_kinds():
            if slugs is not None and kind.slug not in slugs:
                continue
            read = kind._default_manager.visible_to(user).filter(pk=OuterRef("record_id"))
            readable |= Q(Exists(read), record_kind=kind.slug)
        return self.filter(readable, recipient_id=user.pk)

    def up_to(self, message):
        """Those that stand at or below ``message`` in an inbox, which shows the newest first."""
        same_moment = Q(created_at=message.created_at, pk__lte=message.pk)
        return self.filter(Q(created_at__lt=message.created_at) | same_moment)

    def unread(self):
        return self.filter(read_at=None)

    def waiting(self, at):
        """Messages whose e-mail is due; one that somebody claimed is not, until its lease ends."""
        return self.filter(next_try_at__lte=at)


class Notification(models.Model):
    """One message for one person: words and a link, in the inbox at once and by e-mail when it can be delivered.

    Every column a sender need not know has a database default: the reminder sweep writes rows by INSERT … SELECT.
    ``next_try_at`` is the whole state of delivery: a moment while an e-mail waits (or is being sent, until the lease
    ends), NULL when nothing is left to send: sent, given up, or the person has no address.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False, verbose_name="收件人"
    )
    key = models.CharField("去重键", max_length=120)  # what the message is about; makes posting twice harmless
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True, default="", db_default="")
    url = models.CharField("链接", max_length=300, blank=True, default="", db_default="")
    record_kind = models.CharField(max_length=20, blank=True, default="", db_default="", editable=False)  # its slug
    record_id = models.BigIntegerField(
        null=True, editable=False
    )  # whose reader the recipient must be to see the message
    created_at = models.DateTimeField("时间", db_default=Now())
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    next_try_at = models.DateTimeField("下次发送", null=True, blank=True, db_default=Now())
    email_sent_at = models.DateTimeField("邮件发出时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0, db_default=0)
    last_error = models.CharField("最近错误", max_length=300, blank=True, default="", db_default="")
    claim = models.UUIDField("发送者", null=True, blank=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notification_posted_once"),
            models.CheckConstraint(
                condition=Q(email_sent_at=None) | Q(next_try_at=None), name="notification_sent_is_not_waiting"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "recipient"],
                condition=Q(next_try_at__isnull=False),
                name="notification_waiting",
            ),
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox"),
            models.Index(
                fields=["recipient", "-created_at", "-id", "record_kind"],
                condition=Q(read_at=None),
                name="notification_unread",
            ),  # with the kind: of which kinds there are unread ones is asked on every page
            models.Index(fields=["record_id", "-created_at"], name="notification_about"),
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="notification_claimed"),
        ]

    def __str__(self):
        return self.title
