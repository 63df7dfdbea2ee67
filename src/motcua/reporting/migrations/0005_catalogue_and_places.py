"""Makes the views of what the catalogue published and of the places that receive case files."""

from django.db import migrations

# A procedure as one publication decision made it: decided on which day, in force from and until when.
REVISION_FACTS = """
CREATE VIEW revision_facts AS
SELECT revision.id AS revision_id,
       revision.procedure_id,
       procedure.level,
       procedure.field_id,
       revision.agency_id AS unit_id,
       agency.path AS unit_path,
       revision.agency_kind AS unit_kind,
       revision.online,
       revision.decision_date AS decided_on,
       revision.starts_on,
       revision.ends_on
FROM procedures_revision revision
JOIN procedures_procedure procedure ON procedure.id = revision.procedure_id
LEFT JOIN people_agency agency ON agency.id = revision.agency_id
"""

# An agency: where it stands in the organisation, and at which level.
PLACE_FACTS = """
CREATE VIEW place_facts AS
SELECT agency.id AS unit_id, agency.path AS unit_path, agency.level, agency.kind
FROM people_agency agency
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0004_theirs_facts"),
        ("procedures", "0002_recorded_result"),
        ("people", "0001_first_tables"),
    ]
    operations = [
        migrations.RunSQL(REVISION_FACTS, "DROP VIEW revision_facts"),
        migrations.RunSQL(PLACE_FACTS, "DROP VIEW place_facts"),
    ]
