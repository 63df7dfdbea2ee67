"""Makes the tables of migrations of running cases, and of what was done to each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_queue"),
        ("workflow", "0006_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Migration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mapping", models.JSONField()),
                ("reason", models.TextField()),
                ("total", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("undo_reason", models.TextField(blank=True)),
                ("undo_started_at", models.DateTimeField(blank=True, null=True)),
                ("undo_finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "from_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.version",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.version",
                    ),
                ),
                (
                    "undo_started_by",
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
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("from_version",),
                        name="version_left_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undo_started_at__isnull", True),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="migration_is_undone_after_it_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("undo_started_at__isnull", True), ("undo_started_by__isnull", True)
                            ),
                            models.Q(
                                ("undo_started_at__isnull", False),
                                ("undo_started_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="migration_undone_has_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MigratedCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Đang chờ chuyển"),
                            ("MOVED", "Đã chuyển"),
                            ("REFUSED", "Không chuyển được"),
                            ("UNDONE", "Đã hoàn tác"),
                            ("KEPT", "Không hoàn tác được"),
                        ],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                ("because", models.TextField(blank=True)),
                ("before", models.JSONField(blank=True, null=True)),
                ("after", models.JSONField(blank=True, null=True)),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "migration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="cases.migration",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("migration", "case"), name="case_migrated_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["WAITING", "MOVED", "REFUSED", "UNDONE", "KEPT"])
                        ),
                        name="migrated_case_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["WAITING", "REFUSED"]),
                            models.Q(
                                ("after__isnull", False),
                                ("before__isnull", False),
                                ("moved_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="migrated_case_moved_has_before_and_after",
                    ),
                ],
            },
        ),
    ]
