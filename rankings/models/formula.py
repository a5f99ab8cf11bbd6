"""A version of the formula: its numbers, and the day from which periods are judged by it. Published, it is never edited."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from journal.models import Event, Record, RecordQuerySet
from rankings.formula import Constants
from rankings.lifecycle import DRAFT, FORMULAS, PUBLISHED, FormulaState
from workdays.periods import month_of, week_of

CITY = 4  # digits of a city's code


def first_periods(since):
    """The first month and the first week that are judged by a version in force from the day ``since``, in words."""
    return f"{month_of(since).full_words}的月排名、{week_of(since).full_words}的周统计"


class FormulaQuerySet(RecordQuerySet):
    def published(self):
        return self.filter(state=PUBLISHED)

    def visible_to(self, user):
        """A published formula is for every reader of rankings; drafts are for the safety office of the city."""
        if not user.is_authenticated or not user.reads_rankings:
            return self.none()
        own = self.filter(Q(city_code="") | Q(city_code=user.unit.division_code[:CITY]))
        return own if user.role == Role.SAFETY_OFFICE and len(user.unit.division_code) == CITY else own.published()

    def in_force(self, city, day):
        """The version by which ``city`` judges a period that ends on ``day``."""
        known = self.published_in(city).filter(since__lte=day)
        return known.order_by("-since", "-number").first()

    def published_in(self, city):
        """What ``city`` judged or will judge by: its own versions, and those of the house."""
        return self.published().filter(Q(city_code="") | Q(city_code=city))


class Formula(Record):
    """排名公式 of one city (``city_code`` "": of the house, with which every city begins)."""

    lifecycle, noun, slug = FORMULAS, "排名公式", "formula"

    state = models.CharField("状态", max_length=20, choices=FormulaState.choices, default="", editable=False)
    city_code = models.CharField("行政区划", max_length=4, blank=True)
    number = models.PositiveSmallIntegerField("版次", null=True)  # given when it is published
    since = models.DateField("施行日期", null=True)  # periods that end on this day or later are judged by it
    reason = models.TextField("修改说明", max_length=500, blank=True)
    numbers = models.JSONField("参数", default=dict)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="草拟人"
    )

    objects = FormulaQuerySet.as_manager()

    class Meta:
        verbose_name = "排名公式"
        ordering = ["-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["city_code", "number"], name="formula_number_once"),
            models.CheckConstraint(
                condition=Q(state=PUBLISHED, number__isnull=False, since__isnull=False) | ~Q(state=PUBLISHED),
                name="formula_published_has_number",
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 版" if self.number else f"草稿 {self.pk}"

    def notice_words(self, event):
        return {"affects": self.affects}

    @property
    def constants(self):
        return Constants.of_dict(self.numbers)

    @property
    def has_second(self):
        """Whether the office that drafted it has somebody else who could publish it."""
        others = User.objects.filter(role=Role.SAFETY_OFFICE, is_active=True, unit__division_code=self.city_code)
        return others.exclude(pk=self.drafted_by_id).exists()

    @property
    def is_draft(self):
        return self.state == DRAFT

    def compared_with(self, city, today):
        """The version against which ``city`` reads this one: of a published one that before it, of others that in force ``today``."""
        if self.state != PUBLISHED:
            return Formula.objects.in_force(city, today)
        earlier = Q(since__lt=self.since) | Q(since=self.since, number__lt=self.number)
        return Formula.objects.published_in(city).filter(earlier).order_by("-since", "-number").first()

    @property
    def affects(self):
        """From which periods on it is used, in words; "" before it is published."""
        return first_periods(self.since) if self.since else ""


class FormulaEvent(Event):
    """One thing that happened to one version of the formula; see `journal.models.Event`."""

    record = models.ForeignKey(Formula, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "排名公式办理记录"
