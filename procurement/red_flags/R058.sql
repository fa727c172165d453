-- title = "Winner far below the others"
-- explanation = "The winning offer is unusually far below the second-lowest: the quality may be too low to deliver."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- threshold = { label = "fixed threshold (empty: computed from the data)" }
-- minimum_compared = { label = "compared for a computed threshold, at least", default = 1, here = 5 }
-- [evidence]
-- winning = "winning offer"
-- second = "second-lowest offer"
-- fence = "threshold"
-- winner = "winner"
-- packages = "packages"
-- count = "how many"

WITH sorted AS MATERIALIZED (SELECT array_agg(ratio ORDER BY ratio) AS ratios FROM gap),
fence AS MATERIALIZED (SELECT coalesce(%(threshold)s::float8, procurement_quantile(ratios, 0.75)
                          + 1.5 * (procurement_quantile(ratios, 0.75) - procurement_quantile(ratios, 0.25)))
                      AS upper_fence FROM sorted
           WHERE %(threshold)s::float8 IS NOT NULL OR (SELECT count(*) FROM gap) >= %(minimum_compared)s),
raised AS (SELECT g.*, f.upper_fence FROM gap g, fence f WHERE f.upper_fence > 0 AND g.ratio >= f.upper_fence)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, r.ratio AS value,
       jsonb_build_object('winning', r.won, 'second', r.second, 'fence', r.upper_fence, 'winner', r.winner) AS evidence
  FROM raised r JOIN fact_process p ON p.id = r.process
UNION ALL
SELECT 'tenderer', r.winner, NULL, 0.0,
       jsonb_build_object('packages', (array_agg(p.ocid ORDER BY p.id))[1:20], 'count', count(*))
  FROM raised r JOIN fact_process p ON p.id = r.process GROUP BY r.winner
