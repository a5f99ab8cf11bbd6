import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("inspections", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("weekly", "周报"), ("monthly", "自查月报")], max_length=8, verbose_name="种类"
                    ),
                ),
                ("period", models.CharField(max_length=8, verbose_name="报送期")),
                ("due_on", models.DateField(verbose_name="应报日期")),
                ("due_at", models.DateTimeField(verbose_name="报送期限")),
                ("filed_at", models.DateTimeField(null=True, verbose_name="报送时间")),
                ("is_zero", models.BooleanField(default=False, verbose_name="零报告")),
                ("figures", models.JSONField(default=list, verbose_name="数据")),
                ("words", models.TextField(blank=True, max_length=2000, verbose_name="工作情况")),
                ("explanation", models.TextField(blank=True, max_length=1000, verbose_name="数据说明")),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="inspections.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "信息报送",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["city_code", "-id"], name="report_city"),
                    models.Index(fields=["county_code", "-id"], name="report_county"),
                    models.Index(fields=["division_code", "-id"], name="report_division"),
                    models.Index(fields=["kind", "due_on"], name="report_kind_due"),
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "returned"])),
                        fields=["due_at"],
                        name="report_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "filed", "returned", "excused"])),
                        name="report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("enterprise", None), ("kind", "weekly"), ("unit__isnull", False)),
                            models.Q(("enterprise__isnull", False), ("kind", "monthly"), ("unit", None)),
                            _connector="OR",
                        ),
                        name="report_kind_of_its_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("filed_at__isnull", False), ("filed_by__isnull", False), ("state", "filed")),
                            models.Q(
                                models.Q(("state", "filed"), _negated=True),
                                ("filed_at", None),
                                ("filed_by", None),
                                ("is_zero", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_filed_iff_moment",
                    ),
                    models.UniqueConstraint(fields=("unit", "period"), name="report_unit_once"),
                    models.UniqueConstraint(fields=("enterprise", "period"), name="report_enterprise_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("weekly", "周报"), ("monthly", "自查月报")], max_length=8)),
                ("period", models.CharField(max_length=8)),
                ("first", models.DateField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "报送期",
                "ordering": ["-first", "kind"],
                "constraints": [models.UniqueConstraint(fields=("kind", "period"), name="opening_once")],
            },
        ),
        migrations.CreateModel(
            name="ReportEvent",
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
                        to="reporting.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "信息报送办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="reportevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="reportevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="reportevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reminder",
                        serialize=False,
                        to="reporting.report",
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("due_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "下次催报",
                "indexes": [models.Index(fields=["next_at", "due_at"], name="report_reminder_next")],
            },
        ),
    ]
