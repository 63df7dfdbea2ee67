"""Keeps how case files stood until endings and hand-overs were taken back, from the trail of before."""

from django.db import migrations

# What was taken back was the newest entry of its case; the due time of an ended case stands in the recount of
# the moment at which it went on.
OF_ENDINGS_AND_RETURNS = """
INSERT INTO cases_paststanding (case_id, status, due_at, finished_at, returned_at, known_until)
SELECT c.id,
       CASE ended.event
           WHEN 'case.refused' THEN 'REFUSED'
           WHEN 'case.withdrawn' THEN 'WITHDRAWN'
           WHEN 'case.stopped' THEN 'STOPPED'
           ELSE 'RETURNED'
       END,
       COALESCE(recount.due_before, c.due_at),
       COALESCE((back.facts ->> 'ended_at')::timestamptz, c.finished_at),
       (back.facts ->> 'returned_at')::timestamptz,
       back.happened_at
FROM audit_entry back
JOIN cases_case c ON back.subject = 'case:' || c.code
LEFT JOIN audit_entry ended
    ON back.event = 'case.ending_taken_back'
   AND ended.subject = back.subject
   AND ended.number = back.number - 1
LEFT JOIN cases_recount recount
    ON back.event = 'case.ending_taken_back'
   AND recount.case_id = c.id
   AND recount.recorded_at = back.happened_at
WHERE back.event IN ('case.ending_taken_back', 'case.return_taken_back')
ORDER BY back.happened_at, back.subject, back.number
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0028_past_standings")]
    operations = [migrations.RunSQL(OF_ENDINGS_AND_RETURNS, migrations.RunSQL.noop)]
