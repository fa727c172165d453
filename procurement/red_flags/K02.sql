-- title = "Contract almost at the HPS"
-- explanation = """\
-- The contract is worth more than this share of the owner's estimate: there was hardly any competition \
-- on price."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025; praktik audit (?)"
-- [parameters]
-- share = { label = "share of the HPS", default = 0.98 }
-- methods = { label = "OCDS methods", default = "open|selective|limited", kind = "text" }
-- [evidence]
-- contract = "contract"
-- hps = "HPS"
-- limit = "limit"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, c.value / p.hps AS value,
       jsonb_build_object('contract', c.value, 'hps', p.hps, 'limit', %(share)s) AS evidence
  FROM fact_process p
  JOIN (SELECT process, currency, sum(value) AS value FROM fact_contract GROUP BY process, currency) c
    ON c.process = p.id AND c.currency IS NOT DISTINCT FROM p.hps_currency
 WHERE p.hps > 0
   -- Floats say where it is near the edge, decimals on which side.
   AND CASE WHEN c.value > p.hps * %(share)s * 0.999 THEN c.value::numeric > p.hps::numeric * %(share)s END
   AND p.method = ANY (string_to_array(%(methods)s, '|'))
