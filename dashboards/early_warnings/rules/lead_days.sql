-- Median days from announcement to contract by method, of the years from first to last, where enough contracts are
-- known.
SELECT p.method,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.signed_on - (p.announced_at AT TIME ZONE 'Asia/Makassar')::date)
  FROM procurement_contract c
  JOIN procurement_package p ON p.id = c.package_id
 WHERE c.superseded_at IS NULL
   AND p.announced_at IS NOT NULL
   AND p.fiscal_year BETWEEN %(first)s AND %(last)s
   AND c.signed_on >= (p.announced_at AT TIME ZONE 'Asia/Makassar')::date
 GROUP BY p.method
HAVING count(*) >= %(least)s
