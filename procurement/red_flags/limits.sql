-- Dated limits as ranges that don't overlap: a row holds until its last day, or until the next one begins.
CREATE TEMP TABLE fact_threshold ON COMMIT DROP AS
SELECT method, kind, max_rupiah::float8 AS max_rupiah, basis, valid_from AS from_day,
       least(coalesce(valid_until, 'infinity'), coalesce(lead(valid_from) OVER same - 1, 'infinity')) AS until_day
  FROM procurement_methodthreshold WINDOW same AS (PARTITION BY method, kind ORDER BY valid_from);

CREATE TEMP TABLE fact_limit ON COMMIT DROP AS
SELECT code, method, "limit"::float8 AS days, valid_from AS from_day,
       least(coalesce(valid_until, 'infinity'), coalesce(lead(valid_from) OVER same - 1, 'infinity')) AS until_day
  FROM procurement_flaglimit WINDOW same AS (PARTITION BY code, method ORDER BY valid_from);

-- Rules join them with every package: how few they are has to be known.
ANALYZE fact_threshold;
ANALYZE fact_limit
