"""Enter the notices for 2004–2026.

The rows were written once from chinesecalendar 1.11 (MIT): the weekdays in its `holidays`, the weekend days in its `workdays`;
a New Year's exception in December belongs to the next year's notice. The package is not needed to run.
"""

from django.db import migrations
from django.utils import timezone

from workdays.operations import committed_years


def enter(apps, schema_editor):
    PublishedYear = apps.get_model("workdays", "PublishedYear")
    WorkingDay = apps.get_model("workdays", "WorkingDay")
    now = timezone.now()
    known = set(
        PublishedYear.objects.values_list("year", flat=True)
    )  # migrated back and forth, the rows are still there
    for year, notice, published_on, days in committed_years():
        if year in known:
            continue
        PublishedYear.objects.create(year=year, notice=notice, published_on=published_on, recorded_at=now)
        WorkingDay.objects.bulk_create(
            WorkingDay(date=day.date, is_working=day.is_working, name=day.name, year_id=year) for day in days
        )


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop, elidable=False)]
