-- title = "New supplier, large first contract"
-- explanation = """\
-- A supplier of which nothing was known until shortly before got a large contract as its first, alone or in a joint \
-- operation."""
-- basis = "praktik audit (?)"
-- own_only = true
-- [parameters]
-- days = { label = "known for at most days", default = 180, at_most = 36_500 }
-- rupiah = { label = "contract from (Rp)", default = 1_000_000_000 }
-- listed = { label = "suppliers entered on one day that make it a list", default = 20, at_least = 2 }
-- [evidence]
-- supplier = "supplier"
-- name = "name"
-- known_since = "first sign"
-- signed = "signed"
-- contract = "contract"

-- The first sign of a supplier is the earliest of its NIB, the day it is known since, its people, and what it offered,
-- won and signed. Where the only sign is a day on which very many were entered, which is the day of a list, or the
-- contract itself, a supplier is new only if the portal's records reach back far enough to have known it.
WITH held AS MATERIALIZED (
    SELECT c.id, c.package_id, c.supplier_id AS leader, c.supplier_id, c.signed_on, c.value_rupiah
      FROM procurement_contract_in_force c
    UNION ALL
    SELECT c.id, c.package_id, c.supplier_id, r.supplier_id, c.signed_on, c.value_rupiah
      FROM procurement_contract_in_force c
      JOIN procurement_offer o ON o.package_id = c.package_id AND o.supplier_id = c.supplier_id
      JOIN procurement_offerpartner r ON r.offer_id = o.id AND r.supplier_id <> c.supplier_id
),
-- Several of one day are all the first: none of them was there before the others.
first_one AS MATERIALIZED (
    SELECT supplier_id, package_id, signed_on, value_rupiah
      FROM (SELECT *, rank() OVER (PARTITION BY supplier_id ORDER BY signed_on) AS place FROM held) by_day
     WHERE place = 1
),
large AS MATERIALIZED (
    SELECT f.*, s.name, s.known_since, s.business_number_on
      FROM first_one f JOIN procurement_supplier s ON s.id = f.supplier_id WHERE f.value_rupiah >= %(rupiah)s
),
list_day AS MATERIALIZED (
    SELECT known_since AS day FROM procurement_supplier GROUP BY known_since HAVING count(*) >= %(listed)s
),
record AS MATERIALIZED (SELECT min(signed_on) AS since FROM held),
-- First what is told by the supplier's own row and people; of those that are left, all that they took part in.
sign AS MATERIALIZED (
    SELECT l.*,
           least(l.business_number_on, t.since, b.since,
               CASE WHEN l.known_since NOT IN (SELECT day FROM list_day) THEN l.known_since END) AS own,
           least(l.known_since, l.signed_on) AS at_the_latest
      FROM large l
      LEFT JOIN (SELECT supplier_id, min(from_day) AS since FROM procurement_supplierperson GROUP BY supplier_id) t
        ON t.supplier_id = l.supplier_id
      LEFT JOIN (SELECT supplier_id, min(from_day) AS since FROM procurement_blacklisting GROUP BY supplier_id) b
        ON b.supplier_id = l.supplier_id
),
fresh AS MATERIALIZED (SELECT * FROM sign WHERE signed_on - least(own, at_the_latest) <= %(days)s),
acted AS (
    SELECT supplier_id, min(day) AS since FROM (
        SELECT f.supplier_id, o.package_id,
               coalesce(o.handed_in_at, p.offers_until, p.announced_at) AT TIME ZONE 'Asia/Makassar' AS day
          FROM fresh f JOIN procurement_offer o ON o.supplier_id = f.supplier_id
          JOIN procurement_package p ON p.id = o.package_id WHERE o.state <> 'withdrawn'
        UNION ALL
        SELECT f.supplier_id, o.package_id,
               coalesce(o.handed_in_at, p.offers_until, p.announced_at) AT TIME ZONE 'Asia/Makassar'
          FROM fresh f JOIN procurement_offerpartner r ON r.supplier_id = f.supplier_id
          JOIN procurement_offer o ON o.id = r.offer_id
          JOIN procurement_package p ON p.id = o.package_id WHERE o.state <> 'withdrawn'
        UNION ALL
        SELECT f.supplier_id, a.package_id, a.decided_on FROM fresh f
          JOIN procurement_award a ON a.supplier_id = f.supplier_id
         WHERE a.cancelled_at IS NULL
    ) sign_of
     WHERE NOT EXISTS (SELECT FROM first_one x
                        WHERE x.supplier_id = sign_of.supplier_id AND x.package_id = sign_of.package_id)
     GROUP BY supplier_id
),
judged AS (
    SELECT f.*, least(f.own, CAST(a.since AS date)) AS elsewhere FROM fresh f LEFT JOIN acted a USING (supplier_id)
)
SELECT DISTINCT ON (p.id) 'package' AS subject, p.ocid AS key, p.id AS process, g.value_rupiah::float8 AS value,
       jsonb_build_object('supplier', 'ID-KALTIM-PENYEDIA-' || g.supplier_id, 'name', g.name,
                          'known_since', least(g.elsewhere, g.at_the_latest), 'signed', g.signed_on,
                          'contract', g.value_rupiah) AS evidence
  FROM judged g JOIN fact_process p ON p.id = g.package_id CROSS JOIN record r
 WHERE g.signed_on - least(g.elsewhere, g.at_the_latest) <= %(days)s
   AND (g.elsewhere IS NOT NULL OR r.since <= g.signed_on - %(days)s)
 ORDER BY p.id, g.value_rupiah DESC, g.supplier_id
