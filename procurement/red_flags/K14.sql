-- title = "Declaration missing or late"
-- explanation = """\
-- The package was announced or contracted while somebody on it had no decided declaration, or somebody who came later \
-- did not declare at once."""
-- basis = "Permenpan RB 17/2024"
-- own_only = true
-- [parameters]
-- days = { label = "days of grace", default = 0, at_most = 36_500 }
-- successor_days = { label = "days for somebody who comes later", default = 1, at_most = 36_500 }
-- [evidence]
-- task = "task"
-- what = "what"
-- declared = "declared"
-- decided = "decided"
-- moved = "announced or signed"
-- override = "let pass because"

-- Whoever is on a package when it is announced or contracted has declared before, and the superior has decided; also
-- who has been taken off since. A correction takes the first version's place when it was decided before the step.
WITH person AS MATERIALIZED (
    SELECT o.id, o.package_id, o.role, o.removed_at, o.replaces_id, o.assigned_at, d.declared, d.decided,
           -- Who declared for it before was on it before the portal was told.
           least(o.assigned_at, d.declared) AS since
      FROM procurement_officer o
      LEFT JOIN (SELECT d.officer_id, min(d.declared_at) AS declared, min(s.decided_at) AS decided
                   FROM procurement_declaration d LEFT JOIN procurement_decision s ON s.declaration_id = d.id
                  WHERE d.officer_id IS NOT NULL GROUP BY d.officer_id) d ON d.officer_id = o.id
),
-- Where somebody is on the package for good who had declared and was decided on before the first step, and so had all
-- the others, nothing can be said of it: that is most of them.
looked_at AS MATERIALIZED (
    SELECT DISTINCT p.id, p.ocid, p.announced
      FROM fact_process p LEFT JOIN fact_contract c ON c.process = p.id LEFT JOIN person o ON o.package_id = p.id
     WHERE NOT p.came_to_nothing
       AND (o.id IS NULL OR o.removed_at IS NOT NULL OR o.declared IS NULL OR o.decided IS NULL
            OR greatest(o.declared, o.decided)
               > least(p.announced, (c.signed + 1)::timestamp AT TIME ZONE 'Asia/Makassar'))
),
step AS MATERIALIZED (
    SELECT id, ocid, 'announced' AS to_state, announced AS at, false AS is_further FROM looked_at
     WHERE announced IS NOT NULL
    UNION ALL
    -- The day of signing is over before anything is too late for it.
    SELECT DISTINCT p.id, p.ocid, 'contracted', (c.signed + 1)::timestamp AT TIME ZONE 'Asia/Makassar',
           c.signed > min(c.signed) OVER (PARTITION BY p.id)
      FROM looked_at p JOIN fact_contract c ON c.process = p.id
     WHERE c.signed IS NOT NULL
),
concerned AS MATERIALIZED (SELECT o.* FROM person o WHERE o.package_id IN (SELECT id FROM looked_at)),
earliest AS (SELECT package_id, role, min(since) AS since FROM concerned GROUP BY package_id, role),
held AS (
    -- Where nobody is known to have had the task at the step, those have had it who were entered later.
    SELECT s.id, s.ocid, s.to_state, s.at, s.is_further, o.id AS officer, o.role, o.declared, o.decided
      FROM step s JOIN concerned o ON o.package_id = s.id AND (o.removed_at IS NULL OR o.removed_at > s.at)
      JOIN earliest e ON e.package_id = o.package_id AND e.role = o.role
     WHERE o.since <= s.at OR (o.replaces_id IS NULL AND e.since > s.at)
),
told AS (
    SELECT h.id, h.ocid, h.to_state, h.at, h.officer, h.role, h.declared, h.decided,
                CASE WHEN declared IS NULL THEN 'missing'
                     WHEN declared > at + make_interval(days => %(days)s) THEN 'late'
                     WHEN decided IS NULL OR decided > at + make_interval(days => %(days)s) THEN 'undecided' END AS what
      FROM held h
    UNION ALL
    SELECT s.id, s.ocid, s.to_state, s.at, o.id, o.role, o.declared, o.decided,
           CASE WHEN o.declared IS NULL THEN 'missing' ELSE 'late' END
      FROM (SELECT DISTINCT ON (id) * FROM step ORDER BY id, at) s JOIN concerned o ON o.package_id = s.id
     -- Whoever came after the first contract declares at once, and does not wait for a further one.
     WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.officer = o.id AND NOT h.is_further)
       AND o.since > s.at
       AND coalesce(o.declared, o.removed_at, now()) > o.assigned_at + make_interval(days => %(successor_days)s)
    UNION ALL
    (SELECT DISTINCT ON (s.id) s.id, s.ocid, s.to_state, s.at, NULL, NULL, NULL, NULL, 'nobody'
      FROM step s
     WHERE NOT EXISTS (SELECT 1 FROM concerned o
                        WHERE o.package_id = s.id AND (o.removed_at IS NULL OR o.removed_at > s.at))
     ORDER BY s.id, s.at)
),
first_told AS (
    SELECT DISTINCT ON (id, officer) * FROM told WHERE what IS NOT NULL ORDER BY id, officer, at
)
SELECT 'package' AS subject, t.ocid AS key, t.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('task', t.role, 'what', t.what, 'declared', t.declared, 'decided', t.decided,
                                    'moved', t.at, 'override', g.reason) ORDER BY t.officer) AS evidence
  FROM first_told t LEFT JOIN procurement_gateoverride g ON g.package_id = t.id AND g.to_state = t.to_state
 GROUP BY t.ocid, t.id
