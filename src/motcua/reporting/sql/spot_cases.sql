-- Each case file settled in a period, with what was done where it was received: appraised, approved, returned.
--
-- Facts: case_facts, past_facts, step_facts, place_facts, theirs_facts. Read from the steps that people
-- completed, whatever the chart or the catalogue says of the procedure. Parameters: :starts_at and :cut_off
-- (moments, the cut-off excluded); :units (ids of agencies between bars, "|3|8|") and :tree (the path of one with
-- all below it, then "%", or empty), of which one settles or receives the case file.
-- Runs unchanged on PostgreSQL, DuckDB and Spark, in a session whose time zone is UTC.
WITH ended AS (
    SELECT facts.case_id, facts.case_code, facts.procedure_id, facts.revision_id,
           facts.receiving_agency_id, facts.received_at, facts.finished_at,
           CASE WHEN past.case_id IS NULL THEN facts.returned_at ELSE past.returned_at END AS returned_at,
           place.level
    FROM case_facts facts
    JOIN place_facts place ON place.unit_id = facts.receiving_agency_id
    -- As in case_states.sql: a hand-over that was taken back, or told of, after the cut-off.
    LEFT JOIN (
        SELECT changed.case_id, changed.returned_at
        FROM past_facts changed
        JOIN (
            SELECT MIN(later.past_id) AS past_id
            FROM past_facts later
            WHERE later.known_until >= :cut_off
            GROUP BY later.case_id
        ) first_change ON first_change.past_id = changed.past_id
    ) past ON past.case_id = facts.case_id
    WHERE facts.finished_at >= :starts_at AND facts.finished_at < :cut_off
      AND facts.status IN ('DONE', 'RETURNED')
      AND (:units LIKE CONCAT('%|', facts.unit_id, '|%') OR facts.unit_path LIKE :tree
           OR :units LIKE CONCAT('%|', place.unit_id, '|%') OR place.unit_path LIKE :tree)
      -- As in case_states.sql: while another system owns its status, it counts it.
      AND NOT EXISTS (
          SELECT 1
          FROM theirs_facts theirs
          WHERE theirs.case_id = facts.case_id
            AND theirs.starts_at < :cut_off
            AND (theirs.ends_at IS NULL OR theirs.ends_at >= :cut_off)
      )
), worked AS (
    SELECT ended.case_id,
           SUM(CASE WHEN step.role = 'OFFICER' THEN 1 ELSE 0 END) AS appraisals,
           SUM(CASE WHEN step.role = 'OFFICER' AND step.unit_id <> ended.receiving_agency_id
                    THEN 1 ELSE 0 END) AS appraisals_away,
           SUM(CASE WHEN step.role = 'LEADER' THEN 1 ELSE 0 END) AS approvals,
           SUM(CASE WHEN step.role = 'LEADER' AND step.unit_id <> ended.receiving_agency_id
                    THEN 1 ELSE 0 END) AS approvals_away
    FROM ended
    JOIN step_facts step ON step.case_id = ended.case_id
    WHERE step.completed_at IS NOT NULL
    GROUP BY ended.case_id
), marked AS (
    SELECT ended.*,
           COALESCE(worked.appraisals > 0 AND worked.appraisals_away = 0, FALSE) AS appraised,
           COALESCE(worked.approvals > 0 AND worked.approvals_away = 0, FALSE) AS approved,
           COALESCE(ended.returned_at < :cut_off, FALSE) AS returned
    FROM ended
    LEFT JOIN worked ON worked.case_id = ended.case_id
)
SELECT marked.*, marked.appraised AND marked.approved AND marked.returned AS on_the_spot
FROM marked
