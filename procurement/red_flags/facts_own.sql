-- The portal's own packages as the facts that the rules read. Amounts are floats here, as in JSON: rules compare
-- ratios.
-- `party` is the only (or first) organisation, `joint` all of them when there are several; text sorts by bytes,
-- which is quick.
-- A cancelled process has no bids here: no rule looks at them. `is_again`: not the first such offer of the party in
-- this package (here a supplier offers once). What rules ask of every package stands first in its row, which is quicker
-- to read.
-- Who bought is whose the package was when the contract was signed, known by the first of its names: an OPD that was
-- only renamed is one buyer, and what is said of it keeps its key.
CREATE TEMP TABLE fact_process ON COMMIT DROP AS
SELECT p.id, p.state = 'cancelled' AS is_cancelled, p.state IN ('cancelled', 'failed') AS came_to_nothing,
       {is_compared} AS is_compared, p.is_framework, p.award_note <> '' AS is_explained,
       coalesce((p.announced_at AT TIME ZONE 'Asia/Makassar')::date, p.rup_published_on,
                make_date(p.fiscal_year, 1, 1)) AS day,
       p.fiscal_year AS year, p.fiscal_year::int AS budget_year, p.ceiling_rupiah::float8 AS ceiling,
       p.hps_rupiah::float8 AS hps, p.offers_from AS starts, p.offers_until AS ends, p.announced_at AS announced,
       p.rup_published_on AS rup_on,
       CASE coalesce(nullif(p.selection_method, ''), p.method)
            WHEN 'tender' THEN 'open' WHEN 'quick_tender' THEN 'selective' WHEN 'selection' THEN 'selective'
            WHEN 'direct_procurement' THEN 'limited' ELSE 'direct' END AS method,
       coalesce(nullif(p.selection_method, ''), p.method) AS used, p.method AS planned, p.kind,
       ('ocds-kaltim-' || p.rup_code) COLLATE "C" AS ocid,
       ('ID-KALTIM-OPD-' || y.first_id) COLLATE "C" AS buyer, ('ID-KALTIM-OPD-' || y.first_id) COLLATE "C" AS entity,
       'IDR' AS ceiling_currency, 'IDR' AS hps_currency, p.agency_id, p.designed_in_id AS designed_in,
       p.repeats_id AS repeats, p.kbki_code, p.name_key COLLATE "C" AS name_key, p.name, NULL::text AS ends_text
  FROM procurement_package p
  LEFT JOIN procurement_bought w ON w.package_id = p.id
  JOIN accounts_agencyname y ON y.agency_id = coalesce(w.agency_id, p.agency_id)
 WHERE {packages} AND {is_not_excluded};

CREATE TEMP TABLE fact_tenderers ON COMMIT DROP AS
SELECT package_id AS process, count(*) AS tenderers FROM procurement_offer WHERE state <> 'withdrawn'
 GROUP BY package_id;

-- The joint operations (KSO): who leads, the others, and all of them in an order that does not depend on who leads.
CREATE TEMP TABLE fact_joint ON COMMIT DROP AS
SELECT offer_id, package_id, leader, count(*) AS listed, array_agg(member ORDER BY member) AS members,
       array_agg(member ORDER BY member) FILTER (WHERE NOT leads) AS partners
  FROM (SELECT b.id AS offer_id, b.package_id, b.supplier_id AS leader, m.supplier_id = b.supplier_id AS leads,
               ('ID-KALTIM-PENYEDIA-' || m.supplier_id) COLLATE "C" AS member
          FROM (SELECT offer_id, supplier_id FROM procurement_offerpartner
                UNION
                SELECT r.offer_id, o.supplier_id
                  FROM procurement_offerpartner r JOIN procurement_offer o ON o.id = r.offer_id) m
          JOIN procurement_offer b ON b.id = m.offer_id) named
 GROUP BY offer_id, package_id, leader
HAVING count(*) > 1;

CREATE TEMP TABLE fact_bid ON COMMIT DROP AS
SELECT o.package_id AS process, o.id AS position, o.state AS status, o.amount_rupiah::float8 AS amount,
       CASE WHEN o.amount_rupiah IS NOT NULL THEN 'IDR' END AS currency, o.handed_in_at AS at, NULL::text AS at_text,
       ('ID-KALTIM-PENYEDIA-' || o.supplier_id) COLLATE "C" AS party, j.members AS joint,
       coalesce(j.listed, 1) AS listed, false AS is_again
  FROM procurement_offer o
  JOIN fact_process f ON f.id = o.package_id AND NOT f.is_cancelled
  LEFT JOIN fact_joint j ON j.offer_id = o.id;

CREATE TEMP TABLE fact_award ON COMMIT DROP AS
SELECT a.package_id AS process, a.id AS position,
       CASE WHEN a.cancelled_at IS NULL THEN 'active' ELSE 'cancelled' END AS status,
       ('ID-KALTIM-PENYEDIA-' || a.supplier_id) COLLATE "C" AS party,
       j.members AS joint, coalesce(j.listed, 1) AS listed,
       a.amount_rupiah::float8 AS amount
  FROM procurement_award a
  JOIN fact_process f ON f.id = a.package_id
  LEFT JOIN fact_joint j ON j.package_id = a.package_id AND j.leader = a.supplier_id;

