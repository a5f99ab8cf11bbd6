import django.db.models.deletion
import django.db.models.functions.text
import folding.fields
import uuid
from django.conf import settings
from django.db import migrations, models

from folding.sql import index_over_pairs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("folding", "0001_initial"),
        ("accounts", "0001_initial"),
        ("criteria", "0001_initial"),
        ("inspections", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("division_code", models.CharField(max_length=9, verbose_name="行政区划")),
                (
                    "city_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("division_code", 1, 4),
                        output_field=models.CharField(max_length=4),
                    ),
                ),
                (
                    "county_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("division_code", 1, 6),
                        output_field=models.CharField(max_length=6),
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True, verbose_name="编号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("registered", "已登记"),
                            ("rectifying", "整改中"),
                            ("pending_review", "待复查"),
                            ("closed", "已销号"),
                            ("voided", "已作废"),
                            ("discarded", "已弃草稿"),
                        ],
                        default="",
                        editable=False,
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("general", "一般"), ("major", "重大")],
                        default="general",
                        max_length=10,
                        verbose_name="隐患等级",
                    ),
                ),
                ("description", models.TextField(max_length=1000, verbose_name="隐患描述")),
                ("location", models.CharField(blank=True, max_length=100, verbose_name="隐患位置")),
                ("accident_type", models.CharField(blank=True, max_length=60, verbose_name="隐患类型")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="判定依据")),
                ("requirement", models.TextField(blank=True, max_length=2000, verbose_name="整改措施与要求")),
                (
                    "origin",
                    models.CharField(
                        choices=[("inspection", "检查登记"), ("import", "台账导入"), ("api", "接口报送")],
                        default="inspection",
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("import_key", models.CharField(max_length=64, null=True)),
                ("found_on", models.DateField(verbose_name="排查日期")),
                ("inspectors", models.CharField(blank=True, max_length=100, verbose_name="检查人")),
                ("registered_at", models.DateTimeField(null=True, verbose_name="登记时间")),
                ("enterprise_person", models.CharField(blank=True, max_length=40, verbose_name="企业责任人")),
                ("enterprise_phone", models.CharField(blank=True, max_length=20)),
                ("territorial_person", models.CharField(blank=True, max_length=40, verbose_name="属地责任人")),
                ("territorial_phone", models.CharField(blank=True, max_length=20)),
                ("competent_person", models.CharField(blank=True, max_length=40, verbose_name="主管责任人")),
                ("competent_phone", models.CharField(blank=True, max_length=20)),
                ("supervising_person", models.CharField(blank=True, max_length=40, verbose_name="监管责任人")),
                ("supervising_phone", models.CharField(blank=True, max_length=20)),
                ("proposed_deadline", models.DateField(blank=True, null=True, verbose_name="建议期限")),
                ("issue_due_on", models.DateField(null=True, verbose_name="应下达日期")),
                ("issued_on", models.DateField(null=True, verbose_name="下达日期")),
                ("original_deadline", models.DateField(null=True, verbose_name="原定期限")),
                ("deadline", models.DateField(null=True, verbose_name="整改期限")),
                ("deadline_before_reset", models.DateField(null=True, verbose_name="重定前期限")),
                ("longer_approved", models.BooleanField(default=False)),
                ("counted_from", models.DateField(null=True)),
                ("working_days", models.PositiveSmallIntegerField(null=True)),
                ("deadline_unpublished", models.BooleanField(default=False, verbose_name="期限所在年份放假安排未公布")),
                ("extensions", models.PositiveSmallIntegerField(default=0, verbose_name="延期次数")),
                ("extension_due_on", models.DateField(null=True, verbose_name="延期批复期限")),
                ("feedback_on", models.DateField(null=True, verbose_name="反馈日期")),
                ("rectified_on", models.DateField(null=True, verbose_name="整改完成日期")),
                ("rounds", models.PositiveSmallIntegerField(default=0, verbose_name="反馈次数")),
                ("refused_on", models.DateField(null=True, verbose_name="复查不通过日期")),
                ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="返潮次数")),
                ("reopened_on", models.DateField(null=True, verbose_name="返潮日期")),
                ("fixed_on_spot", models.BooleanField(default=False, verbose_name="当场整改")),
                ("reviewed_on", models.DateField(null=True, verbose_name="复查日期")),
                ("reviewer_name", models.CharField(blank=True, max_length=100, verbose_name="复查人")),
                ("review_result", models.TextField(blank=True, max_length=2000, verbose_name="复查结果")),
                ("closed_on", models.DateField(null=True, verbose_name="销号日期")),
                ("reply_due_on", models.DateField(null=True, verbose_name="批示回复期限")),
                ("transfer_due_on", models.DateField(null=True, verbose_name="移交答复期限")),
                ("handed_over", models.PositiveSmallIntegerField(default=0, verbose_name="移交次数")),
                ("referred_on", models.DateField(null=True, verbose_name="移送日期")),
                ("plan_due_on", models.DateField(null=True, verbose_name="整改方案应报日")),
                ("plan_filed_on", models.DateField(null=True, verbose_name="整改方案报送日期")),
                ("plan_approved_on", models.DateField(null=True, verbose_name="整改方案批准日期")),
                ("progress_due_on", models.DateField(null=True, verbose_name="下次进展应报日")),
                ("report_owed_on", models.DateField(null=True, verbose_name="应报告重大隐患日期")),
                ("receipts_since", models.DateField(null=True, verbose_name="报告未签收自")),
                ("fault_cleared", models.TextField(blank=True, max_length=1000, verbose_name="故障归零")),
                ("gap_closed", models.TextField(blank=True, max_length=1000, verbose_name="管理归零")),
                ("void_asked_on", models.DateField(null=True, verbose_name="申请作废日期")),
                ("voided_on", models.DateField(null=True, verbose_name="作废日期")),
                (
                    "competent_holder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "competent_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="行业主管部门",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="criteria.criterion",
                        verbose_name="判定标准",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="hazards.hazard",
                        verbose_name="重复的隐患",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="inspections.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "enterprise_holder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "extension_asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "feedback_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "found_by_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="检查单位",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="inspections.inspection",
                        verbose_name="检查",
                    ),
                ),
                (
                    "issued_by_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="下达单位",
                    ),
                ),
                (
                    "offered_by_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="移出单位",
                    ),
                ),
                (
                    "offered_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="移交接收单位",
                    ),
                ),
                (
                    "plan_filed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
                (
                    "split_from",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="hazards.hazard",
                        verbose_name="拆分自",
                    ),
                ),
                (
                    "supervising_holder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supervising_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="监管部门",
                    ),
                ),
                (
                    "territorial_holder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "territorial_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="属地",
                    ),
                ),
                (
                    "void_asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "隐患",
                "ordering": ["-found_on", "-id"],
                "indexes": [
                    models.Index(fields=["city_code", "-found_on", "-id"], name="hazard_city"),
                    models.Index(fields=["county_code", "-found_on", "-id"], name="hazard_county"),
                    models.Index(fields=["division_code", "-found_on", "-id"], name="hazard_division"),
                    models.Index(fields=["enterprise", "-found_on", "-id"], name="hazard_enterprise"),
                    models.Index(fields=["competent_unit", "-found_on", "-id"], name="hazard_competent"),
                    models.Index(fields=["supervising_unit", "-found_on", "-id"], name="hazard_supervising"),
                    models.Index(fields=["found_by_unit", "-found_on", "-id"], name="hazard_found_by"),
                    models.Index(fields=["-found_on", "-id"], name="hazard_found"),
                    models.Index(
                        condition=models.Q(("state", "draft")), fields=["registered_by"], name="hazard_drafts"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("registered", "rectifying", "pending_review"))),
                        fields=["city_code", "deadline", "id", "state", "level"],
                        name="hazard_city_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("registered", "rectifying", "pending_review"))),
                        fields=["county_code", "deadline", "id", "state", "level"],
                        name="hazard_county_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("registered", "rectifying", "pending_review"))),
                        fields=["division_code", "deadline", "id", "state", "level"],
                        name="hazard_division_due",
                    ),
                    models.Index(
                        condition=models.Q(("void_asked_on__isnull", False)),
                        fields=["void_asked_on"],
                        name="hazard_void_asked",
                    ),
                    models.Index(
                        condition=models.Q(("criterion__isnull", False)), fields=["criterion"], name="hazard_judged"
                    ),
                    models.Index(
                        condition=models.Q(("duplicate_of__isnull", False)),
                        fields=["duplicate_of"],
                        name="hazard_duplicates",
                    ),
                    models.Index(
                        condition=models.Q(("split_from__isnull", False)), fields=["split_from"], name="hazard_parts"
                    ),
                    models.Index(fields=["city_code", "closed_on"], name="hazard_city_closed"),
                    models.Index(
                        condition=models.Q(("deadline_before_reset__isnull", False)),
                        fields=["city_code", "deadline_before_reset"],
                        name="hazard_city_reset",
                    ),
                    models.Index(fields=["city_code", "deadline"], name="hazard_city_deadline"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="hazard_number_once"),
                    models.UniqueConstraint(fields=("import_key",), name="hazard_import_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "registered",
                                    "rectifying",
                                    "pending_review",
                                    "closed",
                                    "voided",
                                    "discarded",
                                ],
                            )
                        ),
                        name="hazard_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["general", "major"])), name="hazard_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("state__in", ("draft", "discarded"))),
                            models.Q(
                                models.Q(("state__in", ("draft", "discarded")), _negated=True),
                                ("number__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hazard_number_iff_in_ledger",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_on", None), ("state", "closed"), _connector="OR"),
                        name="hazard_closing_day_only_when_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "voided"), ("voided_on__isnull", False)),
                            models.Q(
                                models.Q(("state", "voided"), _negated=True),
                                ("duplicate_of", None),
                                ("voided_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="hazard_voiding_day_iff_void",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["rectifying", "pending_review"]), _negated=True),
                            models.Q(
                                ("deadline__isnull", False),
                                ("issued_on__isnull", False),
                                ("original_deadline__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hazard_issued_has_deadline",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("deadline", models.DateField(verbose_name="当时期限")),
                ("until", models.DateField(verbose_name="申请延期至")),
                ("reason", models.TextField(max_length=1000, verbose_name="延期原因")),
                ("protection", models.TextField(max_length=1000, verbose_name="临时管控措施")),
                ("due_on", models.DateField(verbose_name="批复期限")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension_requests",
                        to="hazards.hazard",
                    ),
                ),
            ],
            options={
                "verbose_name": "延期申请",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("deadline"))), name="extension_gives_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExtensionDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("granted", models.BooleanField(verbose_name="是否同意")),
                ("opinion", models.TextField(max_length=1000, verbose_name="批复意见")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="hazards.extension",
                        to_field="uid",
                    ),
                ),
            ],
            options={
                "verbose_name": "延期批复",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HazardText",
            fields=[
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="hazards.hazard",
                    ),
                ),
                ("folded", folding.fields.IndexedText(editable=False)),
            ],
            options={
                "verbose_name": "隐患检索文本",
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("round", models.PositiveSmallIntegerField()),
                ("content", models.TextField(max_length=2000, verbose_name="整改情况")),
                (
                    "spent",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="投入资金（万元）"
                    ),
                ),
                ("fault_cleared", models.TextField(blank=True, max_length=1000, verbose_name="故障归零")),
                ("gap_closed", models.TextField(blank=True, max_length=1000, verbose_name="管理归零")),
                ("deadline", models.DateField(verbose_name="当时期限")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="feedbacks", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "整改反馈",
                "ordering": ["hazard", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "round"), name="feedback_round_once"),
                    models.CheckConstraint(
                        condition=models.Q(("spent", None), ("spent__gte", 0), _connector="OR"),
                        name="feedback_spent_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HazardEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.PositiveSmallIntegerField(default=2)),
                ("sequence", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("actor_name", models.CharField(max_length=40)),
                ("unit_code", models.CharField(blank=True, max_length=24)),
                ("unit_name", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("note", models.TextField(blank=True)),
                ("changes", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("beside", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=list)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("position", models.PositiveBigIntegerField(editable=False, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="hazards.hazard",
                    ),
                ),
            ],
            options={
                "verbose_name": "隐患办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="hazardevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="hazardevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="hazardevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=12, verbose_name="责任")),
                ("leader_name", models.CharField(max_length=40, verbose_name="批示领导")),
                ("text", models.TextField(max_length=1000, verbose_name="批示内容")),
                ("reply_by", models.DateField(verbose_name="回复期限")),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="回复内容")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instructions", to="hazards.hazard"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="回复单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "批示",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None)), fields=["unit"], name="instruction_unanswered_unit"
                    ),
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["leader"],
                        name="instruction_unanswered_leader",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="instruction_answered_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MajorReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("cause", models.TextField(max_length=2000, verbose_name="现状及产生原因")),
                ("harm", models.TextField(max_length=2000, verbose_name="危害程度和整改难易程度分析")),
                ("treatment", models.TextField(max_length=2000, verbose_name="治理方案")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="major_report", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "重大隐患报告",
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("content", models.TextField(max_length=2000, verbose_name="进展情况")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="完成比例（%）")),
                ("spent", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="累计已用资金（元）")),
                ("reason", models.TextField(blank=True, max_length=500, verbose_name="比上次减少的原因")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="progress", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "整改进展",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)), name="progress_percent_at_most_100"
                    ),
                    models.CheckConstraint(condition=models.Q(("spent__gte", 0)), name="progress_spent_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="hazards.hazard"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="收报单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "重大隐患报告签收",
                "ordering": ["id"],
                "indexes": [models.Index(condition=models.Q(("at", None)), fields=["unit"], name="receipt_unsigned")],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "unit"), name="receipt_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at", None), ("by", None)),
                            models.Q(("at__isnull", False), ("by__isnull", False)),
                            _connector="OR",
                        ),
                        name="receipt_signed_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RectificationPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("goals", models.TextField(max_length=2000, verbose_name="目标和任务")),
                ("methods", models.TextField(max_length=2000, verbose_name="方法和措施")),
                ("resources", models.TextField(max_length=2000, verbose_name="经费和物资")),
                ("organisation", models.TextField(max_length=2000, verbose_name="机构和人员")),
                ("schedule", models.TextField(max_length=2000, verbose_name="时限和要求")),
                ("safety", models.TextField(max_length=2000, verbose_name="安全措施和应急预案")),
                ("responsibility_settled", models.BooleanField(default=False, verbose_name="责任落实")),
                ("responsibility_how", models.CharField(max_length=200, verbose_name="责任怎样落实")),
                ("measures_settled", models.BooleanField(default=False, verbose_name="措施落实")),
                ("measures_how", models.CharField(max_length=200, verbose_name="措施怎样落实")),
                ("funds_settled", models.BooleanField(default=False, verbose_name="资金落实")),
                ("funds_how", models.CharField(max_length=200, verbose_name="资金怎样落实")),
                ("time_settled", models.BooleanField(default=False, verbose_name="时限落实")),
                ("time_how", models.CharField(max_length=200, verbose_name="时限怎样落实")),
                ("emergency_settled", models.BooleanField(default=False, verbose_name="预案落实")),
                ("emergency_how", models.CharField(max_length=200, verbose_name="预案怎样落实")),
                ("money", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="计划投入（元）")),
                ("responsible", models.CharField(max_length=100, verbose_name="整改责任人")),
                ("finish_by", models.DateField(verbose_name="计划完成日期")),
                ("protection", models.TextField(max_length=1000, verbose_name="临时管控措施")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "整改方案",
                "ordering": ["hazard", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "number"), name="plan_number_once"),
                    models.CheckConstraint(condition=models.Q(("money__gte", 0)), name="plan_money_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("approved", models.BooleanField(verbose_name="是否批准")),
                ("opinion", models.TextField(max_length=1000, verbose_name="审批意见")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="hazards.rectificationplan",
                        to_field="uid",
                    ),
                ),
            ],
            options={
                "verbose_name": "整改方案审批",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("body", models.CharField(max_length=60, verbose_name="受移送机关")),
                ("case_number", models.CharField(max_length=60, verbose_name="移送文号")),
                ("referred_on", models.DateField(verbose_name="移送日期")),
                ("reason", models.TextField(max_length=1000, verbose_name="移送事由")),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="答复内容")),
                ("answered_on", models.DateField(null=True, verbose_name="答复日期")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="hazards.hazard"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="移送单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "移送",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)), fields=("hazard",), name="referral_unanswered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None), ("answer", ""), ("answered_by", None), ("answered_on", None)
                            ),
                            models.Q(
                                models.Q(("answered_at", None), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                                ("answered_by__isnull", False),
                                ("answered_on__gte", models.F("referred_on")),
                            ),
                            _connector="OR",
                        ),
                        name="referral_answered_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hazard_id", "cause", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cause", models.CharField(default="rectify", max_length=10)),
                ("level", models.CharField(max_length=10)),
                ("deadline", models.DateField()),
                ("next_on", models.DateField(null=True)),
                (
                    "hazard",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="hazards.hazard",
                    ),
                ),
            ],
            options={
                "verbose_name": "下次提醒",
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("passed", models.BooleanField(verbose_name="复查结论")),
                ("opinion", models.TextField(max_length=2000, verbose_name="复查意见")),
                ("new_deadline", models.DateField(null=True, verbose_name="重定的整改期限")),
                ("expert_opinion", models.TextField(blank=True, max_length=2000, verbose_name="专家意见或第三方报告")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "feedback",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review",
                        to="hazards.feedback",
                        to_field="uid",
                    ),
                ),
                (
                    "first_officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "复查意见",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_officer", None), ("second_officer", None)),
                            models.Q(
                                ("first_officer__isnull", False),
                                models.Q(("first_officer", models.F("second_officer")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="review_by_two_officers",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("query", models.CharField(max_length=1500, verbose_name="条件")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="共享单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "视图",
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="saved_view_once")],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.TextField(max_length=500, verbose_name="移交理由")),
                ("asked_on", models.DateField(verbose_name="移交日期")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "接收"),
                            ("returned", "退回"),
                            ("assigned", "安委办指定由接收单位负责"),
                            ("kept", "安委办指定由移出单位负责"),
                            ("lapsed", "未答复结束"),
                        ],
                        max_length=10,
                        verbose_name="答复",
                    ),
                ),
                ("opinion", models.TextField(blank=True, max_length=500, verbose_name="答复意见")),
                ("answered_on", models.DateField(null=True, verbose_name="答复日期")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="移出单位",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="hazards.hazard"
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="接收单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "移交",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("outcome", "")), fields=["to_unit"], name="transfer_open_to"),
                    models.Index(condition=models.Q(("outcome", "")), fields=["due_on"], name="transfer_open_due"),
                    models.Index(
                        condition=models.Q(("outcome__in", ["accepted", "assigned"])),
                        fields=["from_unit"],
                        name="transfer_handed_over",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")), fields=("hazard",), name="transfer_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "accepted", "returned", "assigned", "kept", "lapsed"])),
                        name="transfer_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("ended_at", None)),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_ended_iff_not_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_by__isnull", False),
                                ("answered_on__isnull", False),
                                ("outcome__in", ("accepted", "returned", "assigned", "kept")),
                            ),
                            models.Q(
                                models.Q(("outcome__in", ("accepted", "returned", "assigned", "kept")), _negated=True),
                                ("answered_by", None),
                                ("answered_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_answered_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoidRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "ground",
                    models.CharField(
                        choices=[("error", "登记有误"), ("duplicate", "重复登记")],
                        max_length=10,
                        verbose_name="作废原因",
                    ),
                ),
                ("reason", models.TextField(max_length=500, verbose_name="情况说明")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hazards.hazard"
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="void_requests", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "作废申请",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duplicate_of__isnull", False), ("ground", "duplicate")),
                            models.Q(("duplicate_of", None), ("ground", "error")),
                            _connector="OR",
                        ),
                        name="void_request_names_the_duplicate",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VoidDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("granted", models.BooleanField(verbose_name="是否同意")),
                ("opinion", models.TextField(max_length=500, verbose_name="意见")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="hazards.voidrequest",
                        to_field="uid",
                    ),
                ),
            ],
            options={
                "verbose_name": "作废决定",
                "ordering": ["id"],
            },
        ),
        index_over_pairs("hazard_text_pairs", "hazards_hazardtext", "folded"),
    ]
