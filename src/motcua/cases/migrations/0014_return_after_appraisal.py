"""Lets a clock event be the return of a file after appraisal, and its coming again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_two_clocks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clockevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("SUPPLEMENT_REQUESTED", "Yêu cầu bổ sung hồ sơ"),
                    ("SUPPLEMENTED", "Nộp bổ sung hồ sơ"),
                    ("RETURNED_AFTER_APPRAISAL", "Trả lại hồ sơ sau thẩm định"),
                    ("RESUBMITTED", "Nộp lại hồ sơ đã hoàn thiện"),
                    ("PAYMENT_REQUESTED", "Yêu cầu thực hiện nghĩa vụ tài chính"),
                    ("PAID", "Hoàn thành nghĩa vụ tài chính"),
                    ("SUSPENDED", "Tạm ngừng do bất khả kháng"),
                    ("SUSPENSION_LIFTED", "Hết bất khả kháng"),
                    ("EXTENDED", "Xin lỗi và hẹn lại ngày trả kết quả"),
                ],
                max_length=24,
            ),
        ),
    ]
