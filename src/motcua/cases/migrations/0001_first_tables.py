"""Makes the first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_first_tables"),
        ("people", "0001_first_tables"),
        ("procedures", "0001_first_tables"),
        ("workflow", "0001_first_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("submission_key", models.UUIDField(unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("COUNTER", "Trực tiếp"),
                            ("ONLINE", "Trực tuyến"),
                            ("POST", "Bưu chính công ích"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REGISTERED", "Mới đăng ký"),
                            ("RECEIVED", "Được tiếp nhận"),
                            ("REFUSED", "Không được tiếp nhận"),
                            ("PROCESSING", "Đang xử lý"),
                            ("SUPPLEMENT", "Yêu cầu bổ sung giấy tờ"),
                            ("PAYMENT", "Yêu cầu thực hiện nghĩa vụ tài chính"),
                            ("WITHDRAWN", "Công dân yêu cầu rút hồ sơ"),
                            ("STOPPED", "Dừng xử lý"),
                            ("DONE", "Đã xử lý xong"),
                            ("RETURNED", "Đã trả kết quả"),
                        ],
                        max_length=12,
                    ),
                ),
                ("law_date", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("returned_to", models.CharField(blank=True, max_length=200)),
                ("note", models.TextField(blank=True)),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.field",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiving_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.revision",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.run",
                    ),
                ),
                (
                    "settling_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.variant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["settling_agency", "received_at"], name="case_by_unit_and_day"
                    ),
                    models.Index(
                        fields=["settling_agency", "finished_at"], name="case_by_unit_finished"
                    ),
                    models.Index(
                        condition=models.Q(("status", "DONE")),
                        fields=["receiving_agency", "finished_at"],
                        name="case_waiting_for_return",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_at__isnull", True),
                            ("finished_at__lte", models.F("returned_at")),
                            _connector="OR",
                        ),
                        name="case_returned_was_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["DONE", "RETURNED"]), _negated=True),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="case_done_has_finishing_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            ("finished_at__gte", models.F("received_at")),
                            _connector="OR",
                        ),
                        name="case_is_finished_after_it_was_received",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("last_number", models.PositiveIntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "day"), name="counter_once_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="cases.case",
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.component",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("amount", models.DecimalField(decimal_places=3, max_digits=9)),
                ("unit", models.CharField(max_length=12)),
                ("because_vi", models.TextField()),
                ("because_en", models.TextField()),
                ("source", models.TextField(blank=True)),
                ("is_verified", models.BooleanField(default=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger",
                        to="cases.case",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ledger entries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "number"), name="ledger_line_number_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("APPLICANT", "Người nộp"),
                            ("OWNER", "Chủ hồ sơ"),
                            ("REPRESENTATIVE", "Người đại diện"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("PERSON", "Cá nhân"), ("ORGANISATION", "Tổ chức")], max_length=12
                    ),
                ),
                ("full_name", models.CharField(max_length=200)),
                ("search_name", models.CharField(db_index=True, max_length=200)),
                ("identity_number", models.CharField(blank=True, max_length=30)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("address", models.CharField(blank=True, max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parties",
                "constraints": [
                    models.UniqueConstraint(fields=("case", "role"), name="party_role_once_a_case"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedComponent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("originals", models.PositiveSmallIntegerField()),
                ("copies", models.PositiveSmallIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="cases.case",
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.component",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "component"), name="component_once_a_case"
                    ),
                ],
            },
        ),
    ]
