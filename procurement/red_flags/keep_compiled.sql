-- Of the processes that have several releases in a data set, one row stays, with what was compiled of them. `rows` are
-- [row to keep or null, ocid, compiled release]; without a row to keep nothing of the process can be used.
WITH compiled AS (
    SELECT (each ->> 0)::bigint AS keep, each ->> 1 AS ocid, each -> 2 AS release
      FROM jsonb_array_elements(%(rows)s::jsonb) AS each
), kept AS (
    UPDATE procurement_outsiderelease r SET release = c.release
      FROM compiled c
     WHERE r.dataset_id = %(dataset)s AND r.id = c.keep
)
DELETE FROM procurement_outsiderelease r
 USING compiled c
 WHERE r.dataset_id = %(dataset)s AND r.ocid = c.ocid AND r.id IS DISTINCT FROM c.keep
