"""Makes published versions immutable."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_first_tables"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER workflow_version_is_append_only BEFORE UPDATE OR DELETE"
            " ON workflow_version FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER workflow_version_is_append_only ON workflow_version",
        ),
    ]
