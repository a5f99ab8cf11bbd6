"""What is done about a hazard: the rectifier's feedback and the reviewer's opinion on it. Rows beside the record."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from journal.models import Beside


class Feedback(Beside):
    """整改结果反馈: what was done, when, by whom, money spent (万元). Round 1, 2, … of one hazard."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="feedbacks")
    round = models.PositiveSmallIntegerField()
    content = models.TextField("整改情况", max_length=2000)
    spent = models.DecimalField("投入资金（万元）", max_digits=10, decimal_places=2, null=True, blank=True)
    deadline = models.DateField("当时期限")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "整改反馈"
        ordering = ["hazard", "round"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "round"], name="feedback_round_once"),
            models.CheckConstraint(condition=Q(spent=None) | Q(spent__gte=0), name="feedback_spent_not_negative"),
        ]


class Review(Beside):
    """复查: pass or fail with an opinion, by someone other than the person who filed the feedback."""

    record_path = "feedback__hazard"

    # By uid, which the chain covers and which is known before either row is written.
    feedback = models.OneToOneField(Feedback, models.PROTECT, to_field="uid", related_name="review")
    passed = models.BooleanField("复查结论")
    opinion = models.TextField("复查意见", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "复查意见"
        ordering = ["id"]
