-- title = "Lowest offer disqualified"
-- explanation = "The lowest offer was disqualified and a dearer one won."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [evidence]
-- lowest = "lowest offer"
-- disqualified = "disqualified"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, 1.0::float8 AS value,
       jsonb_build_object('lowest', s.lowest, 'disqualified', b.party) AS evidence
  FROM summary s JOIN fact_process p ON p.id = s.process AND p.is_compared
  -- Of equal lowest offers the first counts.
  CROSS JOIN LATERAL (SELECT b.status, b.party FROM fact_bid b
                       WHERE b.process = s.process AND b.amount = s.lowest AND b.status NOT IN ('invited', 'withdrawn')
                         AND b.currency = (SELECT currency FROM money) ORDER BY b.position LIMIT 1) b
 WHERE s.active > 0 AND s.has_valid AND s.lowest_out = s.lowest AND b.status = 'disqualified'
