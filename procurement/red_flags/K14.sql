-- title = "Declaration missing or late"
-- explanation = "The package was announced or contracted while somebody on it had no decided declaration."
-- basis = "Permenpan RB 17/2024"
-- own_only = true
-- [parameters]
-- days = { label = "days of grace", default = 0 }
-- [evidence]
-- task = "task"
-- what = "what"
-- declared = "declared"
-- moved = "announced or signed"

-- Whoever is on a package that has been announced or contracted has declared before, and the superior has decided.
WITH moved AS (
    SELECT p.id, p.ocid, least(p.announced, c.signed::timestamptz) AS at
      FROM fact_process p LEFT JOIN (SELECT process, min(signed) AS signed FROM fact_contract GROUP BY process) c
          ON c.process = p.id
     WHERE coalesce(p.announced, c.signed::timestamptz) IS NOT NULL AND NOT p.came_to_nothing
),
told AS (
    SELECT m.id, m.ocid, m.at, c.role, c.first_declared_at,
           CASE WHEN c.officer_id IS NULL THEN 'nobody' WHEN c.first_declared_at IS NULL THEN 'missing'
                -- A correction takes the first version's place when it was decided before the step.
                WHEN c.first_decided_at IS NULL AND (c.decided_at IS NULL OR c.decided_at > m.at) THEN 'undecided'
                WHEN c.first_declared_at > m.at + make_interval(days => %(days)s) THEN 'late' END AS what
      FROM moved m JOIN procurement_clearance c ON c.package_id = m.id AND c.removed_at IS NULL
       -- Nobody is nobody at all: a missing PPK beside others is the gate's matter.
       AND (c.officer_id IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM procurement_officer o WHERE o.package_id = m.id AND o.removed_at IS NULL))
)
SELECT 'package' AS subject, ocid AS key, id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('task', role, 'what', what, 'declared', first_declared_at, 'moved', at)) AS evidence
  FROM told WHERE what IS NOT NULL
 GROUP BY ocid, id
