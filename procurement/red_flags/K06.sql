-- title = "Offer window shorter than the norm"
-- explanation = "Offers could be handed in for fewer whole days than the method's norm."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025; Peraturan LKPP 12/2021 (?)"
-- by_method = true
-- [parameters]
-- open_days = { label = "methods without a dated limit, open: days", default = 7, at_most = 36_500 }
-- selective_days = { label = "methods without a dated limit, selective: days", default = 3, at_most = 36_500 }
-- limited_days = { label = "methods without a dated limit, limited: days", default = 1, at_most = 36_500 }
-- [evidence]
-- from = "from"
-- until = "until"
-- norm = "norm (days)"

-- The norm of the package's method on its day; by OCDS's words for methods that have none in the portal.
SELECT 'package' AS subject, p.ocid AS key, p.id AS process,
       trunc(extract(epoch FROM p.ends - p.starts) / 86400)::float8 AS value,
       jsonb_build_object('from', p.starts, 'until', p.ends, 'norm', coalesce(l.days, n.days)) AS evidence
  FROM fact_process p
  LEFT JOIN fact_limit l ON l.code = 'K06' AND l.method = p.used AND p.day BETWEEN l.from_day AND l.until_day
  LEFT JOIN (VALUES ('open', %(open_days)s), ('selective', %(selective_days)s), ('limited', %(limited_days)s))
      AS n (method, days) ON n.method = p.method
 WHERE NOT p.is_cancelled AND trunc(extract(epoch FROM p.ends - p.starts) / 86400) < coalesce(l.days, n.days)
