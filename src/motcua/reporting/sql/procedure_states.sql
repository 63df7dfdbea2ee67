-- Each procedure of the province, without those of vertical agencies, and what it counts as in a period.
--
-- Facts: revision_facts (one row a publication of a procedure), calendar_facts (for each day, how many days and
-- how many working days went before it). Parameters: :first_day and :last_day of the period; :least_working_days
-- and :least_days, which are to lie between a decision and its effect; :everywhere (true: the whole province),
-- else :units and :tree as in spot_cases.sql and :kinds (kinds of agencies between bars), of which one settles it.
-- Published in a period is decided in it; a procedure that was published several times counts once, and is late
-- when one time was. A day that the calendar does not know makes nothing in time.
-- Runs unchanged on PostgreSQL, DuckDB and Spark. The columns is_… are what indicators count.
SELECT judged.procedure_id,
       CASE WHEN judged.forces > 0 THEN judged.force_id ELSE judged.published_id END AS revision_id,
       judged.forces > 0 AS is_procedures_in_force,
       judged.online > 0 AS is_procedures_online,
       judged.publications > 0 AS is_procedures_published,
       judged.publications > 0 AND judged.in_time = judged.publications AS is_procedures_published_in_time,
       judged.publications > 0 AND judged.in_time_by_day = judged.publications
           AS is_procedures_published_in_time_by_day
FROM (
    SELECT known.procedure_id,
           SUM(CASE WHEN known.in_force THEN 1 ELSE 0 END) AS forces,
           MAX(CASE WHEN known.in_force THEN known.revision_id END) AS force_id,
           SUM(CASE WHEN known.in_force AND known.online <> 'NONE' THEN 1 ELSE 0 END) AS online,
           SUM(CASE WHEN known.published THEN 1 ELSE 0 END) AS publications,
           MAX(CASE WHEN known.published THEN known.revision_id END) AS published_id,
           SUM(CASE WHEN known.published AND known.working_days >= :least_working_days
                    THEN 1 ELSE 0 END) AS in_time,
           SUM(CASE WHEN known.published AND known.days >= :least_days
                    THEN 1 ELSE 0 END) AS in_time_by_day
    FROM (
        SELECT revision.procedure_id,
               revision.revision_id,
               revision.online,
               revision.starts_on <= :last_day
                   AND (revision.ends_on IS NULL OR revision.ends_on > :last_day) AS in_force,
               COALESCE(
                   revision.decided_on >= :first_day AND revision.decided_on <= :last_day, FALSE
               ) AS published,
               effective.working_days_before - decided.working_days_before AS working_days,
               effective.days_before - decided.days_before AS days
        FROM revision_facts revision
        LEFT JOIN calendar_facts decided ON decided.day = revision.decided_on
        LEFT JOIN calendar_facts effective ON effective.day = revision.starts_on
        WHERE revision.level <> 'VERTICAL'
          AND (:everywhere
               OR :units LIKE CONCAT('%|', revision.unit_id, '|%')
               OR revision.unit_path LIKE :tree
               OR (revision.unit_kind <> '' AND :kinds LIKE CONCAT('%|', revision.unit_kind, '|%')))
    ) known
    GROUP BY known.procedure_id
) judged
