-- title = "Offers often, hardly ever wins"
-- explanation = "A supplier with many valid offers wins unusually few: it may hand in offers that are meant to lose."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- percentile = { label = "many offers: percentile", default = 75, at_most = 100 }
-- threshold = { label = "fixed threshold (empty: computed from the data)" }
-- minimum_compared = { label = "compared for a computed threshold, at least", default = 1, here = 5 }
-- [evidence]
-- bids = "offers"
-- wins = "won"
-- fence = "threshold"
-- many = "many offers from"

WITH record AS MATERIALIZED (
    SELECT party, entered AS bids, won AS wins, won / entered AS ratio FROM party_record WHERE entered > 0
),
quartile AS MATERIALIZED (SELECT procurement_quantile((SELECT array_agg(bids ORDER BY bids) FROM record),
                                                      %(percentile)s / 100.0::float8) AS many,
                    procurement_quantile((SELECT array_agg(ratio ORDER BY ratio) FROM record), 0.25) AS q1,
                    procurement_quantile((SELECT array_agg(ratio ORDER BY ratio) FROM record), 0.75) AS q3),
fence AS MATERIALIZED (SELECT many, CASE WHEN %(threshold)s::float8 IS NOT NULL THEN 1 ELSE q1 END AS q1,
                 coalesce(%(threshold)s::float8, q1 - 1.5 * (q3 - q1)) AS lower_fence FROM quartile
           WHERE %(threshold)s::float8 IS NOT NULL OR (SELECT count(*) FROM record) >= %(minimum_compared)s)
SELECT 'tenderer' AS subject, r.party AS key, NULL::bigint AS process, r.ratio AS value,
       jsonb_build_object('bids', r.bids, 'wins', r.wins, 'fence', f.lower_fence, 'many', f.many) AS evidence
  FROM record r, fence f
 WHERE f.q1 > 0 AND f.lower_fence > 0 AND r.bids >= f.many AND r.ratio <= f.lower_fence
