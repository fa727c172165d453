-- title = "Offer window shorter than the norm"
-- explanation = "Offers could be handed in for fewer whole days than the method's norm."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025; Peraturan LKPP 12/2021 (?)"
-- [parameters]
-- open_days = { label = "tender: days", default = 7 }
-- selective_days = { label = "selection, quick tender: days", default = 3 }
-- limited_days = { label = "direct procurement: days", default = 1 }
-- [evidence]
-- from = "from"
-- until = "until"
-- norm = "norm (days)"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process,
       trunc(extract(epoch FROM p.ends - p.starts) / 86400)::float8 AS value,
       jsonb_build_object('from', p.starts, 'until', p.ends, 'norm', n.days) AS evidence
  FROM fact_process p
  JOIN (VALUES ('open', %(open_days)s), ('selective', %(selective_days)s), ('limited', %(limited_days)s))
      AS n (method, days) ON n.method = p.method
 WHERE NOT p.is_cancelled AND trunc(extract(epoch FROM p.ends - p.starts) / 86400) < n.days
