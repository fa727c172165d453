-- The standings of the chosen programmes at the end of each quarter. Only delivered, current reports count.
-- name: program_standing
INSERT INTO dashboards_programstanding (program_id, agency_id, domain_id, fiscal_year, quarter, budget_rupiah,
                                        planned_rupiah, spent_rupiah,
    ceremonial_rupiah, supporting_rupiah, direct_rupiah, achievement, people, reached, due, delivered, revised,
    matches, explain, deviates, no_reference, has_evidence, stands_still, state, reasons)
WITH chosen AS (
    SELECT p.id, p.agency_id, k.domain_id, p.fiscal_year, p.budget_rupiah, p.reports_from,
           p.evidence_series_id IS NOT NULL AS has_evidence,
           coalesce(p.problem_people, p.target_count, 0) AS people
      FROM programs_program p LEFT JOIN spm_servicekind k ON k.id = p.service_id
     WHERE p.id = ANY(%(programs)s) AND p.state = 'registered'
), report AS (
    SELECT r.id, r.program_id, r.kind, r.revision, lower(r.period) AS starts,
           extract(quarter FROM lower(r.period))::int AS quarter
      FROM programs_report r JOIN chosen c ON c.id = r.program_id
     WHERE r.is_current AND r.state = ANY(%(delivered)s) AND extract(year FROM lower(r.period)) = c.fiscal_year
), quarters AS (
    SELECT c.*, q AS quarter, (make_date(c.fiscal_year, q * 3, 1) + interval '1 month')::date AS ends
      FROM chosen c, generate_series(1, 4) q
), progress AS (  -- each sub-activity's figures, good until the next ones
    SELECT r.program_id, g.sub_activity_id, r.quarter, r.starts, g.financial_rupiah, g.planned_rupiah,
           row_number() OVER (PARTITION BY g.sub_activity_id, r.quarter ORDER BY r.starts DESC) AS back
      FROM report r JOIN programs_progress g ON g.report_id = r.id
      WHERE r.kind = 'month' AND g.financial_rupiah IS NOT NULL
), money AS (
    SELECT DISTINCT ON (q.id, q.quarter, g.sub_activity_id) q.id AS program_id, q.quarter, g.financial_rupiah,
           g.planned_rupiah
      FROM quarters q JOIN progress g ON g.program_id = q.id AND g.back = 1 AND g.quarter <= q.quarter
     ORDER BY q.id, q.quarter, g.sub_activity_id, g.quarter DESC
), spent AS (
    SELECT program_id, quarter, sum(financial_rupiah) AS spent, sum(planned_rupiah) AS planned FROM money GROUP BY 1, 2
), figure AS (
    SELECT r.program_id, r.quarter, v.indicator_id, v.region_id, v.value, v.verdict, v.category
      FROM report r JOIN programs_reportvalue v ON v.report_id = r.id WHERE r.kind = 'quarter' AND v.value IS NOT NULL
), verdict AS (
    SELECT program_id, quarter, count(*) FILTER (WHERE verdict = 'matches') AS matches,
           count(*) FILTER (WHERE verdict = 'explain') AS explain,
           count(*) FILTER (WHERE verdict = 'deviates') AS deviates,
           count(*) FILTER (WHERE verdict = 'no_reference') AS no_reference
      FROM figure GROUP BY 1, 2
), outcome AS (
    SELECT i.id, i.program_id, i.direction, i.baseline, i.target, i.band_low
      FROM programs_indicator i JOIN chosen c ON c.id = i.program_id WHERE i.level IN ('outcome', 'impact')
), measured AS (
    SELECT o.id, o.program_id, n.quarter, o.direction, o.band_low, o.baseline, n.value,
           coalesce(t.value, o.target) AS target
      FROM outcome o JOIN programs_measured(%(programs)s) n ON n.indicator_id = o.id
      JOIN chosen c ON c.id = o.program_id
      LEFT JOIN programs_indicatortarget t ON t.indicator_id = o.id
       AND t.period = daterange(make_date(c.fiscal_year, n.quarter * 3 - 2, 1),
                                (make_date(c.fiscal_year, n.quarter * 3, 1) + interval '1 month')::date)
), reached_target AS (  -- programs.reports.achievement, each cut to 0..100 so that no outcome hides another
    SELECT program_id, quarter,
           avg(CASE WHEN percent IS NOT NULL THEN least(greatest(percent, 0), 100) END) AS achievement,
           bool_and(moved <= 0) FILTER (WHERE moved IS NOT NULL) AS no_outcome_moved
      FROM (
        SELECT m.*, CASE
                 WHEN direction = 'band' AND band_low IS NULL THEN NULL
                 WHEN direction = 'band' AND value BETWEEN band_low AND target THEN 100
                 WHEN direction = 'band' THEN coalesce(
                     100 - abs(value - edge) * 100
                           / coalesce(nullif(abs(edge), 0), nullif(abs(target - band_low), 0)), 0)
                 ELSE coalesce(100 + ahead * 100 / coalesce(nullif(abs(target), 0), nullif(abs(baseline), 0)),
                               CASE WHEN ahead >= 0 THEN 100 ELSE 0 END) END AS percent,
               CASE direction WHEN 'band' THEN NULL WHEN 'minimise' THEN baseline - value ELSE value - baseline END
                   AS moved
          FROM (SELECT *, CASE WHEN value < band_low THEN band_low ELSE target END AS edge,
                       CASE direction WHEN 'minimise' THEN target - value ELSE value - target END AS ahead
                  FROM measured) m
      ) percents GROUP BY 1, 2
), spending AS (
    SELECT a.program_id, coalesce(sum(b.amount_rupiah) FILTER (WHERE b.spending_class = 'ceremonial'), 0) AS ceremonial,
           coalesce(sum(b.amount_rupiah) FILTER (WHERE b.spending_class = 'supporting'), 0) AS supporting,
           coalesce(sum(b.amount_rupiah) FILTER (WHERE b.spending_class = 'direct'), 0) AS direct
      FROM programs_budgetline b JOIN programs_subactivity s ON s.id = b.sub_activity_id
        JOIN programs_activity a ON a.id = s.activity_id
      JOIN chosen c ON c.id = a.program_id WHERE b.until_id IS NULL GROUP BY 1
), people AS (
    SELECT program_id, quarter, sum(people) AS reached FROM (
        SELECT DISTINCT ON (r.program_id, q.quarter, x.region_id) r.program_id, q.quarter, x.people
          FROM report r JOIN programs_recipients x ON x.report_id = r.id
            JOIN generate_series(1, 4) AS q (quarter) ON r.quarter <= q.quarter
         WHERE r.kind = 'quarter' AND x.people IS NOT NULL
         ORDER BY r.program_id, q.quarter, x.region_id, r.quarter DESC
    ) newest_people GROUP BY 1, 2
), sent AS (
    SELECT program_id, quarter, count(*) FILTER (WHERE kind = 'quarter') AS delivered,
           count(*) FILTER (WHERE revision > 0) AS revised
      FROM report GROUP BY 1, 2
), judged AS (
    SELECT q.*, s.planned, s.spent, coalesce(b.ceremonial, 0) AS ceremonial, coalesce(b.supporting, 0) AS supporting,
           coalesce(b.direct, 0) AS direct,
           t.achievement, e.reached, (q.ends <= %(today)s AND coalesce(q.reports_from < q.ends, true))::int AS due,
           coalesce(d.delivered, 0) AS delivered,
           coalesce(d.revised, 0) AS revised,
           coalesce(v.matches, 0) AS matches, coalesce(v.explain, 0) AS explain, coalesce(v.deviates, 0) AS deviates,
           coalesce(v.no_reference, 0) AS no_reference,
           coalesce(s.spent > 0 AND t.no_outcome_moved
                    AND b.ceremonial * 100 >= %(ceremonial)s * (b.ceremonial + b.supporting + b.direct)
                    AND b.ceremonial + b.supporting + b.direct > 0, false) AS stands_still,
           s.spent * 100 / nullif(s.planned, 0) AS of_plan, s.spent * 100 / nullif(q.budget_rupiah, 0) AS of_budget,
           -- the newest quarter that was due by now, no later than this one
           max(q.quarter) FILTER (WHERE q.ends <= %(today)s AND coalesce(q.reports_from < q.ends, true))
               OVER (PARTITION BY q.id ORDER BY q.quarter) AS newest_due,
           sum(coalesce(v.deviates, 0)) OVER (PARTITION BY q.id ORDER BY q.quarter) AS deviates_so_far
      FROM quarters q LEFT JOIN spent s ON s.program_id = q.id AND s.quarter = q.quarter
      LEFT JOIN reached_target t ON t.program_id = q.id AND t.quarter = q.quarter
      LEFT JOIN spending b ON b.program_id = q.id
      LEFT JOIN people e ON e.program_id = q.id AND e.quarter = q.quarter
      LEFT JOIN sent d ON d.program_id = q.id AND d.quarter = q.quarter
      LEFT JOIN verdict v ON v.program_id = q.id AND v.quarter = q.quarter
), reasoned AS (
    SELECT j.*, array_remove(ARRAY[
        CASE WHEN newest_due IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM report r WHERE r.program_id = j.id AND r.kind = 'quarter' AND r.quarter >= newest_due
                AND r.quarter <= j.quarter) THEN 'silent' END,
        CASE WHEN achievement IS NULL AND spent IS NULL THEN 'nothing' END,
        CASE WHEN achievement <= %(good)s THEN 'achievement' END,
        CASE WHEN of_plan <= %(good)s THEN 'spending' END,
        CASE WHEN deviates_so_far > 0 THEN 'deviating' END,
        CASE WHEN of_budget - achievement >= %(ahead)s THEN 'no_result' END], NULL) AS reasons
      FROM judged j
)
SELECT id, agency_id, domain_id, fiscal_year, quarter, budget_rupiah, planned, spent, ceremonial, supporting, direct,
       achievement, people, reached, due,
       delivered, revised, matches, explain, deviates, no_reference, has_evidence, stands_still,
       -- A report that is missing is a mark of its own: what is known decides.
       CASE WHEN reasons && ARRAY['nothing'] THEN 'no_data'
            WHEN achievement <= %(poor)s OR of_plan <= %(poor)s THEN 'off_track'
            WHEN cardinality(array_remove(reasons, 'silent')) > 0 THEN 'at_risk' ELSE 'on_track' END, reasons
  FROM reasoned;

