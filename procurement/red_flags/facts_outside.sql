-- Compiled releases of others as the same facts. Whatever has another type than OCDS says is as good as not there.
CREATE TEMP TABLE release ON COMMIT DROP AS
SELECT r.id, r.ocid, r.release,
       CASE WHEN jsonb_typeof(r.release->'tender') = 'object' THEN r.release->'tender' ELSE '{{}}' END AS tender
  FROM procurement_outsiderelease r WHERE r.dataset_id = %(dataset)s AND {packages}
   AND {is_not_excluded};

CREATE TEMP TABLE fact_process ON COMMIT DROP AS
SELECT r.id, r.ocid COLLATE "C" AS ocid, NULL::bigint AS agency_id,
       CASE WHEN jsonb_typeof(r.release->'buyer'->'id') IN ('string', 'number')
            THEN r.release->'buyer'->>'id' END COLLATE "C" AS buyer,
       CASE WHEN jsonb_typeof(r.tender->'procuringEntity'->'id') IN ('string', 'number')
            THEN r.tender->'procuringEntity'->>'id' END COLLATE "C" AS entity,
       CASE WHEN jsonb_typeof(r.tender->'procurementMethod') = 'string' THEN r.tender->>'procurementMethod' END
           AS method,
       CASE WHEN jsonb_typeof(r.tender->'procurementMethodDetails') = 'string'
            THEN r.tender->>'procurementMethodDetails' END AS used,
       coalesce(CASE WHEN jsonb_typeof(r.release->'planning'->'procurementMethodDetails') = 'string'
                     THEN r.release->'planning'->>'procurementMethodDetails' END,
                CASE WHEN jsonb_typeof(r.tender->'procurementMethodDetails') = 'string'
                     THEN r.tender->>'procurementMethodDetails' END) AS planned,
       coalesce(r.tender->>'status' = 'cancelled', false) AS is_cancelled,
       coalesce(r.tender->>'status' IN ('cancelled', 'unsuccessful'), false) AS came_to_nothing,
       m.starts, m.ends,
       CASE WHEN jsonb_typeof(r.tender->'tenderPeriod'->'endDate') = 'string'
            THEN r.tender->'tenderPeriod'->>'endDate' END AS ends_text,
       coalesce(m.budget_year, extract(year FROM coalesce(m.starts, m.ends, m.dated) AT TIME ZONE 'Asia/Makassar')::int
       ) AS year,
       -- OCDS has one word for services; consulting ones stand among the additional categories.
       CASE WHEN r.tender->>'mainProcurementCategory' <> 'services' THEN r.tender->>'mainProcurementCategory'
            WHEN r.tender->'additionalProcurementCategories' ? 'consultingServices' THEN 'consulting'
            WHEN r.tender ? 'mainProcurementCategory' THEN 'other_services' END AS kind, r.tender->>'title' AS name,
       procurement_name_key(left(r.tender->>'title', 300)) COLLATE "C" AS name_key,
       m.ceiling, m.hps, m.ceiling_currency, m.hps_currency, m.budget_year, m.rup_on,
       coalesce(m.noticed, m.published, m.starts) AS announced,
       coalesce(jsonb_typeof(r.tender->'awardCriteria') = 'string'
           AND r.tender->>'awardCriteria' NOT IN ('priceOnly', 'lowestCost'), false) AS is_explained,
       coalesce(r.tender->'techniques'->>'hasFrameworkAgreement' = 'true', false) AS is_framework,
       NULL::bigint AS designed_in,
       earlier.id AS repeats,
       ''::text AS kbki_code,
       coalesce((coalesce(m.noticed, m.published) AT TIME ZONE 'Asia/Makassar')::date, m.rup_on,
                make_date(m.budget_year, 1, 1),
                (coalesce(m.starts, m.dated) AT TIME ZONE 'Asia/Makassar')::date) AS day,
       {is_compared} AS is_compared
  FROM release r
  CROSS JOIN LATERAL (SELECT procurement_moment(r.tender->'tenderPeriod'->>'startDate') AS starts,
                             procurement_moment(r.tender->'tenderPeriod'->>'endDate') AS ends,
                             procurement_moment(r.tender->>'datePublished') AS published,
                             procurement_moment(r.release->>'date') AS dated,
                             procurement_amount(r.release->'planning'->'budget'->'amount'->'amount') AS ceiling,
                             r.release->'planning'->'budget'->'amount'->>'currency' AS ceiling_currency,
                             procurement_amount(r.tender->'value'->'amount') AS hps,
                             r.tender->'value'->>'currency' AS hps_currency,
                             (SELECT min(procurement_moment(d->>'datePublished'))
                                FROM jsonb_path_query(r.tender, '$.documents[*]') AS d
                               WHERE d->>'documentType' = 'tenderNotice') AS noticed,
                             (SELECT min((procurement_moment(d->>'datePublished') AT TIME ZONE 'Asia/Makassar')::date)
                                FROM jsonb_path_query(r.release, '$.planning.documents[*]') AS d
                               WHERE d->>'documentType' = 'procurementPlan') AS rup_on,
                             (SELECT min(extract(year FROM procurement_moment(b->>'startDate')
                                                 AT TIME ZONE 'Asia/Makassar'))::int
                                FROM jsonb_path_query(r.release, '$.planning.budget.budgetBreakdown[*].period') AS b)
                                 AS budget_year,
                             (SELECT min(x->>'identifier')
                                FROM jsonb_path_query(r.release, '$.relatedProcesses[*]') AS x
                               WHERE x->'relationship' ? 'unsuccessfulProcess' AND x->>'scheme' = 'ocid')
                                 AS repeats) m
  LEFT JOIN (SELECT ocid, min(id) AS id FROM release GROUP BY ocid) earlier ON earlier.ocid = m.repeats;

