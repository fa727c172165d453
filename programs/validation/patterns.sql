-- Patterns in reported figures. {rows} stands for the statement `rows`.
-- name: rows
SELECT v.id, v.value, lower(r.period) AS starts, v.region_id, v.category, i.name, i.unit_id, p.agency_id,
       p.nomenclature_id,
       abs(round(v.value * power(10::numeric, u.decimals))) AS digits
  FROM programs_reportvalue v
  JOIN programs_report r ON r.id = v.report_id AND r.is_current AND r.state = ANY(%(delivered)s)
  JOIN programs_program p ON p.id = r.program_id AND p.fiscal_year BETWEEN %(first)s AND %(last)s
  JOIN programs_indicator i ON i.id = v.indicator_id
  JOIN programs_unit u ON u.id = i.unit_id
 WHERE v.value IS NOT NULL
-- name: heaping
WITH digit AS (
    SELECT agency_id, mod(digits, 10) AS digit, count(*) AS count FROM ({rows}) rows WHERE digits >= 10 GROUP BY 1, 2
), whole AS (SELECT agency_id, sum(count) AS count FROM digit GROUP BY 1)
SELECT w.agency_id, w.count::int, coalesce(sum(d.count) FILTER (WHERE g IN (0, 5)), 0)::int,
       sum(power(coalesce(d.count, 0) - w.count / 10.0, 2) / (w.count / 10.0))::numeric
  FROM whole w CROSS JOIN generate_series(0, 9) g LEFT JOIN digit d ON d.agency_id = w.agency_id AND d.digit = g
 WHERE w.count >= %(least)s
 GROUP BY 1, 2
-- name: repeats
SELECT agency_id, count(*)::int, count(*) FILTER (WHERE value = before)::int
  FROM (SELECT agency_id, value, lag(value) OVER (
               PARTITION BY agency_id, nomenclature_id, name, region_id, category ORDER BY starts) AS before
          FROM ({rows}) rows) pairs
 WHERE before IS NOT NULL AND value <> 0
 GROUP BY 1 HAVING count(*) >= %(least)s
-- name: smooth
WITH step AS (
    SELECT *, value - lag(value) OVER line AS change FROM ({rows}) rows
    WINDOW line AS (PARTITION BY agency_id, nomenclature_id, name, region_id, category ORDER BY starts)
), bend AS (
    SELECT *, change - lag(change) OVER (
        PARTITION BY agency_id, nomenclature_id, name, region_id, category ORDER BY starts) AS bend FROM step
)
SELECT agency_id, (array_agg(bend.id ORDER BY starts DESC))[1], bend.name, region.name, count(*)::int,
       round(avg(change), 4)
  FROM bend JOIN core_region region ON region.id = region_id
 GROUP BY agency_id, nomenclature_id, bend.name, region_id, region.name, category
HAVING count(*) >= %(least)s AND avg(abs(change)) > 0 AND avg(abs(bend)) <= %(smoothness)s * avg(abs(change))
 ORDER BY count(*) DESC, 2 LIMIT %(most)s
