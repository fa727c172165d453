WITH priced AS (
    SELECT b.process, o.winner, min(b.amount) AS lowest, min(b.amount) FILTER (WHERE b.tenderers[1] = o.winner) AS won,
           (array_agg(b.tenderers[1] ORDER BY b.amount, b.position))[1] AS cheapest
      FROM outcome o JOIN fact_bid b ON b.process = o.process
     WHERE o.winner IS NOT NULL AND b.status = 'valid' AND b.amount IS NOT NULL AND b.currency = (SELECT currency FROM money)
     GROUP BY b.process, o.winner
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, r.won / r.lowest - 1 AS value,
       jsonb_build_object('lowest', r.lowest, 'cheapest', r.cheapest, 'winning', r.won, 'winner', r.winner) AS evidence
  FROM priced r JOIN fact_process p ON p.id = r.process
 WHERE r.won > r.lowest AND r.lowest > 0 AND NOT p.is_explained
