SELECT 'package' AS subject, p.ocid AS key, p.id AS process, c.value / nullif(p.ceiling, 0) - 1 AS value,
       jsonb_build_object('planned', p.planned, 'carried_out', p.used, 'ceiling', p.ceiling, 'contract', c.value) AS evidence
  FROM fact_process p LEFT JOIN (SELECT process, sum(value_now) AS value FROM fact_contract GROUP BY process) c ON c.process = p.id
 WHERE p.planned <> p.used
    OR (p.ceiling > 0 AND c.value > 0 AND NOT p.is_framework AND abs(c.value / p.ceiling - 1) > %(share)s)
