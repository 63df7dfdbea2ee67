"""Makes the view of times in which another system owned the status of a case of ours."""

from django.db import migrations

THEIRS_FACTS = """
CREATE VIEW theirs_facts AS
SELECT back.case_id, back.handed_at AS starts_at, back.taken_again_at AS ends_at
FROM cases_handback back
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_files_sent_back"), ("cases", "0022_handing_back")]
    operations = [migrations.RunSQL(THEIRS_FACTS, "DROP VIEW theirs_facts")]
