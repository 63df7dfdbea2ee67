"""Many cases out of one: copies of its rows, with codes and trails of their own."""

from __future__ import annotations

from django.db import connection

_COPY = """
CREATE TEMP TABLE copies AS
SELECT n, nextval(pg_get_serial_sequence('workflow_run', 'id')) AS run,
       nextval(pg_get_serial_sequence('cases_case', 'id')) AS new_case
FROM generate_series(2, %(count)s) AS n;
INSERT INTO workflow_run SELECT (json_populate_record(r, json_build_object('id', x.run))).*
FROM copies x, workflow_run r JOIN cases_case c ON c.run_id = r.id WHERE c.id = %(case)s;
INSERT INTO cases_case SELECT (json_populate_record(c, json_build_object('id', x.new_case,
    'run_id', x.run, 'code', c.code || '-' || x.n, 'submission_key', gen_random_uuid()))).*
FROM copies x, cases_case c WHERE c.id = %(case)s;
INSERT INTO workflow_task SELECT (json_populate_record(t, json_build_object('run_id', x.run,
    'id', nextval(pg_get_serial_sequence('workflow_task', 'id'))))).*
FROM copies x, workflow_task t JOIN cases_case c ON c.run_id = t.run_id WHERE c.id = %(case)s;
INSERT INTO cases_ledgerentry SELECT (json_populate_record(l, json_build_object('case_id',
    x.new_case, 'id', nextval(pg_get_serial_sequence('cases_ledgerentry', 'id'))))).*
FROM copies x, cases_ledgerentry l WHERE l.case_id = %(case)s;
"""


def multiply(case_id: int, count: int) -> None:
    """Make a case into so many: copies of the case with its run, tasks and ledger, without a trail."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY, {"case": case_id, "count": count})
        cursor.execute("DROP TABLE copies")
        cursor.execute("ANALYZE")
