-- title = "Signed in the last days of the year"
-- explanation = "The contract was signed so late that it can hardly be carried out in its year."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025; PMK akhir tahun anggaran (?)"
-- [parameters]
-- days = { label = "last days of the year", default = 10, at_least = 1 }
-- [evidence]
-- signed = "signed"
-- contract = "contract"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process,
       min(make_date(extract(year FROM c.signed)::int, 12, 31) - c.signed)::float8 AS value,
       jsonb_build_object('signed', max(c.signed), 'contract', max(c.value)) AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
 WHERE c.signed > make_date(extract(year FROM c.signed)::int, 12, 31) - %(days)s
 GROUP BY p.ocid, p.id
