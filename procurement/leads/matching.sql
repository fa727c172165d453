-- Who might be connected with whom. `person`: officials and parties they declared; `company`: suppliers and people behind them.
CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT 'o' || u.id AS mark, u.id AS official, NULL::bigint AS interest, procurement_name_key(u.full_name) AS name_key,
       coalesce(f.identity_hash, '') AS hash, coalesce(f.phone_key, '') AS phone, coalesce(f.address_key, '') AS address,
       coalesce(f.account_key, '') AS account
  FROM accounts_user u LEFT JOIN procurement_officialprofile f ON f.user_id = u.id
 WHERE (f.id IS NOT NULL OR EXISTS (SELECT 1 FROM procurement_officer o WHERE o.user_id = u.id AND o.removed_at IS NULL))
   AND (%(people)s::bigint[] IS NULL OR u.id = ANY (%(people)s::bigint[]))
UNION ALL
SELECT DISTINCT ON (d.declarer_id, i.party_name_key, i.party_identity_hash)
       'd' || d.declarer_id || ':' || left(md5(i.party_name_key || '|' || i.party_identity_hash), 16), d.declarer_id, i.id, i.party_name_key,
       i.party_identity_hash, '', '', ''
  FROM procurement_interest i JOIN procurement_declaration d ON d.id = i.declaration_id
 WHERE d.superseded_at IS NULL AND (%(people)s::bigint[] IS NULL OR d.declarer_id = ANY (%(people)s::bigint[]))
 ORDER BY 5, 4, 1;

CREATE TEMP TABLE company ON COMMIT DROP AS
SELECT s.id AS supplier, 'company' AS who, s.name AS written, s.name_key, s.tax_number_hash AS hash
  FROM procurement_supplier s
 WHERE s.merged_into_id IS NULL AND (%(suppliers)s::bigint[] IS NULL OR s.id = ANY (%(suppliers)s::bigint[]))
UNION ALL
SELECT p.supplier_id, p.role, p.name, p.name_key, p.identity_hash
  FROM procurement_supplierperson p JOIN procurement_supplier s ON s.id = p.supplier_id AND s.merged_into_id IS NULL
 WHERE p.until_day IS NULL AND (%(suppliers)s::bigint[] IS NULL OR s.id = ANY (%(suppliers)s::bigint[]));
ANALYZE person; ANALYZE company;

CREATE TEMP TABLE hit (mark text, supplier bigint, what text, detail text, score float8) ON COMMIT DROP;
INSERT INTO hit
SELECT p.mark, c.supplier, 'identity', c.who || ': ' || c.written, 1.0 FROM person p JOIN company c ON c.hash = p.hash WHERE p.hash <> '';
INSERT INTO hit
SELECT p.mark, k.supplier_id, k.kind, '', CASE k.kind WHEN 'account' THEN 0.9 WHEN 'phone' THEN 0.7 ELSE 0.5 END
  FROM person p JOIN procurement_suppliercontact k ON k.until_day IS NULL AND k.key <> ''
   AND ((k.kind = 'phone' AND k.key = p.phone) OR (k.kind = 'address' AND k.key = p.address) OR (k.kind = 'account' AND k.key = p.account))
  JOIN procurement_supplier s ON s.id = k.supplier_id AND s.merged_into_id IS NULL
 WHERE (%(suppliers)s::bigint[] IS NULL OR k.supplier_id = ANY (%(suppliers)s::bigint[]));

-- Names: equal keys, and keys that share a word which few others have; how similar those are is measured outside.
CREATE TEMP TABLE person_name ON COMMIT DROP AS SELECT DISTINCT name_key FROM person WHERE name_key <> '';
CREATE TEMP TABLE company_name ON COMMIT DROP AS SELECT DISTINCT name_key FROM company WHERE name_key <> '';
CREATE TEMP TABLE company_word ON COMMIT DROP AS
SELECT word, name_key FROM (SELECT w AS word, name_key, count(*) OVER (PARTITION BY w) AS often
                              FROM company_name CROSS JOIN LATERAL unnest(string_to_array(name_key, ' ')) AS w WHERE length(w) > 2) words
 WHERE often <= %(rare)s;
ANALYZE person_name; ANALYZE company_name; ANALYZE company_word;
