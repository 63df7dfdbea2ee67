"""Makes the views of facts that reports count beside case_facts: due times, stops and steps."""

from django.db import migrations

# Due times that were replaced later: between known_from and known_until this was the due time.
DUE_FACTS = """
CREATE VIEW due_facts AS
SELECT recount.case_id,
       recount.due_before AS due_at,
       COALESCE(
           lag(recount.recorded_at) OVER (
               PARTITION BY recount.case_id ORDER BY recount.generation
           ),
           TIMESTAMPTZ '2000-01-01 00:00:00+00'
       ) AS known_from,
       recount.recorded_at AS known_until
FROM cases_recount recount
"""

# From when to when a clock stood still, and for what; an event that was taken back never was.
STOP_FACTS = """
CREATE VIEW stop_facts AS
SELECT event.case_id,
       CASE event.kind
           WHEN 'SUPPLEMENT_REQUESTED' THEN 'SUPPLEMENT'
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
                 WHEN 'PAYMENT_REQUESTED' THEN 'PAID'
                 ELSE 'SUSPENSION_LIFTED'
             END
             AND later.cancels_id IS NULL
             AND NOT EXISTS (SELECT 1 FROM cases_clockevent back WHERE back.cancels_id = later.id)
       ) AS ended_at
FROM cases_clockevent event
WHERE event.kind IN ('SUPPLEMENT_REQUESTED', 'PAYMENT_REQUESTED', 'SUSPENDED')
  AND event.cancels_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM cases_clockevent back WHERE back.cancels_id = event.id)
"""

# One row per step that people did or have to do: where, how long it took, what it was allowed.
STEP_FACTS = """
CREATE VIEW step_facts AS
SELECT task.id AS step_id,
       c.id AS case_id,
       task.node AS step_key,
       task.name AS step_name,
       task.agency_id AS unit_id,
       agency.path AS unit_path,
       agency.level AS level,
       c.field_id,
       task.role,
       task.opened_at,
       task.due_at,
       task.completed_at
FROM workflow_task task
JOIN cases_case c ON c.run_id = task.run_id
JOIN people_agency agency ON agency.id = task.agency_id
WHERE task.kind = 'USER' AND NOT task.was_withdrawn
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_owner_numbers"),
        ("people", "0001_first_tables"),
        ("workflow", "0004_what_waits"),
    ]
    operations = [
        migrations.RunSQL(DUE_FACTS, "DROP VIEW due_facts"),
        migrations.RunSQL(STOP_FACTS, "DROP VIEW stop_facts"),
        migrations.RunSQL(STEP_FACTS, "DROP VIEW step_facts"),
    ]
