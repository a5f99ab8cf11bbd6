"""信息报送: what each body reports of a period, figures from the ledger and words of its own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from accounts.scope import Reach, Territorial, in_division, scope_of
from inspections.models import Enterprise, in_line_of
from journal.models import Event, Record, RecordQuerySet
from look.words import moment_words
from notifications.operations import mail_no_more
from reporting.ladder import first_at
from reporting.lifecycle import LAW, OPEN, State
from reporting.terms import Kind, period_of

PERSON = settings.AUTH_USER_MODEL
BATCH = 500


class Opening(models.Model):
    """A period for which reports were asked for, once and for all: who comes later owes none for it."""

    kind = models.CharField(max_length=8, choices=Kind.choices)
    period = models.CharField(max_length=8)
    first = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "报送期"
        ordering = ["-first", "kind"]
        constraints = [models.UniqueConstraint(fields=["kind", "period"], name="opening_once")]

    def __str__(self):
        return period_of(self.kind, self.period).full_words


class ReportQuerySet(RecordQuerySet):
    def open(self):
        """Those that somebody still owes."""
        return self.filter(state__in=OPEN)

    def filed(self):
        return self.filter(state=State.FILED)

    def missing(self, at):
        """Owed, and due before ``at``."""
        return self.open().filter(due_at__lt=at)

    def on_time(self):
        return self.filed().filter(filed_at__lte=F("due_at"))

    def late(self):
        """Filed after they were due."""
        return self.filed().filter(filed_at__gt=F("due_at"))

    def visible_to(self, user):
        """Those of the reader's territory; a department reads its own and those of the enterprises in its line of work, an
        enterprise its own."""
        scope = scope_of(user)
        if scope.reach is Reach.TERRITORY:
            return self.filter(in_division(scope.division))
        if scope.reach is Reach.DEPARTMENT:
            line = Q(enterprise__isnull=False) & in_line_of(scope, "enterprise__")
            return self.filter(in_division(scope.division)).filter(line | Q(unit=scope.unit_id))
        if scope.reach is Reach.ENTERPRISE:
            return self.filter(enterprise__members=user)
        return self.none()


class Report(Record, Territorial):
    """What one body owes for one period: a township or department its week, an enterprise its month of self-inspection.

    ``due_on`` is the day it was first due, by which it is counted to a period; ``due_at`` the moment by which it is on time, later than
    that only where a report that came in time was returned. ``figures`` ([{name, label, value}]) are those of the ledger at the moment
    of filing; nobody types them. ``division_code`` is where the body lay when the report was asked for.
    """

    lifecycle, noun, slug = LAW, "报告", "report"

    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    period = models.CharField("报送期", max_length=8)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="reports", verbose_name="单位")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="reports", verbose_name="企业")
    due_on = models.DateField("应报日期")
    due_at = models.DateTimeField("报送期限")
    filed_at = models.DateTimeField("报送时间", null=True)
    filed_by = models.ForeignKey(
        PERSON, models.PROTECT, db_index=False, null=True, related_name="+", verbose_name="报送人"
    )
    is_zero = models.BooleanField("零报告", default=False)
    figures = models.JSONField("数据", default=list)
    words = models.TextField("工作情况", max_length=2000, blank=True)
    explanation = models.TextField("数据说明", max_length=1000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "信息报送"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.WEEKLY, unit__isnull=False, enterprise=None)
                | Q(kind=Kind.MONTHLY, unit=None, enterprise__isnull=False),
                name="report_kind_of_its_body",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FILED, filed_at__isnull=False, filed_by__isnull=False)
                | (~Q(state=State.FILED) & Q(filed_at=None, filed_by=None, is_zero=False)),
                name="report_filed_iff_moment",
            ),
            models.UniqueConstraint(fields=["unit", "period"], name="report_unit_once"),
            models.UniqueConstraint(fields=["enterprise", "period"], name="report_enterprise_once"),
        ]
        indexes = [
            models.Index(fields=["city_code", "-id"], name="report_city"),
            models.Index(fields=["county_code", "-id"], name="report_county"),
            models.Index(fields=["division_code", "-id"], name="report_division"),
            models.Index(fields=["kind", "due_on"], name="report_kind_due"),
            models.Index(fields=["due_at"], condition=Q(state__in=["pending", "returned"]), name="report_open"),
        ]

    def __str__(self):
        return f"{self.body} {self.name}" if self.period else self.noun

    @property
    def body(self):
        """Who owes it: a unit or an enterprise."""
        return self.unit or self.enterprise

    @property
    def body_name(self):
        return self.unit.short_name if self.unit_id else self.enterprise.name

    @property
    def span(self):
        """The `workdays.periods.Period` it speaks of."""
        return period_of(self.kind, self.period)

    @property
    def name(self):
        """2026 年第 46 周周报, 2026 年 11 月自查月报."""
        return f"{self.span.full_words}{self.get_kind_display()}"

    @property
    def is_late(self) -> bool:
        """Whether it was filed after it was due; whether one that is still owed is missing, the clock says (`is_missing`)."""
        return self.filed_at is not None and self.filed_at > self.due_at

    def is_missing(self, at):
        return self.state in OPEN and self.due_at < at

    def notice_words(self, event):
        return {"name": self.name, "due": moment_words(self.due_at, self.due_on)}

    @classmethod
    def derive(cls, lasts):
        follow(lasts)


class ReportEvent(Event):
    """One thing that happened to one report; see `journal.models.Event`."""

    record = models.ForeignKey(Report, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "信息报送办理记录"


class Reminder(models.Model):
    """When the ladder of a report that is owed is next looked at. Derived: `follow` writes it in the transaction of the act, and only
    the sweep (`reporting.reminders`) moves it on; as in ADR 0021."""

    # No constraint in the database: a row is gone with what was owed, and reports are never deleted.
    report = models.OneToOneField(
        Report, models.CASCADE, primary_key=True, related_name="reminder", db_constraint=False
    )
    kind = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = "下次催报"
        indexes = [models.Index(fields=["next_at", "due_at"], name="report_reminder_next")]


def key_of(report_id, due_at):
    """How the keys of the reminders of a report begin: they are of this report and this moment."""
    return f"report:{report_id}:{due_at:%Y%m%d%H%M}:"


def follow(lasts):
    """Write anew what ``lasts`` ([(report, its last event), …]) leaves to be reminded of; idempotent, four statements a batch at most.
    What is owed no more is mailed no more."""
    lasts = {report.pk: (report, event) for report, event in lasts}
    owed = {pk: one for pk, one in lasts.items() if one[0].state in OPEN}
    ids = list(lasts)
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        Reminder.objects.filter(report__in=chunk).delete()
        mail_no_more("report", {pk: (key_of(pk, owed[pk][0].due_at),) if pk in owed else () for pk in chunk})
    rows = [
        Reminder(
            report_id=pk,
            kind=report.kind,
            due_at=report.due_at,
            next_at=first_at(report.kind, report.due_at, at=event.at),
        )
        for pk, (report, event) in owed.items()
    ]
    Reminder.objects.bulk_create(rows, batch_size=BATCH)
