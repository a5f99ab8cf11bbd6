"""判定标准: by which provisions a hazard is major, as data with versions and days in force."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from criteria.lifecycle import STANDARDS, StandardState
from folding.fields import FoldedField, Folds, FoldsQuerySet
from folding.texts import fold
from inspections.models import Sector
from journal.models import Beside, Event, Record, RecordQuerySet
from look.words import full_date

CITED = 300  # characters of a citation: what 判定依据 of a hazard holds
NUMBER_TAKEN = "已有这个文号或标准号的判定标准"
DATES_CROSSED = "废止日期应晚于施行日期"
SHORT = 60  # characters of a wording in a cell
WHOLE = "按标准原文判定"  # the wording of the row that stands for a standard as a whole


def cell_words(number, article, item, wording):
    """A criterion in a cell of a table: the number of its standard, the place in it, the wording cut short."""
    short = wording if len(wording) <= SHORT else f"{wording[: SHORT - 1]}…"
    return f"{f'{number} {article}{item}'.strip()}：{short}"


CELL = ("standard__number", "article", "item", "wording")  # what it is made of, as paths from a criterion


def in_force(day, path=""):
    """A ``Q`` for standards in force on ``day``; ``path`` leads to the standard (``"standard__"``).

    From the first day on, without one from ever; until the day before the one on which it is abolished.
    """
    begun = Q(**{f"{path}effective_on__lte": day}) | Q(**{f"{path}effective_on": None})
    lasts = Q(**{f"{path}expires_on__gt": day}) | Q(**{f"{path}expires_on": None})
    return begun & lasts


class StandardQuerySet(RecordQuerySet):
    def visible_to(self, user):
        """Reference data: whoever is signed in reads all of it."""
        return self if user.is_authenticated and user.is_active else self.none()

    def in_force_on(self, day):
        return self.filter(in_force(day))


class Standard(Record):
    """判定标准, one row for each version of one: another number is another row. ``sector`` None: for all."""

    lifecycle, noun, slug = STANDARDS, "判定标准", "standard"

    name = models.CharField("名称", max_length=80)
    number = models.CharField("文号或标准号", max_length=60)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    expires_on = models.DateField("废止日期", null=True, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="standards", verbose_name="行业领域"
    )
    folded = FoldedField("name", "number")
    number_folded = FoldedField("number")

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = "判定标准"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number_folded"], name="standard_number_once", violation_error_message=NUMBER_TAKEN
            ),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(expires_on=None) | Q(expires_on__gt=F("effective_on")),
                name="standard_begins_before_it_ends",
                violation_error_message=DATES_CROSSED,
            ),
            models.CheckConstraint(condition=Q(state__in=StandardState.values), name="standard_state_known"),
        ]

    def __str__(self):
        return f"{self.name}（{self.number}）"

    @property
    def standing(self):
        begins = f"{full_date(self.effective_on)} 起施行" if self.effective_on else "施行日期未填"
        return f"{begins}，{full_date(self.expires_on)} 起废止" if self.expires_on else begins

    def is_in_force_on(self, day):
        """As `in_force` says it in SQL."""
        return (self.effective_on or date.min) <= day < (self.expires_on or date.max)

    def standing_on(self, day):
        """What it is on ``day``, in a word."""
        if self.effective_on and day < self.effective_on:
            return "尚未施行"
        return "现行" if self.is_in_force_on(day) else "已废止"

    def whole(self):
        """The unsaved row that stands for the standard as a whole; the act that brings it into being writes it."""
        return Criterion(standard=self, wording=WHOLE)


class StandardEvent(Event):
    """One thing that happened to one standard; see `journal.models.Event`."""

    record = models.ForeignKey(Standard, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "判定标准办理记录"


class CriterionQuerySet(FoldsQuerySet):
    def visible_to(self, user):
        return self.filter(standard__in=Standard.objects.visible_to(user).order_by())

    def newest(self):
        """Of each item the wording that counts, without those that were taken out."""
        newer = Criterion.objects.filter(
            standard=OuterRef("standard"), article=OuterRef("article"), item=OuterRef("item"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(newer.order_by())).exclude(wording="")

    def items(self):
        """Without the rows that stand for whole standards."""
        return self.exclude(article="")

    def in_force_on(self, day):
        """What a hazard found on ``day`` can be judged by."""
        return self.newest().filter(in_force(day, "standard__"))

    def offered_on(self, day):
        """`in_force_on`, a standard as a whole only where it has no items here."""
        items = Criterion.objects.items().newest().filter(standard=OuterRef("standard"))
        return self.in_force_on(day).filter(~Q(article="") | ~Exists(items.order_by()))


class Criterion(Beside, Folds):
    """判定条目: one item of a standard in our own short wording, and never changed: a new wording is a new row, a blank one takes
    the item out. Hazards keep the row by which they were judged. Without ``article`` it is the standard as a whole.
    """

    record_path = "standard"

    standard = models.ForeignKey(Standard, models.PROTECT, db_index=False, related_name="criteria")
    article = models.CharField("条", max_length=30, blank=True)
    item = models.CharField("项", max_length=30, blank=True)
    field = models.CharField("适用", max_length=40, blank=True)
    wording = models.CharField("情形", max_length=500, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)
    folded = FoldedField("place", "field", "wording")

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "判定条目"
        ordering = ["standard", "order", "id"]
        indexes = [models.Index(fields=["standard", "article", "item", "id"], name="criterion_newest")]

    def __str__(self):
        return f"{self.standard.number}{self.place and ' '}{self.place}"

    @property
    def is_whole(self):
        return not self.article

    @property
    def place(self):
        """Where it stands in its standard: 第三条（一）."""
        return f"{self.article}{self.item}"

    @property
    def heading(self):
        """Name and number of the standard, and the place in it."""
        return f"{self.standard}{self.place}"

    @property
    def citation(self):
        """What a hazard judged by it gives as its basis; of a whole standard the article is still to be written."""
        if self.is_whole:
            return self.heading
        text = f"{self.heading}：{self.wording}"
        return text if len(text) <= CITED else f"{text[: CITED - 1]}…"

    @property
    def marks(self):
        """What a basis must hold to name it, however people join them: 第三条（一）, 第三条第（一）项."""
        return [text for text in (self.standard.number, self.article, self.item) if text]

    def is_cited_in(self, basis):
        text = fold(basis)
        return all(fold(mark) in text for mark in self.marks)

    def is_newest(self):
        return Criterion.objects.newest().filter(pk=self.pk).exists()
