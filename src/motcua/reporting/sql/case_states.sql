-- Each case file that a period touches, as it was known at the cut-off, and what it counts as.
--
-- Facts: case_facts (one row a case file), past_facts (how it stood until something was taken back), due_facts
-- (due times that were replaced since), stop_facts (what stopped clocks and let them go on), theirs_facts (when
-- another system owned the status), step_facts (the steps of each agency). What was recorded after the cut-off
-- was not known at it, of whatever day it is. Parameters: :starts_at and :cut_off (moments, the cut-off excluded), and the settings
-- :by_day, :waiting_is_settled, :ended_is_apart (true or false).
-- Runs unchanged on PostgreSQL, DuckDB and Spark, in a session whose time zone is UTC; Viet Nam is 7 hours ahead.
-- The columns is_… are what indicators count (law/indicators, `count`).
SELECT judged.*,
       judged.received_at < :starts_at AS is_carried_over,
       judged.received_at >= :starts_at AS is_received,
       judged.received_at >= :starts_at AND judged.channel = 'ONLINE' AS is_received_online,
       judged.received_at >= :starts_at AND judged.channel <> 'ONLINE' AS is_received_directly,
       judged.is_done AND NOT judged.is_late AND judged.is_before_day AS is_done_early,
       judged.is_done AND NOT judged.is_late AND NOT judged.is_before_day AS is_done_on_day,
       judged.is_done AND judged.is_late AS is_done_late,
       NOT judged.is_done AND NOT judged.is_overdue AS is_open_in_time,
       NOT judged.is_done AND judged.is_overdue AS is_open_overdue,
       judged.due_at >= :starts_at AND judged.due_at < :cut_off AS is_due,
       judged.due_at >= :starts_at AND judged.due_at < :cut_off
           AND judged.is_done AND NOT judged.is_late AS is_due_and_on_time,
       judged.received_at >= :starts_at
           AND NOT (judged.is_done AND judged.is_late)
           AND NOT (NOT judged.is_done AND judged.is_overdue)
           AND judged.times_asked < 2 AS is_received_in_time,
       judged.is_done AND judged.times_asked = 0 AS is_done_asked_never,
       judged.is_done AND judged.times_asked = 1 AS is_done_asked_once,
       judged.is_done AND judged.times_asked > 1 AS is_done_asked_again,
       judged.is_done AND COALESCE(judged.agency_points = 2, FALSE) AS is_done_agencies_early,
       judged.is_done AND COALESCE(judged.agency_points = 1, FALSE) AS is_done_agencies_on_day,
       judged.is_done AND COALESCE(judged.agency_points = 0, FALSE) AS is_done_agencies_late,
       judged.is_done AND judged.agency_points IS NULL AS is_done_agencies_untold,
       judged.is_done AND judged.is_late AND judged.channel = 'ONLINE' AS is_done_late_online,
       NOT judged.is_done AND judged.is_overdue AND judged.channel = 'ONLINE' AS is_open_overdue_online
