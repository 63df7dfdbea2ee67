-- Writes what full_plan says: codes, runs, steps, case files, parties, and one trail entry each.
-- :part
UPDATE full_plan plan
SET code = numbered.code,
    case_id = nextval(pg_get_serial_sequence('cases_case', 'id')),
    run_id = nextval(pg_get_serial_sequence('workflow_run', 'id'))
FROM (
    SELECT plan.level,
           plan.n,
           source.counter_code || '-' || to_char(plan.received_at + interval '7 hours', 'YYMMDD') || '-'
               || lpad(sequence::text, greatest(4, length(sequence::text)), '0') AS code
    FROM (
        SELECT plan.level,
               plan.n,
               plan.slot,
               plan.received_at,
               %(numbers_from)s + row_number() OVER (
                   PARTITION BY source.receiving_id, (plan.received_at + interval '7 hours')::date
                   ORDER BY plan.level, plan.n
               ) AS sequence
        FROM full_plan plan
        JOIN full_sources source USING (level, slot)
    ) plan
    JOIN full_sources source USING (level, slot)
) numbered
WHERE numbered.level = plan.level AND numbered.n = plan.n
-- :part
INSERT INTO workflow_run (id, version_id, receiving_agency_id, settling_agency_id, waiting, open_nodes,
    facts, started_at, finished_at)
SELECT plan.run_id, source.version_id, source.receiving_id, source.settling_id, '{}', '{}', '{}',
       plan.received_at, plan.finished_at
FROM full_plan plan
JOIN full_sources source USING (level, slot)
-- :part
INSERT INTO workflow_task (run_id, node, name, agency_id, kind, role, outcomes, opened_at, completed_at,
    completed_by_id, outcome, comment)
SELECT plan.run_id,
       step.node,
       step.name,
       CASE WHEN step.unit = 'RECEIVING' THEN source.receiving_id ELSE source.settling_id END,
       'USER',
       step.role,
       '{}',
       plan.received_at + (plan.finished_at - plan.received_at) * (step.number - 1) / source.steps,
       plan.received_at + (plan.finished_at - plan.received_at) * step.number / source.steps,
       %(actor)s,
       step.outcome,
       ''
FROM full_plan plan
JOIN full_sources source USING (level, slot)
JOIN full_steps step ON step.version_id = source.version_id
-- :part
INSERT INTO cases_case (id, code, submission_key, revision_id, variant_id, field_id, channel,
    receiving_agency_id, settling_agency_id, run_id, status, law_date, received_at, received_by_id,
    due_at, finished_at, returned_at, returned_to, note)
SELECT plan.case_id,
       plan.code,
       md5('motcua/demonstration/full/' || plan.level || '/' || plan.n)::uuid,
       source.revision_id,
       source.variant_id,
       source.field_id,
       CASE WHEN plan.n %% 4 = 0 THEN 'ONLINE' WHEN plan.n %% 33 = 0 THEN 'POST' ELSE 'COUNTER' END,
       source.receiving_id,
       source.settling_id,
       plan.run_id,
       'RETURNED',
       (plan.received_at + interval '7 hours')::date,
       plan.received_at,
       %(actor)s,
       plan.due_at,
       plan.finished_at,
       plan.finished_at + interval '30 minutes',
       citizen.full_name,
       ''
FROM full_plan plan
JOIN full_sources source USING (level, slot)
JOIN full_citizens citizen ON citizen.number = plan.n %% %(citizens)s
-- :part
INSERT INTO cases_party (case_id, role, kind, full_name, search_name, identity_number, phone, email,
    address)
SELECT plan.case_id, said.role, 'PERSON', citizen.full_name, citizen.search_name, '', '', '',
       citizen.address
FROM full_plan plan
JOIN full_citizens citizen ON citizen.number = plan.n %% %(citizens)s
CROSS JOIN (VALUES ('APPLICANT'), ('OWNER')) AS said (role)
-- :part
INSERT INTO audit_entry (subject, number, happened_at, actor_id, event, because, facts, previous_hash,
    hash)
SELECT 'case:' || plan.code,
       1,
       %(now)s,
       %(actor)s,
       'case.imported',
       %(because)s,
       '{}',
       decode(repeat('00', 32), 'hex'),
       sha256(convert_to(
           '["case:' || plan.code || '",1,"' || %(moment)s || '",' || %(actor)s
               || ',"case.imported","' || %(because)s || '",{},"' || repeat('0', 64) || '"]',
           'UTF8'
       ))
FROM full_plan plan
ORDER BY plan.level, plan.n
-- :part
INSERT INTO audit_head (subject, number, hash)
SELECT entry.subject, entry.number, entry.hash
FROM full_plan plan
JOIN audit_entry entry ON entry.subject = 'case:' || plan.code AND entry.number = 1
-- :part
INSERT INTO cases_codecounter (agency_id, day, last_number)
SELECT source.receiving_id,
       (plan.received_at + interval '7 hours')::date,
       %(numbers_from)s + count(*)
FROM full_plan plan
JOIN full_sources source USING (level, slot)
GROUP BY 1, 2
ON CONFLICT (agency_id, day) DO UPDATE SET last_number = greatest(
    excluded.last_number, cases_codecounter.last_number
)
