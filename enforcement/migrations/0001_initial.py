import django.db.models.deletion
import folding.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("hazards", "0001_initial"),
        ("inspections", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("on_spot", "当场纠正"),
                            ("order", "责令限期整改"),
                            ("suspension", "停产停业整顿"),
                            ("equipment", "停用设施设备"),
                            ("seizure", "查封扣押"),
                            ("utilities", "停水停电"),
                            ("penalty", "行政处罚"),
                            ("closure", "提请关闭"),
                            ("transfer", "移送司法"),
                        ],
                        max_length=12,
                        verbose_name="措施",
                    ),
                ),
                ("on", models.DateField(verbose_name="决定日期")),
                ("content", models.TextField(max_length=1000, verbose_name="措施内容")),
                ("basis", models.CharField(max_length=300, verbose_name="依据条款")),
                ("second_officer_name", models.CharField(max_length=40, verbose_name="另一名执法人员")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="决定书文号")),
                ("number_folded", folding.fields.FoldedField("number", default="", editable=False)),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="罚款金额（元）"),
                ),
                ("notified_at", models.DateTimeField(null=True, verbose_name="通知时间")),
                ("cut_at", models.DateTimeField(null=True, verbose_name="停供时间")),
                ("approver", models.CharField(blank=True, max_length=40, verbose_name="批准人")),
                ("emergency", models.CharField(blank=True, max_length=300, verbose_name="紧急情形")),
                (
                    "status_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("operating", "在产"),
                            ("stopped", "停产"),
                            ("suspended", "停业整顿"),
                            ("closed", "关闭"),
                            ("resumed", "复工"),
                        ],
                        max_length=10,
                    ),
                ),
                ("resumption_due_on", models.DateField(null=True, verbose_name="复工审查期限")),
                ("lifted_on", models.DateField(null=True, verbose_name="解除日期")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="撤销日期")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="inspections.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="inspections.inspection",
                        verbose_name="检查",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="执法人员",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "resumption_asked_by",
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
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="accounts.unit",
                        verbose_name="决定单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "执法措施",
                "ordering": ["-on", "-id"],
                "indexes": [
                    models.Index(fields=["-on", "-id"], name="measure_newest"),
                    models.Index(fields=["unit", "-on", "-id"], name="measure_unit"),
                    models.Index(fields=["enterprise", "kind", "on"], name="measure_enterprise_kind"),
                    models.Index(fields=["kind", "on"], name="measure_kind_day"),
                    models.Index(
                        condition=models.Q(("resumption_due_on__isnull", False)),
                        fields=["resumption_due_on"],
                        name="measure_resumption_asked",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "on_spot",
                                    "order",
                                    "suspension",
                                    "equipment",
                                    "seizure",
                                    "utilities",
                                    "penalty",
                                    "closure",
                                    "transfer",
                                ],
                            )
                        ),
                        name="measure_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["made", "lifted", "withdrawn"])), name="measure_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hazard", None), ("inspection", None), _connector="OR"),
                        name="measure_stands_on_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "penalty"),
                                ("amount__gte", 0),
                                ("amount__isnull", False),
                                models.Q(("number", ""), _negated=True),
                            ),
                            models.Q(models.Q(("kind", "penalty"), _negated=True), ("amount", None)),
                            _connector="OR",
                        ),
                        name="measure_penalty_has_number_and_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "utilities"),
                                ("cut_at__gte", models.F("notified_at")),
                                ("notified_at__isnull", False),
                                models.Q(("approver", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "utilities"), _negated=True),
                                ("approver", ""),
                                ("cut_at", None),
                                ("emergency", ""),
                                ("notified_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="measure_utilities_are_notified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("second_officer", None),
                                models.Q(("second_officer", models.F("officer")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(("second_officer_name", ""), _negated=True),
                        ),
                        name="measure_by_two_officers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_on__isnull", False), ("state", "lifted")),
                            models.Q(("lifted_on", None), ("state", "made")),
                            ("state", "withdrawn"),
                            _connector="OR",
                        ),
                        name="measure_lifting_day_iff_lifted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_on__isnull", False)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_on", None)),
                            _connector="OR",
                        ),
                        name="measure_withdrawing_day_iff_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resumption_asked_by", None), ("resumption_due_on", None)),
                            models.Q(
                                ("kind__in", ["equipment", "suspension"]),
                                ("resumption_asked_by__isnull", False),
                                ("resumption_due_on__isnull", False),
                                ("state", "made"),
                            ),
                            _connector="OR",
                        ),
                        name="measure_resumption_asked_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "suspension"), models.Q(("status_before", ""), _negated=True)),
                            models.Q(models.Q(("kind", "suspension"), _negated=True), ("status_before", "")),
                            _connector="OR",
                        ),
                        name="measure_knows_the_status_before",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True), models.Q(("state", "withdrawn"), _negated=True)
                        ),
                        fields=("unit", "kind", "number_folded"),
                        name="measure_number_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureEvent",
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
                        to="enforcement.measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "执法措施办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="measureevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="measureevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="measureevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resumption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(max_length=2000, verbose_name="整改情况")),
                ("due_on", models.DateField(verbose_name="审查期限")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resumptions",
                        to="enforcement.measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "复工申请",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ResumptionDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("granted", models.BooleanField(verbose_name="是否同意")),
                ("opinion", models.TextField(max_length=1000, verbose_name="审查意见")),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="enforcement.resumption",
                        to_field="uid",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "复工审查",
                "ordering": ["id"],
            },
        ),
    ]
