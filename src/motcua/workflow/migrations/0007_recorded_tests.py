"""Makes the tables of recorded tests and of how they came out on drafts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0006_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordedTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("facts", models.JSONField(default=dict)),
                ("choices", models.JSONField(default=list)),
                ("expected", models.JSONField(default=list)),
                ("finishes", models.BooleanField()),
                ("origin", models.CharField(blank=True, max_length=60)),
                ("recorded_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("retired_reason", models.TextField(blank=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="workflow.workflow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("workflow", "name"),
                        name="recorded_test_named_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("retired_at__isnull", True),
                                ("retired_by__isnull", True),
                                ("retired_reason", ""),
                            ),
                            models.Q(
                                ("retired_at__isnull", False),
                                ("retired_by__isnull", False),
                                models.Q(("retired_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recorded_test_retired_has_who_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlayedTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("difference_vi", models.TextField(blank=True)),
                ("difference_en", models.TextField(blank=True)),
                ("failed_since", models.PositiveIntegerField(blank=True, null=True)),
                ("played_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="played_tests",
                        to="workflow.draft",
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.recordedtest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "test"), name="test_played_once_a_draft"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("difference_vi", ""), ("failed_since__isnull", True)),
                            models.Q(
                                models.Q(("difference_vi", ""), _negated=True),
                                ("failed_since__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="played_test_fails_since_an_edit",
                    ),
                ],
            },
        ),
    ]
