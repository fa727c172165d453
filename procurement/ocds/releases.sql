-- One OCDS 1.1 release per package. The public edition names no individual: a supplier that is a person has no name
-- there.
SELECT p.id, p.ocid, json_strip_nulls(json_build_object(
    'ocid', p.ocid,
    'id', p.ocid || '-' || p.version,
    'date', p.updated_at,
    'tag', CASE WHEN %(compiled)s THEN json_build_array('compiled') ELSE to_json(array_remove(ARRAY[
        'planning', CASE WHEN p.announced_at IS NOT NULL THEN 'tender' END,
        CASE WHEN a.awards IS NOT NULL THEN 'award' END,
        CASE WHEN c.contracts IS NOT NULL THEN 'contract' END, CASE WHEN c.is_paid THEN 'implementation' END],
        NULL)) END,
    'initiationType', 'tender',
    'language', 'id',
    'parties', (SELECT json_agg(json_strip_nulls(json_build_object('id', party.id, 'name', party.name,
                                                                   'roles', party.roles)) ORDER BY party.rank, party.id)
                  FROM (SELECT 0 AS rank, p.buyer AS id, p.agency AS name,
                        json_build_array('buyer', 'procuringEntity') AS roles
                        UNION ALL
                        SELECT 1, 'ID-KALTIM-PENYEDIA-' || s.id,
                               CASE WHEN %(public)s AND s.kind = 'person' THEN NULL ELSE s.name END,
                               to_json(array_remove(ARRAY[
                               CASE WHEN bool_or(r.role = 'tenderer') THEN 'tenderer' END,
                               CASE WHEN bool_or(r.role = 'supplier') THEN 'supplier' END,
                               CASE WHEN bool_or(r.role = 'payee') THEN 'payee' END], NULL))
                          FROM (SELECT supplier_id, 'tenderer' AS role FROM procurement_offer WHERE package_id = p.id
                                UNION ALL SELECT r.supplier_id, 'tenderer' FROM procurement_offerpartner r
                                  JOIN procurement_offer o ON o.id = r.offer_id WHERE o.package_id = p.id
                                UNION ALL SELECT supplier_id, 'supplier' FROM procurement_award WHERE package_id = p.id
                                UNION ALL SELECT r.supplier_id, 'supplier' FROM procurement_offerpartner r
                                  JOIN procurement_offer o ON o.id = r.offer_id
                                  JOIN procurement_award w ON w.package_id = o.package_id
                                      AND w.supplier_id = o.supplier_id WHERE o.package_id = p.id
                                UNION ALL SELECT supplier_id,
                                CASE WHEN EXISTS (SELECT 1 FROM procurement_payment y WHERE y.contract_id = k.id)
                                     THEN 'payee' ELSE 'supplier' END
                                            FROM procurement_contract_in_force k WHERE package_id = p.id) r
                          JOIN procurement_supplier s ON s.id = r.supplier_id GROUP BY s.id, s.name, s.kind) party),
    'buyer', json_build_object('id', p.buyer, 'name', p.agency),
    'planning', json_build_object(
        'budget', json_strip_nulls(json_build_object(
            'id', p.sbl_code, 'description', p.sub_activity, 'project', p.program, 'projectID', p.program_code,
            'amount', json_build_object('amount', p.ceiling_rupiah, 'currency', 'IDR'),
            'budgetBreakdown', json_build_array(json_build_object(
                'id', '1', 'amount', json_build_object('amount', p.ceiling_rupiah, 'currency', 'IDR'),
                'period', json_build_object(
                    'startDate', make_date(p.fiscal_year, 1, 1)::timestamp AT TIME ZONE 'Asia/Makassar',
                    'endDate', make_date(p.fiscal_year, 12, 31)::timestamp AT TIME ZONE 'Asia/Makassar'))))),
        -- Where the selection was carried out otherwise, the method that was planned; `tender` has the other.
        'procurementMethodDetails', CASE WHEN p.method <> p.used THEN p.method END,
        'documents', CASE WHEN p.rup_published_on IS NOT NULL THEN json_build_array(json_build_object(
            'id', 'rup', 'documentType', 'procurementPlan',
            'datePublished', p.rup_published_on::timestamp AT TIME ZONE 'Asia/Makassar')) END),
    'tender', json_strip_nulls(json_build_object(
        'id', p.rup_code,
        'title', p.name,
        'status', CASE p.state WHEN 'planned' THEN 'planned' WHEN 'announced' THEN 'active'
                       WHEN 'cancelled' THEN 'cancelled'
                               WHEN 'failed' THEN 'unsuccessful' ELSE 'complete' END,
        'procuringEntity', json_build_object('id', p.buyer, 'name', p.agency),
        'items', CASE WHEN p.kbki_code <> '' THEN json_build_array(json_build_object('id', '1', 'description', p.name,
                                                       'classification', json_build_object(
                                                            'scheme', 'KBKI', 'id', p.kbki_code))) END,
        'value', CASE WHEN p.hps_rupiah IS NOT NULL
                      THEN json_build_object('amount', p.hps_rupiah, 'currency', 'IDR') END,
        'procurementMethod', CASE p.used WHEN 'tender' THEN 'open' WHEN 'quick_tender' THEN 'selective'
                                  WHEN 'selection' THEN 'selective'
                                         WHEN 'direct_procurement' THEN 'limited' ELSE 'direct' END,
        'procurementMethodDetails', p.used,
        'mainProcurementCategory', CASE p.kind WHEN 'goods' THEN 'goods' WHEN 'works' THEN 'works'
                                       WHEN 'integrated' THEN NULL ELSE 'services' END,
        'additionalProcurementCategories',
            CASE WHEN p.kind = 'consulting' THEN json_build_array('consultingServices') END,
        'techniques', CASE WHEN p.is_framework THEN json_build_object('hasFrameworkAgreement', true) END,
        'documents', CASE WHEN p.announced_at IS NOT NULL THEN json_build_array(json_build_object(
            'id', 'pengumuman', 'documentType', 'tenderNotice', 'datePublished', p.announced_at)) END,
        'awardCriteria', CASE WHEN p.award_note <> '' THEN 'ratedCriteria' END,
        'tenderPeriod', CASE WHEN coalesce(p.offers_from, p.offers_until) IS NOT NULL
                             THEN json_strip_nulls(json_build_object('startDate', p.offers_from,
                                                                     'endDate', p.offers_until)) END,
        'numberOfTenderers', nullif(b.tenderers, 0),
        'tenderers', b.organisations)),
    'bids', CASE WHEN b.bids IS NOT NULL THEN json_build_object('details', b.bids) END,
    'awards', a.awards,
    'contracts', c.contracts,
    'relatedProcesses', CASE WHEN p.repeated_code IS NOT NULL THEN json_build_array(json_build_object(
        'id', '1', 'relationship', json_build_array('unsuccessfulProcess'), 'scheme', 'ocid',
        'identifier', 'ocds-kaltim-' || p.repeated_code)) END
)) AS release
  FROM (SELECT p.*, 'ocds-kaltim-' || p.rup_code AS ocid, coalesce(nullif(p.selection_method, ''), p.method) AS used,
        'ID-KALTIM-OPD-' || g.id AS buyer,
               g.name AS agency, q.name AS program, n.code AS program_code, s.sbl_code, s.name AS sub_activity,
               (SELECT r.rup_code FROM procurement_package r WHERE r.id = p.repeats_id) AS repeated_code
          FROM procurement_package p LEFT JOIN procurement_bought h ON h.package_id = p.id
          JOIN accounts_agency g ON g.id = coalesce(h.agency_id, p.agency_id)
          LEFT JOIN programs_program q ON q.id = p.program_id
          LEFT JOIN programs_nomenclature n ON n.id = q.nomenclature_id
          LEFT JOIN programs_subactivity s ON s.id = p.sub_activity_id
         WHERE {packages}) p
  LEFT JOIN LATERAL (
       SELECT count(DISTINCT o.supplier_id) FILTER (WHERE o.state <> 'withdrawn') AS tenderers,
              json_agg(json_strip_nulls(json_build_object(
                  'id', o.id::text, 'date', o.handed_in_at, 'status', o.state,
                  'tenderers', (SELECT json_agg(json_strip_nulls(json_build_object('id', 'ID-KALTIM-PENYEDIA-' || t.id,
                                       'name', CASE WHEN %(public)s AND t.kind = 'person' THEN NULL ELSE t.name END))
                               ORDER BY t.id <> o.supplier_id, t.id)
                                  FROM procurement_supplier t
                                 WHERE t.id IN (SELECT o.supplier_id UNION ALL SELECT r.supplier_id
                                                FROM procurement_offerpartner r WHERE r.offer_id = o.id)),
                  'value', CASE WHEN o.amount_rupiah IS NOT NULL
                                THEN json_build_object('amount', o.amount_rupiah, 'currency', 'IDR') END))
                    ORDER BY o.id) AS bids,
              (SELECT json_agg(json_strip_nulls(json_build_object('id', 'ID-KALTIM-PENYEDIA-' || t.id,
                                                                  'name', CASE WHEN %(public)s AND t.kind = 'person'
                                                                          THEN NULL ELSE t.name END)) ORDER BY t.id)
                 FROM procurement_supplier t
                 WHERE t.id IN (SELECT supplier_id FROM procurement_offer f
                                WHERE f.package_id = p.id AND f.state <> 'withdrawn')) AS organisations
         FROM procurement_offer o WHERE o.package_id = p.id) b ON true
  LEFT JOIN LATERAL (
       SELECT json_agg(json_strip_nulls(json_build_object(
                  'id', w.mark, 'status', w.status, 'date', w.dated,
                  'value', CASE WHEN w.amount IS NOT NULL
                                THEN json_build_object('amount', w.amount, 'currency', 'IDR') END,
                  'suppliers', (SELECT json_agg(json_strip_nulls(json_build_object('id', 'ID-KALTIM-PENYEDIA-' || t.id,
                                       'name', CASE WHEN %(public)s AND t.kind = 'person' THEN NULL ELSE t.name END))
                               ORDER BY t.id <> w.supplier_id, t.id)
                                  FROM procurement_supplier t
                                 WHERE t.id IN (SELECT w.supplier_id UNION ALL SELECT r.supplier_id
                                                FROM procurement_offerpartner r
                                                  JOIN procurement_offer f ON f.id = r.offer_id
                                                  WHERE f.package_id = p.id AND f.supplier_id = w.supplier_id)),
                  'items', CASE WHEN p.kbki_code <> ''
                                THEN json_build_array(json_build_object('id', '1', 'description', p.name,
                                                                 'classification', json_build_object(
                                                                     'scheme', 'KBKI', 'id', p.kbki_code))) END))
                    ORDER BY w.mark) AS awards
         FROM (SELECT 'award-' || id AS mark,
               CASE WHEN cancelled_at IS NULL THEN 'active' ELSE 'cancelled' END AS status,
                      decided_on::timestamp AT TIME ZONE 'Asia/Makassar' AS dated, amount_rupiah AS amount, supplier_id
                 FROM procurement_award WHERE package_id = p.id
               UNION ALL
               SELECT 'award-k' || k.id, 'active', k.signed_on::timestamp AT TIME ZONE 'Asia/Makassar', k.value_rupiah,
                      k.supplier_id
                 FROM procurement_contract_in_force k WHERE k.package_id = p.id
                  AND NOT EXISTS (SELECT 1 FROM procurement_award x
                                  WHERE x.package_id = p.id AND x.supplier_id = k.supplier_id
                                      AND x.cancelled_at IS NULL)) w) a ON true
  LEFT JOIN LATERAL (
       SELECT bool_or(y.paid IS NOT NULL) AS is_paid,
              json_agg(json_strip_nulls(json_build_object(
                  'id', k.id::text,
                  'awardID', coalesce((SELECT 'award-' || min(x.id) FROM procurement_award x
                                        WHERE x.package_id = p.id AND x.supplier_id = k.supplier_id
                                            AND x.cancelled_at IS NULL), 'award-k' || k.id),
                  'title', k.number,
                  'status', CASE p.state WHEN 'completed' THEN 'terminated' WHEN 'cancelled' THEN 'cancelled'
                                 ELSE 'active' END,
                  'dateSigned', k.signed_on::timestamp AT TIME ZONE 'Asia/Makassar',
                  'period', CASE WHEN coalesce(k.starts_on, k.ends_on) IS NOT NULL
                                 THEN json_strip_nulls(json_build_object(
                      'startDate', k.starts_on::timestamp AT TIME ZONE 'Asia/Makassar',
                      'endDate', k.ends_on::timestamp AT TIME ZONE 'Asia/Makassar')) END,
                  'value', json_build_object('amount', coalesce(d.value, k.value_rupiah), 'currency', 'IDR'),
                  'amendments', d.amendments,
                  'implementation', CASE WHEN y.paid IS NOT NULL THEN json_build_object('transactions', y.paid) END))
          ORDER BY k.id) AS contracts
         FROM procurement_contract_in_force k
         LEFT JOIN LATERAL (SELECT (array_agg(value_rupiah ORDER BY number DESC))[1] AS value,
                            json_agg(json_build_object(
                                'id', number::text, 'date', signed_on::timestamp AT TIME ZONE 'Asia/Makassar',
                                'description', 'Adendum ' || number,
                                'changes', json_build_array(json_build_object(
                                    'property', 'value.amount', 'former_value', former))) ORDER BY number)
                                AS amendments
                              FROM (SELECT a.*, lag(a.value_rupiah, 1, k.value_rupiah) OVER (ORDER BY a.number)
                                        AS former
                                      FROM procurement_addendum a WHERE a.contract_id = k.id) addendum
                            HAVING count(*) > 0) d ON true
         LEFT JOIN LATERAL (SELECT json_agg(json_build_object('id', sp2d_number,
                                                              'date', paid_on::timestamp AT TIME ZONE 'Asia/Makassar',
                                       'value', json_build_object('amount', amount_rupiah, 'currency', 'IDR'),
                                       'payer', json_build_object('id', p.buyer, 'name', p.agency),
                                       'payee', json_strip_nulls(json_build_object(
                                           'id', 'ID-KALTIM-PENYEDIA-' || k.supplier_id))) ORDER BY paid_on, id) AS paid
                              FROM procurement_payment WHERE contract_id = k.id HAVING count(*) > 0) y ON true
        WHERE k.package_id = p.id) c ON true
 ORDER BY p.id
