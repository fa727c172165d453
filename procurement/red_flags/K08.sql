-- title = "Contract before the plan or the announcement"
-- explanation = "The contract was signed before the package stood in the RUP, or before it was announced."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 22"
-- [evidence]
-- signed = "signed"
-- rup = "in the RUP since"
-- announced = "announced"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process,
       max(greatest(p.rup_on, (p.announced AT TIME ZONE 'Asia/Makassar')::date) - c.signed)::float8 AS value,
       jsonb_build_object('signed', min(c.signed), 'rup', p.rup_on,
                          'announced', (p.announced AT TIME ZONE 'Asia/Makassar')::date) AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
 WHERE c.signed < p.rup_on OR c.signed < (p.announced AT TIME ZONE 'Asia/Makassar')::date
 GROUP BY p.ocid, p.id, p.rup_on, p.announced
