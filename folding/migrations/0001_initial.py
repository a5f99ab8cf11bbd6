from django.db import migrations

from folding.sql import NO_PAIRS, PAIRS, OnPostgreSQL


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [OnPostgreSQL(PAIRS, NO_PAIRS)]
