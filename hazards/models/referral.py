"""移送: the matter goes to another authority or the judiciary, and comes back with an answer. A row beside the record."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from journal.models import Beside

PERSON = settings.AUTH_USER_MODEL
UNANSWERED = Q(answered_at=None)


class Referral(Beside):
    """One referral; at most one of a hazard waits for its answer. ``body`` is no unit of ours: a court, the police, another city."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="referrals")
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="移送单位")
    body = models.CharField("受移送机关", max_length=60)
    case_number = models.CharField("移送文号", max_length=60)
    referred_on = models.DateField("移送日期")
    reason = models.TextField("移送事由", max_length=1000)
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField("答复内容", max_length=1000, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "移送"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=UNANSWERED, name="referral_unanswered_once"),
            models.CheckConstraint(
                condition=UNANSWERED & Q(answer="", answered_on=None, answered_by=None)
                | ~UNANSWERED & ~Q(answer="") & Q(answered_on__gte=F("referred_on"), answered_by__isnull=False),
                name="referral_answered_whole",
            ),
        ]

    def __str__(self):
        return f"移送{self.body}"
