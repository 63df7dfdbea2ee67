"""Makes the tables of consultation, decisions and retirement; their rows are added, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("consultation", "takenback", "ask", "opinion", "override", "decision", "retirement")
APPEND_ONLY = ";".join(
    f"CREATE TRIGGER workflow_{table}_is_append_only BEFORE UPDATE OR DELETE"
    f" ON workflow_{table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    for table in TABLES
)
NOT_APPEND_ONLY = ";".join(
    f"DROP TRIGGER workflow_{table}_is_append_only ON workflow_{table}" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("people", "0001_first_tables"),
        ("workflow", "0008_done_in_stead"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("because", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("drawing_hash", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PUBLISHED", "Công bố phiên bản"),
                            ("RETIRED", "Thôi áp dụng"),
                            ("REGISTERED", "Ghi vào sổ"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=100)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("counted_on", models.DateField(db_index=True)),
                ("title", models.CharField(max_length=300)),
                ("source", models.CharField(max_length=300)),
                ("is_verified", models.BooleanField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("CONSENT", "Đồng ý"),
                            ("OBJECTION", "Không đồng ý"),
                            ("SILENCE", "Im lặng đến hết hạn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("decision", models.CharField(max_length=100)),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Retirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField()),
                ("reason", models.TextField()),
                ("retired_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TakenBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("taken_back_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="draft",
            name="draft_has_a_known_status",
        ),
        migrations.AlterField(
            model_name="draft",
            name="status",
            field=models.CharField(
                choices=[
                    ("DRAFT", "Đang soạn"),
                    ("CONSULTATION", "Đang lấy ý kiến"),
                    ("HELD_UP", "Vướng ý kiến"),
                    ("CONSENTED", "Đã thống nhất"),
                    ("PUBLISHED", "Đã công bố"),
                    ("DISCARDED", "Đã bỏ"),
                ],
                default="DRAFT",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["DRAFT", "CONSULTATION", "HELD_UP", "CONSENTED", "PUBLISHED", "DISCARDED"],
                    )
                ),
                name="draft_has_a_known_status",
            ),
        ),
        migrations.AddField(
            model_name="ask",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="draft",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="workflow.draft",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ask",
            name="consultation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asks",
                to="workflow.consultation",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="workflow.draft",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="workflow.version",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="ask",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to="workflow.ask",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="opinion",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="override",
                to="workflow.opinion",
            ),
        ),
        migrations.AddField(
            model_name="retirement",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.decision",
            ),
        ),
        migrations.AddField(
            model_name="retirement",
            name="retired_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="retirement",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="retirement",
                to="workflow.version",
            ),
        ),
        migrations.AddField(
            model_name="takenback",
            name="consultation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_back",
                to="workflow.consultation",
            ),
        ),
        migrations.AddField(
            model_name="takenback",
            name="taken_back_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                fields=("draft", "number"), name="consultation_round_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ask",
            constraint=models.UniqueConstraint(
                fields=("consultation", "agency"), name="agency_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "REGISTERED"),
                    models.Q(
                        models.Q(("number", ""), _negated=True),
                        ("decided_on__isnull", False),
                        ("version__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decision_made_here_has_number_day_and_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer", "OBJECTION"), ("reason", ""), _negated=True),
                name="objection_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", "SILENCE")),
                fields=("ask",),
                name="silence_noted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("decision", ""), _negated=True),
                ),
                name="override_has_a_reason_and_a_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="retirement",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="retirement_has_a_reason"
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