-- Where the chosen programmes work and what they reported there.
-- name: region_tally
INSERT INTO dashboards_regiontally (program_id, region_id, agency_id, domain_id, fiscal_year, quarter, reaches, matches,
                                    explain, deviates, no_reference, people)
WITH chosen AS (
    SELECT p.id, p.agency_id, k.domain_id, p.fiscal_year FROM programs_program p
      LEFT JOIN spm_servicekind k ON k.id = p.service_id
     WHERE p.id = ANY(%(programs)s) AND p.state = 'registered'
), report AS (
    SELECT r.id, r.program_id, extract(quarter FROM lower(r.period))::int AS quarter FROM programs_report r
      JOIN chosen c ON c.id = r.program_id
     WHERE r.is_current AND r.kind = 'quarter' AND r.state = ANY(%(delivered)s)
         AND extract(year FROM lower(r.period)) = c.fiscal_year
), parts AS (
    SELECT c.id, m.region_id, q AS quarter, true AS reaches, 0 AS matches, 0 AS explain, 0 AS deviates,
           0 AS no_reference, 0 AS people
      FROM chosen c JOIN programs_program_regions m ON m.program_id = c.id, generate_series(1, 4) q
    UNION ALL
    SELECT r.program_id, v.region_id, r.quarter, false, (verdict = 'matches')::int, (verdict = 'explain')::int,
           (verdict = 'deviates')::int,
           (verdict = 'no_reference')::int, 0
      FROM report r JOIN programs_reportvalue v ON v.report_id = r.id WHERE v.value IS NOT NULL
    UNION ALL
    SELECT r.program_id, x.region_id, r.quarter, false, 0, 0, 0, 0, x.people
      FROM report r JOIN programs_recipients x ON x.report_id = r.id WHERE x.people IS NOT NULL
)
SELECT c.id, p.region_id, c.agency_id, c.domain_id, c.fiscal_year, p.quarter, bool_or(p.reaches), sum(p.matches),
       sum(p.explain), sum(p.deviates),
       sum(p.no_reference), sum(p.people)
  FROM parts p JOIN chosen c ON c.id = p.id
  GROUP BY c.id, p.region_id, c.agency_id, c.domain_id, c.fiscal_year, p.quarter;

