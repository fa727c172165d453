SELECT 'package' AS subject, p.ocid AS key, p.id AS process, trunc(extract(epoch FROM p.ends - p.starts) / 86400)::float8 AS value,
       jsonb_build_object('from', p.starts, 'until', p.ends, 'norm', n.days) AS evidence
  FROM fact_process p
  JOIN (VALUES ('open', %(open_days)s), ('selective', %(selective_days)s), ('limited', %(limited_days)s)) AS n (method, days) ON n.method = p.method
 WHERE NOT p.is_cancelled AND trunc(extract(epoch FROM p.ends - p.starts) / 86400) < n.days
