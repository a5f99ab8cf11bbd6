"""The sectors (行业领域) with the department functions that answer for them, from inspections/data/sectors.csv."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "sectors.csv"


def seed(apps, schema_editor):
    Sector = apps.get_model("inspections", "Sector")
    with DATA.open(encoding="utf-8", newline="") as lines:
        Sector.objects.bulk_create(
            Sector(
                code=row["code"],
                name=row["name"],
                competent_function=row["competent"],
                supervising_function=row["supervising"],
                order=order,
            )
            for order, row in enumerate(csv.DictReader(lines), start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
