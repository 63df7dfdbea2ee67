"""Makes the table of absences: who is away, and who stands in."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.people.models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("named_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "absent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="absence_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("absent", models.F("stand_in")), _negated=True),
                        name="absence_has_another_stand_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="absence_taken_back_has_who_did_it",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        expressions=[
                            ("absent", "="),
                            (motcua.people.models.DateRange("starts_on", "ends_on"), "&&"),
                        ],
                        name="absent_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
