-- title = "Blacklisted supplier"
-- explanation = "A supplier offered, won or signed while it was blacklisted."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 78; Peraturan LKPP 4/2021"
-- own_only = true
-- [evidence]
-- supplier = "supplier"
-- what = "what"
-- day = "day"
-- decision = "decision"

WITH acted AS (
    SELECT package_id, supplier_id, (handed_in_at AT TIME ZONE 'Asia/Makassar')::date AS day, 'offer' AS what
      FROM procurement_offer
      WHERE state <> 'withdrawn' AND handed_in_at IS NOT NULL
    UNION ALL SELECT package_id, supplier_id, decided_on, 'award' FROM procurement_award
    WHERE cancelled_at IS NULL AND decided_on IS NOT NULL
    UNION ALL SELECT package_id, supplier_id, signed_on, 'contract' FROM procurement_contract_in_force
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('supplier', s.name, 'what', a.what, 'day', a.day, 'decision', b.decision_number))
           AS evidence
  FROM procurement_blacklisting b
  JOIN acted a ON a.supplier_id = b.supplier_id AND a.day BETWEEN b.from_day AND b.until_day
  JOIN fact_process p ON p.id = a.package_id JOIN procurement_supplier s ON s.id = b.supplier_id
 GROUP BY p.ocid, p.id
