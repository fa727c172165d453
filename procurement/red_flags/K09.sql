SELECT 'package' AS subject, p.ocid AS key, p.id AS process, min(make_date(extract(year FROM c.signed)::int, 12, 31) - c.signed)::float8 AS value,
       jsonb_build_object('signed', max(c.signed), 'contract', max(c.value)) AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
 WHERE c.signed > make_date(extract(year FROM c.signed)::int, 12, 31) - %(days)s
 GROUP BY p.ocid, p.id
