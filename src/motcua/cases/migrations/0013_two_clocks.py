"""Gives a case the time at which the service norm of its workflow runs out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_case_migrations"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="norm_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="point",
            field=models.CharField(
                choices=[
                    ("SHARE_USED", "Đã dùng phần lớn thời hạn"),
                    ("BEFORE_DUE", "Sắp đến hạn"),
                    ("NORM_PASSED", "Đã qua hạn phục vụ"),
                    ("OVERDUE", "Quá hạn"),
                ],
                max_length=12,
            ),
        ),
    ]
