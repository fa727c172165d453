-- title = "One tenderer only"
-- explanation = "Only one supplier offered in an open or selective procedure."
-- basis = "Open Contracting Partnership, Cardinal 0.0.8"
-- [parameters]
-- methods = { label = "OCDS methods", default = "open|selective", kind = "text" }
-- [evidence]
-- tenderers = "tenderers"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, 1.0::float8 AS value,
       jsonb_build_object('tenderers', 1) AS evidence
  FROM fact_process p JOIN fact_tenderers t ON t.process = p.id AND t.tenderers = 1
 WHERE NOT p.is_cancelled AND p.method = ANY (string_to_array(%(methods)s, '|'))
