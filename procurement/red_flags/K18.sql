-- title = "Designer or supervisor builds"
-- explanation = "The consultant that designed or supervises the works, or a member of it, offers for them."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf b, c"
-- own_only = true
-- [evidence]
-- supplier = "supplier"
-- design = "package of the design"
-- design_name = "design"

-- Art. 7 (b), (c): who designs or supervises does not build what was designed, and does not manage its construction;
-- integrated works, which are designed and built in one, are excepted.
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_agg(jsonb_build_object('supplier', s.name, 'design', d.rup_code, 'design_name', d.name) ORDER BY s.id)
           AS evidence
  FROM fact_process p JOIN procurement_package d ON d.id = p.designed_in
  CROSS JOIN LATERAL (SELECT DISTINCT m.supplier_id FROM fact_member m
                       WHERE m.package_id = d.id AND m.what = 'contract') c
  JOIN procurement_supplier s ON s.id = c.supplier_id
 WHERE p.kind <> 'integrated'
   AND EXISTS (SELECT 1 FROM fact_member b WHERE b.package_id = p.id AND b.supplier_id = c.supplier_id)
 GROUP BY p.ocid, p.id
