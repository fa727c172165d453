"""The rule of what reported values make together also serves inputs and outputs: a new year begins where they ended."""

from django.db import migrations

MEASURED = """
CREATE FUNCTION programs_measured(programs bigint[], levels text[] DEFAULT ARRAY['outcome', 'impact'])
RETURNS TABLE (indicator_id bigint, quarter int, value numeric, pooled text, is_new boolean)
LANGUAGE sql STABLE AS $$
WITH figure AS (
    SELECT i.id AS indicator_id, extract(quarter FROM lower(r.period))::int AS quarter, v.region_id, v.value,
           v.denominator, i.over_time, g.level = 'province' AS is_total,
           coalesce(nullif(i.over_regions, ''),
                    CASE WHEN i.numerator_label <> '' THEN 'weighted' WHEN u.adds_up THEN 'sum' ELSE 'mean' END
           ) AS pooling
      FROM programs_report r
      JOIN programs_program p ON p.id = r.program_id
      JOIN programs_reportvalue v ON v.report_id = r.id
      JOIN programs_indicator i ON i.id = v.indicator_id
      JOIN programs_unit u ON u.id = i.unit_id
      JOIN core_region g ON g.id = v.region_id
     WHERE r.program_id = ANY(programs) AND r.is_current AND r.kind = 'quarter'
       AND r.state IN ('submitted', 'approved', 'verified', 'locked')
       AND extract(year FROM lower(r.period)) = p.fiscal_year
       AND v.value IS NOT NULL AND v.category = '' AND i.level = ANY(levels)
),
so_far AS (  -- each region's, from January up to each quarter
    SELECT f.indicator_id, q.quarter, f.region_id, f.is_total, f.pooling, max(f.quarter) AS newest,
           CASE f.over_time WHEN 'sum' THEN sum(f.value) WHEN 'mean' THEN avg(f.value) WHEN 'max' THEN max(f.value)
                ELSE (array_agg(f.value ORDER BY f.quarter DESC))[1] END AS value,
           CASE WHEN f.over_time IN ('sum', 'mean') THEN sum(f.denominator)
                ELSE (array_agg(f.denominator ORDER BY f.quarter DESC))[1] END AS denominator
      FROM figure f JOIN generate_series(1, 4) AS q (quarter) ON f.quarter <= q.quarter
     GROUP BY f.indicator_id, q.quarter, f.region_id, f.is_total, f.pooling, f.over_time
),
together AS (
    SELECT s.indicator_id, s.quarter, s.pooling, max(s.newest) = s.quarter AS is_new,
           max(s.value) FILTER (WHERE s.is_total) AS total,
           sum(s.value) FILTER (WHERE NOT s.is_total) AS added,
           avg(s.value) FILTER (WHERE NOT s.is_total) AS mean,
           CASE WHEN bool_and(coalesce(s.denominator, 0) > 0) FILTER (WHERE NOT s.is_total)
                THEN sum(s.value * s.denominator) FILTER (WHERE NOT s.is_total)
                     / nullif(sum(s.denominator) FILTER (WHERE NOT s.is_total), 0) END AS weighted
      FROM so_far s
     GROUP BY s.indicator_id, s.quarter, s.pooling
),
chosen AS (
    SELECT t.*, CASE WHEN t.total IS NOT NULL OR t.pooling = 'total' THEN 'total'
                     WHEN t.pooling = 'weighted' AND t.weighted IS NULL THEN 'mean' ELSE t.pooling END AS way
      FROM together t
)
SELECT c.indicator_id, c.quarter,
       CASE c.way WHEN 'total' THEN c.total WHEN 'sum' THEN c.added WHEN 'weighted' THEN c.weighted ELSE c.mean END,
       c.way, c.is_new
  FROM chosen c
 WHERE c.way <> 'total' OR c.total IS NOT NULL
$$
"""
BEFORE = """
CREATE FUNCTION programs_measured(programs bigint[])
RETURNS TABLE (indicator_id bigint, quarter int, value numeric, pooled text, is_new boolean)
LANGUAGE sql STABLE AS $$
WITH figure AS (
    SELECT i.id AS indicator_id, extract(quarter FROM lower(r.period))::int AS quarter, v.region_id, v.value,
           v.denominator, i.over_time, g.level = 'province' AS is_total,
           coalesce(nullif(i.over_regions, ''),
                    CASE WHEN i.numerator_label <> '' THEN 'weighted' WHEN u.adds_up THEN 'sum' ELSE 'mean' END
           ) AS pooling
      FROM programs_report r
      JOIN programs_program p ON p.id = r.program_id
      JOIN programs_reportvalue v ON v.report_id = r.id
      JOIN programs_indicator i ON i.id = v.indicator_id
      JOIN programs_unit u ON u.id = i.unit_id
      JOIN core_region g ON g.id = v.region_id
     WHERE r.program_id = ANY(programs) AND r.is_current AND r.kind = 'quarter'
       AND r.state IN ('submitted', 'approved', 'verified', 'locked')
       AND extract(year FROM lower(r.period)) = p.fiscal_year
       AND v.value IS NOT NULL AND v.category = '' AND i.level IN ('outcome', 'impact')
),
so_far AS (  -- each region's, from January up to each quarter
    SELECT f.indicator_id, q.quarter, f.region_id, f.is_total, f.pooling, max(f.quarter) AS newest,
           CASE f.over_time WHEN 'sum' THEN sum(f.value) WHEN 'mean' THEN avg(f.value) WHEN 'max' THEN max(f.value)
                ELSE (array_agg(f.value ORDER BY f.quarter DESC))[1] END AS value,
           CASE WHEN f.over_time IN ('sum', 'mean') THEN sum(f.denominator)
                ELSE (array_agg(f.denominator ORDER BY f.quarter DESC))[1] END AS denominator
      FROM figure f JOIN generate_series(1, 4) AS q (quarter) ON f.quarter <= q.quarter
     GROUP BY f.indicator_id, q.quarter, f.region_id, f.is_total, f.pooling, f.over_time
),
together AS (
    SELECT s.indicator_id, s.quarter, s.pooling, max(s.newest) = s.quarter AS is_new,
           max(s.value) FILTER (WHERE s.is_total) AS total,
           sum(s.value) FILTER (WHERE NOT s.is_total) AS added,
           avg(s.value) FILTER (WHERE NOT s.is_total) AS mean,
           CASE WHEN bool_and(coalesce(s.denominator, 0) > 0) FILTER (WHERE NOT s.is_total)
                THEN sum(s.value * s.denominator) FILTER (WHERE NOT s.is_total)
                     / nullif(sum(s.denominator) FILTER (WHERE NOT s.is_total), 0) END AS weighted
      FROM so_far s
     GROUP BY s.indicator_id, s.quarter, s.pooling
),
chosen AS (
    SELECT t.*, CASE WHEN t.total IS NOT NULL OR t.pooling = 'total' THEN 'total'
                     WHEN t.pooling = 'weighted' AND t.weighted IS NULL THEN 'mean' ELSE t.pooling END AS way
      FROM together t
)
SELECT c.indicator_id, c.quarter,
       CASE c.way WHEN 'total' THEN c.total WHEN 'sum' THEN c.added WHEN 'weighted' THEN c.weighted ELSE c.mean END,
       c.way, c.is_new
  FROM chosen c
 WHERE c.way <> 'total' OR c.total IS NOT NULL
$$
"""
DROP = "DROP FUNCTION programs_measured(bigint[])"
DROP_OF_LEVELS = "DROP FUNCTION programs_measured(bigint[], text[])"


class Migration(migrations.Migration):
    dependencies = [("programs", "0020_targets_to_come")]
    operations = [
        migrations.RunSQL(DROP, BEFORE),
        migrations.RunSQL(MEASURED, DROP_OF_LEVELS),
    ]
