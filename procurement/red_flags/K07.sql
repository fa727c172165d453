-- title = "Winner not the lowest, without a reason"
-- explanation = "A valid offer was lower than the winning one, and nobody wrote down why it did not win."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025"
-- [evidence]
-- lowest = "lowest offer"
-- winning = "winning offer"
-- winner = "winner"
-- cheapest = "lowest valid offer of"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, s.won / s.lowest_valid - 1 AS value,
       jsonb_build_object('lowest', s.lowest_valid, 'winning', s.won, 'winner', s.winner, 'cheapest',
           (SELECT min(b.party) FROM fact_bid b
            WHERE b.process = s.process AND b.amount = s.lowest_valid AND b.status = 'valid')) AS evidence
  FROM summary s JOIN fact_process p ON p.id = s.process AND p.is_compared
 WHERE s.winner IS NOT NULL AND s.won > s.lowest_valid AND s.lowest_valid > 0 AND NOT p.is_explained
