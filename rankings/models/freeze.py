"""A frozen period with its tables and lines. Pages, workbooks, API and bulletins read these and count nothing."""

import hashlib
import json

from django.db import models
from django.db.models import Q

from accounts.models import Unit
from inspections.models import Sector
from journal.models import Event, Record, RecordQuerySet
from rankings.kinds import KINDS
from rankings.lifecycle import FREEZES, FROZEN, FreezeState
from rankings.models.formula import Formula
from rankings.models.standing import StandingFirm, StandingHazard, StandingVisit
from workdays.periods import parse

CITY = 4  # digits of a city's code
WEEK = "W"  # in the code of a week, and in no other
CHUNK = 5000
# Of a line: all that pages say, and what tells who may open its rows.
SEALED = (
    "code", "name", "short_name", "unit", "sector", "division_code", "place", "rank", "score", "figures", "parts",
)  # fmt: skip
STANDING = (StandingHazard, StandingVisit, StandingFirm)


class FreezeQuerySet(RecordQuerySet):
    def visible_to(self, user):
        """Who reads rankings reads those of the own city: names, figures and places are published to all its bodies. Which rows
        behind them a reader may open is a question of the ledger's scope."""
        if not user.is_authenticated or not user.reads_rankings:
            return self.none()
        return self.filter(city_code=user.unit.division_code[:CITY])

    def in_force(self):
        """Without those that a revision took the place of."""
        return self.filter(state=FROZEN)

    def weeks(self):
        return self.filter(period__contains=WEEK)

    def months(self):
        return self.exclude(period__contains=WEEK)

    def of(self, city, period):
        """The freeze of ``period`` (`workdays.periods.Period`) that is in force in ``city``, or None."""
        return self.in_force().filter(city_code=city, period=period.code).first()


class Freeze(Record):
    """A period of one city as it stood at its cut-off. ``window_first`` to ``last`` are the days that are scored."""

    lifecycle, noun, slug = FREEZES, "冻结", "freeze"

    state = models.CharField("状态", max_length=20, choices=FreezeState.choices, default="", editable=False)
    city_code = models.CharField("行政区划", max_length=4)
    period = models.CharField("时段", max_length=8)
    first = models.DateField("起")
    last = models.DateField("止")
    window_first = models.DateField("计分起")
    cut_off = models.DateTimeField("截止时间")  # what happened at this moment or later is not counted
    revision = models.PositiveSmallIntegerField("第几次", default=1)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    formula = models.ForeignKey(Formula, models.PROTECT, related_name="+", verbose_name="公式")
    figures_digest = models.CharField("数字校验值", max_length=64)  # of every table, line and row

    objects = FreezeQuerySet.as_manager()

    class Meta:
        verbose_name = "冻结的统计"
        ordering = ["-last", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["city_code", "period", "revision"], name="freeze_revision_once"),
            models.UniqueConstraint(
                fields=["city_code", "period"], condition=Q(state="frozen"), name="freeze_one_in_force"
            ),
        ]

    def __str__(self):
        revised = f"（第 {self.revision} 次）" if self.revision > 1 else ""
        return f"{self.asked_period.full_words}{revised}"

    def notice_words(self, event):
        again = "，数字作了更正，请看变化" if self.revision > 1 else ""
        return {"kind": "周统计" if self.is_week else "月排名", "again": again}

    @property
    def asked_period(self):
        """The `workdays.periods.Period` it speaks of, with the days it had when it was frozen."""
        return parse(self.period, first=self.first, last=self.last)

    @property
    def unsealed_rows(self):
        return "" if self.compute_digest() == self.figures_digest else "冻结的数字或其背后的记录被改动，与校验值不符"

    def compute_digest(self):
        """SHA-256 over every table, line and row of it, in their order: what was frozen, and nothing else."""
        seal = hashlib.sha256()

        def take(values):
            seal.update(json.dumps(values, ensure_ascii=False, sort_keys=True, default=str).encode() + b"\n")

        for values in self.tables.order_by("pk").values_list("kind", "division", "rest", "totals", "pool"):
            take(values)
        lines = Line.objects.filter(table__freeze=self).order_by("table", "place")
        for values in lines.values_list(*SEALED).iterator(CHUNK):
            take(values)
        for standing in STANDING:
            rows = standing.objects.filter(freeze=self).order_by(standing.original)
            for values in rows.values_list(standing.original, *standing.copied).iterator(CHUNK):
                take(values)
        return seal.hexdigest()

    @property
    def is_revision(self):
        return self.revision > 1

    @property
    def is_week(self):
        return WEEK in self.period


class FreezeEvent(Event):
    """One thing that happened to one freeze; see `journal.models.Event`."""

    record = models.ForeignKey(Freeze, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "冻结办理记录"


class Table(models.Model):
    """One table of a freeze: ``kind`` (`rankings.kinds`) among the bodies of ``division`` (a city or one of its counties).

    ``rest``: figures of what falls to no line, ``{"window": {…}, "single": {…}}``; ``totals``: lines and rest together, without
    what is counted once for each firm; ``pool``: what the lines have in common, in words of
    `rankings.formula.Pool`, numbers as text.
    """

    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="tables")
    kind = models.CharField(max_length=12)
    division = models.CharField(max_length=9)
    rest = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    pool = models.JSONField(default=dict)

    class Meta:
        verbose_name = "冻结的表"
        constraints = [models.UniqueConstraint(fields=["freeze", "kind", "division"], name="frozen_table_once")]

    @property
    def asked_kind(self):
        return KINDS[self.kind]


class Line(models.Model):
    """One competitor in a table, in the order of the table (``place``, from 1); ``rank`` None: unranked or not scored.

    ``figures``: ``{"window": {name: number}, "single": {…}}`` by the names of `rankings.figures.COUNTS`; ``parts``: the `Score` as text and
    numbers.
    """

    table = models.ForeignKey(Table, models.PROTECT, related_name="lines")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, db_index=False, related_name="+")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, db_index=False, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40)
    division_code = models.CharField(max_length=9, blank=True)
    place = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    figures = models.JSONField(default=dict)
    parts = models.JSONField(default=dict)

    class Meta:
        verbose_name = "冻结的行"
        constraints = [
            models.UniqueConstraint(fields=["table", "place"], name="frozen_line_place_once"),
            models.UniqueConstraint(fields=["table", "code"], name="frozen_line_code_once"),
        ]
        indexes = [models.Index(fields=["code", "table"], name="frozen_line_code")]
