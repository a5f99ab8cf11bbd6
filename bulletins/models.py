"""通报: what a committee office tells all bodies of its place about a frozen week or month, and who has read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from accounts.roles import Role
from bulletins.lifecycle import DISCARDED, ISSUED, LAW, PENDING, State
from bulletins.rules import reads_receipts, serves_an_office
from folding.fields import FoldedField
from hazards.models import Hazard
from journal.models import Beside, Event, Record, RecordQuerySet
from journal.numbering import Numbering
from rankings.models import Freeze

PERSON = settings.AUTH_USER_MODEL
CITY = 4  # digits of a city's code
# One gapless series per office and year. What stands on the paper is `Bulletin.number`, for the word before the year is the office's own.
NUMBERING = Numbering("TB", r"[0-9]{4}(?:[0-9]{2})?-AWB", column="serial")
# Column, and what stands over it on the form; on the paper those of `HEADED` stand under a numbered heading of that name.
SECTIONS = (
    ("title", "标题"), ("addressed", "主送"), ("opening", "开头"), ("overall", "总体情况"), ("ranking", "排名情况"), ("problems", "存在问题"),
    ("cases", "典型案例"), ("requirements", "工作要求"), ("copies", "抄送"),
)  # fmt: skip
HEADED = ("overall", "ranking", "problems", "cases", "requirements")
LABELS = dict(SECTIONS)


def within_reach(own):
    """A ``Q`` for bulletins of the place ``own`` (a division code), of those over it and, for a city, of its counties."""
    near = Q(division__in={own[:4], own[:6]})
    return near | Q(freeze__city_code=own) if len(own) == CITY else near


class BulletinQuerySet(RecordQuerySet):
    def visible_to(self, user):
        """An issued one is read by the bodies of its place, and by those whose place it lies in; one that waits to be signed also by the
        leaders of that place; a draft by the office that writes it."""
        if not user.is_authenticated or not user.reads_rankings:
            return self.none()
        own = user.unit.division_code
        seen = Q(state=ISSUED) & within_reach(own)
        if serves_an_office(user):
            seen |= Q(unit=user.unit_id)
        if user.role == Role.LEADER:
            seen |= Q(state=PENDING, division=own)
        return self.filter(seen)

    def issued(self):
        return self.filter(state=ISSUED)


class Bulletin(Record):
    """通报 of one freeze (``freeze``: the revision it was written by, for ever) for the bodies of ``division``.

    ``composed`` is the text as it was made from the figures, {section: text}: what is unlike it, somebody typed. ``corrects``: the issued
    one that this puts right.
    """

    lifecycle, noun, slug, numbering = LAW, "通报", "bulletin", NUMBERING

    state = models.CharField("状态", max_length=20, choices=State.choices, default="", editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="印发机关")
    division = models.CharField("行政区划", max_length=6)
    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="+", verbose_name="统计时段")
    period = models.CharField("时段", max_length=8)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正的通报"
    )
    word = models.CharField("发文代字", max_length=20)
    title = models.CharField("标题", max_length=100)
    addressed = models.CharField("主送", max_length=200)
    opening = models.TextField("开头", max_length=1000)
    overall = models.TextField("总体情况", max_length=3000)
    ranking = models.TextField("排名情况", max_length=3000)
    problems = models.TextField("存在问题", max_length=5000, blank=True)
    cases = models.TextField("典型案例", max_length=5000, blank=True)
    requirements = models.TextField("工作要求", max_length=5000, blank=True)
    copies = models.CharField("抄送", max_length=300, blank=True)
    composed = models.JSONField("成文原稿", default=dict)
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False, verbose_name="拟稿人")
    drafted_at = models.DateTimeField("拟稿时间")
    submitted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="送签人"
    )
    serial = models.CharField("编号", max_length=40, null=True, unique=True, editable=False)
    number = models.CharField("文号", max_length=60, blank=True)
    issued_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间", null=True)
    issued_on = models.DateField("印发日期", null=True)
    urged_on = models.DateField("催阅日期", null=True)
    folded = FoldedField("title", "number")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "通报"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="bulletin_state_known"),
            models.CheckConstraint(
                condition=Q(
                    state=ISSUED,
                    serial__isnull=False,
                    issued_by__isnull=False,
                    issued_at__isnull=False,
                    issued_on__isnull=False,
                )
                & ~Q(number="")
                | ~Q(state=ISSUED) & Q(serial=None, number="", issued_by=None, issued_at=None, issued_on=None),
                name="bulletin_numbered_iff_issued",
            ),
            # Two people: who signs neither wrote it nor sent it to be signed.
            models.CheckConstraint(
                condition=~Q(issued_by=models.F("drafted_by")) & ~Q(issued_by=models.F("submitted_by"))
                | Q(issued_by=None),
                name="bulletin_signed_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["unit", "period"],
                condition=Q(corrects=None) & ~Q(state=DISCARDED),
                name="bulletin_once_a_period",
            ),
            models.UniqueConstraint(fields=["corrects"], condition=~Q(state=DISCARDED), name="bulletin_corrected_once"),
        ]
        indexes = [
            models.Index(fields=["division", "state", "-id"], name="bulletin_place"),
            models.Index(fields=["unit", "-id"], name="bulletin_unit"),
        ]

    def __str__(self):
        return self.number or self.title

    @property
    def headline(self):
        return self.title

    @property
    def is_issued(self):
        return self.state == ISSUED

    @property
    def edited(self):
        """The sections whose words are no longer those that were composed, in the order of the paper."""
        return [name for name, _ in SECTIONS if getattr(self, name) != self.composed.get(name, "")]

    def is_outsider(self, user):
        """Whether ``user`` only reads it: how it was written, and which hazards without a name stand behind it, is not told to them."""
        return not reads_receipts(user, self)

    def notice_words(self, event):
        return {"title": self.title, "number": self.number}


class BulletinEvent(Event):
    """One thing that happened to one bulletin; see `journal.models.Event`."""

    record = models.ForeignKey(Bulletin, models.PROTECT, db_index=False, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "通报办理记录"


class Case(Beside):
    """A hazard told as a case of a bulletin; ``is_named``: with the name of the enterprise (曝光). One taken out again stays, not ``is_told``."""

    record_path = "bulletin"

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="chosen")
    hazard = models.ForeignKey(Hazard, models.PROTECT, db_index=False, related_name="+", verbose_name="隐患")
    is_told = models.BooleanField("写入通报", default=True)
    is_named = models.BooleanField("写明企业名称", default=False)

    class Meta:
        verbose_name = "典型案例"
        constraints = [models.UniqueConstraint(fields=["bulletin", "hazard"], name="bulletin_case_once")]


class AddresseeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who has read what is read by the office that issued it, and by the leaders of its place and over it."""
        if not user.is_authenticated or not user.reads_rankings:
            return self.none()
        if serves_an_office(user):
            return self.filter(bulletin__unit=user.unit_id)
        if user.role == Role.LEADER:
            own = user.unit.division_code
            of_city = Q(bulletin__freeze__city_code=own)
            return self.filter(Q(bulletin__division=own) | of_city if len(own) == CITY else Q(bulletin__division=own))
        return self.none()


class Addressee(Beside):
    """A body to which a bulletin was sent when it was issued."""

    record_path = "bulletin"

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, db_index=False, related_name="addressees")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = "主送单位"
        constraints = [models.UniqueConstraint(fields=["bulletin", "unit"], name="bulletin_addressee_once")]


class Receipt(models.Model):
    """That ``person`` of ``unit`` opened a bulletin, and when for the first time. No part of its chain: reading is no act on it
    (docs/adr/0033-bulletins.md)."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, db_index=False, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="单位")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="人员")
    at = models.DateTimeField("阅读时间")

    class Meta:
        verbose_name = "已读回执"
        constraints = [models.UniqueConstraint(fields=["bulletin", "person"], name="bulletin_receipt_once")]
        indexes = [models.Index(fields=["bulletin", "unit"], name="bulletin_receipt_unit")]
