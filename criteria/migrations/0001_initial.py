import django.db.models.deletion
import folding.fields
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
            name="Standard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("number", models.CharField(max_length=60, verbose_name="文号或标准号")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="废止日期")),
                ("folded", folding.fields.FoldedField("name", "number", default="", editable=False)),
                ("number_folded", folding.fields.FoldedField("number", default="", editable=False)),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standards",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "判定标准",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number_folded",),
                        name="standard_number_once",
                        violation_error_message="已有这个文号或标准号的判定标准",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_on", None),
                            ("expires_on", None),
                            ("expires_on__gt", models.F("effective_on")),
                            _connector="OR",
                        ),
                        name="standard_begins_before_it_ends",
                        violation_error_message="废止日期应晚于施行日期",
                    ),
                    models.CheckConstraint(condition=models.Q(("state__in", ["listed"])), name="standard_state_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("article", models.CharField(blank=True, max_length=30, verbose_name="条")),
                ("item", models.CharField(blank=True, max_length=30, verbose_name="项")),
                ("field", models.CharField(blank=True, max_length=40, verbose_name="适用")),
                ("wording", models.CharField(blank=True, max_length=500, verbose_name="情形")),
                ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                ("folded", folding.fields.FoldedField("place", "field", "wording", default="", editable=False)),
                (
                    "standard",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="criteria.standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "判定条目",
                "ordering": ["standard", "order", "id"],
                "indexes": [models.Index(fields=["standard", "article", "item", "id"], name="criterion_newest")],
            },
        ),
        migrations.CreateModel(
            name="StandardEvent",
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
                        to="criteria.standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "判定标准办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="standardevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="standardevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="standardevent_position_once"),
                ],
            },
        ),
    ]
