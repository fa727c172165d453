WITH entered AS (
    SELECT DISTINCT b.process, b.tenderers[1] AS party, o.winner
      FROM outcome o JOIN fact_bid b ON b.process = o.process
     WHERE o.is_final AND o.winner IS NOT NULL AND b.status = 'valid' AND b.listed = 1 AND cardinality(b.tenderers) = 1
),
record AS MATERIALIZED (
    SELECT party, count(*)::float8 AS bids, count(*) FILTER (WHERE party = winner)::float8 AS wins,
           count(*) FILTER (WHERE party = winner)::float8 / count(*) AS ratio
      FROM entered GROUP BY party
),
quartile AS (SELECT procurement_quantile((SELECT array_agg(bids ORDER BY bids) FROM record), %(percentile)s / 100.0::float8) AS many,
                    procurement_quantile((SELECT array_agg(ratio ORDER BY ratio) FROM record), 0.25) AS q1,
                    procurement_quantile((SELECT array_agg(ratio ORDER BY ratio) FROM record), 0.75) AS q3),
fence AS (SELECT many, CASE WHEN %(threshold)s::float8 IS NOT NULL THEN 1 ELSE q1 END AS q1,
                 coalesce(%(threshold)s::float8, q1 - 1.5 * (q3 - q1)) AS lower_fence FROM quartile)
SELECT 'tenderer' AS subject, r.party AS key, NULL::bigint AS process, r.ratio AS value,
       jsonb_build_object('bids', r.bids, 'wins', r.wins, 'fence', f.lower_fence, 'many', f.many) AS evidence
  FROM record r, fence f
 WHERE f.q1 > 0 AND f.lower_fence > 0 AND r.bids >= f.many AND r.ratio <= f.lower_fence
