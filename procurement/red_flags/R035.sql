-- title = "Everybody but the winner disqualified"
-- explanation = "Only the winner's offers were valid; those of the others were disqualified."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- others = { label = "disqualified others, at least", default = 1, at_least = 1 }
-- [evidence]
-- winner = "winner"
-- disqualified = "disqualified"
-- packages = "packages"
-- count = "how many"

WITH judged AS (
    SELECT b.process, count(DISTINCT t.party) FILTER (WHERE b.status = 'valid') AS valid,
           min(t.party) FILTER (WHERE b.status = 'valid') AS only,
           array_agg(DISTINCT t.party) FILTER (WHERE b.status = 'disqualified') AS out
      FROM summary s JOIN fact_bid b ON b.process = s.process AND b.status IN ('valid', 'disqualified')
      CROSS JOIN LATERAL unnest(coalesce(b.joint, ARRAY[b.party])) AS t (party)
     WHERE s.is_final AND s.active > 0 AND s.out > 0 AND (s.has_joint OR s.valid_first = s.valid_last)
         AND t.party IS NOT NULL
     GROUP BY b.process
),
raised AS MATERIALIZED (
    SELECT j.process, j.only, cardinality(array_remove(j.out, j.only)) AS others, array_remove(j.out, j.only) AS out
      FROM judged j
     WHERE j.valid = 1 AND cardinality(array_remove(j.out, j.only)) >= greatest(%(others)s, 1)
       AND (SELECT array_agg(DISTINCT s) FROM fact_award a
            CROSS JOIN LATERAL unnest(coalesce(a.joint, ARRAY[a.party])) AS s
             WHERE a.process = j.process AND a.status = 'active' AND s IS NOT NULL) = ARRAY[j.only]
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, r.others::float8 AS value,
       jsonb_build_object('winner', r.only, 'disqualified', to_jsonb(r.out)) AS evidence
  FROM raised r JOIN fact_process p ON p.id = r.process
UNION ALL
SELECT 'tenderer', r.only, NULL, 0.0,
       jsonb_build_object('packages', (array_agg(p.ocid ORDER BY p.id))[1:20], 'count', count(*))
  FROM raised r JOIN fact_process p ON p.id = r.process GROUP BY r.only
