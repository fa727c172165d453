WITH lowest AS (
    SELECT b.process, (array_agg(b.status ORDER BY b.amount, b.position))[1] AS status, min(b.amount) AS amount,
           (array_agg(b.tenderers[1] ORDER BY b.amount, b.position))[1] AS party, bool_or(b.status = 'valid') AS has_valid
      FROM outcome o JOIN fact_bid b ON b.process = o.process
     WHERE o.active > 0 AND b.status NOT IN ('invited', 'withdrawn') AND b.amount IS NOT NULL AND b.currency = (SELECT currency FROM money)
     GROUP BY b.process
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, 1.0::float8 AS value,
       jsonb_build_object('lowest', l.amount, 'disqualified', l.party) AS evidence
  FROM lowest l JOIN fact_process p ON p.id = l.process
 WHERE l.has_valid AND l.status = 'disqualified'