CREATE TEMP TABLE fact_tenderers ON COMMIT DROP AS
SELECT id AS process, (tender->>'numberOfTenderers')::bigint AS tenderers FROM release
 WHERE CASE WHEN jsonb_typeof(tender->'numberOfTenderers') = 'number'
            THEN tender->>'numberOfTenderers' ~ '^\d{{1,9}}$' END;

CREATE TEMP TABLE fact_bid ON COMMIT DROP AS
SELECT r.id AS process, b.position, b.bid->>'status' AS status, procurement_amount(b.bid->'value'->'amount') AS amount,
       CASE WHEN jsonb_typeof(b.bid->'value'->'currency') = 'string' THEN b.bid->'value'->>'currency' END AS currency,
       procurement_moment(b.bid->>'date') AS at,
       CASE WHEN jsonb_typeof(b.bid->'date') = 'string' THEN b.bid->>'date' END AS at_text,
       t.ids[1] COLLATE "C" AS party, CASE WHEN cardinality(t.ids) > 1 THEN t.ids END AS joint,
       CASE WHEN jsonb_typeof(b.bid->'tenderers') = 'array' THEN jsonb_array_length(b.bid->'tenderers') ELSE 0 END
           AS listed,
       row_number() OVER (PARTITION BY r.id, b.bid->>'status', t.ids, jsonb_array_length(
           CASE WHEN jsonb_typeof(b.bid->'tenderers') = 'array' THEN b.bid->'tenderers' ELSE '[]' END)
       ORDER BY b.position) > 1 AS is_again
  FROM release r
  CROSS JOIN LATERAL jsonb_array_elements(
       CASE WHEN jsonb_typeof(r.release->'bids'->'details') = 'array' THEN r.release->'bids'->'details' ELSE '[]' END
  ) WITH ORDINALITY AS b (bid, position)
  CROSS JOIN LATERAL (SELECT procurement_ids(b.bid->'tenderers') AS ids) t
 WHERE jsonb_typeof(b.bid->'status') = 'string' AND r.tender->>'status' IS DISTINCT FROM 'cancelled';

CREATE TEMP TABLE fact_award ON COMMIT DROP AS
SELECT r.id AS process, a.position, a.award->>'status' AS status, t.ids[1] COLLATE "C" AS party,
       CASE WHEN cardinality(t.ids) > 1 THEN t.ids END AS joint,
       CASE WHEN jsonb_typeof(a.award->'suppliers') = 'array' THEN jsonb_array_length(a.award->'suppliers') ELSE 0 END
           AS listed,
       procurement_amount(a.award->'value'->'amount') AS amount
  FROM release r
  CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(r.release->'awards') = 'array' THEN r.release->'awards'
                                               ELSE '[]' END)
       WITH ORDINALITY AS a (award, position)
  CROSS JOIN LATERAL (SELECT procurement_ids(a.award->'suppliers') AS ids) t
 WHERE jsonb_typeof(a.award->'status') = 'string';

CREATE TEMP TABLE fact_item ON COMMIT DROP AS
SELECT r.id AS process, (procurement_ids(a->'suppliers'))[1] COLLATE "C" AS supplier, i->'classification'->>'id' AS code
  FROM release r
  CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(r.release->'awards') = 'array' THEN r.release->'awards'
                                               ELSE '[]' END) AS a
  CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(a->'items') = 'array' THEN a->'items' ELSE '[]' END)
      AS i
 WHERE a->>'status' = 'active' AND jsonb_typeof(a->'suppliers') = 'array' AND jsonb_array_length(a->'suppliers') = 1
   AND cardinality(procurement_ids(a->'suppliers')) = 1 AND jsonb_typeof(i->'classification'->'id') = 'string';

CREATE TEMP TABLE fact_contract ON COMMIT DROP AS
SELECT r.id AS process, coalesce(c->>'id', '') AS key,
       (procurement_ids(a.award->'suppliers'))[1] COLLATE "C" AS supplier,
       procurement_ids(a.award->'suppliers') AS suppliers,
       (procurement_moment(c->>'dateSigned') AT TIME ZONE 'Asia/Makassar')::date AS signed,
       c->'value'->>'currency' AS currency,
       -- `value` is what was signed, where the amendments tell what it was before the first of them.
       coalesce(procurement_amount(jsonb_path_query_first(
                    c, '$.amendments[0].changes[*] ? (@.property == "value.amount").former_value')),
                procurement_amount(c->'value'->'amount')) AS value,
       procurement_amount(c->'value'->'amount') AS value_now,
       greatest(procurement_amount(c->'value'->'amount'),
                (SELECT max(procurement_amount(former)) FROM jsonb_path_query(
                    c, '$.amendments[*].changes[*] ? (@.property == "value.amount").former_value') AS former))
           AS value_most
  FROM release r
  CROSS JOIN LATERAL jsonb_array_elements(CASE
                                               WHEN jsonb_typeof(r.release->'contracts') = 'array'
                                                   THEN r.release->'contracts' ELSE '[]' END) AS c
  LEFT JOIN LATERAL (SELECT award FROM jsonb_array_elements(
                        CASE WHEN jsonb_typeof(r.release->'awards') = 'array' THEN r.release->'awards' ELSE '[]' END)
                    AS award
                      WHERE award->>'id' = c->>'awardID' LIMIT 1) a ON true;
