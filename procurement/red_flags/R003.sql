-- title = "Short time for offers"
-- explanation = "Offers could be handed in for fewer whole days than the threshold."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- days = { label = "whole days", default = 15 }
-- methods = { label = "OCDS methods (empty: all)", default = "", kind = "text" }
-- [evidence]
-- days = "days"
-- from = "from"
-- until = "until"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, 1.0::float8 AS value,
       jsonb_build_object('days', trunc(extract(epoch FROM p.ends - p.starts) / 86400)::int, 'from', p.starts,
                          'until', p.ends) AS evidence
  FROM fact_process p
 WHERE NOT p.is_cancelled AND (%(methods)s = '' OR p.method = ANY (string_to_array(%(methods)s, '|')))
   AND trunc(extract(epoch FROM p.ends - p.starts) / 86400) < %(days)s
