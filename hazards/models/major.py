"""What a major hazard 重大隐患 has besides: report and receipts, plan and decisions, progress. Rows beside the record."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum

from accounts.models import Unit
from hazards.lifecycle import LEDGER_STATES, UNLISTED_STATES
from journal.models import Beside

PERSON = settings.AUTH_USER_MODEL
# 五落实: what must be settled before work begins, by the names of the columns {name}_settled and {name}_how.
ASSURANCES = {
    "responsibility": "责任", "measures": "措施", "funds": "资金", "time": "时限", "emergency": "预案",
}  # fmt: skip
# The six parts of a plan (总局令第16号 §15).
PARTS = ("goals", "methods", "resources", "organisation", "schedule", "safety")


class PlanQuerySet(models.QuerySet):
    def in_force(self):
        """Of each major hazard in the ledger the newest version that was approved, as far as its order stands."""
        newer = self.model.objects.filter(
            hazard=OuterRef("hazard"), number__gt=OuterRef("number"), decision__approved=True
        )
        rows = self.filter(decision__approved=True, hazard__level="major", hazard__plan_approved_on__isnull=False)
        return rows.exclude(hazard__state__in=UNLISTED_STATES).filter(~Exists(newer))

    def by_sector(self, hazards):
        """列入治理计划 among ``hazards`` (a query set), a dict per sector in the order of the codes: ``sector`` (its code, None for
        none), ``planned``, ``responsibility`` … ``emergency`` (how many have that one of 五落实 settled) and ``money`` in yuan. One query.
        """
        settled = {name: Count("pk", filter=Q(**{f"{name}_settled": True})) for name in ASSURANCES}
        rows = self.in_force().filter(hazard__in=hazards.order_by().values("pk")).order_by("hazard__sector__code")
        return rows.values(sector=models.F("hazard__sector__code")).annotate(
            planned=Count("pk"), money=Sum("money"), **settled
        )


class RectificationPlan(Beside):
    """整改方案 of a major hazard, in the six parts of 总局令第16号 §15, with the five assurances 五落实. Version 1, 2, … of one hazard.

    The newest one waits for a decision while the hazard's ``plan_filed_on`` says so; without decision it was overtaken by a
    newer one or by feedback, or the hazard is major no more.
    """

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("版本")
    goals = models.TextField("目标和任务", max_length=2000)
    methods = models.TextField("方法和措施", max_length=2000)
    resources = models.TextField("经费和物资", max_length=2000)
    organisation = models.TextField("机构和人员", max_length=2000)
    schedule = models.TextField("时限和要求", max_length=2000)
    safety = models.TextField("安全措施和应急预案", max_length=2000)
    responsibility_settled = models.BooleanField("责任落实", default=False)
    responsibility_how = models.CharField("责任怎样落实", max_length=200)
    measures_settled = models.BooleanField("措施落实", default=False)
    measures_how = models.CharField("措施怎样落实", max_length=200)
    funds_settled = models.BooleanField("资金落实", default=False)
    funds_how = models.CharField("资金怎样落实", max_length=200)
    time_settled = models.BooleanField("时限落实", default=False)
    time_how = models.CharField("时限怎样落实", max_length=200)
    emergency_settled = models.BooleanField("预案落实", default=False)
    emergency_how = models.CharField("预案怎样落实", max_length=200)
    money = models.DecimalField("计划投入（元）", max_digits=14, decimal_places=2)
    responsible = models.CharField("整改责任人", max_length=100)
    finish_by = models.DateField("计划完成日期")
    protection = models.TextField("临时管控措施", max_length=1000)
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "整改方案"
        ordering = ["hazard", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "number"], name="plan_number_once"),
            models.CheckConstraint(condition=Q(money__gte=0), name="plan_money_not_negative"),
        ]

    def __str__(self):
        return f"第 {self.number} 版"

    @property
    def parts(self):
        """``[(heading, text), …]``, all six."""
        return [(str(self._meta.get_field(name).verbose_name), getattr(self, name)) for name in PARTS]

    @property
    def assurances(self):
        """``[(word, whether it is settled, how), …]``, all five."""
        return [
            (word, getattr(self, f"{name}_settled"), getattr(self, f"{name}_how")) for name, word in ASSURANCES.items()
        ]

    @property
    def unsettled(self):
        """The words of the assurances that are not settled, as text: 资金、预案; while there are any it is not approved."""
        return "、".join(word for word, is_settled, _ in self.assurances if not is_settled)


class PlanDecision(Beside):
    """整改方案审批: approved, or returned with what is missing, by someone other than who filed it."""

    record_path = "plan__hazard"

    plan = models.OneToOneField(RectificationPlan, models.PROTECT, to_field="uid", related_name="decision")
    approved = models.BooleanField("是否批准")
    opinion = models.TextField("审批意见", max_length=1000)
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "整改方案审批"
        ordering = ["id"]


class Progress(Beside):
    """整改进展 of a major hazard: what was done, how far it is, what was spent so far. Several of one hazard."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="progress")
    content = models.TextField("进展情况", max_length=2000)
    percent = models.PositiveSmallIntegerField("完成比例（%）")
    spent = models.DecimalField("累计已用资金（元）", max_digits=14, decimal_places=2)
    reason = models.TextField("比上次减少的原因", max_length=500, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "整改进展"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="progress_percent_at_most_100"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="progress_spent_not_negative"),
        ]


class MajorReport(Beside):
    """重大隐患报告, in the three parts of 总局令第16号 §14. One of a hazard."""

    record_path = "hazard"

    hazard = models.OneToOneField("hazards.Hazard", models.PROTECT, related_name="major_report")
    cause = models.TextField("现状及产生原因", max_length=2000)
    harm = models.TextField("危害程度和整改难易程度分析", max_length=2000)
    treatment = models.TextField("治理方案", max_length=2000)
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "重大隐患报告"

    @property
    def parts(self):
        """``[(heading, text), …]``, all three."""
        return [
            (str(self._meta.get_field(name).verbose_name), getattr(self, name))
            for name in ("cause", "harm", "treatment")
        ]


UNSIGNED = Q(at=None)


class ReceiptQuerySet(models.QuerySet):
    def unsigned(self):
        """Those that nobody of the unit has signed; of a void row none is waited for."""
        return self.filter(UNSIGNED, hazard__state__in=LEDGER_STATES)


class Receipt(Beside):
    """签收 of the report by one of the units it went to; without ``at`` nobody there has signed yet."""

    record_path = "hazard"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="收报单位")
    by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "重大隐患报告签收"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "unit"], name="receipt_once"),
            models.CheckConstraint(
                condition=Q(by=None, at=None) | Q(by__isnull=False, at__isnull=False), name="receipt_signed_whole"
            ),
        ]
        # Desks ask for the unsigned ones alone, which are few.
        indexes = [models.Index(fields=["unit"], condition=UNSIGNED, name="receipt_unsigned")]
