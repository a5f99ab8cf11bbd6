"""What is done about a hazard: feedback and the opinion on it, requests and the decisions on them. Rows beside the record."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from journal.models import Beside

PERSON = settings.AUTH_USER_MODEL


class Feedback(Beside):
    """整改结果反馈: what was done, when, by whom, money spent (万元). Round 1, 2, … of one hazard."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="feedbacks")
    round = models.PositiveSmallIntegerField()
    content = models.TextField("整改情况", max_length=2000)
    spent = models.DecimalField("投入资金（万元）", max_digits=10, decimal_places=2, null=True, blank=True)
    # 双归零 of a major hazard: that what was seen is gone, and what in the management let it come is closed.
    fault_cleared = models.TextField("故障归零", max_length=1000, blank=True)
    gap_closed = models.TextField("管理归零", max_length=1000, blank=True)
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
    """复查, of a major hazard 验收: pass or fail with an opinion, by someone other than the person who filed the feedback.

    ``new_deadline``: the one that a failed one sets (退回重定期限, no extension) in the place of the feedback's ``deadline``.
    An acceptance keeps what the experts or a third party say, and the two officers who were there.
    """

    record_path = "feedback__hazard"

    # By uid, which the chain covers and which is known before either row is written.
    feedback = models.OneToOneField(Feedback, models.PROTECT, to_field="uid", related_name="review")
    passed = models.BooleanField("复查结论")
    opinion = models.TextField("复查意见", max_length=2000)
    new_deadline = models.DateField("重定的整改期限", null=True)
    expert_opinion = models.TextField("专家意见或第三方报告", max_length=2000, blank=True)
    first_officer = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    second_officer = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "复查意见"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_officer=None, second_officer=None)
                | (Q(first_officer__isnull=False) & ~Q(first_officer=F("second_officer"))),
                name="review_by_two_officers",
            ),
        ]

    @property
    def officers(self):
        """The two who accepted a major hazard; empty for a review."""
        return [person for person in (self.first_officer, self.second_officer) if person is not None]


class Extension(Beside):
    """延期申请: more time until ``until``, why, and what keeps people safe meanwhile. Without a decision it waits for one or, once
    feedback has come, has lapsed."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="extension_requests")
    deadline = models.DateField("当时期限")
    until = models.DateField("申请延期至")
    reason = models.TextField("延期原因", max_length=1000)
    protection = models.TextField("临时管控措施", max_length=1000)
    due_on = models.DateField("批复期限")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "延期申请"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("deadline")), name="extension_gives_time")]


class ExtensionDecision(Beside):
    """延期批复: granted or not, by someone other than the person who asked."""

    record_path = "request__hazard"

    request = models.OneToOneField(Extension, models.PROTECT, to_field="uid", related_name="decision")
    granted = models.BooleanField("是否同意")
    opinion = models.TextField("批复意见", max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "延期批复"
        ordering = ["id"]


class VoidRequest(Beside):
    """作废申请: why the row should not be in the ledger; of a duplicate the row that stays."""

    record_path = "hazard"

    class Ground(models.TextChoices):
        ERROR = "error", "登记有误"
        DUPLICATE = "duplicate", "重复登记"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="void_requests")
    ground = models.CharField("作废原因", max_length=10, choices=Ground.choices)
    duplicate_of = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, related_name="+")
    reason = models.TextField("情况说明", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "作废申请"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="duplicate", duplicate_of__isnull=False) | Q(ground="error", duplicate_of=None),
                name="void_request_names_the_duplicate",
            ),
        ]


class VoidDecision(Beside):
    """作废决定: granted or not, by someone other than the person who asked."""

    record_path = "request__hazard"

    request = models.OneToOneField(VoidRequest, models.PROTECT, to_field="uid", related_name="decision")
    granted = models.BooleanField("是否同意")
    opinion = models.TextField("意见", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "作废决定"
        ordering = ["id"]
