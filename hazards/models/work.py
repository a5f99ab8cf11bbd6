"""What is done about a hazard: the rectifier's feedback and the reviewer's opinion on it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Feedback(models.Model):
    """整改结果反馈: what was done, when, by whom, money spent (万元). Round 1, 2, … of one hazard.

    Its photos are those of the hazard whose ``part`` is its ``uid``.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="feedbacks")
    round = models.PositiveSmallIntegerField()
    content = models.TextField("整改情况", max_length=2000)
    spent = models.DecimalField("投入资金（万元）", max_digits=10, decimal_places=2, null=True, blank=True)
    deadline = models.DateField("当时期限")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["hazard", "round"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "round"], name="feedback_round_once"),
            models.CheckConstraint(condition=Q(spent=None) | Q(spent__gte=0), name="feedback_spent_not_negative"),
        ]


class Review(models.Model):
    """复查: pass or fail with an opinion, by someone other than the person who filed the feedback."""

    feedback = models.OneToOneField(Feedback, models.PROTECT, related_name="review")
    passed = models.BooleanField("复查结论")
    opinion = models.TextField("复查意见", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
