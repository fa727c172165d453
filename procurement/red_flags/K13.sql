-- title = "Blacklisted supplier"
-- explanation = "A supplier offered, won or signed, alone or in a joint operation, while it was blacklisted."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 78; Peraturan LKPP 4/2021"
-- own_only = true
-- [evidence]
-- supplier = "supplier"
-- what = "what"
-- day = "day"
-- decision = "decision"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('supplier', s.name, 'what', m.what, 'day', m.day, 'decision', b.decision_number)
                 ORDER BY m.day, m.what, s.id, b.id) AS evidence
  FROM procurement_blacklisting b
  JOIN fact_member m ON m.supplier_id = b.supplier_id AND m.day BETWEEN b.from_day AND b.until_day
  JOIN fact_process p ON p.id = m.package_id JOIN procurement_supplier s ON s.id = b.supplier_id
 GROUP BY p.ocid, p.id
