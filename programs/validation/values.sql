-- Every level of validation for many reported values in one statement. What the checks look at stands here; the checks
-- themselves are the files in checks/, put in by programs.validation.values for rules, row_checks and so on.
-- Sources: Eurostat's main types of ESS validation rules, WHO's data quality assurance toolkit, Perpres 39/2019.
WITH typed (id, value, numerator, denominator) AS ({typed}),
subject AS MATERIALIZED (
    SELECT v.id, v.report_id, v.indicator_id, v.region_id, v.category, v.verdict AS old_verdict,
           v.reference_id AS old_reference, v.distance AS old_distance, v.findings AS old_findings,
           t.value, t.numerator, t.denominator,
           r.period, lower(r.period) AS starts, upper(r.period) AS ends,
           extract(year FROM lower(r.period))::int AS year,
           r.program_id, p.agency_id, r.is_current,
           i.level, i.direction, i.baseline, i.target, i.unit_id, i.reference_series_id AS series_id,
           i.tolerance_kind, i.tolerance, i.numerator_label <> '' AS is_fraction,
           NOT u.is_rate AND i.level IN ('input', 'output') AND i.over_time = 'last' AS is_cumulative,
           u.is_rate, u.lowest, u.highest, u.decimals, lower(u.name) = 'orang' AS counts_people
      FROM typed t
      JOIN programs_reportvalue v ON v.id = t.id
      JOIN programs_report r ON r.id = v.report_id
      JOIN programs_program p ON p.id = r.program_id
      JOIN programs_indicator i ON i.id = v.indicator_id
      JOIN programs_unit u ON u.id = i.unit_id
),
-- the rule in force for each indicator, period and check: the narrowest, then the latest
asked AS MATERIALIZED (SELECT DISTINCT indicator_id, unit_id, agency_id, starts FROM subject),
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (a.indicator_id, a.starts, rule.check_code)
           a.indicator_id, a.starts, rule.check_code, nullif(rule.severity, 'off') AS severity,
           coalesce(general.parameters, '{{}}'::jsonb) || rule.parameters AS parameters
      FROM asked a
      JOIN programs_validationrule rule
        ON rule.valid_from <= a.starts
       AND (rule.indicator_id IS NULL OR rule.indicator_id = a.indicator_id)
       AND (rule.unit_id IS NULL OR rule.unit_id = a.unit_id)
       AND (rule.agency_id IS NULL OR rule.agency_id = a.agency_id)
      LEFT JOIN LATERAL (
           SELECT g.parameters FROM programs_validationrule g
            WHERE g.check_code = rule.check_code AND g.valid_from <= a.starts
              AND g.indicator_id IS NULL AND g.unit_id IS NULL AND g.agency_id IS NULL
            ORDER BY g.valid_from DESC LIMIT 1) general ON true
     ORDER BY a.indicator_id, a.starts, rule.check_code, (rule.indicator_id IS NOT NULL) DESC,
              (rule.unit_id IS NOT NULL)::int + (rule.agency_id IS NOT NULL)::int DESC,
              (rule.agency_id IS NOT NULL) DESC, rule.valid_from DESC
),
rules AS MATERIALIZED (
    SELECT indicator_id, starts,
           {rules}
      FROM chosen
     GROUP BY indicator_id, starts
),
-- level 2: the same row's earlier periods within two years, oldest first; cumulative ones within the year
history AS MATERIALIZED (
    SELECT s.id, array_agg(h.value ORDER BY lower(hr.period)) AS figures,
           (array_agg(upper(hr.period) ORDER BY lower(hr.period) DESC))[1] AS last_ends
      FROM subject s
      JOIN programs_reportvalue h
        ON h.indicator_id = s.indicator_id AND h.region_id = s.region_id AND h.category = s.category
      JOIN programs_report hr
        ON hr.id = h.report_id AND hr.is_current AND lower(hr.period) < s.starts
       AND lower(hr.period) >= make_date(CASE WHEN s.is_cumulative THEN s.year ELSE s.year - 2 END, 1, 1)
     WHERE h.value IS NOT NULL AND s.value IS NOT NULL
     GROUP BY s.id
),
trend AS MATERIALIZED (
    SELECT h.id, h.figures[cardinality(h.figures)] AS last, cardinality(h.figures) AS count,
           -- where a cumulative count would stand by now, going on as it did
           CASE WHEN s.is_cumulative AND upper(s.period) - lower(s.period) < 300
                THEN h.figures[cardinality(h.figures)] * extract(month FROM s.ends - 1)
                     / extract(month FROM h.last_ends - 1) END AS expected,
           usual.middle AS usual, spread.middle AS spread, spread.mean AS mean_spread,
           (SELECT bool_and(abs(f) >= rules.rounded_from AND mod(f, rules.rounded_from) = 0) FROM unnest(h.figures) f)
               AS all_rounded
      FROM history h
      JOIN subject s ON s.id = h.id
      JOIN rules ON rules.indicator_id = s.indicator_id AND rules.starts = s.starts
      LEFT JOIN LATERAL (
           SELECT avg(change) AS middle
             FROM (SELECT change, row_number() OVER (ORDER BY change) AS place, count(*) OVER () AS count
                     FROM (SELECT after - before AS change
                             FROM unnest(h.figures[1:cardinality(h.figures) - 1], h.figures[2:])
                                 AS pair (before, after)) c
                  ) ranked
            WHERE place IN ((count + 1) / 2, (count + 2) / 2)
              AND NOT s.is_cumulative AND cardinality(h.figures) > rules.jump_enough) usual ON true
      LEFT JOIN LATERAL (
           SELECT avg(away) FILTER (WHERE place IN ((count + 1) / 2, (count + 2) / 2)) AS middle, avg(away) AS mean
             FROM (SELECT away, row_number() OVER (ORDER BY away) AS place, count(*) OVER () AS count
                     FROM (SELECT abs(after - before - usual.middle) AS away
                             FROM unnest(h.figures[1:cardinality(h.figures) - 1], h.figures[2:])
                                 AS pair (before, after)) c
                  ) ranked
            WHERE usual.middle IS NOT NULL) spread ON true
),
-- level 3: the province's row against its regencies, a total against its categories; only where every part is there
regencies AS MATERIALIZED (
    SELECT report_id, indicator_id, sum(value) AS total, min(value) AS low, max(value) AS high
      FROM subject WHERE category = '' AND region_id <> %(province)s
     GROUP BY report_id, indicator_id HAVING count(*) = count(value)
),
categories AS MATERIALIZED (
    SELECT report_id, indicator_id, region_id, sum(value) AS total, min(value) AS low, max(value) AS high
      FROM subject WHERE category <> ''
     GROUP BY report_id, indicator_id, region_id HAVING count(*) = count(value)
),
-- level 4: the figure of that very period, else of the smallest that contains it, else the last one within reach
official AS MATERIALIZED (
    SELECT s.id, o.id AS reference_id, o.value AS figure, o.period = s.period AS is_same_period,
           CASE WHEN rse.value IS NOT NULL THEN rules.reference_z * rse.value / 100 * abs(o.value)
                WHEN s.tolerance_kind = 'points' THEN coalesce(rules.reference_points, s.tolerance)
                ELSE abs(o.value) * coalesce(rules.reference_relative, s.tolerance) / 100 END AS allowed
      FROM subject s
      JOIN rules ON rules.indicator_id = s.indicator_id AND rules.starts = s.starts AND rules.reference IS NOT NULL
      JOIN datasources_series series ON series.id = s.series_id
      CROSS JOIN LATERAL (
           SELECT found.id, found.value, found.period
             FROM datasources_observation found
            WHERE found.series_id = s.series_id AND found.region_id = s.region_id AND found.superseded_at IS NULL
              AND (found.period @> s.period
                   OR (upper(found.period) <= s.ends
                       AND upper(found.period)
                           > (date_trunc('month', s.starts)
                              - make_interval(years => rules.reference_years::int))::date))
            ORDER BY found.period = s.period DESC, found.period @> s.period DESC,
                     CASE WHEN found.period @> s.period THEN upper(found.period) - lower(found.period) END,
                     upper(found.period) DESC, upper(found.period) - lower(found.period), found.id
            LIMIT 1) o
      LEFT JOIN datasources_observation rse
        ON rse.series_id = series.rse_series_id AND rse.region_id = s.region_id AND rse.period = o.period
       AND rse.superseded_at IS NULL
),
-- level 5: money up to the end of the period, outputs of the same report, people of the region
months AS MATERIALIZED (
    SELECT DISTINCT program_id, starts, ends, year FROM subject WHERE level = 'output'
),
money AS MATERIALIZED (
    SELECT m.program_id, m.starts, sum(newest.spent) AS spent, sum(newest.ceiling) AS ceiling
      FROM months m
      CROSS JOIN LATERAL (
           SELECT DISTINCT ON (progress.sub_activity_id) progress.financial_rupiah AS spent,
                  part.ceiling_rupiah AS ceiling
             FROM programs_report r
             JOIN programs_progress progress ON progress.report_id = r.id
             JOIN programs_subactivity part ON part.id = progress.sub_activity_id
            WHERE r.program_id = m.program_id AND r.kind = 'month' AND r.is_current
              AND lower(r.period) < m.ends AND lower(r.period) >= make_date(m.year, 1, 1)
              AND progress.financial_rupiah IS NOT NULL
            ORDER BY progress.sub_activity_id, lower(r.period) DESC) newest
     GROUP BY m.program_id, m.starts
),
reached AS MATERIALIZED (
    SELECT s.report_id
      FROM subject s
      JOIN rules ON rules.indicator_id = s.indicator_id AND rules.starts = s.starts
     WHERE s.level = 'output' AND s.value IS NOT NULL AND s.target > 0
     GROUP BY s.report_id
    HAVING bool_and(s.value >= s.target * coalesce(rules.outcome_reached, 0.9))
),
people AS MATERIALIZED (
    SELECT DISTINCT ON (o.region_id) o.region_id,
           CASE WHEN lower(series.unit) LIKE '%%ribu%%' THEN o.value * 1000 ELSE o.value END AS population
      FROM datasources_observation o
      JOIN datasources_series series ON series.id = o.series_id AND series.is_population
     WHERE o.superseded_at IS NULL
     ORDER BY o.region_id, upper(o.period) DESC, o.id
),
row_level AS MATERIALIZED (
    SELECT s.id, array_remove(ARRAY[
             {row_checks}
           ], NULL::jsonb) AS findings
      FROM subject s
      LEFT JOIN rules ON rules.indicator_id = s.indicator_id AND rules.starts = s.starts
),
beyond AS MATERIALIZED (
    SELECT s.id, array_remove(ARRAY[
             CASE WHEN trend.last IS NULL THEN NULL
                  {first_of_trend} END,
             {further_checks}
           ], NULL::jsonb) AS findings
      FROM subject s
      JOIN rules ON rules.indicator_id = s.indicator_id AND rules.starts = s.starts
      LEFT JOIN trend ON trend.id = s.id
      LEFT JOIN LATERAL (SELECT coalesce(trend.expected, trend.last) AS figure) start ON true
      LEFT JOIN LATERAL (
           SELECT wanted AS factor FROM unnest(ARRAY[10, 100, 1000]) wanted
            WHERE s.value <> 0 AND start.figure <> 0 AND (s.value > 0) = (start.figure > 0)
              AND (abs(s.value / start.figure - wanted) <= wanted * rules.factor_slack
                   OR abs(s.value / start.figure - 1.0 / wanted) <= 1.0 / wanted * rules.factor_slack)
            ORDER BY wanted LIMIT 1) slip ON true
      LEFT JOIN regencies ON regencies.report_id = s.report_id AND regencies.indicator_id = s.indicator_id
      LEFT JOIN categories ON categories.report_id = s.report_id AND categories.indicator_id = s.indicator_id
                          AND categories.region_id = s.region_id
      LEFT JOIN money ON money.program_id = s.program_id AND money.starts = s.starts
      LEFT JOIN reached ON reached.report_id = s.report_id
      LEFT JOIN people ON people.region_id = s.region_id
     WHERE s.value IS NOT NULL
)
SELECT s.id, s.report_id, s.old_verdict, s.old_reference, s.old_distance, s.old_findings, s.value,
       to_jsonb(CASE WHEN EXISTS (SELECT 1 FROM unnest(row_level.findings) f WHERE f->>'severity' = 'error')
                     THEN row_level.findings
                     ELSE row_level.findings || coalesce(beyond.findings, '{{}}') END) AS findings,
       {verdict} AS verdict,
       official.reference_id, official.is_same_period, official.allowed, official.figure,
       CASE WHEN away.distance > %(largest)s THEN %(largest)s ELSE away.distance END AS distance
  FROM subject s
  LEFT JOIN rules ON rules.indicator_id = s.indicator_id AND rules.starts = s.starts
  LEFT JOIN row_level ON row_level.id = s.id
  LEFT JOIN beyond ON beyond.id = s.id
  LEFT JOIN official ON official.id = s.id
  LEFT JOIN LATERAL (
       SELECT CASE WHEN s.tolerance_kind = 'points' THEN round(abs(s.value - official.figure), 6)
                   WHEN official.figure <> 0 THEN round(abs(s.value - official.figure) * 100 / abs(official.figure), 6)
              END AS distance) away ON true
