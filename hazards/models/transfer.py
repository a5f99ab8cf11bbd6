"""移交: a unit that answers for a hazard offers it to another one, which takes it over or gives it back. A row beside the record."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from journal.models import Beside

PERSON = settings.AUTH_USER_MODEL


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", "接收"
    RETURNED = "returned", "退回"
    ASSIGNED = "assigned", "安委办指定由接收单位负责"
    KEPT = "kept", "安委办指定由移出单位负责"
    LAPSED = "lapsed", "未答复结束"


OPEN = Q(outcome="")
HANDED_OVER = Q(outcome__in=[Outcome.ACCEPTED, Outcome.ASSIGNED])
ANSWERED = (Outcome.ACCEPTED, Outcome.RETURNED, Outcome.ASSIGNED, Outcome.KEPT)


class TransferQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer; at most one for a hazard."""
        return self.filter(OPEN)

    def handed_over_by(self, unit_id):
        return self.filter(HANDED_OVER, from_unit=unit_id)

    def shown_to(self, unit_id):
        """Those for the sake of which ``unit_id`` reads a hazard that is not, or no longer, its own (docs/adr/0027)."""
        return self.filter(OPEN & Q(to_unit=unit_id) | HANDED_OVER & Q(from_unit=unit_id))


class Transfer(Beside):
    """One offer. Open while ``outcome`` is ""; ``answered_on`` is NULL also where it lapsed: nobody answered."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="移出单位")
    to_unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="接收单位")
    reason = models.TextField("移交理由", max_length=500)
    asked_on = models.DateField("移交日期")
    due_on = models.DateField("答复期限")
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField("答复", max_length=10, choices=Outcome.choices, blank=True)
    opinion = models.TextField("答复意见", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "移交"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=OPEN, name="transfer_open_once"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="transfer_outcome_known"),
            models.CheckConstraint(
                condition=OPEN & Q(ended_at=None) | ~OPEN & Q(ended_at__isnull=False),
                name="transfer_ended_iff_not_open",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=ANSWERED, answered_on__isnull=False, answered_by__isnull=False)
                | (~Q(outcome__in=ANSWERED) & Q(answered_on=None, answered_by=None)),
                name="transfer_answered_whole",
            ),
        ]
        # Scope and desks ask for the few that are open, and for what a unit handed over.
        indexes = [
            models.Index(fields=["to_unit"], condition=OPEN, name="transfer_open_to"),
            models.Index(fields=["due_on"], condition=OPEN, name="transfer_open_due"),
            models.Index(fields=["from_unit"], condition=HANDED_OVER, name="transfer_handed_over"),
        ]

    def __str__(self):
        return f"移交{self.to_unit}"

    def late(self, today):
        """By how many days the answer came, or is by ``today``, after ``due_on``; 0 for one that lapsed."""
        if self.outcome == Outcome.LAPSED:
            return 0
        return max(((self.answered_on or today) - self.due_on).days, 0)
