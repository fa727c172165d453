-- title = "Cancelled and repeated by another method"
-- explanation = "A package was cancelled or failed and came again under its name by another method."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025"
-- [parameters]
-- days = { label = "within days", default = 365, at_most = 36_500 }
-- [evidence]
-- before = "before"
-- method_before = "method before"
-- method_now = "method now"

WITH ended AS MATERIALIZED (SELECT id, ocid, buyer, name_key, used, day FROM fact_process WHERE came_to_nothing),
again AS (
    SELECT n.id, n.ocid, e.ocid AS before, e.used AS method_before, n.used AS method_now, n.day - e.day AS days
      FROM ended e JOIN fact_process n ON n.buyer = e.buyer AND n.name_key = e.name_key AND n.id <> e.id
          AND e.name_key <> ''
       AND NOT n.came_to_nothing AND n.used <> e.used AND n.day BETWEEN e.day AND e.day + %(days)s
    UNION
    SELECT n.id, n.ocid, e.ocid, e.used, n.used, n.day - e.day
      FROM fact_process n JOIN ended e ON e.id = n.repeats WHERE n.used <> e.used AND NOT n.came_to_nothing
)
SELECT 'package' AS subject, ocid AS key, id AS process, count(*)::float8 AS value,
       jsonb_build_object('before', min(before), 'method_before', min(method_before), 'method_now', min(method_now))
           AS evidence
  FROM again GROUP BY ocid, id
