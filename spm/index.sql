-- The index of services, domains and whole regions for the months and regions asked for (see spm.index_store and
-- spm.index). Every figure is capped in its own region; the province's row pools those of its regencies. What was not
-- entered counts as not fulfilled. Sixty decimals while working, thirty kept: a value that is exactly at a band's edge
-- stays there.
WITH asked AS MATERIALIZED ({asked}),
in_force AS MATERIALIZED (
    SELECT year, weights.recipients_weight, weights.quality_weight
      FROM (SELECT DISTINCT extract(year FROM lower(period))::int AS year FROM asked) years
      CROSS JOIN LATERAL (
           SELECT recipients_weight, quality_weight FROM spm_indexversion
            WHERE valid_from <= make_date(year, 1, 1) ORDER BY valid_from DESC LIMIT 1) weights
),
services AS MATERIALIZED (
    SELECT year, s.id, s.domain_id, s.zero_need, s.level AS government,
           coalesce((SELECT m.method FROM spm_indexmethod m
                      WHERE m.service_id = s.id AND m.valid_from <= make_date(year, 1, 1)
                      ORDER BY m.valid_from DESC LIMIT 1), 'recipients_and_quality') = 'indicators' AS by_indicators
      FROM in_force JOIN spm_servicekind s
        ON s.valid_from <= make_date(year, 1, 1)
       AND (s.valid_to IS NULL OR s.valid_to >= make_date(year, 1, 1))
),
elements AS MATERIALIZED (
    SELECT s.year, s.id AS service_id, e.id AS element_id, e.weight, s.by_indicators
      FROM services s JOIN spm_qualityelement e ON e.service_id = s.id
     WHERE e.valid_from <= make_date(s.year, 1, 1) AND (e.valid_to IS NULL OR e.valid_to >= make_date(s.year, 1, 1))
       AND (e.kind = 'indicator') = s.by_indicators
),
expected_elements AS MATERIALIZED (
    SELECT year, service_id, count(*) AS count, sum(weight) AS weight FROM elements GROUP BY year, service_id
),
entered AS MATERIALIZED (
    SELECT a.id, a.service_id, a.region_id, a.period, extract(year FROM lower(a.period))::int AS year,
           a.must_be_served::bigint AS must, a.served::bigint AS served
      FROM spm_achievement a
      JOIN (SELECT DISTINCT period FROM asked) months ON months.period = a.period
     WHERE a.region_id <> %(province)s
       AND (a.region_id IN (SELECT region_id FROM asked) OR %(province)s IN (SELECT region_id FROM asked))
),
figures AS MATERIALIZED (
    SELECT e.id, e.service_id, e.region_id, e.period, e.must, el.element_id, el.weight, q.required, q.fulfilled,
           CASE WHEN el.by_indicators THEN greatest(e.must, 1) ELSE 1 END AS people
      FROM entered e
      JOIN spm_qualityfigure q ON q.achievement_id = e.id
      JOIN elements el ON el.element_id = q.element_id AND el.service_id = e.service_id AND el.year = e.year
),
of_row AS MATERIALIZED (
    SELECT e.service_id, e.region_id, e.period, e.year, e.must, e.served, least(e.must, e.served) AS reached,
           (e.served > e.must OR coalesce(f.is_over, false))::int AS over,
           (e.must > 0 AND coalesce(f.count, 0) < coalesce(x.count, 0))::int AS lacking
      FROM entered e
      LEFT JOIN (SELECT id, count(*) AS count, bool_or(fulfilled > required) AS is_over FROM figures GROUP BY id) f
        ON f.id = e.id
      LEFT JOIN expected_elements x ON x.service_id = e.service_id AND x.year = e.year
),
totals AS MATERIALIZED (
    SELECT service_id, region_id, period, year, must, served, reached, over, lacking, 1 AS entered
      FROM of_row WHERE region_id IN (SELECT region_id FROM asked)
    UNION ALL
    SELECT service_id, %(province)s, period, year, sum(must)::bigint, sum(served)::bigint, sum(reached)::bigint,
           sum(over)::int, sum(lacking)::int, count(*)::int
      FROM of_row WHERE %(province)s IN (SELECT region_id FROM asked) GROUP BY service_id, period, year
),
measures AS MATERIALIZED (
    SELECT service_id, region_id, period, weight, required * people AS required,
           least(fulfilled, required) * people AS fulfilled, must, 1 AS count
      FROM figures WHERE region_id IN (SELECT region_id FROM asked)
    UNION ALL
    SELECT service_id, %(province)s, period, weight, sum(required * people),
           sum(least(fulfilled, required) * people), sum(must), count(*)
      FROM figures WHERE %(province)s IN (SELECT region_id FROM asked) GROUP BY service_id, period, element_id, weight
),
-- Each by the share of the need (of the rows, where nobody is in need) for which it was entered; NULL where nothing is
-- required.
measured AS MATERIALIZED (
    SELECT t.service_id, t.region_id, t.period, m.weight,
           CASE WHEN m.required > 0 THEN m.fulfilled::numeric(90, 60) * 100 / m.required
                     * CASE WHEN t.must > 0 THEN m.must::numeric(90, 60) / t.must
                            ELSE m.count::numeric(90, 60) / t.entered END
                WHEN m.must = t.must AND (t.must > 0 OR m.count = t.entered) THEN NULL
                ELSE 0 END AS measure
      FROM measures m
      JOIN totals t ON t.service_id = m.service_id AND t.region_id = m.region_id AND t.period = m.period
),
quality AS MATERIALIZED (
    SELECT service_id, region_id, period, coalesce(sum(measure * weight), 0) AS sum,
           coalesce(sum(weight) FILTER (WHERE measure IS NULL), 0) AS not_required
      FROM measured GROUP BY service_id, region_id, period
),
of_quality AS MATERIALIZED (
    SELECT t.service_id, t.region_id, t.period,
           coalesce(q.sum, 0) / nullif(x.weight - coalesce(q.not_required, 0), 0)::numeric(90, 60) AS quality
      FROM totals t
      JOIN expected_elements x ON x.service_id = t.service_id AND x.year = t.year
      LEFT JOIN quality q ON q.service_id = t.service_id AND q.region_id = t.region_id AND q.period = t.period
),
of_service AS MATERIALIZED (
    SELECT t.region_id, t.period, t.year, s.government, s.domain_id, t.service_id, t.must, t.served,
           t.must - t.reached AS unserved, t.over, t.lacking, t.entered,
           t.reached::numeric(90, 60) * 100 / nullif(t.must, 0) AS recipients,
           t.served::numeric(90, 60) * 100 / nullif(t.must, 0) AS recipients_uncapped, q.quality,
           CASE WHEN t.must = 0 THEN CASE s.zero_need WHEN 'met' THEN 100::numeric(90, 60) END
                WHEN q.quality IS NULL THEN t.reached::numeric(90, 60) * 100 / t.must
                WHEN s.by_indicators THEN q.quality
                ELSE t.reached::numeric(90, 60) * 100 / t.must * f.recipients_weight + q.quality * f.quality_weight
           END AS index
      FROM totals t
      JOIN services s ON s.id = t.service_id AND s.year = t.year
      JOIN in_force f ON f.year = s.year
      LEFT JOIN of_quality q ON q.service_id = t.service_id AND q.region_id = t.region_id AND q.period = t.period
),
of_domain AS MATERIALIZED (
    SELECT region_id, period, year, government, domain_id,
           sum(index) / nullif(count(index), 0)::numeric(90, 60) AS index, sum(entered)::int AS entered,
           sum(over)::int AS over, sum(lacking)::int AS lacking, count(*) FILTER (WHERE must = 0) AS zero_need,
           sum(must)::bigint AS must, sum(served)::bigint AS served, sum(unserved)::bigint AS unserved
      FROM of_service GROUP BY region_id, period, year, government, domain_id
),
of_region AS MATERIALIZED (
    SELECT region_id, period, year, government, sum(index) / nullif(count(index), 0)::numeric(90, 60) AS index,
           sum(entered)::int AS entered, sum(over)::int AS over, sum(lacking)::int AS lacking,
           sum(zero_need) AS zero_need, sum(unserved)::bigint AS unserved
      FROM of_domain GROUP BY region_id, period, year, government
),
places AS MATERIALIZED (
    SELECT id AS region_id, 1 AS count FROM core_region WHERE level = 'regency'
    UNION ALL
    SELECT %(province)s, count(*)::int FROM core_region WHERE level = 'regency'
),
expected AS MATERIALIZED (
    SELECT year, government, domain_id, count(*) AS count FROM services GROUP BY year, government, domain_id
)
SELECT o.government, 'service' AS level, o.region_id, o.period, o.domain_id, o.service_id,
       round(o.recipients, 30) AS recipients, round(o.recipients_uncapped, 30) AS recipients_uncapped,
       round(o.quality, 30) AS quality, round(o.index, 30) AS index, o.must AS must_be_served, o.served, o.unserved,
       o.over, o.lacking AS lacking_quality, (o.must = 0)::int AS zero_need, o.entered, p.count AS expected
  FROM of_service o JOIN places p ON p.region_id = o.region_id
UNION ALL
SELECT d.government, 'domain', d.region_id, d.period, d.domain_id, NULL, NULL, NULL, NULL, round(d.index, 30), d.must,
       d.served, d.unserved, d.over, d.lacking, d.zero_need, d.entered, e.count * p.count
  FROM of_domain d
  JOIN expected e ON e.domain_id = d.domain_id AND e.government = d.government AND e.year = d.year
  JOIN places p ON p.region_id = d.region_id
UNION ALL
SELECT r.government, 'region', r.region_id, r.period, NULL, NULL, NULL, NULL, NULL, round(r.index, 30), NULL, NULL,
       r.unserved, r.over, r.lacking, r.zero_need, r.entered, p.count * (
           SELECT sum(count) FROM expected e WHERE e.government = r.government AND e.year = r.year)
  FROM of_region r JOIN places p ON p.region_id = r.region_id
