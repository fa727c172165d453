-- title = "New supplier, large first contract"
-- explanation = "A supplier that was known for a short time only got a large contract as its first."
-- basis = "praktik audit (?)"
-- own_only = true
-- [parameters]
-- days = { label = "known for at most days", default = 180 }
-- rupiah = { label = "contract from (Rp)", default = 1_000_000_000 }
-- [evidence]
-- supplier = "supplier"
-- name = "name"
-- known_since = "known since"
-- signed = "signed"
-- contract = "contract"

WITH first_one AS (
    SELECT DISTINCT ON (c.supplier_id) c.supplier_id, c.package_id, c.signed_on, c.value_rupiah
      FROM procurement_contract_in_force c ORDER BY c.supplier_id, c.signed_on, c.id
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, f.value_rupiah::float8 AS value,
       jsonb_build_object('supplier', 'ID-KALTIM-PENYEDIA-' || s.id, 'name', s.name, 'known_since', s.known_since,
                          'signed', f.signed_on, 'contract', f.value_rupiah) AS evidence
  FROM first_one f JOIN fact_process p ON p.id = f.package_id JOIN procurement_supplier s ON s.id = f.supplier_id
 WHERE f.value_rupiah >= %(rupiah)s AND f.signed_on - s.known_since BETWEEN 0 AND %(days)s
