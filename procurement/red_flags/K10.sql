-- title = "Addenda over the limit"
-- explanation = """\
-- An addendum raised the contract by more than this share of its first value, whatever a later one \
-- made of it."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 54"
-- [parameters]
-- share = { label = "share of the first value", default = 0.1 }
-- [evidence]
-- contract = "contract"
-- most = "highest value"
-- now = "after addenda"
-- number = "number"

SELECT DISTINCT ON (p.id) 'package' AS subject, p.ocid AS key, p.id AS process, c.value_most / c.value - 1 AS value,
       jsonb_build_object('contract', c.value, 'most', c.value_most, 'now', c.value_now, 'number', c.key) AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
 WHERE c.value > 0 AND CASE WHEN c.value_most - c.value > c.value * %(share)s * 0.999
            THEN (c.value_most - c.value)::numeric > c.value::numeric * %(share)s END
 ORDER BY p.id, c.value_most / c.value DESC, c.key
