"""数据异常提示: what looks wrong in the figures of one unit, the rows it stands on, and what became of it. No points hang on it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from accounts.scope import Reach, in_division, scope_of
from evidence.models import Document, Photo
from flags.kinds import Kind, figure_words, why
from flags.lifecycle import LAW, OPEN, State
from folding.fields import FoldsQuerySet
from hazards.models import Hazard
from inspections.models import Inspection
from journal.models import Beside, Event, Record, RecordQuerySet
from look.words import full_date

PERSON = settings.AUTH_USER_MODEL


class FlagQuerySet(RecordQuerySet):
    def visible_to(self, user):
        """A government and its committee office those of the units of their territory, a department its own; an enterprise none."""
        scope = scope_of(user)
        if scope.reach is Reach.TERRITORY:
            return self.filter(in_division(scope.division, "unit__"))
        if scope.reach is Reach.DEPARTMENT:
            return self.filter(unit=scope.unit_id)
        return self.none()

    def open(self):
        """Those on which nobody has decided."""
        return self.filter(state__in=OPEN)

    def standing_on(self, day):
        """Those that stood at the end of ``day``: raised by then and not dismissed by then; one that was upheld stands for as long as
        flags look back at most, then it is history. Read from days on the row, so that a frozen period says the same for ever."""
        kept = Q(upheld_on=None) | Q(upheld_on__gt=day - timedelta(days=settings.FLAG_LONG_DAYS))
        return self.filter(kept, Q(dismissed_on=None) | Q(dismissed_on__gt=day), raised_on__lte=day)


class Flag(Record):
    """One finding about one unit in the days ``first`` to ``last``.

    ``own`` is the unit's figure of that kind and ``peers`` the median of the ``peer_count`` units it is compared with (`flags.kinds`
    says in what); None where there is nothing to compare. ``row_count`` of ``out_of`` rows stand behind it; of these at most `KEPT`
    are kept beside it. ``key`` is kind, unit and what the finding stands on: it is not raised twice.
    """

    lifecycle, noun, slug = LAW, "数据异常提示", "flag"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="flags", verbose_name="单位")
    first = models.DateField("自")
    last = models.DateField("至")
    own = models.DecimalField("本单位", max_digits=10, decimal_places=1, null=True)
    peers = models.DecimalField("同类单位中位数", max_digits=10, decimal_places=1, null=True)
    peer_count = models.PositiveIntegerField("同类单位数", default=0)
    row_count = models.PositiveIntegerField("涉及条数", default=0)
    out_of = models.PositiveIntegerField("共有条数", default=0)
    key = models.CharField(max_length=60, editable=False)
    raised_on = models.DateField("提示日期")
    answer_due_on = models.DateField("说明期限")
    answer = models.TextField("单位说明", max_length=2000, blank=True)
    answered_on = models.DateField("说明日期", null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    reason = models.TextField("认定理由", max_length=1000, blank=True)
    upheld_on = models.DateField("维持日期", null=True)
    dismissed_on = models.DateField("撤销日期", null=True)
    documents = GenericRelation(Document)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = "数据异常提示"
        ordering = ["-last", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="flag_raised_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="flag_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="flag_state_known"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="flag_begins_before_it_ends"),
            models.CheckConstraint(
                condition=Q(state=State.DISMISSED, dismissed_on__isnull=False)
                | (~Q(state=State.DISMISSED) & Q(dismissed_on=None)),
                name="flag_dismissing_day_iff_dismissed",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.UPHELD) | Q(upheld_on__isnull=False), name="flag_upheld_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ANSWERED) | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="flag_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-last", "-id"], name="flag_newest"),
            models.Index(fields=["unit", "-last", "-id"], name="flag_unit"),
            models.Index(fields=["answer_due_on"], condition=Q(state__in=["raised", "answered"]), name="flag_open"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {full_date(self.last)}" if self.last else self.noun

    @property
    def headline(self):
        return f"{self.unit.short_name}：{self.kind_label}"

    @property
    def kind_label(self):
        return self.get_kind_display()

    @property
    def why(self):
        return why(self.kind)

    @property
    def own_words(self):
        return figure_words(self.kind, self.own)

    @property
    def peers_words(self):
        return figure_words(self.kind, self.peers)

    @property
    def span_words(self):
        return f"{full_date(self.first)} 至 {full_date(self.last)}"

    def notice_words(self, event):
        return {"kind": self.kind_label, "unit": self.unit.short_name, "due": full_date(self.answer_due_on)}


class FlagEvent(Event):
    """One thing that happened to one flag; see `journal.models.Event`."""

    record = models.ForeignKey(Flag, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "数据异常提示办理记录"


class FlagRowQuerySet(FoldsQuerySet):
    def visible_to(self, user):
        """Rows of flags one reads, as far as one reads what they name: a hazard may have been handed over since."""
        hazards = Q(hazard=None) | Q(hazard__in=Hazard.objects.visible_to(user).order_by().values("pk"))
        visits = Q(inspection=None) | Q(inspection__in=Inspection.objects.visible_to(user).order_by().values("pk"))
        return self.filter(hazards, visits, flag__in=Flag.objects.visible_to(user).order_by().values("pk"))

    def excused(self, day=None):
        """Of flags 漏查 that were dismissed (by the end of ``day``, None: by now): what a unit need not answer for. As pairs:
        ``.values_list("flag__unit", "hazard")``."""
        dismissed = self.filter(flag__kind=Kind.MISSED, flag__state=State.DISMISSED)
        return dismissed if day is None else dismissed.filter(flag__dismissed_on__lte=day)


class FlagRow(Beside):
    """One row a flag stands on: a hazard (with the picture, where it is about one), or a visit; of 漏查 both, the visit being the last
    that found nothing. Rows of one ``part`` belong together: the same words, the same picture, the same minute."""

    record_path = "flag"

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="rows", verbose_name="提示")
    part = models.PositiveIntegerField("组", default=0)
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="flag_rows", verbose_name="隐患")
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, db_index=False, null=True, related_name="+", verbose_name="检查"
    )
    photo = models.ForeignKey(Photo, models.PROTECT, db_index=False, null=True, related_name="+", verbose_name="照片")

    objects = FlagRowQuerySet.as_manager()

    class Meta:
        verbose_name = "数据异常提示涉及的记录"
        ordering = ["flag", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hazard__isnull=False) | Q(inspection__isnull=False), name="flagrow_names_something"
            )
        ]

    @property
    def same(self):
        """What makes it the same row in two flags of one kind."""
        return (self.hazard_id, self.inspection_id, self.photo_id)
