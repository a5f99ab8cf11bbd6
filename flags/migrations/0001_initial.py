import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
        ("hazards", "0001_initial"),
        ("inspections", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Flag",
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
                            ("burst", "同一分钟集中销号"),
                            ("copied", "隐患描述雷同"),
                            ("photo", "同一照片用于多条隐患"),
                            ("unchanged", "整改前后照片相同"),
                            ("on_spot", "几乎全部当场销号"),
                            ("far", "整改期限远长于同类单位"),
                            ("no_measure", "查出隐患从不执法"),
                            ("few", "查出隐患远少于同类单位"),
                            ("backdated", "事后补录"),
                            ("perfunctory", "描述敷衍"),
                            ("missed", "漏查"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("first", models.DateField(verbose_name="自")),
                ("last", models.DateField(verbose_name="至")),
                ("own", models.DecimalField(decimal_places=1, max_digits=10, null=True, verbose_name="本单位")),
                (
                    "peers",
                    models.DecimalField(decimal_places=1, max_digits=10, null=True, verbose_name="同类单位中位数"),
                ),
                ("peer_count", models.PositiveIntegerField(default=0, verbose_name="同类单位数")),
                ("row_count", models.PositiveIntegerField(default=0, verbose_name="涉及条数")),
                ("out_of", models.PositiveIntegerField(default=0, verbose_name="共有条数")),
                ("key", models.CharField(editable=False, max_length=60)),
                ("raised_on", models.DateField(verbose_name="提示日期")),
                ("answer_due_on", models.DateField(verbose_name="说明期限")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="单位说明")),
                ("answered_on", models.DateField(null=True, verbose_name="说明日期")),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="认定理由")),
                ("upheld_on", models.DateField(null=True, verbose_name="维持日期")),
                ("dismissed_on", models.DateField(null=True, verbose_name="撤销日期")),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "数据异常提示",
                "ordering": ["-last", "-id"],
                "indexes": [
                    models.Index(fields=["-last", "-id"], name="flag_newest"),
                    models.Index(fields=["unit", "-last", "-id"], name="flag_unit"),
                    models.Index(
                        condition=models.Q(("state__in", ["raised", "answered"])),
                        fields=["answer_due_on"],
                        name="flag_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="flag_raised_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "burst",
                                    "copied",
                                    "photo",
                                    "unchanged",
                                    "on_spot",
                                    "far",
                                    "no_measure",
                                    "few",
                                    "backdated",
                                    "perfunctory",
                                    "missed",
                                ],
                            )
                        ),
                        name="flag_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["raised", "answered", "upheld", "dismissed"])),
                        name="flag_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="flag_begins_before_it_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dismissed_on__isnull", False), ("state", "dismissed")),
                            models.Q(models.Q(("state", "dismissed"), _negated=True), ("dismissed_on", None)),
                            _connector="OR",
                        ),
                        name="flag_dismissing_day_iff_dismissed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "upheld"), _negated=True), ("upheld_on__isnull", False), _connector="OR"
                        ),
                        name="flag_upheld_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answered_by__isnull", False), ("answered_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="flag_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagEvent",
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
                        to="flags.flag",
                    ),
                ),
            ],
            options={
                "verbose_name": "数据异常提示办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="flagevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="flagevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="flagevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("part", models.PositiveIntegerField(default=0, verbose_name="组")),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="flags.flag",
                        verbose_name="提示",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flag_rows",
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
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.photo",
                        verbose_name="照片",
                    ),
                ),
            ],
            options={
                "verbose_name": "数据异常提示涉及的记录",
                "ordering": ["flag", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hazard__isnull", False), ("inspection__isnull", False), _connector="OR"),
                        name="flagrow_names_something",
                    )
                ],
            },
        ),
    ]