CREATE TEMP TABLE fact_item ON COMMIT DROP AS
SELECT a.process, a.party AS supplier, f.kbki_code AS code
  FROM fact_award a JOIN fact_process f ON f.id = a.process
 WHERE a.status = 'active' AND a.listed = 1 AND f.kbki_code <> '';

-- Of packages that came to something. `suppliers`: each member of a joint operation. `value_most`: the highest that
-- the contract ever was.
CREATE TEMP TABLE fact_contract ON COMMIT DROP AS
SELECT c.package_id AS process, c.number AS key, ('ID-KALTIM-PENYEDIA-' || c.supplier_id) COLLATE "C" AS supplier,
       ARRAY[('ID-KALTIM-PENYEDIA-' || c.supplier_id) COLLATE "C"] || j.partners AS suppliers,
       c.signed_on AS signed, 'IDR' AS currency,
       c.value_rupiah::float8 AS value, coalesce(d.value, c.value_rupiah)::float8 AS value_now,
       greatest(d.most, c.value_rupiah)::float8 AS value_most
  FROM procurement_contract_in_force c
  JOIN fact_process f ON f.id = c.package_id AND NOT f.came_to_nothing
  LEFT JOIN (SELECT contract_id, (array_agg(value_rupiah ORDER BY number DESC))[1] AS value, max(value_rupiah) AS most
               FROM procurement_addendum GROUP BY contract_id) d
    ON d.contract_id = c.id
  LEFT JOIN fact_joint j ON j.package_id = c.package_id AND j.leader = c.supplier_id;

-- Who is behind a supplier, from one day to another: the supplier itself, its people, and whoever is behind a company
-- that holds more than half of its shares. `controls`: a post in it, or more than half of the shares.
CREATE TEMP TABLE fact_tie ON COMMIT DROP AS
WITH RECURSIVE person AS MATERIALIZED (
    SELECT t.supplier_id AS supplier, t.identity_hash AS hash, t.role, t.from_day, t.until_day,
           -- Several holdings of one person are one.
           t.role <> 'owner' OR (
               SELECT sum(x.share_percent) FROM procurement_supplierperson x
                WHERE x.supplier_id = t.supplier_id AND x.identity_hash = t.identity_hash AND x.role = 'owner'
                  AND daterange(x.from_day, x.until_day, '[]') && daterange(t.from_day, t.until_day, '[]')) > 50
               AS controls
      FROM procurement_supplierperson t WHERE t.identity_hash <> ''
),
company AS (
    SELECT id AS supplier, tax_number_hash AS hash FROM procurement_supplier
     WHERE tax_number_hash <> '' AND merged_into_id IS NULL
),
holding AS MATERIALIZED (
    SELECT c.supplier AS parent, p.supplier AS child, p.from_day, p.until_day
      FROM person p JOIN company c ON c.hash = p.hash
     WHERE p.role IN ('owner', 'beneficial_owner') AND p.controls AND c.supplier <> p.supplier
),
tie AS (
    SELECT supplier, hash, role::text, from_day, until_day, coalesce(controls, false) AS controls FROM person
    UNION
    SELECT supplier, hash, 'company', NULL, NULL, true FROM company
    UNION
    SELECT h.child, t.hash, t.role, greatest(t.from_day, h.from_day), least(t.until_day, h.until_day), true
      FROM tie t JOIN holding h ON h.parent = t.supplier AND t.controls AND h.child <> t.supplier
)
SELECT supplier, hash, role, coalesce(from_day, date '-infinity') AS from_day,
       coalesce(until_day, date 'infinity') AS until_day, controls FROM tie;

-- Of all that offered, won or signed, whom a rule may have something to say about: put down once, so that no rule
-- works out the whole view again.
CREATE TEMP TABLE fact_member ON COMMIT DROP AS
WITH shared AS (
    SELECT kind, key FROM procurement_suppliercontact WHERE key <> '' GROUP BY kind, key
    HAVING min(supplier_id) <> max(supplier_id)
),
held_by_one AS (
    SELECT hash FROM fact_tie WHERE controls GROUP BY hash HAVING min(supplier) <> max(supplier)
    UNION SELECT identity_hash FROM procurement_officialprofile WHERE identity_hash <> ''
    UNION SELECT party_identity_hash FROM procurement_interest WHERE party_identity_hash <> ''
),
told AS MATERIALIZED (
    SELECT c.supplier_id FROM procurement_suppliercontact c JOIN shared s ON s.kind = c.kind AND s.key = c.key
    UNION SELECT t.supplier FROM fact_tie t JOIN held_by_one h ON h.hash = t.hash
    UNION SELECT supplier_id FROM procurement_blacklisting
    UNION SELECT supplier_id FROM procurement_offerpartner
),
designed AS MATERIALIZED (
    SELECT id FROM fact_process WHERE designed_in IS NOT NULL
    UNION SELECT designed_in FROM fact_process WHERE designed_in IS NOT NULL
)
SELECT DISTINCT * FROM procurement_member
 WHERE supplier_id IN (SELECT supplier_id FROM told) OR package_id IN (SELECT id FROM designed);
