"""Adds to each agency the dissolved ones whose work it goes on with."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_absences"),
    ]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="heir_of",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
    ]
