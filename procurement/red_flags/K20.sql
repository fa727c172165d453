-- title = "Ceiling, award and contract do not agree"
-- explanation = """\
-- The award or the contract is worth more than the ceiling or the HPS, the contract more than the award, or somebody \
-- else than the winner signed."""
-- basis = "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 26, 50, 52"
-- own_only = true
-- [evidence]
-- what = "what"
-- ceiling = "ceiling"
-- hps = "HPS"
-- award = "award"
-- contract = "contract"

-- What was signed is compared, not what addenda made of it. A framework contract's orders have no ceiling of theirs.
WITH signed AS (
    SELECT process, sum(value) AS value, array_agg(DISTINCT supplier) AS suppliers FROM fact_contract GROUP BY process
),
won AS (
    SELECT a.package_id AS process, a.amount_rupiah::float8 AS amount,
           array_agg(m.supplier_id) AS members
      FROM procurement_award a JOIN procurement_member m ON m.package_id = a.package_id AND m.what = 'award'
     WHERE a.cancelled_at IS NULL GROUP BY a.id
),
compared AS (
    SELECT p.id, p.ocid, p.ceiling, p.hps, w.amount AS award, s.value AS contract,
           array_remove(ARRAY[
               CASE WHEN w.amount > p.ceiling THEN 'award_above_ceiling' END,
               CASE WHEN w.amount > p.hps AND w.amount <= p.ceiling THEN 'award_above_hps' END,
               CASE WHEN s.value > p.ceiling AND NOT p.is_framework THEN 'contract_above_ceiling' END,
               CASE WHEN s.value > w.amount THEN 'contract_above_award' END,
               CASE WHEN EXISTS (
                   SELECT 1 FROM unnest(s.suppliers) AS k (supplier)
                    WHERE substring(k.supplier FROM '\d+$')::bigint <> ALL (w.members)) THEN 'not_the_winner' END
           ], NULL) AS what
      FROM fact_process p LEFT JOIN won w ON w.process = p.id LEFT JOIN signed s ON s.process = p.id
     WHERE NOT p.came_to_nothing AND (w.process IS NOT NULL OR s.process IS NOT NULL)
)
SELECT 'package' AS subject, ocid AS key, id AS process, cardinality(what)::float8 AS value,
       jsonb_build_object('what', to_jsonb(what), 'ceiling', ceiling, 'hps', hps, 'award', award, 'contract', contract)
           AS evidence
  FROM compared WHERE what <> '{}'
