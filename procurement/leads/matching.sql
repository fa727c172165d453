-- Who might be connected with whom. `person`: officials and parties they declared; `company`: suppliers and people
-- behind them.

-- name: candidates
CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT 'o' || u.id AS mark, u.id AS official, NULL::bigint AS interest, procurement_name_key(u.full_name) AS name_key,
       coalesce(f.identity_hash, '') AS hash, coalesce(f.phone_key, '') AS phone,
       coalesce(f.address_key, '') AS address,
       coalesce(f.account_key, '') AS account
  FROM accounts_user u LEFT JOIN procurement_officialprofile f ON f.user_id = u.id
 WHERE (f.id IS NOT NULL OR EXISTS (SELECT 1 FROM procurement_officer o
                                    WHERE o.user_id = u.id AND o.removed_at IS NULL))
   AND (%(people)s::bigint[] IS NULL OR u.id = ANY (%(people)s::bigint[]))
UNION ALL
SELECT DISTINCT ON (d.declarer_id, i.party_name_key, i.party_identity_hash)
       'd' || d.declarer_id || ':' || left(md5(i.party_name_key || '|' || i.party_identity_hash), 16), d.declarer_id,
       i.id, i.party_name_key,
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
SELECT p.mark, c.supplier, 'identity', c.who || ': ' || c.written, 1.0 FROM person p JOIN company c ON c.hash = p.hash
  WHERE p.hash <> '';
INSERT INTO hit
SELECT p.mark, k.supplier_id, k.kind, '', CASE k.kind WHEN 'account' THEN 0.9 WHEN 'phone' THEN 0.7 ELSE 0.5 END
  FROM person p JOIN procurement_suppliercontact k ON k.until_day IS NULL AND k.key <> ''
   AND ((k.kind = 'phone' AND k.key = p.phone) OR (k.kind = 'address' AND k.key = p.address)
        OR (k.kind = 'account' AND k.key = p.account))
  JOIN procurement_supplier s ON s.id = k.supplier_id AND s.merged_into_id IS NULL
 WHERE (%(suppliers)s::bigint[] IS NULL OR k.supplier_id = ANY (%(suppliers)s::bigint[]));

-- Names: equal keys, and keys that share a word which few others have; how similar those are is measured outside.
CREATE TEMP TABLE person_name ON COMMIT DROP AS SELECT DISTINCT name_key FROM person WHERE name_key <> '';
CREATE TEMP TABLE company_name ON COMMIT DROP AS SELECT DISTINCT name_key FROM company WHERE name_key <> '';
CREATE TEMP TABLE company_word ON COMMIT DROP AS
SELECT word, name_key FROM (SELECT w AS word, name_key, count(*) OVER (PARTITION BY w) AS often
                              FROM company_name CROSS JOIN LATERAL unnest(string_to_array(name_key, ' ')) AS w
                              WHERE length(w) > 2) words
 WHERE often <= %(rare)s;
ANALYZE person_name; ANALYZE company_name; ANALYZE company_word;

-- name: pairs_of_names
-- Names that share a word which few others have.
SELECT DISTINCT p.name_key, c.name_key
  FROM person_name p CROSS JOIN LATERAL unnest(string_to_array(p.name_key, ' ')) AS w
  JOIN company_word c ON c.word = w AND c.name_key <> p.name_key
 WHERE abs(length(p.name_key) - length(c.name_key)) <= 12

-- name: hits_by_name
INSERT INTO hit SELECT p.mark, c.supplier, 'name', c.who || ': ' || c.written, a.score
  FROM alike a JOIN person p ON p.name_key = a.one JOIN company c ON c.name_key = a.other

-- name: members
-- Who offered, won or signed, member by member: of everything, of the packages of some suppliers, or of those that hits
-- are about.
CREATE TEMP TABLE member ON COMMIT DROP AS
SELECT * FROM procurement_member
 WHERE CASE WHEN %(suppliers)s::bigint[] IS NOT NULL
            THEN package_id IN (SELECT package_id FROM procurement_member
                                 WHERE supplier_id = ANY (%(suppliers)s::bigint[]))
            WHEN %(people)s::bigint[] IS NOT NULL THEN supplier_id IN (SELECT supplier FROM hit) ELSE true END;
CREATE INDEX ON member (supplier_id);
CREATE INDEX ON member (package_id);
ANALYZE member

-- name: bidders
-- Rivals for one package, or members of theirs, that shared a trait which only few have when they offered.
INSERT INTO hit
WITH trait AS MATERIALIZED (
    SELECT supplier_id, kind AS what, key,
           CASE kind WHEN 'account' THEN 0.95 WHEN 'phone' THEN 0.7 ELSE 0.5 END AS score, from_day, until_day
      FROM procurement_suppliercontact WHERE key <> ''
    UNION
    SELECT supplier_id, CASE WHEN role = 'owner' THEN 'owner' ELSE 'person' END, identity_hash, 0.9, from_day, until_day
      FROM procurement_supplierperson
      WHERE identity_hash <> '' AND (role <> 'owner' OR share_percent > 50)
    UNION
    SELECT supplier_id, 'name', name_key, %(name_equal)s, from_day, until_day
      FROM procurement_supplierperson WHERE name_key <> ''
),
telling AS (SELECT what, key FROM trait GROUP BY what, key
            HAVING count(DISTINCT supplier_id) BETWEEN 2 AND %(at_most)s),
