-- What a run keeps of the flags that its rules raise.

-- name: raised
CREATE TEMP TABLE raised_flag (code text, subject text, key text, process bigint, value float8, evidence jsonb)
    ON COMMIT DROP

-- name: raise
-- {rule} is the SELECT of a rule.
INSERT INTO raised_flag SELECT %(code)s, r.* FROM ({rule}) r

-- name: merge
-- A flag that was put aside is kept as it was seen, until it says more (another package, year or firm, or a tenth
-- more): then it is raised anew, and the trail has who had put it aside and why. What is of no package is of the newest
-- year that it names.
INSERT INTO procurement_flag (dataset_id, code, subject, key, package_id, supplier_id, agency_id, fiscal_year, value,
                              evidence,
                              raised_at, suppressed_because)
SELECT %(dataset)s, r.code, r.subject, left(r.key, 200), CASE WHEN %(dataset)s IS NULL THEN r.process END,
       CASE WHEN %(dataset)s IS NULL AND r.subject = 'tenderer' THEN substring(r.key FROM '\d+$')::bigint END,
       CASE WHEN %(dataset)s IS NULL AND r.subject IN ('buyer', 'entity') THEN b.newest_id ELSE p.agency_id END,
       coalesce(p.year, (r.evidence->>'year')::int, y.year), CASE WHEN abs(r.value) < 1e300 THEN r.value END,
       r.evidence, now(), ''
  FROM raised_flag r LEFT JOIN fact_process p ON p.id = r.process
  -- The key has the first name of the OPD, the flag is of the one that has its newest.
  LEFT JOIN accounts_agencyname b
    ON r.subject IN ('buyer', 'entity') AND b.agency_id::text = substring(r.key FROM '\d+$')
  LEFT JOIN (SELECT n.code, n.subject, n.key, max(f.year) AS year
               FROM raised_flag n CROSS JOIN LATERAL jsonb_array_elements_text(
                    CASE WHEN jsonb_typeof(n.evidence->'packages') = 'array' THEN n.evidence->'packages' ELSE '[]' END)
                    AS e (ocid)
               JOIN fact_process f ON f.ocid = e.ocid
              WHERE n.process IS NULL
              GROUP BY n.code, n.subject, n.key) y
    ON r.process IS NULL AND y.code = r.code AND y.subject = r.subject AND y.key = r.key
ON CONFLICT ON CONSTRAINT procurement_flag_once DO UPDATE
   SET value = CASE WHEN {anew} THEN excluded.value ELSE procurement_flag.value END,
       evidence = CASE WHEN {anew} THEN excluded.evidence ELSE procurement_flag.evidence END,
       agency_id = excluded.agency_id, fiscal_year = excluded.fiscal_year, closed_at = NULL,
       raised_at = CASE WHEN procurement_flag.closed_at IS NULL
                         AND (procurement_flag.suppressed_at IS NULL OR NOT {anew})
                        THEN procurement_flag.raised_at ELSE excluded.raised_at END,
       suppressed_at = CASE WHEN {anew} THEN NULL ELSE procurement_flag.suppressed_at END,
       suppressed_by_id = CASE WHEN {anew} THEN NULL ELSE procurement_flag.suppressed_by_id END,
       suppressed_because = CASE WHEN {anew} THEN '' ELSE procurement_flag.suppressed_because END
 WHERE procurement_flag.closed_at IS NOT NULL
    OR procurement_flag.agency_id IS DISTINCT FROM excluded.agency_id
    OR {anew} AND (procurement_flag.value IS DISTINCT FROM excluded.value
                   OR procurement_flag.evidence <> excluded.evidence)

-- name: anew
(procurement_flag.suppressed_at IS NULL
 OR procurement_flag_says_more(procurement_flag.value, procurement_flag.evidence, excluded.value, excluded.evidence))

-- name: close
UPDATE procurement_flag f SET closed_at = now()
 WHERE f.dataset_id IS NOT DISTINCT FROM %(dataset)s AND f.closed_at IS NULL
   AND (%(bids)s IS NULL OR (f.code = ANY (%(bid_codes)s)) = %(bids)s)
   AND NOT EXISTS (SELECT 1 FROM raised_flag r
                   WHERE r.code = f.code AND r.subject = f.subject AND left(r.key, 200) = f.key)
