-- Whoever is on a package that has been announced or contracted has declared before, and the superior has decided.
WITH moved AS (
    SELECT p.id, p.ocid, least(p.announced, c.signed::timestamptz) AS at
      FROM fact_process p LEFT JOIN (SELECT process, min(signed) AS signed FROM fact_contract GROUP BY process) c ON c.process = p.id
     WHERE coalesce(p.announced, c.signed::timestamptz) IS NOT NULL AND NOT p.came_to_nothing
)
SELECT 'package' AS subject, m.ocid AS key, m.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('task', coalesce(o.role, 'ppk'), 'what',
           CASE WHEN o.id IS NULL THEN 'nobody' WHEN d.id IS NULL THEN 'missing' WHEN s.id IS NULL THEN 'undecided' ELSE 'late' END,
           'declared', d.declared_at, 'moved', m.at)) AS evidence
  FROM moved m
  LEFT JOIN procurement_officer o ON o.package_id = m.id AND o.removed_at IS NULL
  LEFT JOIN procurement_declaration d ON d.officer_id = o.id AND d.number = 1
  LEFT JOIN procurement_decision s ON s.declaration_id = d.id
 WHERE o.id IS NULL OR d.id IS NULL OR s.id IS NULL OR d.declared_at > m.at + make_interval(days => %(days)s)
 GROUP BY m.ocid, m.id
