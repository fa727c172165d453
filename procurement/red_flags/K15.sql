-- title = "Declared party or official is a bidder"
-- explanation = """\
-- The NIK or NPWP of an official on the package, or of a party they declared, belongs to a bidder or \
-- somebody behind it."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf d, e"
-- own_only = true
-- [evidence]
-- side = "side"
-- supplier = "supplier"
-- as = "as"

-- By number only: a name alone is a lead, never a flag.
WITH bidder AS (
    SELECT DISTINCT o.package_id, o.supplier_id FROM procurement_offer o WHERE o.state <> 'withdrawn'
    UNION SELECT package_id, supplier_id FROM procurement_contract_in_force
),
number AS (
    SELECT id AS supplier_id, tax_number_hash AS hash, 'company' AS who FROM procurement_supplier
      WHERE tax_number_hash <> ''
    UNION ALL SELECT supplier_id, identity_hash, role FROM procurement_supplierperson
    WHERE identity_hash <> '' AND until_day IS NULL
),
side AS (
    SELECT f.package_id, i.party_identity_hash AS hash, 'declared' AS what
      FROM procurement_officer f JOIN procurement_declaration d ON d.officer_id = f.id AND d.superseded_at IS NULL
      JOIN procurement_interest i ON i.declaration_id = d.id AND i.party_identity_hash <> ''
     WHERE f.removed_at IS NULL
    UNION
    SELECT f.package_id, i.party_identity_hash, 'declared'
      FROM procurement_officer f JOIN procurement_package p ON p.id = f.package_id
      JOIN procurement_declaration d ON d.declarer_id = f.user_id AND d.officer_id IS NULL AND d.superseded_at IS NULL
          AND d.fiscal_year = p.fiscal_year
      JOIN procurement_interest i ON i.declaration_id = d.id AND i.party_identity_hash <> ''
     WHERE f.removed_at IS NULL
    UNION
    SELECT f.package_id, o.identity_hash, 'official' FROM procurement_officer f
      JOIN procurement_officialprofile o ON o.user_id = f.user_id AND o.identity_hash <> '' WHERE f.removed_at IS NULL
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_agg(DISTINCT jsonb_build_object('side', s.what, 'supplier', z.name, 'as', n.who)) AS evidence
  FROM side s JOIN number n ON n.hash = s.hash
    JOIN bidder b ON b.package_id = s.package_id AND b.supplier_id = n.supplier_id
  JOIN procurement_supplier z ON z.id = n.supplier_id JOIN fact_process p ON p.id = s.package_id
 GROUP BY p.ocid, p.id