FROM (
    SELECT known.*,
           known.was_finished OR (:waiting_is_settled AND known.is_waiting) AS is_done,
           known.was_finished AND CASE
               WHEN :by_day THEN known.finished_on > known.due_on
               ELSE known.finished_at > known.due_at
           END AS is_late,
           known.was_finished AND known.finished_on < known.due_on AS is_before_day,
           NOT known.was_stopped AND CASE
               WHEN :by_day THEN known.due_on < CAST(:cut_off + INTERVAL '7' HOUR AS DATE)
               ELSE known.due_at < :cut_off
           END AS is_overdue
    FROM (
        SELECT seen.*,
               CAST(seen.finished_at + INTERVAL '7' HOUR AS DATE) AS finished_on,
               CAST(seen.due_at + INTERVAL '7' HOUR AS DATE) AS due_on
        FROM (
            SELECT facts.case_id,
                   facts.case_code,
                   facts.unit_id,
                   facts.unit_path,
                   facts.level,
                   facts.field_id,
                   facts.procedure_id,
                   facts.revision_id,
                   facts.channel,
                   facts.received_at,
                   facts.finished_at,
                   CASE WHEN facts.finished_at < :cut_off THEN TRUE ELSE FALSE END AS was_finished,
                   CASE
                       WHEN facts.finished_at < :cut_off THEN facts.due_at
                       ELSE COALESCE(
                           (
                               SELECT MAX(due.due_at)
                               FROM due_facts due
                               WHERE due.case_id = facts.case_id
                                 AND due.known_from < :cut_off
                                 AND due.known_until >= :cut_off
                           ),
                           facts.due_at
                       )
                   END AS due_at,
                   CASE
                       WHEN facts.finished_at < :cut_off THEN FALSE
                       ELSE COALESCE(
                           (
                               SELECT SUM(stop.stops)
                               FROM stop_facts stop
                               WHERE stop.case_id = facts.case_id
                                 AND stop.happened_at < :cut_off
                                 AND stop.known_from < :cut_off
                                 AND (stop.known_until IS NULL OR stop.known_until >= :cut_off)
                           ),
                           0
                       ) > 0
                   END AS was_stopped,
                   CASE
                       WHEN NOT :waiting_is_settled OR facts.finished_at < :cut_off THEN FALSE
                       ELSE COALESCE(
                           (
                               SELECT SUM(stop.stops)
                               FROM stop_facts stop
                               WHERE stop.case_id = facts.case_id
                                 AND stop.kind = 'SUPPLEMENT'
                                 AND stop.happened_at < :cut_off
                                 AND stop.known_from < :cut_off
                                 AND (stop.known_until IS NULL OR stop.known_until >= :cut_off)
                           ),
                           0
                       ) > 0
                   END AS is_waiting,
                   COALESCE(asked.times, 0) AS times_asked,
                   stepped.points AS agency_points
            FROM (
                SELECT case_file.case_id,
                       case_file.case_code,
                       case_file.unit_id,
                       case_file.unit_path,
                       case_file.level,
                       case_file.field_id,
                       case_file.procedure_id,
                       case_file.revision_id,
                       case_file.channel,
                       case_file.received_at,
                       CASE WHEN past.case_id IS NULL THEN case_file.status ELSE past.status END AS status,
                       CASE WHEN past.case_id IS NULL THEN case_file.due_at ELSE past.due_at END AS due_at,
                       CASE
                           WHEN past.case_id IS NULL THEN case_file.finished_at
                           ELSE past.finished_at
                       END AS finished_at
                FROM case_facts case_file
                -- How it stood until the first change after the cut-off that its row does not tell.
                LEFT JOIN (
                    SELECT changed.case_id, changed.status, changed.due_at, changed.finished_at
                    FROM past_facts changed
                    JOIN (
                        SELECT MIN(later.past_id) AS past_id
                        FROM past_facts later
                        WHERE later.known_until >= :cut_off
                        GROUP BY later.case_id
                    ) first_change ON first_change.past_id = changed.past_id
                ) past ON past.case_id = case_file.case_id
            ) facts
            -- Once for all rows; PostgreSQL leaves the join out where nothing asks for it.
            LEFT JOIN (
                SELECT stop.case_id, COUNT(*) AS times
                FROM stop_facts stop
                WHERE stop.kind = 'SUPPLEMENT'
                  AND stop.stops = 1
                  AND stop.happened_at < :cut_off
                  AND stop.known_from < :cut_off
                  AND (stop.known_until IS NULL OR stop.known_until >= :cut_off)
                GROUP BY stop.case_id
            ) asked ON asked.case_id = facts.case_id
            -- What the slowest of its agencies gives a case: each step against its own due time. A step without
            -- one is judged nowhere, and a case without any such step is untold.
            LEFT JOIN (
                SELECT step.case_id,
                       MIN(
                           CASE
                               WHEN CASE
                                   WHEN :by_day
                                       THEN CAST(step.completed_at + INTERVAL '7' HOUR AS DATE)
                                           > CAST(step.due_at + INTERVAL '7' HOUR AS DATE)
                                   ELSE step.completed_at > step.due_at
                               END THEN 0
                               WHEN CAST(step.completed_at + INTERVAL '7' HOUR AS DATE)
                                   < CAST(step.due_at + INTERVAL '7' HOUR AS DATE) THEN 2
                               ELSE 1
                           END
                       ) AS points
                FROM step_facts step
                WHERE step.due_at IS NOT NULL
                  AND step.completed_at < :cut_off
                  AND step.case_id IN (
                      SELECT touched.case_id
                      FROM case_facts touched
                      WHERE touched.received_at < :cut_off
                        AND (touched.finished_at IS NULL OR touched.finished_at >= :starts_at)
                  )
                GROUP BY step.case_id
            ) stepped ON stepped.case_id = facts.case_id
            WHERE facts.received_at < :cut_off
              AND (facts.finished_at IS NULL OR facts.finished_at >= :starts_at)
              -- While another system owns its status, it counts it: nothing is counted twice.
              AND NOT EXISTS (
                  SELECT 1
                  FROM theirs_facts theirs
                  WHERE theirs.case_id = facts.case_id
                    AND theirs.starts_at < :cut_off
                    AND (theirs.ends_at IS NULL OR theirs.ends_at >= :cut_off)
              )
              AND NOT (
                  :ended_is_apart
                  AND facts.status IN ('WITHDRAWN', 'STOPPED', 'REFUSED')
                  AND facts.finished_at < :cut_off
              )
        ) seen
    ) known
) judged
