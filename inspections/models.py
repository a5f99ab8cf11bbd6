"""Where and when: sectors, enterprises and the visits paid to them."""

from functools import cache, reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.dispatch import Signal
from django.utils import timezone

from accounts.divisions import departments
from accounts.models import Unit
from accounts.scope import Reach, Territorial, in_division, left_behind, scope_of
from folding.fields import FoldedField
from inspections import uscc
from inspections.lifecycle import ENTERPRISES, SECTORS, EnterpriseState, SectorState
from journal.models import Event, Record, RecordQuerySet


def validate_uscc(value):
    if sentence := uscc.problem(value):
        raise ValidationError(sentence)


@cache
def functions():
    """``{code: name}`` of the lines of work that departments have: what can answer for a sector."""
    return {row["function"]: row["name"] for row in departments()}


# Asked with ``enterprise`` and ``changed`` ({column: value}) before its entry is edited by hand; who has reasons against it answers
# with a sentence.
edit_asked = Signal()
# What falls to a department besides the enterprises of its function, as apps above know it: ``(unit id, path) -> Q``.
falls_to = []


def in_line_of(scope, path=""):
    """A ``Q`` for what concerns the enterprises (at ``path``) that fall to the line of work of a department."""
    line = Q(**{f"{path}sector__competent_function": scope.function})
    line |= Q(**{f"{path}sector__supervising_function": scope.function})
    return reduce(or_, (further(scope.unit_id, path) for further in falls_to), line)


NAME_TAKEN = "该属地已有同名企业，请在企业名录中查找；确是另一家的，请在名称后注明区别，例如“（二店）”"
USCC_TAKEN = "该统一社会信用代码已登记，请直接使用已有企业"


class SectorQuerySet(RecordQuerySet):
    def active(self):
        return self.filter(is_active=True)

    def visible_to(self, user):
        """Reference data: whoever is signed in reads all of it."""
        return self if user.is_authenticated and user.is_active else self.none()


class Sector(Record):
    """行业领域, with the functions of the departments that answer for it: the matrix behind 主管 and 监管."""

    lifecycle, noun, slug = SECTORS, "行业领域", "sector"

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=40, unique=True, error_messages={"unique": "已有这个名称的行业领域"})
    competent_function = models.CharField("行业主管部门职能", max_length=12, blank=True, choices=functions)
    supervising_function = models.CharField("监管部门职能", max_length=12, blank=True, choices=functions)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    folded = FoldedField("code", "name")
    is_active = models.BooleanField("启用", default=True, editable=False)

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = "行业领域"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SectorState.ACTIVE, is_active=True) | Q(state=SectorState.RETIRED, is_active=False),
                name="sector_active_as_its_state",
            ),
        ]

    def __str__(self):
        return self.name


