-- title = "Same price from different suppliers"
-- explanation = "Different suppliers offered exactly the same price."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [evidence]
-- prices = "prices"
-- tenderers = "tenderers"
-- packages = "packages"
-- count = "how many"

WITH twice AS MATERIALIZED (
    SELECT b.process, b.amount
      FROM summary s JOIN fact_bid b ON b.process = s.process JOIN fact_process p ON p.id = s.process AND p.is_compared
     WHERE s.may_repeat AND b.status NOT IN ('invited', 'withdrawn') AND b.amount IS NOT NULL
     GROUP BY b.process, b.amount HAVING count(*) > 1
),
priced AS (
    SELECT b.process, b.amount, coalesce(b.joint, ARRAY[b.party]) AS tenderers,
           lag(coalesce(b.joint, ARRAY[b.party])) OVER same AS other
      FROM twice t JOIN fact_bid b ON b.process = t.process AND b.amount = t.amount
     WHERE b.status NOT IN ('invited', 'withdrawn') AND b.party IS NOT NULL AND b.currency IS NOT NULL
    WINDOW same AS (PARTITION BY b.process, b.amount, b.currency ORDER BY b.position)
),
raised AS MATERIALIZED (
    SELECT process, amount, unnest(tenderers || other) AS party FROM priced
     WHERE other IS NOT NULL AND other <> tenderers
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, 1.0::float8 AS value,
       jsonb_build_object('prices', jsonb_agg(DISTINCT r.amount), 'tenderers', jsonb_agg(DISTINCT r.party)) AS evidence
  FROM raised r JOIN fact_process p ON p.id = r.process
 GROUP BY p.ocid, p.id
UNION ALL
SELECT 'tenderer', r.party, NULL, 1.0,
       jsonb_build_object('packages', (array_agg(DISTINCT p.ocid))[1:20], 'count', count(DISTINCT p.id))
  FROM raised r JOIN fact_process p ON p.id = r.process
 GROUP BY r.party
