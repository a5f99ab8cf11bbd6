from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Unit
from accounts.scope import Territorial
from criteria.models import Criterion
from evidence.models import Document, Photo
from hazards.causes import review_due
from hazards.lifecycle import LAW, OPEN_STATES, UNLISTED_STATES, UNNUMBERED_STATES, State, word_of
from hazards.models.number import NUMBERING
from hazards.models.reach import UNNUMBERED, drafts_of, is_outside, is_reached, lent_to, reached_by
from hazards.models.reminder import follow
from hazards.models.responsibility import four_of
from hazards.models.telling import words_of
from hazards.models.text import SOURCES, insert_texts, rewrite_texts, write_texts
from inspections.models import Enterprise, Inspection, Sector
from journal.models import Record, RecordQuerySet
from notifications.rules import one_line

PERSON = settings.AUTH_USER_MODEL
TITLED = 30  # characters of the description in the title of a message; what is cut ends with …


class Written(models.Value):
    """A constant of ours that stands in the statement itself: SQLite takes a partial index only for conditions it can read."""

    def as_sql(self, compiler, connection):
        return f"'{self.value}'", []


ON_TIME = Q(rectified_on__lte=F("deadline"))
IS_OPEN = Q(state__in=[Written(state.value) for state in OPEN_STATES])  # as the indexes of open rows say it


class HazardQuerySet(RecordQuerySet):
    def bulk_create(self, objs, **options):
        made = super().bulk_create(objs, **options)
        write_texts(made)
        return made

    def update(self, **values):
        if values.keys().isdisjoint({*SOURCES, "enterprise", "enterprise_id"}):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            ids = list(self.values_list("pk", flat=True))
            written = super().update(**values)
            rewrite_texts(self.model.objects.filter(pk__in=ids))
        return written

    def open(self):
        return self.filter(IS_OPEN)

    def in_ledger(self):
        """Rows that count: drafts and discarded drafts never entered the ledger, void ones should not have."""
        return self.exclude(state__in=UNLISTED_STATES)

    def overdue(self, today):
        """Overdue is never stored: the deadline in force has passed while rectifying."""
        return self.filter(state=State.RECTIFYING, deadline__lt=today)

    def overdue_as_of(self, day):
        """Rows that were overdue at the end of ``day`` (24:00): issued by then, deadline on or before it, no feedback by then
        that still stands. Read from the dates on the row as they are now: a review that failed since, or a deadline reset
        since, changes what is said of that day."""
        unanswered = (
            Q(state=State.RECTIFYING) | Q(state=State.PENDING_REVIEW, feedback_on__gt=day) | Q(rectified_on__gt=day)
        )
        return self.filter(unanswered, issued_on__lte=day, deadline__lte=day)

    def on_time(self):
        """Closed rows whose accepted feedback came on or before the deadline in force."""
        return self.filter(ON_TIME, state=State.CLOSED)

    def visible_to(self, user, *, guests=True):
        """The scoping rule of the whole house for hazards. A draft is visible to its author only; one whose author has left the
        unit, to the unit's managers and to the safety offices above: else it would be nobody's.

        ``guests``: also what one reads though another unit answers for it; lists and figures are of one's own rows.
        """
        own = reached_by(user) & (~UNNUMBERED | drafts_of(user))
        return self.filter(own | lent_to(user) if guests else own)

    def ledger_of(self, user):
        """What of `visible_to` is in the ledger and one's own; said without the author of drafts, which keeps figures out of an index."""
        return self.reached_by(user).in_ledger()

    def reached_by(self, user):
        """Rows in the scope of ``user`` in whatever state: for counting events, never for showing rows."""
        return self.filter(reached_by(user))


