-- Art. 7 (b), (c): who designs or supervises does not build what was designed, and does not manage its construction.
WITH bidder AS (
    SELECT DISTINCT package_id, supplier_id FROM procurement_offer WHERE state <> 'withdrawn'
    UNION SELECT package_id, supplier_id FROM procurement_contract WHERE superseded_at IS NULL
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('supplier', s.name, 'design', d.rup_code, 'design_name', d.name)) AS evidence
  FROM fact_process p JOIN procurement_package d ON d.id = p.designed_in
  JOIN procurement_contract c ON c.package_id = d.id AND c.superseded_at IS NULL
  JOIN bidder b ON b.package_id = p.id AND b.supplier_id = c.supplier_id JOIN procurement_supplier s ON s.id = c.supplier_id
 GROUP BY p.ocid, p.id
