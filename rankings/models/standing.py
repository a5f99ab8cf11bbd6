"""The rows behind frozen figures, as they stood at the cut-off: copies of the columns that figures ask for, under the same names, so
that one condition (`rankings.figures`) reads them and the ledger alike. Written once, with the freeze."""

from django.db import models

from accounts.models import Unit
from accounts.scope import Territorial
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection, Sector


def _to(model, name, **options):
    return models.ForeignKey(model, models.PROTECT, db_index=False, related_name="+", verbose_name=name, **options)


class Standing(Territorial):
    """A row of ``freeze``; ``copied`` are the columns it takes over, ``original`` the name of the one that leads to its source."""

    original, copied = "", ()

    freeze = models.ForeignKey("rankings.Freeze", models.PROTECT, db_index=False, related_name="+")

    class Meta:
        abstract = True


class StandingHazard(Standing):
    """A hazard that figures of the window may count."""

    original = "hazard"
    copied = (
        "state", "level", "found_on", "registered_at", "issue_due_on", "issued_on", "original_deadline", "deadline",
        "deadline_before_reset", "longer_approved", "feedback_on", "rectified_on", "closed_on", "refused_on", "reopened",
        "reopened_on", "fixed_on_spot", "enterprise", "sector", "competent_unit", "found_by_unit", "inspection", "accident_type",
        "division_code",
    )  # fmt: skip

    hazard = _to(Hazard, "隐患")
    state = models.CharField("状态", max_length=20)
    level = models.CharField("隐患等级", max_length=10)
    found_on = models.DateField("排查日期")
    registered_at = models.DateTimeField("登记时间", null=True)
    issue_due_on = models.DateField("应下达日期", null=True)
    issued_on = models.DateField("下达日期", null=True)
    original_deadline = models.DateField("原定期限", null=True)
    deadline = models.DateField("整改期限", null=True)
    deadline_before_reset = models.DateField("重定前期限", null=True)
    longer_approved = models.BooleanField(default=False)
    feedback_on = models.DateField("反馈日期", null=True)
    rectified_on = models.DateField("整改完成日期", null=True)
    closed_on = models.DateField("销号日期", null=True)
    refused_on = models.DateField("复查不通过日期", null=True)
    reopened = models.PositiveSmallIntegerField("返潮次数", default=0)
    reopened_on = models.DateField("返潮日期", null=True)
    fixed_on_spot = models.BooleanField("当场整改", default=False)
    enterprise = _to(Enterprise, "企业")
    sector = _to(Sector, "行业领域", null=True)
    competent_unit = _to(Unit, "行业主管部门", null=True)
    found_by_unit = _to(Unit, "检查单位")
    inspection = _to(Inspection, "检查", null=True)
    accident_type = models.CharField("隐患类型", max_length=60, blank=True)

    class Meta:
        verbose_name = "冻结的隐患"
        constraints = [models.UniqueConstraint(fields=["freeze", "hazard"], name="standing_hazard_once")]
        indexes = [
            models.Index(fields=["freeze", "division_code"], name="standing_hazard_place"),
            models.Index(fields=["freeze", "enterprise"], name="standing_hazard_firm"),
        ]


class StandingVisit(Standing):
    """A visit that was recorded before the cut-off, of the window or of the days before that 漏查 looks back to."""

    original = "inspection"
    copied = ("kind", "enterprise", "unit", "inspected_on", "division_code")

    inspection = _to(Inspection, "检查")
    kind = models.CharField("检查方式", max_length=12)
    enterprise = _to(Enterprise, "企业")
    unit = _to(Unit, "检查单位")
    inspected_on = models.DateField("检查日期")

    class Meta:
        verbose_name = "冻结的检查"
        constraints = [models.UniqueConstraint(fields=["freeze", "inspection"], name="standing_visit_once")]
        indexes = [
            models.Index(fields=["freeze", "division_code"], name="standing_visit_place"),
            models.Index(fields=["freeze", "enterprise"], name="standing_visit_firm"),
        ]


class StandingFirm(Standing):
    """A firm that was on register on some day of the window."""

    original = "enterprise"
    copied = ("sector", "registered_on", "closed_on", "division_code")

    enterprise = _to(Enterprise, "企业")
    sector = _to(Sector, "行业领域", null=True)
    registered_on = models.DateField("登记日期")
    closed_on = models.DateField("关闭日期", null=True)

    class Meta:
        verbose_name = "冻结的企业"
        constraints = [models.UniqueConstraint(fields=["freeze", "enterprise"], name="standing_firm_once")]
        indexes = [models.Index(fields=["freeze", "division_code"], name="standing_firm_place")]
