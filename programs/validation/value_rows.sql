-- Which rows values.sql looks at, and how its findings are written.
-- name: of_typed
SELECT *
  FROM unnest(%(ids)s::bigint[], %(values)s::numeric[], %(numerators)s::numeric[], %(denominators)s::numeric[])
-- name: of_reports
SELECT v.id, v.value, v.numerator, v.denominator
  FROM programs_reportvalue v
 WHERE v.report_id = ANY(%(reports)s)
-- name: update
WITH examined AS ({examined})
UPDATE programs_reportvalue v
   SET findings = e.findings, verdict = e.verdict, distance = CASE WHEN e.value IS NOT NULL THEN e.distance END,
       reference_id = CASE WHEN e.value IS NOT NULL THEN e.reference_id END, checked_at = %(now)s
  FROM examined e
 WHERE v.id = e.id
   AND (e.old_verdict <> e.verdict OR e.old_findings <> e.findings
        OR e.old_reference IS DISTINCT FROM CASE WHEN e.value IS NOT NULL THEN e.reference_id END
        OR e.old_distance IS DISTINCT FROM CASE WHEN e.value IS NOT NULL THEN e.distance END)
RETURNING v.id, v.report_id, e.old_verdict, e.verdict
