import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import models

from accounts.models import Unit
from hazards.lifecycle import State


class HazardEventQuerySet(models.QuerySet):
    def unannounced(self):
        return self.filter(announced_at=None).order_by("pk")


class HazardEvent(models.Model):
    """One thing that happened to one hazard. Never edited. Timeline, audit trail and outbox are all read from here.

    The events of a hazard form a chain: ``digest`` covers the event and the digest before it, and the hazard row keeps the
    length and the end of its chain, so that neither an edit nor a cut tail goes unseen by ``manage.py verify_audit``.
    """

    class Kind(models.TextChoices):
        DRAFTED = "drafted", "存草稿"
        REGISTER = "register", "登记"
        DISCARD = "discard", "作废草稿"
        ISSUE = "issue", "下达整改"
        CLOSE_ON_SPOT = "close_on_spot", "当场整改销号"
        SUBMIT_FEEDBACK = "submit_feedback", "提交整改反馈"
        PASS_REVIEW = "pass_review", "复查通过"
        FAIL_REVIEW = "fail_review", "复查不通过"
        IMPORTED = "imported", "台账导入"
        DEADLINE_RECOUNTED = "deadline_recounted", "期限按公布的放假安排重算"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, db_index=False, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, related_name="+"
    )  # null: the system
    actor_name = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, null=True, related_name="+")
    unit_name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=20, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=20, choices=State.choices)
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict)  # {Chinese label: text}, in the order to be read
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    announced_at = models.DateTimeField(null=True)

    objects = HazardEventQuerySet.as_manager()

    class Meta:
        ordering = ["hazard", "sequence"]
        constraints = [models.UniqueConstraint(fields=["hazard", "sequence"], name="hazardevent_sequence_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(announced_at=None), name="hazardevent_unannounced")]

    def compute_digest(self):
        """SHA-256 over everything but the outbox mark, as canonical JSON; the hazard stands in it by its ``uid``."""
        facts = [
            str(self.hazard.uid), self.sequence, self.kind, self.actor_id, self.actor_name, self.unit_id, self.unit_name,
            self.at.astimezone(UTC).isoformat(), self.from_state, self.to_state, self.note, self.changes, self.previous,
        ]  # fmt: skip
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
