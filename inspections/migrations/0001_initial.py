import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import folding.fields
import inspections.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "已有这个名称的行业领域"},
                        max_length=40,
                        unique=True,
                        verbose_name="名称",
                    ),
                ),
                (
                    "competent_function",
                    models.CharField(
                        blank=True, choices=inspections.models.functions, max_length=12, verbose_name="行业主管部门职能"
                    ),
                ),
                (
                    "supervising_function",
                    models.CharField(
                        blank=True, choices=inspections.models.functions, max_length=12, verbose_name="监管部门职能"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("folded", folding.fields.FoldedField("code", "name", default="", editable=False)),
                ("is_active", models.BooleanField(default=True, editable=False, verbose_name="启用")),
            ],
            options={
                "verbose_name": "行业领域",
                "ordering": ["order", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("state", "active")),
                            models.Q(("is_active", False), ("state", "retired")),
                            _connector="OR",
                        ),
                        name="sector_active_as_its_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
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
                ("name", models.CharField(max_length=120, verbose_name="企业名称")),
                (
                    "uscc",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[inspections.models.validate_uscc],
                        verbose_name="统一社会信用代码",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="详细地址")),
                (
                    "risk_grade",
                    models.CharField(
                        blank=True,
                        choices=[("red", "红"), ("orange", "橙"), ("yellow", "黄"), ("blue", "蓝")],
                        max_length=6,
                        verbose_name="风险等级",
                    ),
                ),
                ("principal", models.CharField(blank=True, max_length=40, verbose_name="主要负责人")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="联系电话")),
                ("safety_manager", models.CharField(blank=True, max_length=40, verbose_name="安全管理员")),
                ("safety_manager_phone", models.CharField(blank=True, max_length=20, verbose_name="安全管理员电话")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operating", "在产"),
                            ("stopped", "停产"),
                            ("suspended", "停业整顿"),
                            ("closed", "关闭"),
                            ("resumed", "复工"),
                        ],
                        default="operating",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "registered_on",
                    models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="登记日期"),
                ),
                ("closed_on", models.DateField(editable=False, null=True, verbose_name="关闭日期")),
                ("folded", folding.fields.FoldedField("name", "uscc", default="", editable=False, initials=["name"])),
                ("name_folded", folding.fields.FoldedField("name", default="", editable=False)),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="enterprises", to=settings.AUTH_USER_MODEL, verbose_name="企业人员"
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="accounts.unit",
                        verbose_name="属地",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "企业",
                "ordering": ["-registered_on", "-id"],
                "indexes": [
                    models.Index(fields=["city_code", "-registered_on", "-id"], name="enterprise_city"),
                    models.Index(fields=["county_code", "-registered_on", "-id"], name="enterprise_county"),
                    models.Index(fields=["division_code", "-registered_on", "-id"], name="enterprise_township"),
                    models.Index(fields=["name_folded"], name="enterprise_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc",),
                        name="enterprise_uscc_once",
                        violation_error_message="该统一社会信用代码已登记，请直接使用已有企业",
                    ),
                    models.UniqueConstraint(
                        fields=("township", "name_folded"),
                        name="enterprise_name_once_in_township",
                        violation_error_message="该属地已有同名企业，请在企业名录中查找；确是另一家的，请在名称后注明区别，例如“（二店）”",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("uscc", django.db.models.functions.text.Upper("uscc"))),
                        name="enterprise_uscc_in_capitals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["operating", "stopped", "suspended", "closed", "resumed"])),
                        name="enterprise_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["listed"])), name="enterprise_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectorEvent",
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
                        to="inspections.sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "行业领域办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="sectorevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="sectorevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="sectorevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnterpriseEvent",
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
                        to="inspections.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "企业办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="enterpriseevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="enterpriseevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="enterpriseevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("routine", "日常检查"),
                            ("special", "专项检查"),
                            ("unannounced", "暗访（四不两直）"),
                            ("joint", "联合执法"),
                            ("supervision", "督查"),
                            ("self", "企业自查"),
                            ("tipoff", "举报核查"),
                        ],
                        default="routine",
                        max_length=12,
                        verbose_name="检查方式",
                    ),
                ),
                ("inspected_on", models.DateField(verbose_name="检查日期")),
                ("nothing_found", models.BooleanField(default=False, verbose_name="未发现隐患")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="检查情况")),
                ("created_at", models.DateTimeField(verbose_name="记录时间")),
                ("is_draft", models.BooleanField(default=False, verbose_name="草稿")),
                ("completed_at", models.DateTimeField(null=True, verbose_name="草稿完成时间")),
                ("submission_key", models.CharField(blank=True, max_length=36, verbose_name="提交标识")),
                ("sent_digest", models.CharField(blank=True, max_length=64, verbose_name="提交内容摘要")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="inspections.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "inspectors",
                    models.ManyToManyField(
                        related_name="inspections", to=settings.AUTH_USER_MODEL, verbose_name="检查人"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="accounts.unit",
                        verbose_name="检查单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查",
                "ordering": ["-inspected_on", "-id"],
                "indexes": [
                    models.Index(fields=["city_code", "-inspected_on", "-id"], name="inspection_city"),
                    models.Index(fields=["county_code", "-inspected_on", "-id"], name="inspection_county"),
                    models.Index(fields=["division_code", "-inspected_on", "-id"], name="inspection_township"),
                    models.Index(fields=["unit", "-inspected_on"], name="inspection_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["routine", "special", "unannounced", "joint", "supervision", "self", "tipoff"],
                            )
                        ),
                        name="inspection_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("submission_key", ""), _negated=True),
                        fields=("created_by", "submission_key"),
                        name="inspection_submitted_once",
                    ),
                ],
            },
        ),
    ]
