-- title = "Supplier of everything"
-- explanation = "A supplier wins packages of unusually many different kinds of goods and services."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- threshold = { label = "fixed threshold (empty: computed from the data)" }
-- minimum_compared = { label = "compared for a computed threshold, at least", default = 1, here = 5 }
-- digits = { label = "digits of the classification", default = 2, at_least = 1, at_most = 20 }
-- minimum_packages = { label = "packages won, at least", default = 20 }
-- [evidence]
-- packages = "packages"
-- classes = "classes"
-- fence = "threshold"

WITH record AS MATERIALIZED (
    SELECT i.supplier, count(DISTINCT i.process) AS packages,
           count(DISTINCT left(i.code, %(digits)s))::float8 AS variety,
           (array_agg(DISTINCT left(i.code, %(digits)s)))[1:30] AS classes
      FROM fact_item i JOIN fact_process p ON p.id = i.process AND NOT p.is_cancelled
     WHERE i.supplier IN (SELECT supplier FROM fact_item GROUP BY supplier HAVING count(*) >= %(minimum_packages)s)
     GROUP BY i.supplier HAVING count(DISTINCT i.process) >= %(minimum_packages)s
),
fence AS MATERIALIZED (
    SELECT coalesce(%(threshold)s::float8, q3 + 1.5 * (q3 - q1)) AS upper_fence
      FROM (SELECT procurement_quantile(array_agg(variety ORDER BY variety), 0.25) AS q1,
                   procurement_quantile(array_agg(variety ORDER BY variety), 0.75) AS q3 FROM record
             HAVING %(threshold)s::float8 IS NOT NULL OR count(*) >= %(minimum_compared)s) quartile
)
SELECT 'tenderer' AS subject, r.supplier AS key, NULL::bigint AS process, r.variety AS value,
       jsonb_build_object('packages', r.packages, 'classes', to_jsonb(r.classes), 'fence', f.upper_fence) AS evidence
  FROM record r, fence f WHERE r.variety >= f.upper_fence
