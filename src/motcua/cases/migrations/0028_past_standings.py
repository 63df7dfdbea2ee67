"""Makes the table of how case files stood until something about them was taken back."""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER cases_paststanding_is_append_only BEFORE UPDATE OR DELETE ON cases_paststanding
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("cases", "0027_system_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="PastStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("due_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("known_until", models.DateTimeField(db_index=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            APPEND_ONLY, "DROP TRIGGER cases_paststanding_is_append_only ON cases_paststanding"
        ),
    ]