linked AS MATERIALIZED (
    SELECT DISTINCT a.supplier_id AS one, b.supplier_id AS other, a.what, a.score,
           daterange(a.from_day, a.until_day, '[]') AS days_of_one,
           daterange(b.from_day, b.until_day, '[]') AS days_of_other
      FROM telling t JOIN trait a ON a.what = t.what AND a.key = t.key
        JOIN trait b ON b.what = t.what AND b.key = t.key AND a.supplier_id < b.supplier_id
)
SELECT 'b' || l.other, l.one, l.what, '', l.score
  FROM linked l
 WHERE EXISTS (SELECT 1 FROM member a
               JOIN member b ON b.package_id = a.package_id AND b.supplier_id = l.other
                   AND b.what = 'offer' AND b.bidder_id <> a.bidder_id AND b.day <@ l.days_of_other
                WHERE a.supplier_id = l.one AND a.what = 'offer' AND a.day <@ l.days_of_one)
   AND (%(suppliers)s::bigint[] IS NULL OR l.one = ANY (%(suppliers)s::bigint[])
        OR l.other = ANY (%(suppliers)s::bigint[]))

-- name: meetings
-- Packages in which the two sides of a hit met.
CREATE TEMP TABLE meeting ON COMMIT DROP AS
SELECT h.mark, h.supplier, max(m.package_id) AS package, count(DISTINCT m.package_id) AS packages
  FROM (SELECT DISTINCT mark, supplier FROM hit) h
  LEFT JOIN person p ON p.mark = h.mark
  JOIN LATERAL (
       SELECT o.package_id FROM procurement_officer o
         JOIN member b ON b.package_id = o.package_id AND b.supplier_id = h.supplier
        WHERE p.official IS NOT NULL AND o.user_id = p.official AND o.removed_at IS NULL
       UNION ALL
       SELECT a.package_id FROM member a
         JOIN member b ON b.package_id = a.package_id AND b.what = 'offer' AND b.bidder_id <> a.bidder_id
        WHERE h.mark LIKE 'b%%' AND a.supplier_id = h.supplier AND a.what = 'offer'
            AND b.supplier_id = substr(h.mark, 2)::bigint
  ) m ON true
 GROUP BY h.mark, h.supplier

-- name: leads
-- Names only count where the two met in a package, or where the name is long, or where a declared party is a
-- supplier's name.
CREATE TEMP TABLE found ON COMMIT DROP AS
SELECT h.mark || ':s' || h.supplier AS fingerprint, p.official, p.interest, h.supplier,
       CASE WHEN h.mark LIKE 'b%%' THEN substr(h.mark, 2)::bigint END AS other, m.package,
       least(1 - exp(sum(ln(1 - least(h.score, 0.999)))),
             CASE WHEN bool_and(h.what = 'name') THEN %(name_only)s ELSE 1 END) AS score,
       jsonb_agg(jsonb_build_object('what', h.what, 'detail', h.detail, 'score', h.score) ORDER BY h.score DESC, h.what)
           || CASE WHEN m.packages IS NULL THEN '[]'::jsonb
                   ELSE jsonb_build_array(jsonb_build_object('what', 'met', 'packages', m.packages)) END AS evidence
  FROM (SELECT mark, supplier, what, max(detail) AS detail, max(score) AS score FROM hit
        GROUP BY mark, supplier, what) h
  LEFT JOIN person p ON p.mark = h.mark
  LEFT JOIN meeting m ON m.mark = h.mark AND m.supplier = h.supplier
 GROUP BY h.mark, h.supplier, p.official, p.interest, p.name_key, m.package, m.packages
HAVING bool_or(h.what <> 'name') OR m.package IS NOT NULL OR max(h.score) >= %(name_equal)s AND (
       cardinality(string_to_array(p.name_key, ' ')) >= %(long_name)s OR p.interest IS NOT NULL
           AND bool_or(h.detail LIKE 'company:%%'));
INSERT INTO procurement_lead (fingerprint, official_id, interest_id, supplier_id, other_supplier_id, package_id, score,
                              evidence, found_at, state, note)
SELECT fingerprint, official, interest, supplier, other, package, round(score::numeric, 3)::float8, evidence, now(),
       'open', '' FROM found
ON CONFLICT (fingerprint) DO UPDATE
   SET score = excluded.score, evidence = excluded.evidence, package_id = excluded.package_id,
   interest_id = excluded.interest_id, closed_at = NULL
 WHERE procurement_lead.closed_at IS NOT NULL OR procurement_lead.evidence <> excluded.evidence
    OR procurement_lead.package_id IS DISTINCT FROM excluded.package_id
        OR procurement_lead.interest_id IS DISTINCT FROM excluded.interest_id

-- name: close
UPDATE procurement_lead l SET closed_at = now()
 WHERE l.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM found f WHERE f.fingerprint = l.fingerprint)
   AND (%(people)s::bigint[] IS NULL OR l.official_id = ANY (%(people)s::bigint[]))
   AND (%(suppliers)s::bigint[] IS NULL OR l.supplier_id = ANY (%(suppliers)s::bigint[])
        OR l.other_supplier_id = ANY (%(suppliers)s::bigint[]))
