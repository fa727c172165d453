-- title = "Split below the threshold"
-- explanation = """\
-- Packages of one OPD, one kind and nearly one name within some days: each may be procured directly, \
-- together they may not."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 20 ayat (2) huruf d"
-- [parameters]
-- days = { label = "within days", default = 90 }
-- parts = { label = "parts, at least", default = 2, at_least = 2 }
-- [evidence]
-- parts = "parts"
-- sum = "sum"
-- threshold = "threshold"
-- packages = "packages"

-- Words that number a part (tahap 2, paket B, lanjutan) do not make a name another name. What is over the threshold of
-- its own day is a part as well; together the parts are over every threshold under which one of them stood.
WITH one AS MATERIALIZED (
    SELECT p.id, p.ocid, p.buyer, p.year, p.kind, p.day, p.ceiling, t.max_rupiah AS threshold,
           regexp_replace(
               p.name_key,
               '\m([0-9]+|[a-z]|i{1,3}|iv|vi{0,3}|ix|tahap|paket|bagian|lanjutan|lot|ke|di|untuk|dan|pada)\M\s*',
               '', 'g') AS stem
      FROM fact_process p
      JOIN fact_threshold t ON t.method = p.used AND t.kind = p.kind AND p.day BETWEEN t.from_day AND t.until_day
     WHERE p.used = 'direct_procurement' AND NOT p.came_to_nothing AND NOT p.is_framework
       AND coalesce(p.ceiling_currency, 'IDR') = 'IDR'
),
window_sum AS MATERIALIZED (
    SELECT o.*, sum(ceiling) OVER near AS total, count(*) OVER near AS parts, max(threshold) OVER near AS highest
      FROM one o WHERE stem <> ''
    WINDOW near AS (PARTITION BY buyer, year, kind, stem
                    ORDER BY day RANGE BETWEEN make_interval(days => %(days)s) PRECEDING AND CURRENT ROW)
),
cluster AS (
    SELECT m.id, max(w.total) AS total, max(w.parts) AS parts, max(w.highest) AS threshold, max(w.day) AS last_day
      FROM window_sum w
      JOIN one m ON m.buyer = w.buyer AND m.year IS NOT DISTINCT FROM w.year AND m.kind = w.kind AND m.stem = w.stem
          AND m.day BETWEEN w.day - %(days)s AND w.day
     WHERE w.parts >= %(parts)s AND w.total > w.highest
     GROUP BY m.id
)
SELECT 'package' AS subject, o.ocid AS key, o.id AS process, c.total AS value,
       jsonb_build_object('parts', c.parts, 'sum', c.total, 'threshold', c.threshold, 'packages',
           (SELECT jsonb_agg(s.ocid)
            FROM (SELECT m.ocid FROM one m
             WHERE m.buyer = o.buyer AND m.year IS NOT DISTINCT FROM o.year AND m.kind = o.kind AND m.stem = o.stem
             AND m.day BETWEEN c.last_day - %(days)s AND c.last_day ORDER BY m.day, m.id LIMIT 20) s)) AS evidence
  FROM cluster c JOIN one o ON o.id = c.id
