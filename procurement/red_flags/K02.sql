SELECT 'package' AS subject, p.ocid AS key, p.id AS process, c.value / p.hps AS value,
       jsonb_build_object('contract', c.value, 'hps', p.hps, 'limit', %(share)s) AS evidence
  FROM fact_process p JOIN (SELECT process, sum(value) AS value FROM fact_contract GROUP BY process) c ON c.process = p.id
 WHERE p.hps > 0 AND c.value > p.hps * %(share)s AND p.method = ANY (string_to_array(%(methods)s, '|'))
