-- title = "Bidders with something in common"
-- explanation = "Bidders of one package share an address, telephone, mailbox, account, director or owner."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf a, f"
-- own_only = true
-- [parameters]
-- at_most = { label = "suppliers that share it, at most", default = 10, at_least = 2 }
-- [evidence]
-- pairs = "pairs"
-- one = "one"
-- other = "other"
-- shares = "shares"

-- What two bidders of one package have in common; keys that very many share (a mailbox service, a call centre) say
-- nothing.
WITH trait AS MATERIALIZED (
    SELECT supplier_id, kind AS what, key FROM procurement_suppliercontact WHERE key <> '' AND until_day IS NULL
    UNION
    SELECT supplier_id, 'person', identity_hash FROM procurement_supplierperson
     WHERE identity_hash <> '' AND until_day IS NULL
         AND role IN ('director', 'commissioner', 'key_staff', 'beneficial_owner', 'manager')
    UNION
    SELECT supplier_id, 'owner', identity_hash FROM procurement_supplierperson
     WHERE identity_hash <> '' AND until_day IS NULL AND role = 'owner' AND share_percent > 50
),
telling AS (SELECT what, key FROM trait GROUP BY what, key HAVING count(*) BETWEEN 2 AND %(at_most)s),
linked AS MATERIALIZED (
    SELECT a.supplier_id AS one, b.supplier_id AS other, array_agg(DISTINCT a.what ORDER BY a.what) AS what
      FROM telling t JOIN trait a ON a.what = t.what AND a.key = t.key
        JOIN trait b ON b.what = t.what AND b.key = t.key AND a.supplier_id < b.supplier_id
     GROUP BY a.supplier_id, b.supplier_id
)
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, count(*)::float8 AS value,
       jsonb_build_object('pairs',
                          jsonb_agg(jsonb_build_object('one', s.name, 'other', z.name, 'shares', to_jsonb(l.what))))
                      AS evidence
  FROM linked l
  JOIN procurement_offer a ON a.supplier_id = l.one AND a.state <> 'withdrawn'
  JOIN procurement_offer b ON b.supplier_id = l.other AND b.package_id = a.package_id AND b.state <> 'withdrawn'
  JOIN fact_process p ON p.id = a.package_id
  JOIN procurement_supplier s ON s.id = l.one JOIN procurement_supplier z ON z.id = l.other
 GROUP BY p.ocid, p.id
