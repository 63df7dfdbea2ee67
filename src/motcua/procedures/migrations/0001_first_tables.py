"""Makes the first tables."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import motcua.procedures.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("sort_name", models.CharField(max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                (
                    "code_status",
                    models.CharField(
                        choices=[("verified", "đã kiểm tra"), ("illustrative", "minh họa")],
                        max_length=12,
                    ),
                ),
                ("level", models.CharField(max_length=10)),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="procedures",
                        to="procedures.field",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=600)),
                ("name_en", models.CharField(blank=True, max_length=600)),
                ("search_text", models.TextField()),
                ("agency_kind", models.CharField(blank=True, max_length=12)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("decision_number", models.CharField(blank=True, max_length=60)),
                ("decision_date", models.DateField(blank=True, null=True)),
                ("decision_status", models.CharField(default="illustrative", max_length=12)),
                (
                    "legal_basis",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("result", models.TextField(blank=True)),
                (
                    "online",
                    models.CharField(
                        choices=[
                            ("NONE", "không trực tuyến"),
                            ("PARTIAL", "một phần"),
                            ("FULL", "toàn trình"),
                        ],
                        default="NONE",
                        max_length=8,
                    ),
                ),
                ("is_interagency_same_level", models.BooleanField(default=False)),
                ("is_interagency_across_levels", models.BooleanField(default=False)),
                ("is_place_independent", models.BooleanField(default=False)),
                ("is_on_the_spot", models.BooleanField(default=False)),
                ("workflow_key", models.CharField(max_length=60)),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("procedure", "number"), name="revision_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="revision_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency__isnull", False), ("agency_kind", "")),
                            models.Q(
                                ("agency__isnull", True),
                                models.Q(("agency_kind", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="revision_has_one_kind_of_settling_agency",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("procedure", "="),
                            (motcua.procedures.models.DateRange("starts_on", "ends_on"), "&&"),
                        ],
                        name="one_revision_in_force_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
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
                            ("COUNTER", "Trực tiếp"),
                            ("ONLINE", "Trực tuyến"),
                            ("POST", "Bưu chính công ích"),
                        ],
                        max_length=8,
                    ),
                ),
                ("limit_amount", models.DecimalField(decimal_places=1, max_digits=6)),
                (
                    "limit_unit",
                    models.CharField(
                        choices=[
                            ("HOUR", "giờ làm việc"),
                            ("WORKING_DAY", "ngày làm việc"),
                            ("DAY", "ngày"),
                            ("MONTH", "tháng"),
                        ],
                        max_length=12,
                    ),
                ),
                ("fee_vnd", models.DecimalField(decimal_places=2, default=0, max_digits=17)),
                ("fee_note", models.CharField(blank=True, max_length=300)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="procedures.revision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("revision", "kind"), name="channel_once_a_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit_amount__gt", 0)), name="limit_is_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=400)),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="procedures.revision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "code"), name="variant_code_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.TextField()),
                ("form", models.CharField(blank=True, max_length=200)),
                ("originals", models.PositiveSmallIntegerField(default=0)),
                ("copies", models.PositiveSmallIntegerField(default=0)),
                ("is_required", models.BooleanField(default=True)),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="components",
                        to="procedures.variant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("variant", "number"), name="component_number_once"
                    ),
                ],
            },
        ),
    ]
