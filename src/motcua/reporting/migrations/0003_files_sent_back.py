"""Counts the time in which a file sent back after appraisal was with the citizen as a stop of its clock."""

from django.db import migrations

# As in 0001; a file that is sent back waits for the citizen like one that lacks papers.
STOP_FACTS = """
CREATE OR REPLACE VIEW stop_facts AS
SELECT event.case_id,
       CASE event.kind
           WHEN 'SUPPLEMENT_REQUESTED' THEN 'SUPPLEMENT'
           WHEN 'RETURNED_AFTER_APPRAISAL' THEN 'SUPPLEMENT'
           WHEN 'PAYMENT_REQUESTED' THEN 'PAYMENT'
           ELSE 'SUSPENSION'
       END AS kind,
       event.at AS stopped_at,
       (
           SELECT min(later.at)
           FROM cases_clockevent later
           WHERE later.case_id = event.case_id
             AND later.at >= event.at
             AND later.id <> event.id
             AND later.kind = CASE event.kind
                 WHEN 'SUPPLEMENT_REQUESTED' THEN 'SUPPLEMENTED'
                 WHEN 'RETURNED_AFTER_APPRAISAL' THEN 'RESUBMITTED'
                 WHEN 'PAYMENT_REQUESTED' THEN 'PAID'
                 ELSE 'SUSPENSION_LIFTED'
             END
             AND later.cancels_id IS NULL
             AND NOT EXISTS (SELECT 1 FROM cases_clockevent back WHERE back.cancels_id = later.id)
       ) AS ended_at
FROM cases_clockevent event
WHERE event.kind IN (
        'SUPPLEMENT_REQUESTED', 'RETURNED_AFTER_APPRAISAL', 'PAYMENT_REQUESTED', 'SUSPENDED'
    )
  AND event.cancels_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM cases_clockevent back WHERE back.cancels_id = event.id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_return_after_appraisal"),
        ("reporting", "0002_entered_figures"),
    ]
    operations = [migrations.RunSQL(STOP_FACTS, migrations.RunSQL.noop)]
