"""Lets stops tell when they were known, and shows how case files stood before something was taken back."""

from django.db import migrations

# Each event that stopped a clock (stops = 1) or let it go on (-1), for what, and from when until when it was known:
# a clock stands still as long as more stopped it than let it go on. Of one reason they take turns.
STOP_FACTS = """
CREATE VIEW stop_facts AS
SELECT event.case_id,
       CASE
           WHEN event.kind IN (
               'SUPPLEMENT_REQUESTED', 'SUPPLEMENTED', 'RETURNED_AFTER_APPRAISAL', 'RESUBMITTED'
           ) THEN 'SUPPLEMENT'
           WHEN event.kind IN ('PAYMENT_REQUESTED', 'PAID') THEN 'PAYMENT'
           ELSE 'SUSPENSION'
       END AS kind,
       CASE
           WHEN event.kind IN (
               'SUPPLEMENT_REQUESTED', 'RETURNED_AFTER_APPRAISAL', 'PAYMENT_REQUESTED', 'SUSPENDED'
           ) THEN 1
           ELSE -1
       END AS stops,
       event.at AS happened_at,
       event.recorded_at AS known_from,
       back.recorded_at AS known_until
FROM cases_clockevent event
LEFT JOIN cases_clockevent back ON back.cancels_id = event.id
WHERE event.cancels_id IS NULL AND event.kind <> 'EXTENDED'
"""

PAST_FACTS = """
CREATE VIEW past_facts AS
SELECT past.id AS past_id,
       past.case_id,
       past.status,
       past.due_at,
       past.finished_at,
       past.returned_at,
       past.known_until
FROM cases_paststanding past
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_catalogue_and_places"),
        ("cases", "0029_past_standings_of_before"),
    ]
    operations = [
        migrations.RunSQL("DROP VIEW stop_facts", migrations.RunSQL.noop),
        migrations.RunSQL(STOP_FACTS, "DROP VIEW stop_facts"),
        migrations.RunSQL(PAST_FACTS, "DROP VIEW past_facts"),
    ]
