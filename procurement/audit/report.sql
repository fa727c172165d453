-- One row per package, for the auditor's screen, XLSX, CSV and PDF alike. Aggregates are joined, not asked per row.
WITH chosen (id) AS ({packages}),
offered AS (
    SELECT o.package_id, count(*) AS offers, min(o.amount_rupiah) FILTER (WHERE o.state = 'valid') AS lowest
      FROM procurement_offer o WHERE o.state <> 'withdrawn' GROUP BY o.package_id
),
signed AS (
    SELECT c.package_id, min(c.number) AS number, min(c.signed_on) AS signed_on,
           string_agg(DISTINCT s.name, '; ') AS supplier,
           sum(c.value_rupiah) AS value, sum(coalesce(d.value, c.value_rupiah)) AS value_now, sum(y.paid) AS paid
      FROM procurement_contract c JOIN procurement_supplier s ON s.id = c.supplier_id
      LEFT JOIN (SELECT DISTINCT ON (contract_id) contract_id, value_rupiah AS value FROM procurement_addendum
                 ORDER BY contract_id, number DESC) d ON d.contract_id = c.id
      LEFT JOIN (SELECT contract_id, sum(amount_rupiah) AS paid FROM procurement_payment GROUP BY contract_id) y
          ON y.contract_id = c.id
     WHERE c.superseded_at IS NULL GROUP BY c.package_id
),
people AS (
    SELECT package_id, count(*) AS officers, count(*) FILTER (WHERE missing = '') AS cleared,
           count(*) FILTER (WHERE has_interest) AS interests
      FROM procurement_clearance WHERE officer_id IS NOT NULL AND removed_at IS NULL GROUP BY package_id
),
flagged AS (
    SELECT package_id, string_agg(code, ' ' ORDER BY code) AS codes FROM procurement_flag
     WHERE dataset_id IS NULL AND package_id IS NOT NULL AND closed_at IS NULL AND suppressed_at IS NULL
     GROUP BY package_id
),
overridden AS (SELECT package_id, count(*) AS overrides FROM procurement_gateoverride GROUP BY package_id)
SELECT {columns}
  FROM chosen JOIN procurement_package p ON p.id = chosen.id
  JOIN accounts_agency g ON g.id = p.agency_id
  LEFT JOIN procurement_bought w ON w.package_id = p.id
  LEFT JOIN accounts_agency h ON h.id = w.agency_id
  LEFT JOIN programs_program q ON q.id = p.program_id
  LEFT JOIN programs_subactivity u ON u.id = p.sub_activity_id
  LEFT JOIN offered o ON o.package_id = p.id
  LEFT JOIN signed c ON c.package_id = p.id
  LEFT JOIN people r ON r.package_id = p.id
  LEFT JOIN flagged f ON f.package_id = p.id
  LEFT JOIN overridden v ON v.package_id = p.id
 ORDER BY g.name, p.rup_code
