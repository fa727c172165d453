-- title = "Split below the threshold"
-- explanation = """\
-- Packages of one OPD, one kind and nearly one name within some days: each may be procured directly, \
-- together they may not."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 20 ayat (2) huruf d"
-- [parameters]
-- days = { label = "within days", default = 90, at_most = 36_500 }
-- parts = { label = "parts, at least", default = 2, at_least = 2 }
-- [evidence]
-- parts = "parts"
-- sum = "sum"
-- threshold = "threshold"
-- packages = "packages"

-- Words that number a part (tahap 2, paket B, lanjutan, Maret) do not make a name another name. A part is what some
-- threshold within reach allows, also when its own day's does not; what is above them all was not split to stay below
-- (K19 says it). Together the parts are over every threshold under which one of them stood.
WITH one AS MATERIALIZED (
    SELECT p.id, p.ocid, p.buyer, p.year, p.kind, p.day, p.ceiling, t.max_rupiah AS threshold,
           btrim(regexp_replace(
               p.name_key,
               '\m([0-9]+|[a-z]|[ivxl]+|ke\s*[0-9]+|pertama|kesatu|kedua|ketiga|keempat|kelima|keenam|ketujuh|kedelapan'
               || '|kesembilan|kesepuluh|tahap|termin|paket|bagian|lanjutan|lot|seri|gelombang|periode|bulan|triwulan'
               || '|tw|semester|minggu|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november'
               || '|desember|ke|di|untuk|dan|pada)\M\s*',
               '', 'g')) AS stem
      FROM fact_process p
      JOIN fact_threshold t ON t.method = p.used AND t.kind = p.kind AND p.day BETWEEN t.from_day AND t.until_day
     WHERE p.used = 'direct_procurement' AND NOT p.came_to_nothing AND NOT p.is_framework
       AND p.ceiling <= (SELECT max(n.max_rupiah) FROM fact_threshold n WHERE n.method = p.used AND n.kind = p.kind
                          AND p.day BETWEEN n.from_day - %(days)s AND n.until_day + %(days)s)
       AND (p.ceiling_currency IS NULL OR p.ceiling_currency = 'IDR')
),
-- Many packages may have one name: what is summed and compared are the days of a series, never package with package.
in_series AS MATERIALIZED (
    SELECT *, dense_rank() OVER (ORDER BY buyer, year, kind, stem) AS series FROM one WHERE stem <> ''
),
day_of AS (
    SELECT series, day, sum(ceiling) AS ceiling, count(*)::int AS parts, max(threshold) AS threshold
      FROM in_series GROUP BY series, day
),
until_day AS MATERIALIZED (
    SELECT series, day, sum(ceiling) OVER near AS total, (sum(parts) OVER near)::int AS parts,
           max(threshold) OVER near AS highest, (sum(parts) OVER so_far - sum(parts) OVER near)::int AS before
      FROM day_of
    WINDOW near AS (PARTITION BY series
                    ORDER BY day RANGE BETWEEN make_interval(days => %(days)s) PRECEDING AND CURRENT ROW),
           so_far AS (PARTITION BY series ORDER BY day)
),
-- Of the days within whose reach a package lies the one with the highest sum, of equal ones the last: all that is said
-- of the package is said of that one.
cluster AS MATERIALIZED (
    SELECT series, day, max(ARRAY[total, day - date '2000-01-01']) FILTER (WHERE parts >= %(parts)s AND total > highest)
               OVER (PARTITION BY series
                     ORDER BY day RANGE BETWEEN CURRENT ROW AND make_interval(days => %(days)s) FOLLOWING) AS best
      FROM until_day
),
listed AS MATERIALIZED (
    SELECT series, array_agg(ocid ORDER BY day, id) AS packages FROM in_series GROUP BY series
)
SELECT 'package' AS subject, o.ocid AS key, o.id AS process, u.total AS value,
       jsonb_build_object('parts', u.parts, 'sum', u.total, 'threshold', u.highest,
                          'packages', n.packages[u.before + 1 : u.before + least(u.parts, 20)]) AS evidence
  FROM in_series o
  JOIN cluster c ON c.series = o.series AND c.day = o.day
  JOIN until_day u ON u.series = c.series AND u.day = date '2000-01-01' + c.best[2]::int
  JOIN listed n ON n.series = c.series
