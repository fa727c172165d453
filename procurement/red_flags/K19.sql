-- title = "Method does not fit the value"
-- explanation = """\
-- The package, or what was signed for it, is worth more than its method allowed on the package's day."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 38, 41"
-- [evidence]
-- method = "method"
-- kind = "kind"
-- worth = "value"
-- limit = "limit"
-- day = "day"
-- rule = "legal basis"

-- An addendum may take a lawful contract above the limit: what was signed counts. Other currencies are not compared.
WITH signed AS (
    SELECT process, sum(value) AS value FROM fact_contract WHERE coalesce(currency, 'IDR') = 'IDR' GROUP BY process
),
priced AS (
    SELECT p.id, p.ocid, p.used, p.kind, p.day, t.max_rupiah, t.basis,
           greatest(CASE WHEN coalesce(p.ceiling_currency, 'IDR') = 'IDR' THEN p.ceiling END, s.value,
                    CASE WHEN p.ceiling IS NULL AND coalesce(p.hps_currency, 'IDR') = 'IDR' THEN p.hps END) AS worth
      FROM fact_process p
      JOIN fact_threshold t ON t.method = p.used AND t.kind = p.kind AND p.day BETWEEN t.from_day AND t.until_day
      LEFT JOIN signed s ON s.process = p.id
     WHERE NOT p.came_to_nothing
)
SELECT 'package' AS subject, ocid AS key, id AS process, worth AS value,
       jsonb_build_object('method', used, 'kind', kind, 'worth', worth, 'limit', max_rupiah, 'day', day, 'rule', basis)
           AS evidence
  FROM priced WHERE worth > max_rupiah
