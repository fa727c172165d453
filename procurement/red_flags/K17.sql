-- title = "Plan and contract differ"
-- explanation = """\
-- The method carried out is not the planned one, or the contract differs from the ceiling by more than \
-- this share."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 22"
-- [parameters]
-- share = { label = "difference, share", default = 0.3 }
-- [evidence]
-- planned = "planned method"
-- carried_out = "method carried out"
-- ceiling = "ceiling"
-- contract = "contract"

-- Compared as exact numbers: a difference of just this share is none.
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, c.value / nullif(p.ceiling, 0) - 1 AS value,
       jsonb_build_object('planned', p.planned, 'carried_out', p.used, 'ceiling', p.ceiling, 'contract', c.value)
           AS evidence
  FROM fact_process p
  LEFT JOIN (SELECT process, currency, sum(value_now) AS value FROM fact_contract GROUP BY process, currency) c
    ON c.process = p.id AND c.currency IS NOT DISTINCT FROM p.ceiling_currency
 WHERE p.planned <> p.used
    OR (p.ceiling > 0 AND c.value > 0 AND NOT p.is_framework
        -- Floats say where it is near the edge, decimals on which side.
        AND CASE WHEN abs(c.value - p.ceiling) > p.ceiling * %(share)s * 0.999
                 THEN abs(c.value - p.ceiling)::numeric > p.ceiling::numeric * %(share)s END)
