-- title = "Bidders with something in common"
-- explanation = """\
-- Bidders of one package, or members of theirs, share an address, telephone, mailbox or account, or are in the hands \
-- of the same person by a post or by shares."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf a, f"
-- own_only = true
-- [parameters]
-- at_most = { label = "suppliers that share it, at most", default = 10, at_least = 2 }
-- [evidence]
-- pairs = "pairs"
-- one = "one"
-- other = "other"
-- shares = "shares"

-- What two bidders of one package had in common on the days of their offers. A contact that very many share (a mailbox
-- service, a call centre) says nothing; a person is one however many suppliers they are behind.
WITH trait AS MATERIALIZED (
    SELECT supplier_id AS supplier, kind, key, kind AS what, coalesce(from_day, date '-infinity') AS from_day,
           coalesce(until_day, date 'infinity') AS until_day
      FROM procurement_suppliercontact WHERE key <> ''
    UNION ALL
    SELECT supplier, 'control', hash, CASE WHEN role IN ('owner', 'company') THEN role ELSE 'person' END, from_day,
           until_day
      FROM fact_tie WHERE controls
),
telling AS MATERIALIZED (
    SELECT kind, key FROM trait GROUP BY kind, key
    HAVING min(supplier) <> max(supplier) AND (kind = 'control' OR count(DISTINCT supplier) <= %(at_most)s)
),
side AS MATERIALIZED (
    SELECT DISTINCT m.package_id, m.bidder_id, m.supplier_id, t.kind, t.key, t.what
      FROM telling g JOIN trait t ON t.kind = g.kind AND t.key = g.key
      JOIN fact_member m ON m.supplier_id = t.supplier AND m.what = 'offer'
       AND m.day BETWEEN t.from_day AND t.until_day
),
pair AS (
    SELECT a.package_id, a.supplier_id AS one, b.supplier_id AS other, w.what
      FROM side a JOIN side b ON b.package_id = a.package_id AND b.kind = a.kind AND b.key = a.key
       AND b.bidder_id > a.bidder_id AND b.supplier_id <> a.supplier_id
      CROSS JOIN LATERAL (VALUES (a.what), (b.what)) AS w (what)
    UNION
    -- One supplier that offers twice: alone and in a joint operation, or in two of them.
    SELECT o.package_id, r.supplier_id, r.supplier_id, 'company'
      FROM procurement_offerpartner r JOIN procurement_offer o ON o.id = r.offer_id AND o.state <> 'withdrawn'
      JOIN fact_member m ON m.package_id = o.package_id AND m.supplier_id = r.supplier_id AND m.what = 'offer'
       AND m.bidder_id <> o.supplier_id
),
told AS (
    SELECT package_id, one, other, jsonb_agg(DISTINCT what ORDER BY what) AS shares FROM pair
     GROUP BY package_id, one, other
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_build_object('pairs', jsonb_agg(
           jsonb_build_object('one', s.name, 'other', z.name, 'shares', t.shares) ORDER BY s.id, z.id)) AS evidence
  FROM told t JOIN fact_process p ON p.id = t.package_id
  JOIN procurement_supplier s ON s.id = t.one JOIN procurement_supplier z ON z.id = t.other
 GROUP BY p.ocid, p.id
