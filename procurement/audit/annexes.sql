-- The fixed annexes of the working paper. {columns} are declared in annexes.py, {packages} are the packages chosen.

-- name: declarations
SELECT {columns}
  FROM procurement_declaration d
  JOIN procurement_officer o ON o.id = d.officer_id
  JOIN procurement_package p ON p.id = o.package_id
  JOIN accounts_user u ON u.id = d.declarer_id
  LEFT JOIN procurement_interest i ON i.declaration_id = d.id
  LEFT JOIN procurement_decision s ON s.declaration_id = d.id
  LEFT JOIN accounts_user b ON b.id = s.decided_by_id
  LEFT JOIN accounts_user l ON l.id = s.acting_for_id
 WHERE p.id IN ({packages})
 ORDER BY p.rup_code, o.id, d.number

-- name: overrides
SELECT {columns}
  FROM procurement_gateoverride v
  JOIN procurement_package p ON p.id = v.package_id
  JOIN accounts_user u ON u.id = v.by_id
  LEFT JOIN accounts_user l ON l.id = v.acting_for_id
 WHERE p.id IN ({packages})
 ORDER BY v.id

-- name: looks
SELECT {columns}
  FROM core_auditevent e
 WHERE e.action = 'identity.unmasked' AND (e.target_type, e.target_id) IN (
       SELECT 'procurement.declaration', d.id::text
         FROM procurement_declaration d
         JOIN procurement_officer o ON o.id = d.officer_id
        WHERE o.package_id IN ({packages})
       UNION ALL
       SELECT 'procurement.supplier', b.supplier_id::text
         FROM procurement_offer b
        WHERE b.package_id IN ({packages}))
 ORDER BY e.id
