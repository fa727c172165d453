-- title = "Designer or supervisor builds"
-- explanation = "The consultant that designed or supervises the works offers for them."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf b, c"
-- own_only = true
-- [evidence]
-- supplier = "supplier"
-- design = "package of the design"
-- design_name = "design"

-- Art. 7 (b), (c): who designs or supervises does not build what was designed, and does not manage its construction.
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('supplier', s.name, 'design', d.rup_code, 'design_name', d.name)) AS evidence
  FROM fact_process p JOIN procurement_package d ON d.id = p.designed_in
  JOIN procurement_contract_in_force c ON c.package_id = d.id
  JOIN procurement_supplier s ON s.id = c.supplier_id
 WHERE p.designed_in IS NOT NULL AND (
       EXISTS (SELECT 1 FROM procurement_offer b
               WHERE b.package_id = p.id AND b.supplier_id = c.supplier_id AND b.state <> 'withdrawn')
    OR EXISTS (SELECT 1 FROM procurement_contract_in_force k
               WHERE k.package_id = p.id AND k.supplier_id = c.supplier_id))
 GROUP BY p.ocid, p.id
