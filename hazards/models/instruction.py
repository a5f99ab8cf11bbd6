"""批示: what a leader wrote about a hazard to one of the bodies that answer for it, and the answer. A row beside the record."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from hazards.lifecycle import LEDGER_STATES
from journal.models import Beside

PERSON = settings.AUTH_USER_MODEL
UNANSWERED = Q(answered_at=None)


class InstructionQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer; of a void row none does."""
        return self.filter(UNANSWERED, hazard__state__in=LEDGER_STATES)


class Instruction(Beside):
    """One instruction; several may be open at a time. ``kind``: as which of the four responsibilities ``unit`` was asked.

    ``leader`` is NULL where a name was typed that no account bears; ``by`` wrote it down, the leader or the safety office.
    """

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="instructions")
    kind = models.CharField("责任", max_length=12)
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="回复单位")
    leader = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    leader_name = models.CharField("批示领导", max_length=40)
    text = models.TextField("批示内容", max_length=1000)
    reply_by = models.DateField("回复期限")
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField("回复内容", max_length=2000, blank=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "批示"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="instruction_answered_whole",
            ),
        ]
        # Desks ask for the open ones alone, which are few.
        indexes = [
            models.Index(fields=["unit"], condition=UNANSWERED, name="instruction_unanswered_unit"),
            models.Index(fields=["leader"], condition=UNANSWERED, name="instruction_unanswered_leader"),
        ]

    def __str__(self):
        return f"{self.leader_name}批示"
