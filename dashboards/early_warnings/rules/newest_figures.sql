-- The three newest figures of each series in each region up to the end of the year, the newest first, and since when
-- it holds.
SELECT series_id, region_id, array_agg(value ORDER BY period DESC), max(lower(period))
  FROM (
    SELECT series_id, region_id, value, period,
           row_number() OVER (PARTITION BY series_id, region_id ORDER BY period DESC) AS n
      FROM datasources_observation
     WHERE superseded_at IS NULL
       AND series_id = ANY(%(series)s)
       AND lower(period) < make_date(%(year)s + 1, 1, 1)
  ) newest
 WHERE n <= 3
 GROUP BY series_id, region_id
HAVING count(*) = 3
