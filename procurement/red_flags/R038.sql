-- title = "Disqualifies, or is disqualified, unusually often"
-- explanation = "The share of disqualified offers of an OPD or a supplier is unusually high."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- threshold = { label = "fixed threshold (empty: computed from the data)" }
-- minimum_compared = { label = "compared for a computed threshold, at least", default = 1, here = 5 }
-- minimum_bids = { label = "offers of the supplier, at least", default = 2 }
-- minimum_packages = { label = "offers to the OPD, at least", default = 2 }
-- [evidence]
-- bids = "offers"
-- disqualified = "disqualified"
-- fence = "threshold"

WITH counted AS MATERIALIZED (
    SELECT p.buyer, p.entity, sum(s.bids)::float8 AS bids, sum(s.out)::float8 AS out
      FROM summary s JOIN fact_process p ON p.id = s.process GROUP BY p.buyer, p.entity
),
record AS MATERIALIZED (
    SELECT 'buyer' AS subject, buyer AS key, sum(bids) AS bids, sum(out) AS out FROM counted WHERE buyer IS NOT NULL
      GROUP BY buyer
     HAVING sum(bids) >= %(minimum_packages)s
    UNION ALL
    SELECT 'entity', entity, sum(bids), sum(out) FROM counted WHERE entity IS NOT NULL GROUP BY entity
      HAVING sum(bids) >= %(minimum_packages)s
    UNION ALL
    SELECT 'tenderer', party, bids, out FROM party_record WHERE bids >= %(minimum_bids)s
),
fence AS MATERIALIZED (
    SELECT subject, coalesce(%(threshold)s::float8, q3 + 1.5 * (q3 - q1)) AS upper_fence
      FROM (SELECT subject, procurement_quantile(array_agg(out / bids ORDER BY out / bids), 0.25) AS q1,
                   procurement_quantile(array_agg(out / bids ORDER BY out / bids), 0.75) AS q3 FROM record
               GROUP BY subject
               -- Few that are compared make a threshold of their own shares.
               HAVING %(threshold)s::float8 IS NOT NULL OR count(*) >= %(minimum_compared)s) quartile
)
SELECT r.subject, r.key, NULL::bigint AS process, r.out / r.bids AS value,
       jsonb_build_object('bids', r.bids, 'disqualified', r.out, 'fence', f.upper_fence) AS evidence
  FROM record r JOIN fence f ON f.subject = r.subject
 WHERE f.upper_fence > 0 AND r.out / r.bids >= f.upper_fence
