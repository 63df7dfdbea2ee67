"""Lets reports find the case files that were open in a period without reading the others."""

import django.contrib.postgres.fields.ranges
from django.contrib.postgres.indexes import GistIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

CASE_FACTS = """
CREATE OR REPLACE VIEW case_facts AS
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
       c.returned_at,
       c.clock_stopped_at,
       tstzrange(c.received_at, c.finished_at, '[]') AS open_during
FROM cases_case c
JOIN people_agency a ON a.id = c.settling_agency_id
JOIN procedures_revision r ON r.id = c.revision_id
WHERE c.status <> 'REGISTERED' AND (c.status <> 'REFUSED' OR c.finished_at IS NOT NULL)
"""


class Migration(migrations.Migration):
    # An index is made while others go on writing.
    atomic = False
    dependencies = [("cases", "0015_offline_numbers")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=GistIndex(
                models.Func(
                    "received_at",
                    "finished_at",
                    models.Value("[]"),
                    function="tstzrange",
                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                ),
                name="case_by_time_open",
            ),
        ),
        migrations.RunSQL(CASE_FACTS, migrations.RunSQL.noop),
    ]
