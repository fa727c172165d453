-- title = "Winner not the lowest, without a reason"
-- explanation = "A valid offer was lower than the winning one, and nobody wrote down why it did not win."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025"
-- [evidence]
-- lowest = "lowest offer"
-- winning = "winning offer"
-- winner = "winner"
-- cheapest = "lowest valid offer of"

-- `summary` knows a winner that is one firm; of a joint operation the offer of its leader with its members is the one
-- that won.
WITH joint AS (
    SELECT a.process, a.party, min(b.amount) AS amount
      FROM fact_award a JOIN outcome o ON o.process = a.process AND o.active = 1
      JOIN fact_bid b ON b.process = a.process AND b.party = a.party AND b.listed > 1 AND b.status = 'valid'
      JOIN money m ON m.currency = b.currency
     WHERE a.status = 'active' AND a.listed > 1 GROUP BY a.process, a.party
),
won AS (
    SELECT s.process, s.lowest_valid, coalesce(s.winner, j.party) AS winner,
           CASE WHEN s.winner IS NULL THEN j.amount ELSE s.won END AS amount
      FROM summary s LEFT JOIN joint j ON j.process = s.process
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, w.amount / w.lowest_valid - 1 AS value,
       jsonb_build_object('lowest', w.lowest_valid, 'winning', w.amount, 'winner', w.winner, 'cheapest',
           (SELECT min(b.party) FROM fact_bid b
            WHERE b.process = w.process AND b.amount = w.lowest_valid AND b.status = 'valid')) AS evidence
  FROM won w JOIN fact_process p ON p.id = w.process AND p.is_compared
 WHERE w.amount > w.lowest_valid AND w.lowest_valid > 0 AND NOT p.is_explained
