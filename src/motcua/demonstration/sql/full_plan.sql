-- The settled case files of one level, as an import from another system would leave them: planned first.
-- full_sources holds, per level, who settles what by which chart; full_days the working days in order.
-- Everything follows from the number of the case file, so that each load gives the same rows.
INSERT INTO full_plan (n, level, slot, received_at, due_at, finished_at)
SELECT placed.n,
       %(level)s,
       placed.n %% %(slots)s,
       received.day + interval '1 hour' + (placed.n %% 440) * interval '1 minute',
       due.day + interval '10 hours',
       finished.day + interval '2 hours' + (placed.n * 13 %% 420) * interval '1 minute'
FROM (
    SELECT n,
           %(first)s + (n * 7919 %% %(length)s) AS finished_on,
           floor(n * %(late)s::numeric / %(total)s) > floor((n - 1) * %(late)s::numeric / %(total)s)
               AS is_late
    FROM generate_series(1, %(total)s) AS n
) placed
JOIN full_days finished ON finished.number = placed.finished_on
JOIN full_days received ON received.number = placed.finished_on - 2 - placed.n %% 5
JOIN full_days due ON due.number = placed.finished_on + CASE
    WHEN placed.is_late THEN -1
    ELSE placed.n %% 4
END
