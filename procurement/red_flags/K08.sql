SELECT 'package' AS subject, p.ocid AS key, p.id AS process, max(greatest(p.rup_on, (p.announced AT TIME ZONE 'Asia/Makassar')::date) - c.signed)::float8 AS value,
       jsonb_build_object('signed', min(c.signed), 'rup', p.rup_on, 'announced', (p.announced AT TIME ZONE 'Asia/Makassar')::date) AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
 WHERE c.signed < p.rup_on OR c.signed < (p.announced AT TIME ZONE 'Asia/Makassar')::date
 GROUP BY p.ocid, p.id, p.rup_on, p.announced
