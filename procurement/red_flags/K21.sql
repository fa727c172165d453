-- title = "Under contract without a contract"
-- explanation = """\
-- The package is said to be under contract or completed, and no contract with a supplier and a value stands in the \
-- portal."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 27, 52"
-- own_only = true
-- [evidence]
-- state = "state"
-- lacks = "what is missing"
-- ceiling = "ceiling"

-- Swakelola is carried out without a supplier; a payment of a multi-year contract has its contract in an earlier year.
SELECT 'package' AS subject, p.ocid AS key, p.id AS process, p.ceiling AS value,
       jsonb_build_object('state', k.state, 'ceiling', p.ceiling, 'lacks', to_jsonb(array_remove(ARRAY[
           'contract', CASE WHEN NOT EXISTS (SELECT 1 FROM procurement_award a
                                              WHERE a.package_id = p.id AND a.cancelled_at IS NULL) THEN 'supplier' END,
           'value'], NULL))) AS evidence
  FROM fact_process p JOIN procurement_package k ON k.id = p.id AND k.state IN ('contracted', 'completed')
 WHERE p.used NOT IN ('self_managed', 'multi_year_payment')
   AND NOT EXISTS (SELECT 1 FROM fact_contract c WHERE c.process = p.id)
