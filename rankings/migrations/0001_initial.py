import django.db.models.deletion
import django.db.models.functions.text
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
            name="Formula",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草拟"), ("published", "已公布"), ("discarded", "已放弃")],
                        default="",
                        editable=False,
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("city_code", models.CharField(blank=True, max_length=4, verbose_name="行政区划")),
                ("number", models.PositiveSmallIntegerField(null=True, verbose_name="版次")),
                ("since", models.DateField(null=True, verbose_name="施行日期")),
                ("reason", models.TextField(blank=True, max_length=500, verbose_name="修改说明")),
                ("numbers", models.JSONField(default=dict, verbose_name="参数")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="草拟人",
                    ),
                ),
            ],
            options={
                "verbose_name": "排名公式",
                "ordering": ["-number", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("city_code", "number"), name="formula_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", False), ("since__isnull", False), ("state", "published")),
                            models.Q(("state", "published"), _negated=True),
                            _connector="OR",
                        ),
                        name="formula_published_has_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormulaEvent",
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
                        to="rankings.formula",
                    ),
                ),
            ],
            options={
                "verbose_name": "排名公式办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="formulaevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="formulaevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="formulaevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("frozen", "已冻结"), ("superseded", "已被更正")],
                        default="",
                        editable=False,
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("city_code", models.CharField(max_length=4, verbose_name="行政区划")),
                ("period", models.CharField(max_length=8, verbose_name="时段")),
                ("first", models.DateField(verbose_name="起")),
                ("last", models.DateField(verbose_name="止")),
                ("window_first", models.DateField(verbose_name="计分起")),
                ("cut_off", models.DateTimeField(verbose_name="截止时间")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="第几次")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="更正原因")),
                ("figures_digest", models.CharField(max_length=64, verbose_name="数字校验值")),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rankings.formula",
                        verbose_name="公式",
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的统计",
                "ordering": ["-last", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("city_code", "period", "revision"), name="freeze_revision_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "frozen")),
                        fields=("city_code", "period"),
                        name="freeze_one_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FreezeEvent",
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
                        to="rankings.freeze",
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="freezeevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="freezeevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="freezeevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city_code", models.CharField(max_length=4, verbose_name="行政区划")),
                ("filename", models.CharField(max_length=120, verbose_name="文件名")),
                ("shapes", models.TextField(verbose_name="边界")),
                ("matched", models.PositiveSmallIntegerField(verbose_name="对上的乡镇数")),
                ("loaded_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "loaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "乡镇边界",
                "indexes": [models.Index(fields=["city_code", "-id"], name="outline_city")],
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("inspectors", models.PositiveSmallIntegerField(verbose_name="检查人员数")),
                ("since", models.DateField(verbose_name="自何日起")),
                ("reason", models.CharField(max_length=200, verbose_name="核定依据")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "核定检查人员数",
                "ordering": ["-since", "-id"],
            },
        ),
        migrations.CreateModel(
            name="StaffEvent",
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
                        to="rankings.staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "核定检查人员数办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="staffevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="staffevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="staffevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingFirm",
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
                ("registered_on", models.DateField(verbose_name="登记日期")),
                ("closed_on", models.DateField(null=True, verbose_name="关闭日期")),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rankings.freeze",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的企业",
                "indexes": [models.Index(fields=["freeze", "division_code"], name="standing_firm_place")],
                "constraints": [models.UniqueConstraint(fields=("freeze", "enterprise"), name="standing_firm_once")],
            },
        ),
        migrations.CreateModel(
            name="StandingHazard",
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
                ("state", models.CharField(max_length=20, verbose_name="状态")),
                ("level", models.CharField(max_length=10, verbose_name="隐患等级")),
                ("found_on", models.DateField(verbose_name="排查日期")),
                ("registered_at", models.DateTimeField(null=True, verbose_name="登记时间")),
                ("issue_due_on", models.DateField(null=True, verbose_name="应下达日期")),
                ("issued_on", models.DateField(null=True, verbose_name="下达日期")),
                ("original_deadline", models.DateField(null=True, verbose_name="原定期限")),
                ("deadline", models.DateField(null=True, verbose_name="整改期限")),
                ("deadline_before_reset", models.DateField(null=True, verbose_name="重定前期限")),
                ("longer_approved", models.BooleanField(default=False)),
                ("feedback_on", models.DateField(null=True, verbose_name="反馈日期")),
                ("rectified_on", models.DateField(null=True, verbose_name="整改完成日期")),
                ("closed_on", models.DateField(null=True, verbose_name="销号日期")),
                ("refused_on", models.DateField(null=True, verbose_name="复查不通过日期")),
                ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="返潮次数")),
                ("reopened_on", models.DateField(null=True, verbose_name="返潮日期")),
                ("fixed_on_spot", models.BooleanField(default=False, verbose_name="当场整改")),
                ("accident_type", models.CharField(blank=True, max_length=60, verbose_name="隐患类型")),
                (
                    "competent_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="行业主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.enterprise",
                        verbose_name="企业",
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
                    "freeze",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rankings.freeze",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.inspection",
                        verbose_name="检查",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的隐患",
                "indexes": [
                    models.Index(fields=["freeze", "division_code"], name="standing_hazard_place"),
                    models.Index(fields=["freeze", "enterprise"], name="standing_hazard_firm"),
                ],
                "constraints": [models.UniqueConstraint(fields=("freeze", "hazard"), name="standing_hazard_once")],
            },
        ),
        migrations.CreateModel(
            name="StandingVisit",
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
                ("kind", models.CharField(max_length=12, verbose_name="检查方式")),
                ("inspected_on", models.DateField(verbose_name="检查日期")),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rankings.freeze",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.inspection",
                        verbose_name="检查",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="检查单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的检查",
                "indexes": [
                    models.Index(fields=["freeze", "division_code"], name="standing_visit_place"),
                    models.Index(fields=["freeze", "enterprise"], name="standing_visit_firm"),
                ],
                "constraints": [models.UniqueConstraint(fields=("freeze", "inspection"), name="standing_visit_once")],
            },
        ),
        migrations.CreateModel(
            name="Table",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("division", models.CharField(max_length=9)),
                ("rest", models.JSONField(default=dict)),
                ("totals", models.JSONField(default=dict)),
                ("pool", models.JSONField(default=dict)),
                (
                    "freeze",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tables", to="rankings.freeze"
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的表",
                "constraints": [
                    models.UniqueConstraint(fields=("freeze", "kind", "division"), name="frozen_table_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=100)),
                ("short_name", models.CharField(max_length=40)),
                ("division_code", models.CharField(blank=True, max_length=9)),
                ("place", models.PositiveSmallIntegerField()),
                ("rank", models.PositiveSmallIntegerField(null=True)),
                ("score", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("figures", models.JSONField(default=dict)),
                ("parts", models.JSONField(default=dict)),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.sector",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="rankings.table"
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的行",
                "indexes": [models.Index(fields=["code", "table"], name="frozen_line_code")],
                "constraints": [
                    models.UniqueConstraint(fields=("table", "place"), name="frozen_line_place_once"),
                    models.UniqueConstraint(fields=("table", "code"), name="frozen_line_code_once"),
                ],
            },
        ),
    ]
