"""Makes the deadline ledger append-only and adds the view of case facts that reports count."""

from django.db import migrations

# One row per case file: what reports may count and group by, and nothing personal.
CASE_FACTS = """
CREATE VIEW case_facts AS
SELECT c.id AS case_id,
       c.code AS case_code,
       c.settling_agency_id AS unit_id,
       c.receiving_agency_id,
       a.path AS unit_path,
       a.level AS level,
       c.field_id,
       r.procedure_id,
       c.revision_id,
       c.channel,
       c.status,
       c.received_at,
       c.due_at,
       c.finished_at,
       c.returned_at
FROM cases_case c
JOIN people_agency a ON a.id = c.settling_agency_id
JOIN procedures_revision r ON r.id = c.revision_id
WHERE c.status NOT IN ('REGISTERED', 'REFUSED')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_first_tables"),
        ("audit", "0002_append_only"),
        ("people", "0001_first_tables"),
        ("procedures", "0001_first_tables"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER cases_ledgerentry_is_append_only BEFORE UPDATE OR DELETE"
            " ON cases_ledgerentry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER cases_ledgerentry_is_append_only ON cases_ledgerentry",
        ),
        migrations.RunSQL(CASE_FACTS, "DROP VIEW case_facts"),
    ]
