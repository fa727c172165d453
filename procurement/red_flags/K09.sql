-- title = "Signed in the last days of the year"
-- explanation = """\
-- The contract was signed so late in the package's fiscal year, or after it, that it can hardly be \
-- carried out in it."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025; PMK akhir tahun anggaran (?)"
-- [parameters]
-- days = { label = "last days of the year", default = 10, at_least = 1, at_most = 36_500 }
-- [evidence]
-- signed = "signed"
-- contract = "contract"
-- year = "fiscal year"

-- The year is the package's: what is signed in December for the next year is early, not late.
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, min(y.last_day - c.signed)::float8 AS value,
       jsonb_build_object('signed', max(c.signed), 'contract', max(c.value), 'year', extract(year FROM y.last_day))
           AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
  CROSS JOIN LATERAL (
      SELECT make_date(coalesce(p.budget_year, extract(year FROM c.signed)::int), 12, 31) AS last_day) y
 WHERE c.signed > y.last_day - %(days)s
 GROUP BY p.ocid, p.id, y.last_day