class SectorEvent(Event):
    """One thing that happened to one sector; see `journal.models.Event`."""

    record = models.ForeignKey(Sector, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "行业领域办理记录"


class EnterpriseQuerySet(RecordQuerySet):
    def on_register_since(self, day):
        """Without those that had closed before ``day``."""
        return self.filter(~Q(status=Enterprise.Status.CLOSED) | Q(closed_on__gte=day))

    def on_register_in(self, first, last):
        """Those that were on register, and not closed, on some day from ``first`` to ``last``."""
        return self.on_register_since(first).filter(registered_on__lte=last)

    def visible_to(self, user):
        scope = scope_of(user)
        if scope.reach is Reach.TERRITORY:
            return self.filter(in_division(scope.division))
        if scope.reach is Reach.DEPARTMENT:
            return self.filter(in_division(scope.division)).filter(in_line_of(scope))
        if scope.reach is Reach.ENTERPRISE:
            return self.filter(members=user)
        return self.none()


class Enterprise(Record, Territorial):
    """生产经营单位: any inspected entity. Small premises may have no USCC; where present it is unique, as is the name, however
    typed, in its township: a second firm of one name there says in its name what tells them apart."""

    lifecycle, noun, slug = ENTERPRISES, "企业", "enterprise"
    sealed_sets = ("members",)

    class Status(models.TextChoices):
        OPERATING = "operating", "在产"
        STOPPED = "stopped", "停产"
        SUSPENDED = "suspended", "停业整顿"
        CLOSED = "closed", "关闭"
        RESUMED = "resumed", "复工"

    class Risk(models.TextChoices):
        RED = "red", "红"
        ORANGE = "orange", "橙"
        YELLOW = "yellow", "黄"
        BLUE = "blue", "蓝"

    name = models.CharField("企业名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, validators=[validate_uscc])
    township = models.ForeignKey(Unit, models.PROTECT, related_name="enterprises", verbose_name="属地")
    address = models.CharField("详细地址", max_length=200, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="enterprises", verbose_name="行业领域"
    )
    risk_grade = models.CharField("风险等级", max_length=6, choices=Risk.choices, blank=True)
    principal = models.CharField("主要负责人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    safety_manager = models.CharField("安全管理员", max_length=40, blank=True)
    safety_manager_phone = models.CharField("安全管理员电话", max_length=20, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPERATING)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="enterprises", verbose_name="企业人员"
    )
    registered_on = models.DateField("登记日期", default=timezone.localdate, editable=False)
    closed_on = models.DateField("关闭日期", null=True, editable=False)
    folded = FoldedField("name", "uscc", initials=["name"])
    name_folded = FoldedField("name")

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "企业"
        ordering = ["-registered_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc=""),
                name="enterprise_uscc_once",
                violation_error_message=USCC_TAKEN,
            ),
            models.UniqueConstraint(
                fields=["township", "name_folded"],
                name="enterprise_name_once_in_township",
                violation_error_message=NAME_TAKEN,
            ),
            models.CheckConstraint(condition=Q(uscc=Upper("uscc")), name="enterprise_uscc_in_capitals"),
            models.CheckConstraint(
                condition=Q(status__in=["operating", "stopped", "suspended", "closed", "resumed"]),
                name="enterprise_status_known",
            ),
            models.CheckConstraint(condition=Q(state__in=EnterpriseState.values), name="enterprise_state_known"),
        ]
        indexes = [
            models.Index(fields=["city_code", "-registered_on", "-id"], name="enterprise_city"),
            models.Index(fields=["county_code", "-registered_on", "-id"], name="enterprise_county"),
            models.Index(fields=["division_code", "-registered_on", "-id"], name="enterprise_township"),
            models.Index(fields=["name_folded"], name="enterprise_name"),
        ]

    def __str__(self):
        return self.name

    @property
    def standing(self):
        return self.get_status_display()

    def save(self, *args, **kwargs):
        self.division_code = self.township.division_code
        super().save(*args, **kwargs)


class EnterpriseEvent(Event):
    """One thing that happened to one enterprise; see `journal.models.Event`."""

    record = models.ForeignKey(Enterprise, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "企业办理记录"


class InspectionQuerySet(models.QuerySet):
    def paid(self):
        """Without drafts: what counts as a visit."""
        return self.filter(is_draft=False)

    def paid_before(self, moment):
        """What counted as a visit before ``moment``: a draft counts from when it was completed, not from when it was begun."""
        entered = Q(completed_at=None, created_at__lt=moment) | Q(completed_at__lt=moment)
        return self.paid().filter(entered)

    def visible_to(self, user):
        """Visits to enterprises of the territory; a department also sees its own visits; an enterprise those paid to it.

        A draft is seen by its author alone; one whose author has left, by whom its hazards fall to (`left_behind`).
        """
        if not user.is_authenticated:
            return self.none()
        drafts = Q(created_by=user) | left_behind(user, "created_by", "unit")
        return self._reached_by(user).filter(Q(is_draft=False) | drafts)

    def _reached_by(self, user):
        scope = scope_of(user)
        if scope.reach is Reach.TERRITORY:
            return self.filter(in_division(scope.division))
        if scope.reach is Reach.DEPARTMENT:
            line = in_line_of(scope, "enterprise__") | Q(unit_id=scope.unit_id)
            return self.filter(in_division(scope.division)).filter(line)
        if scope.reach is Reach.ENTERPRISE:
            return self.filter(enterprise__members=user)
        return self.none()


class Inspection(Territorial):
    """检查: one visit to one enterprise by one unit, with or without hazards.

    ``is_draft`` until the first of its draft hazards is registered: it counts nowhere and may still lack the second inspector.
    """

    class Kind(models.TextChoices):
        ROUTINE = "routine", "日常检查"
        SPECIAL = "special", "专项检查"
        UNANNOUNCED = "unannounced", "暗访（四不两直）"
        JOINT = "joint", "联合执法"
        SUPERVISION = "supervision", "督查"
        SELF = "self", "企业自查"
        TIPOFF = "tipoff", "举报核查"

    kind = models.CharField("检查方式", max_length=12, choices=Kind.choices, default=Kind.ROUTINE)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="inspections", verbose_name="企业")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inspections", verbose_name="检查单位")
    inspected_on = models.DateField("检查日期")
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="inspections", verbose_name="检查人")
    nothing_found = models.BooleanField("未发现隐患", default=False)
    note = models.TextField("检查情况", max_length=2000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    created_at = models.DateTimeField("记录时间")
    is_draft = models.BooleanField("草稿", default=False)
    completed_at = models.DateTimeField("草稿完成时间", null=True)  # of what was a draft: since then it counts
    submission_key = models.CharField("提交标识", max_length=36, blank=True)  # the same form sent twice is one visit
    sent_digest = models.CharField(
        "提交内容摘要", max_length=64, blank=True
    )  # a form changed between is no double sending

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "检查"
        ordering = ["-inspected_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["routine", "special", "unannounced", "joint", "supervision", "self", "tipoff"]),
                name="inspection_kind_known",
            ),
            models.UniqueConstraint(
                fields=["created_by", "submission_key"],
                condition=~Q(submission_key=""),
                name="inspection_submitted_once",
            ),
        ]
        indexes = [
            models.Index(fields=["city_code", "-inspected_on", "-id"], name="inspection_city"),
            models.Index(fields=["county_code", "-inspected_on", "-id"], name="inspection_county"),
            models.Index(fields=["division_code", "-inspected_on", "-id"], name="inspection_township"),
            models.Index(fields=["unit", "-inspected_on"], name="inspection_unit"),
        ]

    def __str__(self):
        return f"{self.inspected_on:%Y-%m-%d} {self.enterprise}"

    def save(self, *args, **kwargs):
        self.division_code = self.enterprise.division_code
        super().save(*args, **kwargs)


# 行政处罚法 §42: officers come in twos; an enterprise that inspects itself may send one person.
OF_TWO = tuple(kind for kind in Inspection.Kind.values if kind != Inspection.Kind.SELF)
