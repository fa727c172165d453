WITH step AS (
    SELECT b.process, b.amount, b.amount - lag(b.amount) OVER (PARTITION BY b.process ORDER BY b.amount, b.position) AS step
      FROM fact_bid b JOIN fact_process p ON p.id = b.process AND NOT p.is_cancelled
     WHERE b.status NOT IN ('invited', 'withdrawn') AND b.amount IS NOT NULL
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, avg(s.step) AS value,
       jsonb_build_object('prices', (array_agg(s.amount ORDER BY s.amount))[1:20], 'step', avg(s.step)) AS evidence
  FROM step s JOIN fact_process p ON p.id = s.process
 GROUP BY p.ocid, p.id
HAVING count(s.step) >= %(bids)s - 1 AND min(s.step) > 0 AND max(s.step) - min(s.step) <= avg(s.step) * %(tolerance)s
