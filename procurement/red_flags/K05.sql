-- title = "Prices in equal steps"
-- explanation = "The offers lie at equal distances from each other, as if one hand had written them."
-- basis = "UU 5/1999 ps. 22"
-- [parameters]
-- bids = { label = "offers, at least", default = 3, at_least = 3 }
-- tolerance = { label = "difference between steps, share", default = 0.001 }
-- [evidence]
-- prices = "prices"
-- step = "step"

WITH near AS MATERIALIZED (
    -- In a row of equal steps the mean lies in the middle.
    SELECT process FROM summary
     WHERE priced >= %(bids)s AND most > least
         AND abs(mean - (most + least) / 2) <= (most - least) * greatest(%(tolerance)s, 0.000001)
),
step AS (
    SELECT b.process, b.amount,
           b.amount - lag(b.amount) OVER (PARTITION BY b.process ORDER BY b.amount, b.position) AS step
      FROM near JOIN fact_bid b ON b.process = near.process
     WHERE b.status NOT IN ('invited', 'withdrawn') AND b.amount IS NOT NULL
       AND ((SELECT currency FROM money) IS NULL OR b.currency = (SELECT currency FROM money))
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, avg(s.step) AS value,
       jsonb_build_object('prices', (array_agg(s.amount ORDER BY s.amount))[1:20], 'step', avg(s.step)) AS evidence
  FROM step s JOIN fact_process p ON p.id = s.process AND p.is_compared
 GROUP BY p.ocid, p.id
HAVING count(s.step) >= %(bids)s - 1 AND min(s.step) > 0 AND max(s.step) - min(s.step) <= avg(s.step) * %(tolerance)s
