"""执法措施: what was done against an enterprise, and the way back from what was stopped."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from accounts.models import Unit
from accounts.roles import Role
from accounts.scope import Reach, scope_of
from enforcement.kinds import LIFTABLE, RESUMABLE, Kind
from enforcement.lifecycle import LAW, State
from evidence.models import Document
from folding.fields import FoldedField
from hazards.models import Hazard
from inspections.models import Enterprise, Inspection
from journal.models import Beside, Event, Record, RecordQuerySet
from look.words import full_date

PERSON = settings.AUTH_USER_MODEL


@dataclass(frozen=True)
class Figures:
    """What one unit decided in a period."""

    orders: int = 0
    penalties: int = 0
    amount: Decimal = Decimal(0)
    suspensions: int = 0
    closures: int = 0


class MeasureQuerySet(RecordQuerySet):
    def counted(self):
        """Without those that were withdrawn: they count nowhere."""
        return self.exclude(state=State.WITHDRAWN)

    def suspending(self):
        """What keeps an enterprise at 停业整顿."""
        return self.filter(state=State.MADE, kind=Kind.SUSPENSION)

    def figures(self, first, last):
        """``{unit id: Figures}`` of what was decided from ``first`` to ``last``. One grouped query; units without a row are absent."""
        penalty = Q(kind=Kind.PENALTY)
        rows = (
            self.counted()
            .filter(on__range=(first, last))
            .order_by()
            .values("unit")
            .annotate(
                orders=Count("pk", filter=Q(kind=Kind.ORDER)),
                penalties=Count("pk", filter=penalty),
                fines=Sum("amount", filter=penalty),
                suspensions=Count("pk", filter=Q(kind=Kind.SUSPENSION)),
                closures=Count("pk", filter=Q(kind=Kind.CLOSURE)),
            )
            .values_list("unit", "orders", "penalties", "fines", "suspensions", "closures")
        )
        return {
            unit: Figures(orders, penalties, fines or Decimal(0), suspensions, closures)
            for unit, orders, penalties, fines, suspensions, closures in rows
        }

    def visible_to(self, user):
        """Who reads the enterprise, or the hazard or visit it stands on, and the unit that decided; the enterprise's own people, but of
        no transfer to the courts: that is theirs to announce."""
        scope = scope_of(user)
        if scope.reach is Reach.NOTHING:
            return self.none()
        firms = Exists(Enterprise.objects.visible_to(user).filter(pk=OuterRef("enterprise")))
        if user.role == Role.ENTERPRISE:
            return self.filter(firms).exclude(kind=Kind.TRANSFER)
        hazards = Exists(Hazard.objects.reached_by(user).filter(pk=OuterRef("hazard")))
        visits = Exists(Inspection.objects.visible_to(user).filter(pk=OuterRef("inspection")))
        return self.filter(Q(firms) | Q(hazards) | Q(visits) | Q(unit=scope.unit_id))


class Measure(Record):
    """One measure against one enterprise. It stands on a hazard, or on a visit, or (neither) on the enterprise itself.

    ``enterprise`` is whom the decision names, also after the hazard has been corrected to another firm. ``second_officer`` is
    NULL where a name was typed that no account bears. ``status_before`` is what a suspended enterprise was before.
    """

    lifecycle, noun, slug = LAW, "执法措施", "measure"

    kind = models.CharField("措施", max_length=12, choices=Kind.choices)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="measures", verbose_name="企业")
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="measures", verbose_name="隐患")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="measures", verbose_name="检查")
    on = models.DateField("决定日期")
    content = models.TextField("措施内容", max_length=1000)
    basis = models.CharField("依据条款", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures", verbose_name="决定单位")
    officer = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+", verbose_name="执法人员")
    second_officer = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    second_officer_name = models.CharField("另一名执法人员", max_length=40)
    number = models.CharField("决定书文号", max_length=60, blank=True)
    number_folded = FoldedField("number")
    amount = models.DecimalField("罚款金额（元）", max_digits=12, decimal_places=2, null=True)
    notified_at = models.DateTimeField("通知时间", null=True)
    cut_at = models.DateTimeField("停供时间", null=True)
    approver = models.CharField("批准人", max_length=40, blank=True)
    emergency = models.CharField("紧急情形", max_length=300, blank=True)
    status_before = models.CharField(max_length=10, blank=True, choices=Enterprise.Status.choices)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+", verbose_name="记录人")
    resumption_due_on = models.DateField("复工审查期限", null=True)  # of the application not yet decided
    resumption_asked_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    lifted_on = models.DateField("解除日期", null=True)
    withdrawn_on = models.DateField("撤销日期", null=True)
    documents = GenericRelation(Document)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "执法措施"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="measure_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="measure_state_known"),
            models.CheckConstraint(condition=Q(hazard=None) | Q(inspection=None), name="measure_stands_on_one"),
            models.CheckConstraint(
                condition=(Q(kind=Kind.PENALTY) & Q(amount__isnull=False, amount__gte=0) & ~Q(number=""))
                | (~Q(kind=Kind.PENALTY) & Q(amount=None)),
                name="measure_penalty_has_number_and_amount",
            ),
            # 安全生产法 §70: notice first, approved by the principal of the body.
            models.CheckConstraint(
                condition=(
                    Q(kind=Kind.UTILITIES)
                    & Q(notified_at__isnull=False, cut_at__gte=F("notified_at"))
                    & ~Q(approver="")
                )
                | (~Q(kind=Kind.UTILITIES) & Q(notified_at=None, cut_at=None, approver="", emergency="")),
                name="measure_utilities_are_notified",
            ),
            models.CheckConstraint(
                condition=(Q(second_officer=None) | ~Q(second_officer=F("officer"))) & ~Q(second_officer_name=""),
                name="measure_by_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(state=State.LIFTED, lifted_on__isnull=False)
                | Q(state=State.MADE, lifted_on=None)
                | Q(state=State.WITHDRAWN),
                name="measure_lifting_day_iff_lifted",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_on__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_on=None)),
                name="measure_withdrawing_day_iff_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(resumption_due_on=None, resumption_asked_by=None)
                | Q(
                    kind__in=sorted(RESUMABLE),
                    state=State.MADE,
                    resumption_due_on__isnull=False,
                    resumption_asked_by__isnull=False,
                ),
                name="measure_resumption_asked_whole",
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.SUSPENSION) & ~Q(status_before=""))
                | (~Q(kind=Kind.SUSPENSION) & Q(status_before="")),
                name="measure_knows_the_status_before",
            ),
            # One decision twice would count twice towards a proposal to close.
            models.UniqueConstraint(
                fields=["unit", "kind", "number_folded"],
                condition=~Q(number="") & ~Q(state=State.WITHDRAWN),
                name="measure_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-on", "-id"], name="measure_newest"),
            models.Index(fields=["unit", "-on", "-id"], name="measure_unit"),
            models.Index(fields=["enterprise", "kind", "on"], name="measure_enterprise_kind"),
            models.Index(fields=["kind", "on"], name="measure_kind_day"),
            models.Index(
                fields=["resumption_due_on"],
                condition=Q(resumption_due_on__isnull=False),
                name="measure_resumption_asked",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {full_date(self.on)}" if self.on else self.noun

    @property
    def standing(self):
        """What has an end says that it has not come yet."""
        return "未解除" if self.is_in_force else self.state_label

    @property
    def is_in_force(self):
        return self.kind in LIFTABLE and self.state == State.MADE

    @property
    def kind_label(self):
        return self.get_kind_display()

    @property
    def headline(self):
        return f"{self.kind_label} · {self.enterprise}"

    @property
    def stands_on(self):
        """The hazard, the visit, or the enterprise itself."""
        return self.hazard or self.inspection or self.enterprise

    def notice_words(self, event):
        return {"measure": self.kind_label}


class MeasureEvent(Event):
    """One thing that happened to one measure; see `journal.models.Event`."""

    record = models.ForeignKey(Measure, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "执法措施办理记录"


class Resumption(Beside):
    """复工申请: what was done since production, or use, was stopped. Without a decision it waits for one."""

    record_path = "measure"

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="resumptions")
    text = models.TextField("整改情况", max_length=2000)
    due_on = models.DateField("审查期限")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "复工申请"
        ordering = ["id"]


class ResumptionDecision(Beside):
    """复工审查意见: consent or not, by someone other than the person who applied (安全生产法 §65: 经审查同意，方可恢复)."""

    record_path = "application__measure"

    # By uid, which the chain covers and which is known before either row is written.
    application = models.OneToOneField(Resumption, models.PROTECT, to_field="uid", related_name="decision")
    granted = models.BooleanField("是否同意")
    opinion = models.TextField("审查意见", max_length=1000)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "复工审查"
        ordering = ["id"]
