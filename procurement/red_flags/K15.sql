-- title = "Declared party or official is a bidder"
-- explanation = """\
-- The NIK or NPWP of an official on the package, or of a party they declared, belonged to a bidder, a \
-- member of one or somebody behind it when it offered, won or signed."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf d, e"
-- own_only = true
-- [evidence]
-- side = "side"
-- supplier = "supplier"
-- as = "as"

-- By number only: a name alone is a lead, never a flag. Both sides count by the day on which the bidder acted: who left
-- the package or the firm before has nothing to do with it, who leaves afterwards had.
WITH side AS MATERIALIZED (
    SELECT f.package_id, i.party_identity_hash AS hash, 'declared' AS what, f.removed_at, d.superseded_at
      FROM procurement_officer f JOIN procurement_declaration d ON d.officer_id = f.id
      JOIN procurement_interest i ON i.declaration_id = d.id AND i.party_identity_hash <> ''
    UNION ALL
    SELECT f.package_id, i.party_identity_hash, 'declared', f.removed_at, d.superseded_at
      FROM procurement_officer f JOIN procurement_package p ON p.id = f.package_id
      JOIN procurement_declaration d ON d.declarer_id = f.user_id AND d.officer_id IS NULL
       AND d.fiscal_year = p.fiscal_year
      JOIN procurement_interest i ON i.declaration_id = d.id AND i.party_identity_hash <> ''
    UNION ALL
    SELECT f.package_id, o.identity_hash, 'official', f.removed_at, NULL
      FROM procurement_officer f JOIN procurement_officialprofile o ON o.user_id = f.user_id AND o.identity_hash <> ''
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(DISTINCT (s.what, z.id, t.role))::float8 AS value,
       jsonb_agg(DISTINCT jsonb_build_object('side', s.what, 'supplier', z.name, 'as', t.role)) AS evidence
  FROM side s JOIN fact_tie t ON t.hash = s.hash
  JOIN fact_member m ON m.package_id = s.package_id AND m.supplier_id = t.supplier
   AND m.day BETWEEN t.from_day AND t.until_day
   AND (s.removed_at IS NULL OR (s.removed_at AT TIME ZONE 'Asia/Makassar')::date >= m.day)
   AND (s.superseded_at IS NULL OR (s.superseded_at AT TIME ZONE 'Asia/Makassar')::date > m.day)
  JOIN procurement_supplier z ON z.id = t.supplier JOIN fact_process p ON p.id = s.package_id
 GROUP BY p.ocid, p.id
