-- title = "Short time for offers"
-- explanation = "Offers could be handed in for fewer whole days than the threshold."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- by_method = true
-- [parameters]
-- days = { label = "whole days", default = 15, at_most = 36_500 }
-- methods = { label = "OCDS methods (empty: all)", default = "", kind = "text" }
-- procurement_method_details = { label = "by method (method=days|…)", default = "", kind = "text", is_map = true }
-- dated_limits = { label = "dated limits by method: 1 yes, 0 no", default = 0, here = 1 }
-- [evidence]
-- days = "days"
-- from = "from"
-- until = "until"
-- threshold = "threshold"

-- The threshold of the method as Cardinal's setting has it, else the dated limit of the portal's methods, else the
-- one for all.
WITH detail AS (
    SELECT substring(e FROM '^(.*)=') AS method, substring(e FROM '([^=]*)$')::float8 AS days
      FROM unnest(string_to_array(%(procurement_method_details)s, '|')) AS e
),
window_of AS (
    SELECT p.id, p.ocid, p.starts, p.ends, coalesce(d.days, l.days, %(days)s) AS threshold,
           trunc(extract(epoch FROM p.ends - p.starts) / 86400) AS days
      FROM fact_process p
      LEFT JOIN detail d ON d.method = p.used
      LEFT JOIN fact_limit l ON %(dated_limits)s > 0 AND l.code = 'R003' AND l.method = p.used
       AND p.day BETWEEN l.from_day AND l.until_day
     WHERE NOT p.is_cancelled AND (%(methods)s = '' OR p.method = ANY (string_to_array(%(methods)s, '|')))
)
SELECT 'package' AS subject, ocid AS key, id AS process, 1.0::float8 AS value,
       jsonb_build_object('days', days::int, 'from', starts, 'until', ends, 'threshold', threshold) AS evidence
  FROM window_of WHERE days < threshold