-- The packages of the chosen OPD and years.
-- name: package_tally
INSERT INTO dashboards_packagetally (agency_id, domain_id, fiscal_year, packages, ceiling_rupiah, open, missing,
                                     missing_rupiah, held, flagged, flags,
    contracted, contracted_rupiah)
SELECT p.agency_id, k.domain_id, p.fiscal_year, count(*), sum(p.ceiling_rupiah),
       count(*) FILTER (WHERE p.state NOT IN ('cancelled', 'failed')),
       count(*) FILTER (WHERE p.lacks_declarations),
       coalesce(sum(p.ceiling_rupiah) FILTER (WHERE p.lacks_declarations), 0),
       count(*) FILTER (WHERE p.lacks_declarations AND p.state = 'planned'),
       count(*) FILTER (WHERE f.flags > 0), coalesce(sum(f.flags), 0),
       count(*) FILTER (WHERE p.state IN ('contracted', 'completed')),
       coalesce(sum(p.ceiling_rupiah) FILTER (WHERE p.state IN ('contracted', 'completed')), 0)
  FROM unnest(%(agencies)s::bigint[], %(years)s::int[]) AS chosen (agency_id, fiscal_year)
  JOIN procurement_package p ON p.agency_id = chosen.agency_id AND p.fiscal_year = chosen.fiscal_year
  LEFT JOIN programs_program g ON g.id = p.program_id LEFT JOIN spm_servicekind k ON k.id = g.service_id
  LEFT JOIN (SELECT package_id, count(DISTINCT finding) AS flags FROM procurement_flag
              WHERE dataset_id IS NULL AND package_id IS NOT NULL AND closed_at IS NULL AND suppressed_at IS NULL
              GROUP BY 1) f ON f.package_id = p.id
 GROUP BY p.agency_id, k.domain_id, p.fiscal_year;

-- The notes of what changed, which are gone with the transaction.
-- name: take_notes
WITH taken AS (DELETE FROM dashboards_stalesubject RETURNING subject, key, fiscal_year)
SELECT DISTINCT subject, key, fiscal_year FROM taken;

-- name: forget_package_tallies
DELETE FROM dashboards_packagetally
 WHERE (agency_id, fiscal_year) IN (SELECT * FROM unnest(%(agencies)s::bigint[], %(years)s::int[]));
