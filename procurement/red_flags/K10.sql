-- title = "Addenda over the limit"
-- explanation = "Addenda raised the contract by more than this share of its first value."
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 54"
-- [parameters]
-- share = { label = "share of the first value", default = 0.1 }
-- [evidence]
-- contract = "contract"
-- now = "after addenda"
-- number = "number"

SELECT 'package' AS subject, p.ocid AS key, p.id AS process, max(c.value_now / c.value - 1) AS value,
       jsonb_build_object('contract', min(c.value), 'now', max(c.value_now), 'number', min(c.key)) AS evidence
  FROM fact_contract c JOIN fact_process p ON p.id = c.process
 WHERE c.value > 0 AND c.value_now > c.value * (1 + %(share)s)
 GROUP BY p.ocid, p.id
