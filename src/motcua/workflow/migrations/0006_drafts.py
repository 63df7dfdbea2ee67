"""Makes the tables of drafts; an edit of a draft is added and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0005_pinned_calls"),
        ("audit", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("bpmn_xml", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Đang soạn"),
                            ("CONSULTATION", "Đang lấy ý kiến"),
                            ("CONSENTED", "Đã thống nhất"),
                            ("PUBLISHED", "Đã công bố"),
                            ("DISCARDED", "Đã bỏ"),
                        ],
                        default="DRAFT",
                        max_length=12,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField()),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.version",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="workflow.workflow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["DRAFT", "CONSULTATION", "CONSENTED", "PUBLISHED", "DISCARDED"],
                            )
                        ),
                        name="draft_has_a_known_status",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("STARTED", "Bắt đầu soạn"),
                            ("SAVED", "Lưu"),
                            ("IMPORTED", "Nhập từ tệp"),
                            ("RESTORED", "Khôi phục bản trước"),
                            ("ASIDE", "Giữ riêng vì người khác đã lưu trước"),
                        ],
                        max_length=8,
                    ),
                ),
                ("revision", models.PositiveIntegerField(blank=True, null=True)),
                ("drawn_on", models.PositiveIntegerField()),
                ("bpmn_xml", models.TextField()),
                ("edited_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edits",
                        to="workflow.draft",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "revision"), name="draft_revision_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", "ASIDE"), ("revision__isnull", True)),
                            models.Q(
                                models.Q(("cause", "ASIDE"), _negated=True),
                                ("revision__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="draft_edit_has_a_revision_unless_kept_aside",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER workflow_draftedit_is_append_only BEFORE UPDATE OR DELETE"
            " ON workflow_draftedit FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER workflow_draftedit_is_append_only ON workflow_draftedit",
        ),
    ]
