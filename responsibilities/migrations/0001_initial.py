import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


from folding.sql import OnPostgreSQL


def no_overlap(table, place, other):
    """No two rows of one place in the matrix in force on the same day. Ranges of ids, because an exclusion of plain numbers needs
    an extension that whoever is given a database by others may not install. SQLite lets one writer in at a time."""
    name = f"{table}_no_overlap"
    return OnPostgreSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ("
        f"int8range({place}, {place}, '[]') WITH &&, "
        f"int8range(coalesce({other}, 0), coalesce({other}, 0), '[]') WITH &&, "
        "daterange(valid_from, valid_to, '[)') WITH &&)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("inspections", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("valid_from", models.DateField(editable=False, verbose_name="自")),
                ("valid_to", models.DateField(editable=False, null=True, verbose_name="至")),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="副职",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任分工",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("unit", "sector"), name="charge_one_in_force"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sector", None), ("valid_to", None)),
                        fields=("unit",),
                        name="charge_one_for_the_rest_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder", models.F("deputy")), _negated=True),
                        name="charge_deputy_is_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="charge_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "current"), ("valid_to", None)),
                            models.Q(("state", "ended"), ("valid_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="charge_current_iff_no_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChargeEvent",
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
                        to="responsibilities.charge",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任分工办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="chargeevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="chargeevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="chargeevent_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(default="", editable=False, max_length=20, verbose_name="状态")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("valid_from", models.DateField(editable=False, verbose_name="自")),
                ("valid_to", models.DateField(editable=False, null=True, verbose_name="至")),
                (
                    "competent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="行业主管部门",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="区划",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.sector",
                        verbose_name="行业领域",
                    ),
                ),
                (
                    "supervising",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="监管部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "行业分工",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("place", "sector"), name="line_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="line_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "current"), ("valid_to", None)),
                            models.Q(("state", "ended"), ("valid_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="line_current_iff_no_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineEvent",
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
                        to="responsibilities.line",
                    ),
                ),
            ],
            options={
                "verbose_name": "行业分工办理记录",
                "ordering": ["record", "sequence"],
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="lineevent_unplaced")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "sequence"), name="lineevent_sequence_once"),
                    models.UniqueConstraint(fields=("position",), name="lineevent_position_once"),
                ],
            },
        ),
        no_overlap("responsibilities_charge", "unit_id", "sector_id"),
        no_overlap("responsibilities_line", "place_id", "sector_id"),
    ]