class Hazard(Record, Territorial):
    """隐患台账中的一条, a record of the journal: only hazards.operations changes it.

    The four responsibilities stand flat on the row (docs/adr/0002): lists, scope, statistics and exports read one table.
    """

    lifecycle, noun, slug, numbering = LAW, "隐患", "hazard", NUMBERING
    inner_labels = frozenset({"移交"})  # that an offer lapsed

    class Level(models.TextChoices):
        GENERAL = "general", "一般"
        MAJOR = "major", "重大"

    class Origin(models.TextChoices):
        INSPECTION = "inspection", "检查登记"
        IMPORT = "import", "台账导入"
        API = "api", "接口报送"

    number = models.CharField("编号", max_length=24, null=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default="", editable=False)
    level = models.CharField("隐患等级", max_length=10, choices=Level.choices, default=Level.GENERAL)
    description = models.TextField("隐患描述", max_length=1000)
    location = models.CharField("隐患位置", max_length=100, blank=True)
    accident_type = models.CharField("隐患类型", max_length=60, blank=True)
    basis = models.CharField("判定依据", max_length=300, blank=True)
    criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="hazards",
        verbose_name="判定标准",
    )
    requirement = models.TextField("整改措施与要求", max_length=2000, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, db_index=False, null=True, blank=True, related_name="+", verbose_name="行业领域"
    )
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="检查"
    )
    origin = models.CharField("来源", max_length=12, choices=Origin.choices, default=Origin.INSPECTION)
    import_key = models.CharField(max_length=64, null=True)

    found_on = models.DateField("排查日期")
    found_by_unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="检查单位")
    inspectors = models.CharField("检查人", max_length=100, blank=True)
    registered_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+", verbose_name="登记人")
    registered_at = models.DateTimeField("登记时间", null=True)

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, db_index=False, related_name="hazards", verbose_name="企业"
    )
    enterprise_holder = models.ForeignKey(
        PERSON, models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    enterprise_person = models.CharField("企业责任人", max_length=40, blank=True)
    enterprise_phone = models.CharField(max_length=20, blank=True)
    territorial_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, blank=True, related_name="+", verbose_name="属地"
    )
    territorial_holder = models.ForeignKey(
        PERSON, models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    territorial_person = models.CharField("属地责任人", max_length=40, blank=True)
    territorial_phone = models.CharField(max_length=20, blank=True)
    competent_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, blank=True, related_name="+", verbose_name="行业主管部门"
    )
    competent_holder = models.ForeignKey(
        PERSON, models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    competent_person = models.CharField("主管责任人", max_length=40, blank=True)
    competent_phone = models.CharField(max_length=20, blank=True)
    supervising_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, blank=True, related_name="+", verbose_name="监管部门"
    )
    supervising_holder = models.ForeignKey(
        PERSON, models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    supervising_person = models.CharField("监管责任人", max_length=40, blank=True)
    supervising_phone = models.CharField(max_length=20, blank=True)

    proposed_deadline = models.DateField("建议期限", null=True, blank=True)
    issue_due_on = models.DateField(
        "应下达日期", null=True
    )  # stays when the order is given: figures ask whether it was late
    issued_on = models.DateField("下达日期", null=True)
    issued_by_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, related_name="+", verbose_name="下达单位"
    )  # null: issued elsewhere, and taken over
    original_deadline = models.DateField("原定期限", null=True)
    deadline = models.DateField("整改期限", null=True)
    # What figures count where a failed review has set another deadline, which is no extension; NULL: the one in force.
    deadline_before_reset = models.DateField("重定前期限", null=True)
    longer_approved = models.BooleanField(default=False)  # that the safety office approved a plan, and its time, itself
    counted_from = models.DateField(
        null=True
    )  # with working_days: how a deadline counted on an unpublished year came about
    working_days = models.PositiveSmallIntegerField(null=True)
    deadline_unpublished = models.BooleanField("期限所在年份放假安排未公布", default=False)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)  # those that were granted
    extension_due_on = models.DateField("延期批复期限", null=True)  # of the request not yet decided
    extension_asked_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    feedback_on = models.DateField("反馈日期", null=True)
    feedback_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    rectified_on = models.DateField("整改完成日期", null=True)
    rounds = models.PositiveSmallIntegerField("反馈次数", default=0)
    refused_on = models.DateField("复查不通过日期", null=True)  # the last one since it was issued
    reopened = models.PositiveSmallIntegerField("返潮次数", default=0)
    reopened_on = models.DateField("返潮日期", null=True)  # the last time
    fixed_on_spot = models.BooleanField("当场整改", default=False)
    reviewed_on = models.DateField("复查日期", null=True)
    reviewer_name = models.CharField("复查人", max_length=100, blank=True)
    review_result = models.TextField("复查结果", max_length=2000, blank=True)
    closed_on = models.DateField("销号日期", null=True)
    reply_due_on = models.DateField("批示回复期限", null=True)  # the earliest of the open ones; NULL: none is open
    offered_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, related_name="+", verbose_name="移交接收单位"
    )  # of the transfer that waits for an answer, like the next two
    offered_by_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, related_name="+", verbose_name="移出单位"
    )
    transfer_due_on = models.DateField("移交答复期限", null=True)
    handed_over = models.PositiveSmallIntegerField("移交次数", default=0)  # how often another unit took it over
    referred_on = models.DateField("移送日期", null=True)  # of the referral whose answer is not recorded
    # Of a major hazard alone; see hazards/models/major.py.
    plan_due_on = models.DateField("整改方案应报日", null=True)  # NULL: it was filed, or none is owed
    plan_filed_on = models.DateField("整改方案报送日期", null=True)  # of the version not yet decided on
    plan_filed_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    plan_approved_on = models.DateField("整改方案批准日期", null=True)  # NULL: no feedback yet
    progress_due_on = models.DateField("下次进展应报日", null=True)
    report_owed_on = models.DateField("应报告重大隐患日期", null=True)  # NULL: it was made, or none is owed
    receipts_since = models.DateField("报告未签收自", null=True)  # NULL: all units it went to have signed
    fault_cleared = models.TextField("故障归零", max_length=1000, blank=True)  # of the feedback that stands
    gap_closed = models.TextField("管理归零", max_length=1000, blank=True)
    void_asked_on = models.DateField("申请作废日期", null=True)  # of the request not yet decided
    void_asked_by = models.ForeignKey(PERSON, models.PROTECT, db_index=False, null=True, related_name="+")
    voided_on = models.DateField("作废日期", null=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, db_index=False, null=True, related_name="duplicates", verbose_name="重复的隐患"
    )  # why it is void, where another row stays in its place

    split_from = models.ForeignKey(
        "self", models.PROTECT, db_index=False, null=True, related_name="parts", verbose_name="拆分自"
    )

    photos = GenericRelation(Photo)
    documents = GenericRelation(Document)

    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = "隐患"
        ordering = ["-found_on", "-id"]
        # No index per foreign key: every one would be written again with each change of a row, and lists start from the
        # composite ones below. Nothing here is ever deleted, so PROTECT never has to search.
        constraints = [
            models.UniqueConstraint(fields=["number"], name="hazard_number_once"),
            models.UniqueConstraint(fields=["import_key"], name="hazard_import_key_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="hazard_state_known"),
            models.CheckConstraint(condition=Q(level__in=["general", "major"]), name="hazard_level_known"),
            models.CheckConstraint(
                condition=Q(state__in=UNNUMBERED_STATES, number=None)
                | (~Q(state__in=UNNUMBERED_STATES) & Q(number__isnull=False)),
                name="hazard_number_iff_in_ledger",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(state=State.CLOSED), name="hazard_closing_day_only_when_closed"
            ),
            models.CheckConstraint(
                condition=Q(state=State.VOIDED, voided_on__isnull=False)
                | (~Q(state=State.VOIDED) & Q(voided_on=None, duplicate_of=None)),
                name="hazard_voiding_day_iff_void",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RECTIFYING, State.PENDING_REVIEW])
                | Q(deadline__isnull=False, original_deadline__isnull=False, issued_on__isnull=False),
                name="hazard_issued_has_deadline",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[column, "-found_on", "-id"],
                    name=f"hazard_{column.removesuffix('_code').removesuffix('_unit')}"[:30],
                )
                for column in (
                    "city_code",
                    "county_code",
                    "division_code",
                    "enterprise",
                    "competent_unit",
                    "supervising_unit",
                    "found_by_unit",
                )
            ),
            models.Index(fields=["-found_on", "-id"], name="hazard_found"),
            models.Index(fields=["registered_by"], condition=Q(state="draft"), name="hazard_drafts"),
            # What is worked on by its deadline, and the figures on the tabs from the index alone (docs/adr/0020).
            *(
                models.Index(
                    fields=[f"{place}_code", "deadline", "id", "state", "level"],
                    condition=Q(state__in=OPEN_STATES),
                    name=f"hazard_{place}_due",
                )
                for place in ("city", "county", "division")
            ),
            # A request to void waits in any state, among all the rows of the ledger.
            models.Index(fields=["void_asked_on"], condition=Q(void_asked_on__isnull=False), name="hazard_void_asked"),
            # Of major ones alone, which are few.
            models.Index(fields=["criterion"], condition=Q(criterion__isnull=False), name="hazard_judged"),
            models.Index(fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="hazard_duplicates"),
            models.Index(fields=["split_from"], condition=Q(split_from__isnull=False), name="hazard_parts"),
            models.Index(fields=["city_code", "closed_on"], name="hazard_city_closed"),
            models.Index(
                fields=["city_code", "deadline_before_reset"],
                condition=Q(deadline_before_reset__isnull=False),
                name="hazard_city_reset",
            ),
            models.Index(fields=["city_code", "deadline"], name="hazard_city_deadline"),
        ]

    inserted = staticmethod(insert_texts)

    def save(self, *args, update_fields=None, **options):
        super().save(*args, update_fields=update_fields, **options)
        if update_fields is None or not set(update_fields).isdisjoint(SOURCES):
            write_texts([self])

    def __str__(self):
        return self.number or f"草稿 {self.pk}"

    def get_absolute_url(self):
        return reverse("hazards:detail", args=[self.pk])

    @property
    def headline(self):
        return f"{self} · {one_line(self.description, TITLED)}"

    @classmethod
    def derive(cls, lasts):
        follow(lasts)

    def notice_words(self, event):
        return words_of(self, event)

    def label_of(self, state):
        return word_of(state, self.level)

    def is_outsider(self, user):
        """What bodies refer to the police, ask of one another or answer a leader is not for the enterprise's people to read."""
        return is_outside(user)

    @classmethod
    def unseen_parts(cls, user):
        """The parts of records whose papers ``user`` does not read, as a queryset of their uids; see `evidence.models`."""
        referrals = cls.referrals.rel.related_model.objects
        return (referrals.all() if is_outside(user) else referrals.none()).values("uid")

    @property
    def jurisdiction(self):
        """The GB/T 2260 code of the city (4 digits) whose sequence numbers this hazard."""
        return self.division_code[:4]

    @property
    def review_due_on(self):
        """The day by which the feedback under review is to be judged; of a major hazard accepted on site (总局令第16号 §23)."""
        return review_due(self)

    @property
    def open_instructions(self):
        """The instructions nobody has answered yet, the oldest first. No query where there are none, or they were prefetched."""
        if self.reply_due_on is None:
            return []
        return [one for one in self.instructions.all() if one.answered_at is None]

    def is_guest(self, user):
        """Whether ``user``, who reads the row, does so only because the own unit was offered it, handed it over or owes an answer."""
        offered = self.offered_unit_id is not None and self.offered_unit_id == user.unit_id
        return (offered or self.may_have_guests) and not is_reached(user, self)

    @property
    def may_have_guests(self):
        """Whether units may read the row that neither answer for it nor are offered it: see `hazards.models.reach.lent_to`."""
        return self.handed_over > 0 or self.reply_due_on is not None or self.receipts_since is not None

    @property
    def unsigned_receipts(self):
        """The receipts nobody has signed yet. No query where there are none, or they were prefetched."""
        return [one for one in self.receipts.all() if one.at is None] if self.receipts_since else []

    def is_overdue(self, today):
        return self.state == State.RECTIFYING and self.deadline < today

    @property
    def responsibilities(self):
        """The four, always in the order 属 主 监 企. Callers select_related units and holders."""
        return four_of(self)
