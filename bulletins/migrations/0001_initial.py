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
        ("rankings", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草拟"),
                            ("pending", "待签发"),
                            ("issued", "已印发"),
                            ("discarded", "已放弃"),
                        ],
                        default="",
                        editable=False,
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("division", models.CharField(max_length=6, verbose_name="行政区划")),
                ("period", models.CharField(max_length=8, verbose_name="时段")),
                ("word", models.CharField(max_length=20, verbose_name="发文代字")),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("addressed", models.CharField(max_length=200, verbose_name="主送")),
                ("opening", models.TextField(max_length=1000, verbose_name="开头")),
                ("overall", models.TextField(max_length=3000, verbose_name="总体情况")),
                ("ranking", models.TextField(max_length=3000, verbose_name="排名情况")),
                ("problems", models.TextField(blank=True, max_length=5000, verbose_name="存在问题")),
                ("cases", models.TextField(blank=True, max_length=5000, verbose_name="典型案例")),
                ("requirements", models.TextField(blank=True, max_length=5000, verbose_name="工作要求")),
                ("copies", models.CharField(blank=True, max_length=300, verbose_name="抄送")),
                ("composed", models.JSONField(default=dict, verbose_name="成文原稿")),
                ("drafted_at", models.DateTimeField(verbose_name="拟稿时间")),
                (
                    "serial",
                    models.CharField(editable=False, max_length=40, null=True, unique=True, verbose_name="编号"),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issued_at", models.DateTimeField(null=True, verbose_name="签发时间")),
                ("issued_on", models.DateField(null=True, verbose_name="印发日期")),
                ("urged_on", models.DateField(null=True, verbose_name="催阅日期")),
                ("folded", folding.fields.FoldedField("title", "number", default="", editable=False)),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="bulletins.bulletin",
                        verbose_name="更正的通报",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟稿人",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rankings.freeze",
                        verbose_name="统计时段",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="送签人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="印发机关",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["division", "state", "-id"], name="bulletin_place"),
                    models.Index(fields=["unit", "-id"], name="bulletin_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "pending", "issued", "discarded"])),
                        name="bulletin_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issued_at__isnull", False),
                                ("issued_by__isnull", False),
                                ("issued_on__isnull", False),
                                ("serial__isnull", False),
                                ("state", "issued"),
                                models.Q(("number", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "issued"), _negated=True),
                                ("issued_at", None),
                                ("issued_by", None),
                                ("issued_on", None),
                                ("number", ""),
                                ("serial", None),
                            ),
                            _connector="OR",
                        ),
                        name="bulletin_numbered_iff_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("issued_by", models.F("drafted_by")), _negated=True),
                                models.Q(("issued_by", models.F("submitted_by")), _negated=True),
                            ),
                            ("issued_by", None),
                            _connector="OR",
                        ),
                        name="bulletin_signed_by_a_second_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects", None), models.Q(("state", "discarded"), _negated=True)),
                        fields=("unit", "period"),
                        name="bulletin_once_a_period",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discarded"), _negated=True),
                        fields=("corrects",),
                        name="bulletin_corrected_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addressee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addressees",
                        to="bulletins.bulletin",
                    ),
                ),
            ],
            options={
                "verbose_name": "主送单位",
                "constraints": [models.UniqueConstraint(fields=("bulletin", "unit"), name="bulletin_addressee_once")],
            },
        ),
        migrations.CreateModel(
            name="BulletinEvent",
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
                        to="bulletins.bulletin",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="bulletinevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="bulletinevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="bulletinevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_told", models.BooleanField(default=True, verbose_name="写入通报")),
                ("is_named", models.BooleanField(default=False, verbose_name="写明企业名称")),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chosen", to="bulletins.bulletin"
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
            ],
            options={
                "verbose_name": "典型案例",
                "constraints": [models.UniqueConstraint(fields=("bulletin", "hazard"), name="bulletin_case_once")],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="阅读时间")),
                (
                    "bulletin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="bulletins.bulletin",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "已读回执",
                "indexes": [models.Index(fields=["bulletin", "unit"], name="bulletin_receipt_unit")],
                "constraints": [models.UniqueConstraint(fields=("bulletin", "person"), name="bulletin_receipt_once")],
            },
        ),
    ]
