-- The index of services, domains and whole regions for the months and regions asked for (see spm.index_store and
-- spm.index).
-- The province's own row pools the counts of its regencies. Sixty decimals while working, thirty kept: a value that
-- is exactly
-- at a band's edge stays there.
WITH asked AS MATERIALIZED ({asked}),
in_force AS MATERIALIZED (
    SELECT year, weights.recipients_weight, weights.quality_weight
      FROM (SELECT DISTINCT extract(year FROM lower(period))::int AS year FROM asked) years
      CROSS JOIN LATERAL (
           SELECT recipients_weight, quality_weight FROM spm_indexversion
            WHERE valid_from <= make_date(year, 1, 1) ORDER BY valid_from DESC LIMIT 1) weights
),
services AS MATERIALIZED (
    SELECT year, s.id, s.domain_id, s.zero_need, s.level AS government
      FROM in_force JOIN spm_servicekind s
        ON s.valid_from <= make_date(year, 1, 1)
       AND (s.valid_to IS NULL OR s.valid_to >= make_date(year, 1, 1))
),
entered AS MATERIALIZED (
    SELECT a.id, a.service_id, a.region_id, a.period, a.must_be_served, a.served
      FROM spm_achievement a
      JOIN (SELECT DISTINCT period FROM asked) months ON months.period = a.period
     WHERE a.region_id IN (SELECT region_id FROM asked) OR %(province)s IN (SELECT region_id FROM asked)
),
counts AS MATERIALIZED (
    SELECT service_id, region_id, period, must_be_served::bigint AS must, served::bigint AS served
      FROM entered WHERE region_id <> %(province)s AND region_id IN (SELECT region_id FROM asked)
    UNION ALL
    SELECT service_id, %(province)s, period, sum(must_be_served), sum(served)
      FROM entered WHERE %(province)s IN (SELECT region_id FROM asked) GROUP BY service_id, period
),
measures AS MATERIALIZED (
    SELECT e.service_id, e.region_id, e.period, q.element_id, q.required, q.fulfilled
      FROM entered e JOIN spm_qualityfigure q ON q.achievement_id = e.id
     WHERE e.region_id <> %(province)s AND e.region_id IN (SELECT region_id FROM asked)
    UNION ALL
    SELECT e.service_id, %(province)s, e.period, q.element_id, sum(q.required), sum(q.fulfilled)
      FROM entered e JOIN spm_qualityfigure q ON q.achievement_id = e.id
     WHERE %(province)s IN (SELECT region_id FROM asked) GROUP BY e.service_id, e.period, q.element_id
),
quality AS MATERIALIZED (
    SELECT service_id, region_id, period,
           sum(least(fulfilled::numeric(90, 60) * 100 / required, 100)) / count(*)::numeric(90, 60) AS quality,
           bool_or(fulfilled > required) AS is_over
      FROM measures WHERE required > 0 GROUP BY service_id, region_id, period
),
of_service AS MATERIALIZED (
    SELECT c.region_id, c.period, s.government, s.domain_id, c.service_id, c.must, c.served, s.zero_need,
           least(c.served::numeric(90, 60) * 100 / nullif(c.must, 0), 100) AS recipients,
           c.served::numeric(90, 60) * 100 / nullif(c.must, 0) AS recipients_uncapped,
           q.quality, coalesce(q.is_over, false) OR (c.must > 0 AND c.served > c.must) AS is_over,
           CASE WHEN c.must = 0 THEN CASE s.zero_need WHEN 'met' THEN 100::numeric(90, 60) END
                WHEN q.quality IS NULL THEN least(c.served::numeric(90, 60) * 100 / c.must, 100)
                ELSE least(c.served::numeric(90, 60) * 100 / c.must,
                           100) * f.recipients_weight + q.quality * f.quality_weight
           END AS index
      FROM counts c
      JOIN services s ON s.id = c.service_id AND s.year = extract(year FROM lower(c.period))
      JOIN in_force f ON f.year = s.year
      LEFT JOIN quality q ON q.service_id = c.service_id AND q.region_id = c.region_id AND q.period = c.period
),
of_domain AS MATERIALIZED (
    SELECT o.region_id, o.period, o.government, o.domain_id, avg_of.index, count(*) AS entered,
           bool_or(o.is_over) AS is_over,
           count(*) FILTER (WHERE o.must = 0) AS zero_need, sum(o.must)::bigint AS must, sum(o.served)::bigint AS served
      FROM of_service o
      JOIN (SELECT region_id, period, government, domain_id,
            sum(index) / nullif(count(index), 0)::numeric(90, 60) AS index
              FROM of_service GROUP BY 1, 2, 3, 4) avg_of USING (region_id, period, government, domain_id)
     GROUP BY o.region_id, o.period, o.government, o.domain_id, avg_of.index
),
of_region AS MATERIALIZED (
    SELECT region_id, period, government, sum(index) / nullif(count(index), 0)::numeric(90, 60) AS index,
           sum(entered) AS entered, bool_or(is_over) AS is_over, sum(zero_need) AS zero_need
      FROM of_domain GROUP BY region_id, period, government
),
expected AS MATERIALIZED (
    SELECT year, government, domain_id, count(*) AS count FROM services GROUP BY year, government, domain_id
)
SELECT government, 'service' AS level, region_id, period, domain_id, service_id, round(recipients, 30) AS recipients,
       round(recipients_uncapped, 30) AS recipients_uncapped, round(quality, 30) AS quality, round(index, 30) AS index,
       must AS must_be_served, served, is_over, (must = 0)::int AS zero_need, 1 AS entered, 1 AS expected
  FROM of_service
UNION ALL
SELECT d.government, 'domain', d.region_id, d.period, d.domain_id, NULL, NULL, NULL, NULL, round(d.index, 30), d.must,
       d.served, d.is_over,
       d.zero_need, d.entered, e.count
  FROM of_domain d JOIN expected e ON e.domain_id = d.domain_id AND e.government = d.government
      AND e.year = extract(year FROM lower(d.period))
UNION ALL
SELECT r.government, 'region', r.region_id, r.period, NULL, NULL, NULL, NULL, NULL, round(r.index, 30), NULL, NULL,
       r.is_over,
       r.zero_need, r.entered, (SELECT sum(count) FROM expected e
         WHERE e.government = r.government AND e.year = extract(year FROM lower(r.period)))
  FROM of_region r
