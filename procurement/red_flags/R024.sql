-- title = "Second offer very close to the winner"
-- explanation = """\
-- The second-lowest valid offer is unusually little above the winning one: it may only have been there \
-- for show."""
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- threshold = { label = "fixed threshold (empty: computed from the data)" }
-- minimum_compared = { label = "compared for a computed threshold, at least", default = 1, here = 5 }
-- [evidence]
-- winning = "winning offer"
-- second = "second-lowest offer"
-- fence = "threshold"
-- winner = "winner"
-- runner_up = "second-lowest"
-- packages = "packages"
-- count = "how many"

WITH sorted AS MATERIALIZED (SELECT array_agg(ratio ORDER BY ratio) AS ratios FROM gap),
quartile AS MATERIALIZED (SELECT procurement_quantile(ratios, 0.25) AS q1, procurement_quantile(ratios, 0.75) AS q3
                          FROM sorted),
-- A threshold that is computed from very few says no more than what they are.
fence AS MATERIALIZED (SELECT CASE WHEN %(threshold)s::float8 IS NOT NULL THEN 1 ELSE q1 END AS q1,
                 coalesce(%(threshold)s::float8, q1 - 1.5 * (q3 - q1)) AS lower_fence FROM quartile
           WHERE %(threshold)s::float8 IS NOT NULL OR (SELECT count(*) FROM gap) >= %(minimum_compared)s),
raised AS MATERIALIZED (
    SELECT g.*, f.lower_fence,
           (SELECT b.party FROM fact_bid b
             WHERE b.process = g.process AND b.status = 'valid' AND b.listed = 1 AND b.amount = g.second
                 AND b.party <> g.winner
               AND b.currency = (SELECT currency FROM money)
             ORDER BY b.position LIMIT 1) AS runner_up
      FROM gap g, fence f WHERE f.q1 > 0 AND f.lower_fence > 0 AND g.ratio <= f.lower_fence
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, r.ratio AS value,
       jsonb_build_object('winning', r.won, 'second', r.second, 'fence', r.lower_fence, 'winner', r.winner,
                          'runner_up', r.runner_up) AS evidence
  FROM raised r JOIN fact_process p ON p.id = r.process
UNION ALL
SELECT 'tenderer', t.party, NULL, 0.0,
       jsonb_build_object('packages', (array_agg(p.ocid ORDER BY p.id))[1:20], 'count', count(*))
  FROM raised r JOIN fact_process p ON p.id = r.process
    CROSS JOIN LATERAL (VALUES (r.winner), (r.runner_up)) AS t (party)
 GROUP BY t.party
