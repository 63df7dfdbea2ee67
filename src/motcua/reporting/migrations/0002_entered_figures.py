"""Makes the table of entered figures; its rows are added, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_append_only"),
        ("people", "0001_first_tables"),
        ("reporting", "0001_fact_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EnteredFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=60)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField()),
                ("entered_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["agency", "last_day", "first_day"], name="entered_figure_of_period"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="entered_figure_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="entered_figure_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", True), ("value__gte", 0), _connector="OR"
                        ),
                        name="entered_figure_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER reporting_enteredfigure_is_append_only BEFORE UPDATE OR DELETE"
            " ON reporting_enteredfigure FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER reporting_enteredfigure_is_append_only ON reporting_enteredfigure",
        ),
    ]
